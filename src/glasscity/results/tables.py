"""Registers, people and the panel of scores as tables: codes in, labelled columns out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.results.outcome import REGISTERS, Outcome
from glasscity.terms import (
    AGES,
    AREAS,
    CAMPS,
    CLASSES,
    GATES,
    OCCUPATIONS,
    QUINTILES,
    SPHERES,
    VOICES,
)

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

__all__ = ["month_column", "panel_table", "people_table", "register_table"]

# Columns of codes that are stored with their words.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "area": AREAS,
    "quintile": QUINTILES,
    "age": AGES,
    "camp": CAMPS,
    "occupation": OCCUPATIONS,
    "voice": VOICES,
    "unafraid_voice": VOICES,
    "private_voice": VOICES,
    "gate": GATES,
    "klass": CLASSES,
    "list": SPHERES,
}


def month_column(month: int) -> str:
    """Return the name of a month's column in the panel of scores."""
    return f"m{month:04d}"


def register_table(name: str, columns: Mapping[str, Any]) -> pl.DataFrame:
    """Return a register of an :class:`Outcome` as a table with the columns of ``REGISTERS``."""
    import polars as pl

    kinds = REGISTERS[name]
    if name == "denials":
        lower = np.asarray(columns["lower"])
        # Without a column of its own the rule's bit follows the first five groups of causes.
        if "rule" not in columns:
            columns = {**columns, "lower": lower & 31, "rule": lower >> 5 & 1}
    found = []
    for column in kinds:
        if column in columns:
            values = np.asarray(columns[column])
            if column == "citizen":
                found.append(_ids(values))
            else:
                found.append(_column(column, values.astype(kinds[column], copy=False)))
    return pl.DataFrame(found)


def people_table(columns: Mapping[str, Any], provinces: tuple[str, ...]) -> pl.DataFrame:
    """Return the last month's people as a table, sorted by citizen."""
    import polars as pl

    found = []
    for name, values in columns.items():
        array = np.asarray(values)
        if name == "citizen":
            if array.size > 1 and not bool(np.all(array[1:] > array[:-1])):
                raise ValueError("people must be sorted by citizen")
            found.append(_ids(array))
        else:
            found.append(_column(name, array, provinces))
    return pl.DataFrame(found)


def panel_table(outcome: Outcome, months: Iterable[int] | None = None) -> pl.DataFrame:
    """Return the panel of scores: one row a citizen, one column a month.

    Parameters
    ----------
    months : iterable of int, optional
        Only these; all of them by default.
    """
    import polars as pl

    wanted = range(outcome.months) if months is None else dict.fromkeys(months)
    columns = [pl.Series(month_column(m), outcome.panel_scores[m]) for m in wanted]
    return pl.DataFrame([_ids(np.asarray(outcome.panel_ids)), *columns])


def _ids(values: NDArray[Any]) -> pl.Series:
    import polars as pl

    wide = bool(values.size) and int(values.max()) > np.iinfo(np.uint32).max
    return pl.Series("citizen", values.astype(np.uint64 if wide else np.uint32, copy=False))


def _column(name: str, values: Any, provinces: tuple[str, ...] = ()) -> pl.Series:
    import polars as pl

    words = provinces if name == "province" else _WORDS.get(name, ())
    if not words:
        return pl.Series(name, values)
    codes = values.astype(np.uint8)
    if codes.size and int(codes.max()) >= len(words):
        raise ValueError(f"column '{name}' holds the code {int(codes.max())}, which has no word")
    return pl.Series(name, codes).cat.to(pl.Enum(words))
