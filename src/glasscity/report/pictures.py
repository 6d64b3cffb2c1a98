"""All charts by name: each is a function from the facts of a run to a specification.

A picture is None where its table has nothing to show.
"""

from __future__ import annotations

from collections.abc import Callable

from glasscity.report import (
    pictures_causes,
    pictures_others,
    pictures_people,
    pictures_worlds,
)
from glasscity.report.drawing import Spec

__all__ = ["PICTURES"]

PICTURES: dict[str, Callable[..., Spec | None]] = {
    name: getattr(module, name)
    for module in (pictures_people, pictures_causes, pictures_worlds, pictures_others)
    for name in module.__all__
}
