"""How a citizen is described in one line, and where the life is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glasscity.report.facts import label
from glasscity.web.words import PEOPLE

__all__ = ["described"]


def described(traits: Mapping[str, Any]) -> str:
    """Return who somebody is in the last month, in one line."""
    said = {
        name: str(value) if name == "province" else label(value).replace("_", " ")
        for name, value in traits.items()
    }
    line = PEOPLE["sentence"].format(**said)
    return line[:1].upper() + line[1:]
