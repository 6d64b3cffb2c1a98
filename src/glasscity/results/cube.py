"""The cube: what happened each month, as whole numbers per cell and measure, zeros left out.

A cell is a province, an area, an income quintile, an age band and an opinion camp; a *row* of the
ledger is a measure with the labels that apply to it (gate, sphere, cause, list, event).  An entry
is one cell's count in one row in one month.  Its place is packed into 64 bits::

    month 16 | province 6 | area 1 | row 12 | cell 7        (42 bits, the month highest)

so that sorted keys are the canonical order, whatever order the blocks came in.  Everything here is
additive: any slice of any run is a sum over entries.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from glasscity.terms import AGES, AREAS, CAMPS, QUINTILES

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "CELLS",
    "DIMENSIONS",
    "GROUPINGS",
    "LABELS",
    "Cube",
    "CubeBuilder",
    "LabelledRow",
    "group_names",
]

# Cells inside one province and area: (quintile * 5 + age) * 3 + camp.
CELLS = len(QUINTILES) * len(AGES) * len(CAMPS)
LABELS = ("gate", "sphere", "cause", "list", "event")
DIMENSIONS = ("month", "province", "area", "quintile", "age", "camp", "measure", *LABELS)
# The groups of citizens by which every measure can be broken down.
GROUPINGS = ("province", "area", "quintile", "age", "camp")

_CELL_BITS, _ROW_BITS, _AREA_BITS, _PROVINCE_BITS, _MONTH_BITS = 7, 12, 1, 6, 16
_ROW_AT = _CELL_BITS
_AREA_AT = _ROW_AT + _ROW_BITS
_PROVINCE_AT = _AREA_AT + _AREA_BITS
_MONTH_AT = _PROVINCE_AT + _PROVINCE_BITS
_NARROW = np.iinfo(np.uint32).max


class RowLike(Protocol):
    """What a row of the ledger must offer; an empty text means that the label does not apply."""

    @property
    def measure(self) -> str: ...
    @property
    def gate(self) -> str: ...
    @property
    def sphere(self) -> str: ...
    @property
    def cause(self) -> str: ...
    @property
    def list(self) -> str: ...
    @property
    def event(self) -> str: ...


class LabelledRow(NamedTuple):
    """A row of the ledger as a run folder keeps it."""

    measure: str
    gate: str = ""
    sphere: str = ""
    cause: str = ""
    list: str = ""
    event: str = ""
    about: str = ""


def group_names(provinces: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the one-way groups in the order of :meth:`Cube.margins`.

    Parameters
    ----------
    provinces : sequence of str
        Names of the provinces in the order of their codes.

    Returns
    -------
    tuple of (grouping, name)
        ``("all", "all")`` first, then every province, area, quintile, age band and camp.
    """
    names = {"province": provinces, "area": AREAS, "quintile": QUINTILES, "age": AGES}
    names["camp"] = CAMPS
    return (("all", "all"), *((kind, name) for kind in GROUPINGS for name in names[kind]))


