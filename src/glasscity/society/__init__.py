"""Societies: who lives there, who knows whom, what changes."""

from __future__ import annotations

from glasscity.society.report import society_report
from glasscity.society.society import Ground, Society, build_society, lay_ground

__all__ = ["Ground", "Society", "build_society", "lay_ground", "society_report"]
