"""What the model is held against: the catalogue's targets, read and checked.

Three columns are kept apart.  *Society* and *exposure* have targets and are fitted; *predicted* is
what a regime does to people, and has none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from glasscity.catalogue.entry import shipped_sources
from glasscity.catalogue.reader import Refused, quoted, read_yaml
from glasscity.catalogue.shelf import CATALOGUE
from glasscity.catalogue.translate import validated
from glasscity.errors import nearest
from glasscity.quantity import fault, month_number
from glasscity.regime import load_regime
from glasscity.study.quantities import QUANTITIES

__all__ = ["COLUMNS", "TARGETS_FILE", "Target", "load_targets", "targets_hash"]

COLUMNS = ("society", "exposure", "predicted")
TARGETS_FILE = CATALOGUE / "targets.yaml"

_Text: TypeAlias = Annotated[str, Field(min_length=1, max_length=600)]


class Target(BaseModel):
    """One quantity, and what is reported of it.

    Attributes
    ----------
    column : {"society", "exposure", "predicted"}
    quantity : str
        Name in ``study.quantities``.
    title, definition, unit : str
        A heading; what is counted over what; its unit.
    regime : str
        The regime that it is measured in.
    until : str
        The month ``YYYY-MM`` in whose last moment.
    lists : tuple of str
        The regime's lists that are meant, for quantities of lists.
    low, high : float or None
        Ends of what is reported; None for what is predicted.
    tolerance : float, at least 0
        What model and report may differ by beyond these ends; ``why`` says for what reason.
    source, reading, why : str or None
    binds : bool
        Whether a value outside makes the check fail.
    matched : bool
        Whether history matching holds vectors of behaviour against it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    column: Literal["society", "exposure", "predicted"]
    quantity: str
    title: _Text
    definition: _Text
    unit: Annotated[str, Field(min_length=1, max_length=80)]
    regime: str
    until: str
    lists: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    tolerance: Annotated[float, Field(ge=0)] = 0.0
    source: str | None = None
    reading: _Text | None = None
    why: _Text | None = None
    binds: bool = True
    matched: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Target:
        if self.quantity not in QUANTITIES:
            close = nearest(self.quantity, QUANTITIES)
            raise fault(
                f"quantity {quoted(self.quantity)} is not known",
                allowed=", ".join(close or sorted(QUANTITIES)),
                mend="correct the name",
            )
        ends = (self.low, self.high)
        if self.column == "predicted":
            if ends != (None, None) or self.matched:
                raise fault(
                    f"'{self.quantity}' is predicted and has a target",
                    allowed="no low, high or matched where column is predicted",
                    mend="remove them, or move it to another column",
                )
        elif self.low is None or self.high is None or self.low > self.high:
            raise fault(
                f"'{self.quantity}' has no target", allowed="low <= high", mend="give both ends"
            )
        elif self.source not in shipped_sources() or not self.reading or not self.why:
            raise fault(
                f"'{self.quantity}' lacks its evidence",
                allowed="source (a key of sources.yaml), reading and why",
                mend="add what is missing",
            )
        self._place()
        return self

    def _place(self) -> None:
        regime = load_regime(self.regime)
        if month_number(self.until) < month_number(regime.start):
            raise fault(
                f"'{self.quantity}' is measured in {self.until}, before '{regime.name}' begins",
                allowed=f"{regime.start} or later",
            )
        known = [one.name for one in regime.lists]
        for name in self.lists:
            if name not in known:
                raise fault(
                    f"list {quoted(name)} is not declared by '{regime.name}'",
                    allowed=", ".join(known) or "no list",
                    mend="correct the name",
                )

    @property
    def middle(self) -> float:
        """The middle of what is reported."""
        if self.low is None or self.high is None:
            raise ValueError(f"'{self.quantity}' has no target")
        return (self.low + self.high) / 2

    @property
    def half_width(self) -> float:
        """How far from the middle a value still agrees."""
        return self.middle - float(self.low or 0.0) + self.tolerance

    def within(self, value: float) -> bool:
        """Return whether a value agrees with what is reported, tolerance included."""
        return abs(value - self.middle) <= self.half_width * (1 + 1e-12)

    def error(self, value: float) -> float:
        """Return how far a value lies outside what is reported; 0 inside."""
        low, high = float(self.low or 0.0), float(self.high or 0.0)
        return min(0.0, value - low) or max(0.0, value - high)


class _Targets(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    targets: Annotated[tuple[Target, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _once(self) -> _Targets:
        seen: set[tuple[str, str]] = set()
        for one in self.targets:
            if (one.column, one.quantity) in seen:
                raise fault(f"'{one.quantity}' stands twice in column {one.column}")
            seen.add((one.column, one.quantity))
        return self


def load_targets(path: Path = TARGETS_FILE) -> tuple[Target, ...]:
    """Return the targets of a file, in its order; by default the catalogue's.

    Raises
    ------
    BadFile
        With the first problem, if the file has any.
    """
    return _shipped() if path == TARGETS_FILE else _read(path, None)


@cache
def _shipped() -> tuple[Target, ...]:
    return _read(TARGETS_FILE, "targets.yaml")


def _read(path: Path, name: str | None) -> tuple[Target, ...]:
    try:
        return validated(read_yaml(path, name=name), _Targets).targets
    except Refused as refused:
        raise refused.problems[0].error() from None


def targets_hash(targets: Sequence[Target]) -> str:
    """Return the SHA-256 of the numbers that vectors are matched to.

    Not of the regimes: a list may be measured in another regime that has the same rules.
    """
    kept = [[one.quantity, one.low, one.high, one.tolerance] for one in _matched(targets)]
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def _matched(targets: Sequence[Target]) -> Iterator[Target]:
    return (one for one in targets if one.matched)