class CubeBuilder:
    """Collect the counts of blocks, in any order and from any thread.

    Parameters
    ----------
    rows : sequence of rows
        The ledger: one entry for each row of the counts that will be added.
    provinces : sequence of str
        Names of the provinces in the order of their codes, at most 64.
    """

    def __init__(self, rows: Sequence[RowLike], *, provinces: Sequence[str]) -> None:
        if len(rows) > 1 << _ROW_BITS or len(provinces) > 1 << _PROVINCE_BITS:
            raise ValueError(
                f"a cube holds at most {1 << _ROW_BITS} rows and {1 << _PROVINCE_BITS} provinces, "
                f"not {len(rows)} and {len(provinces)}"
            )
        self.rows = tuple(_plain_row(row) for row in rows)
        self.provinces = tuple(provinces)
        # Small pieces by place: merging them at the end costs less than a sort of everything.
        self._pieces: dict[int, list[tuple[NDArray[np.uint32], NDArray[np.integer]]]] = {}

    def copy(self) -> CubeBuilder:
        """Return a builder of its own that has collected the same counts."""
        other = CubeBuilder(self.rows, provinces=self.provinces)
        other._pieces = {place: list(pieces) for place, pieces in self._pieces.items()}
        return other

    def add(self, month: int, province: int, area: int, counts: NDArray[np.int64]) -> None:
        """Add the counts of a block, which lies in one province and area.

        Parameters
        ----------
        month : int in [0, 65535]
            Months since the start of the run.
        province, area : int
            Codes.
        counts : int64[rows, 75], at least 0
            Copied: the caller may reuse the array.
        """
        if counts.shape != (len(self.rows), CELLS):
            raise ValueError(f"counts of shape {counts.shape}, not {(len(self.rows), CELLS)}")
        flat = counts.reshape(-1)
        # Comparing first is five times as fast as looking for non-zero integers.
        where = np.flatnonzero(flat != 0)
        self.add_sparse(month, province, area, where.astype(np.uint32), flat[where])

    def add_sparse(
        self,
        month: int,
        province: int,
        area: int,
        where: NDArray[np.uint32],
        values: NDArray[np.int64],
    ) -> None:
        """Add counts that are known to be non-zero.

        Parameters
        ----------
        where : uint32[n], ascending
            Row * 75 + cell.
        values : int64[n], above 0
            The counts there.
        """
        if not (0 <= month < 1 << _MONTH_BITS and 0 <= province < len(self.provinces)):
            raise ValueError(f"month {month} or province {province} out of range")
        if area not in (0, 1):
            raise ValueError(f"area {area} is neither 0 nor 1")
        if not where.size:
            return
        if values.min() < 0:
            row = int(where[int(values.argmin())]) // CELLS
            raise ValueError(f"negative count in row {row} ({self.rows[row].measure})")
        narrow = values.max() <= _NARROW
        place = (month << _PROVINCE_BITS | province) << _AREA_BITS | area
        self._pieces.setdefault(place, []).append(
            (where, values.astype(np.uint32) if narrow else values)
        )

    def finish(self) -> Cube:
        """Return the cube of everything added so far."""
        places = sorted(self._pieces)
        merged = [_merge(self._pieces[place]) for place in places]
        if not merged:
            return Cube(np.zeros(0, np.uint64), np.zeros(0, np.int64), self.rows, self.provinces)
        ends = np.cumsum([piece[0].size for piece in merged])
        keys, counts = np.empty(ends[-1], np.uint64), np.empty(ends[-1], np.int64)

        def fill(which: range) -> None:
            # Piece by piece into its place: each fits the cache, the whole does not.
            for k in which:
                index, values = merged[k]
                at = slice(int(ends[k]) - index.size, int(ends[k]))
                row = index // np.uint32(CELLS)
                low = (row << np.uint32(_ROW_AT)) | (index - row * np.uint32(CELLS))
                np.bitwise_or(low, np.uint64(places[k] << _AREA_AT), out=keys[at])
                counts[at] = values

        # Most of the time goes into touching memory for the first time, which two can do at once.
        middle = int(np.searchsorted(ends, ends[-1] // 2))
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(fill, (range(middle), range(middle, len(places)))))
        return Cube(keys, counts, self.rows, self.provinces)


class Cube:
    """A finished cube: sorted keys with their counts, and the words for the codes.

    Parameters
    ----------
    keys : uint64[n], strictly increasing
        Packed places.
    counts : int64[n], above 0
        What was counted there.
    rows, provinces : sequences
        The labels of the row and province codes.
    """

    def __init__(
        self,
        keys: NDArray[np.uint64],
        counts: NDArray[np.int64],
        rows: Sequence[RowLike],
        provinces: Sequence[str],
    ) -> None:
        self.keys = np.ascontiguousarray(keys, np.uint64)
        self.counts = np.ascontiguousarray(counts, np.int64)
        if self.keys.shape != self.counts.shape or self.keys.ndim != 1:
            raise ValueError("keys and counts must be one-dimensional and of the same length")
        if self.keys.size > 1 and not bool(np.all(self.keys[1:] > self.keys[:-1])):
            raise ValueError("keys must be strictly increasing")
        self.rows = tuple(_plain_row(row) for row in rows)
        self.provinces = tuple(provinces)

    def __len__(self) -> int:
        return self.keys.size

    def __repr__(self) -> str:
        return f"Cube({len(self):,} entries, {self.months} months, {len(self.rows)} rows)"

    @property
    def months(self) -> int:
        """Months covered: one more than the last month with an entry."""
        return int(self.keys[-1] >> np.uint64(_MONTH_AT)) + 1 if len(self) else 0

    @cached_property
    def codes(self) -> dict[str, NDArray[np.integer]]:
        """The columns ``month``, ``province``, ``area``, ``row`` and ``cell`` as codes."""
        low = (self.keys & np.uint64(0xFFFFFFFF)).astype(np.uint32)
        return {
            "month": (self.keys >> np.uint64(_MONTH_AT)).astype(np.uint16),
            "province": (low >> np.uint32(_PROVINCE_AT) & np.uint32(63)).astype(np.uint8),
            "area": (low >> np.uint32(_AREA_AT) & np.uint32(1)).astype(np.uint8),
            "row": (low >> np.uint32(_ROW_AT) & np.uint32(4095)).astype(np.uint16),
            "cell": (low & np.uint32(127)).astype(np.uint8),
        }

    def digest(self, state_sums: ArrayLike | Iterable[int] = ()) -> str:
        """Return the run's digest, SHA-256 in hexadecimal.

        Parameters
        ----------
        state_sums : sequence of uint64
            Order-free sums of a keyed hash of every citizen's state, one a month.

        Returns
        -------
        str of 64 characters
            Hash of: the number of entries, the keys, the counts, the number of sums, the sums;
            each a little-endian 64-bit integer, entries in the order of their keys.  Nothing else
            is in it: no text, version, path, time or thread count.
        """
        sums = np.array(_listed(state_sums), np.uint64).astype("<u8")
        shape = np.array([self.keys.size, sums.size], "<u8")
        hashed = hashlib.sha256(shape[:1].tobytes())
        hashed.update(self.keys.astype("<u8", copy=False).data)
        hashed.update(self.counts.astype("<i8", copy=False).data)
        hashed.update(shape[1:].tobytes())
        hashed.update(sums.tobytes())
        return hashed.hexdigest()

    def margins(self, months: int) -> NDArray[np.int64]:
        """Return the monthly counts of the nation and of every one-way group.

        Parameters
        ----------
        months : int
            Length of the first axis; at least :attr:`months`.

        Returns
        -------
        int64[months, groups, rows]
            Groups in the order of :func:`group_names`.
        """
        n_rows, n_provinces = len(self.rows), len(self.provinces)
        out = np.zeros((months, len(group_names(self.provinces)), n_rows), np.int64)
        area_at = 1 + n_provinces
        cell_at = area_at + len(AREAS)
        if not len(self):
            return out
        out[: self.months, 1:cell_at] = self._by_place()
        out[:, 0] = out[:, area_at:cell_at].sum(axis=1)
        box = self._by_cell(months)
        by_age_and_camp = box.sum(axis=2)
        by_group = (box.sum(axis=(3, 4)), by_age_and_camp.sum(axis=3), by_age_and_camp.sum(axis=2))
        out[:, cell_at:] = np.concatenate(by_group, axis=2).transpose(0, 2, 1)
        return out

    def _by_place(self) -> NDArray[np.int64]:
        """Return int64[months, provinces and then areas, rows]: the sums over cells."""
        # Entries lie in order of month, province, area and row: what is summed lies together.
        of = self.keys >> np.uint64(_ROW_AT)
        starts = np.flatnonzero(np.concatenate(([True], of[1:] != of[:-1])))
        sums = np.add.reduceat(self.counts, starts)
        of = of[starts].astype(np.int64)
        row = of & ((1 << _ROW_BITS) - 1)
        place = of >> _ROW_BITS
        month, province, area = place >> 7, place >> 1 & 63, place & 1
        box = np.zeros((self.months, len(self.provinces), len(AREAS), len(self.rows)), np.int64)
        box[month, province, area, row] = sums
        return np.concatenate((box.sum(axis=2), box.sum(axis=1)), axis=1)

    def _by_cell(self, months: int) -> NDArray[np.int64]:
        """Return int64[months, rows, quintiles, ages, camps]: the sums over places."""
        n_rows, width = len(self.rows), 1 << _CELL_BITS
        nation = np.zeros((months, n_rows, CELLS), np.int64)
        ends = np.searchsorted(self.keys, np.arange(1, months + 1, dtype=np.uint64) << _MONTH_AT)
        start = 0
        for month, end in enumerate(ends.tolist()):
            month_of = slice(start, end)
            at = (self.keys[month_of] & np.uint64((1 << _AREA_AT) - 1)).view(np.int64)
            # Sums stay far below 2**53, so the doubles of bincount are exact.
            sums = np.bincount(at, weights=self.counts[month_of], minlength=n_rows * width)
            nation[month] = sums.reshape(n_rows, width)[:, :CELLS]
            start = end
        return nation.reshape(months, n_rows, len(QUINTILES), len(AGES), len(CAMPS))

    def frame(self) -> pl.DataFrame:
        """Return the cube as a table with labelled columns, in canonical order.

        Returns
        -------
        polars.DataFrame
            ``month`` (0, 1, ...), the Enum columns of :data:`DIMENSIONS`, ``count`` and the code
            ``row`` of the ledger's row.
        """
        import polars as pl

        codes = self.codes
        cell = np.arange(128)
        of_cell = {
            "quintile": (QUINTILES, np.minimum(cell // 15, 4)),
            "age": (AGES, cell // 3 % 5),
            "camp": (CAMPS, cell % 3),
        }
        columns = [
            pl.Series("month", codes["month"]),
            _enum("province", codes["province"], self.provinces),
            _enum("area", codes["area"], AREAS),
        ]
        for name, (words, table) in of_cell.items():
            columns.append(_enum(name, table.astype(np.uint8)[codes["cell"]], words))
        for name in ("measure", *LABELS):
            words = tuple(dict.fromkeys(getattr(row, name) for row in self.rows)) or ("",)
            place = {word: code for code, word in enumerate(words)}
            table = np.array([place[getattr(row, name)] for row in self.rows], np.uint16)
            columns.append(_enum(name, table[codes["row"]], words))
        columns += [pl.Series("count", self.counts), pl.Series("row", codes["row"])]
        return pl.DataFrame(columns)

    def write(self, path: Path) -> None:
        """Write the cube as Parquet: labelled, sorted, readable by any Parquet reader."""
        words = json.dumps({"provinces": self.provinces, "rows": self.rows}, ensure_ascii=True)
        self.frame().write_parquet(
            path, compression="zstd", compression_level=1, metadata={"glasscity": words}
        )

    @classmethod
    def read(cls, path: Path) -> Cube:
        """Return the cube that :meth:`write` has stored."""
        import polars as pl

        words = json.loads(pl.read_parquet_metadata(path)["glasscity"])
        rows = tuple(LabelledRow(*row) for row in words["rows"])
        table = pl.read_parquet(path)
        key = np.zeros(len(table), np.uint64)
        cell = np.zeros(len(table), np.uint64)
        for name, size in (("quintile", 1), ("age", len(AGES)), ("camp", len(CAMPS))):
            cell = cell * np.uint64(size) + _physical(table[name])
        for values, at in (
            (table["month"].to_numpy(), _MONTH_AT),
            (_physical(table["province"]), _PROVINCE_AT),
            (_physical(table["area"]), _AREA_AT),
            (table["row"].to_numpy(), _ROW_AT),
            (cell, 0),
        ):
            key |= values.astype(np.uint64) << np.uint64(at)
        return cls(key, table["count"].to_numpy(), rows, tuple(words["provinces"]))


def _merge(
    pieces: list[tuple[NDArray[np.uint32], NDArray[np.integer]]],
) -> tuple[NDArray[np.uint32], NDArray[np.integer]]:
    """Add up the pieces of one place; the result is sorted and without repetition."""
    if len(pieces) == 1:
        return pieces[0]
    index = np.concatenate([piece[0] for piece in pieces])
    counts = np.concatenate([piece[1].astype(np.int64) for piece in pieces])
    order = np.argsort(index, kind="stable")
    index, counts = index[order], counts[order]
    starts = np.flatnonzero(np.concatenate(([True], index[1:] != index[:-1])))
    return index[starts], np.add.reduceat(counts, starts)


def _plain_row(row: RowLike) -> LabelledRow:
    labels = (getattr(row, name) for name in LABELS)
    return LabelledRow(row.measure, *labels, about=getattr(row, "about", ""))


def _enum(name: str, codes: NDArray[np.integer], words: Sequence[str]) -> pl.Series:
    import polars as pl

    # Codes become categories without passing through text: ten million in a few milliseconds.
    kind = np.uint8 if len(words) <= 256 else np.uint16
    return pl.Series(name, codes.astype(kind, copy=False)).cat.to(pl.Enum(words))


def _physical(column: pl.Series) -> NDArray[np.uint64]:
    return column.to_physical().to_numpy().astype(np.uint64)


def _listed(values: ArrayLike | Iterable[int]) -> list[int]:
    return [int(value) & 0xFFFFFFFFFFFFFFFF for value in values]  # type: ignore[union-attr]
