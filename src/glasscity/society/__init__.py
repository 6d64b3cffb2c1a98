"""Societies: who lives there, who knows whom, what changes."""

from __future__ import annotations

from glasscity.society.report import society_report
from glasscity.society.society import Society, build_society

__all__ = ["Society", "build_society", "society_report"]
