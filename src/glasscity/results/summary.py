"""The labelled monthly series of a run: ``summary.nc``, one netCDF file.

Every measure of the ledger is a variable with the dimensions ``group`` and ``month`` and those of
its labels that vary: ``denials(group, month, gate)``.  Group ``all`` is the nation; the others are
the one-way margins, named ``province:...``, ``area:...`` and so on.  Beside them lie what is not
additive over people: score histogram, moments over ties and couples, counts by decile of the score,
Shapley sums, state sums.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from glasscity.results.cube import LABELS, LabelledRow, group_names
from glasscity.results.outcome import COUPLE_SUMS, DECILE_COLUMNS, SCORE_BINS, TIE_MOMENTS
from glasscity.terms import CAUSE_GROUPS, CAUSES, GATES, LISTING_CAUSES, MORE_CAUSE_GROUPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasscity.results.outcome import Outcome

__all__ = [
    "Margins",
    "group_label",
    "read_extras",
    "read_margins",
    "summary_image",
    "write_summary",
]

EXTRAS = ("score_histogram", "tie_moments", "couples", "deciles", "shapley", "state_sums")
_GROUPS = (*CAUSE_GROUPS, *MORE_CAUSE_GROUPS)


def group_label(kind: str, name: str) -> str:
    """Return the name of a group on the axis ``group``."""
    return "all" if kind == "all" else f"{kind}:{name}"


class Margins:
    """Monthly counts by group, looked up by measure and labels.

    Parameters
    ----------
    counts : int64[months, groups, rows]
        As :meth:`Cube.margins` returns them.
    rows : sequence of LabelledRow
        The labels of the last axis.
    groups : sequence of (kind, name)
        The labels of the middle axis.
    """

    def __init__(
        self,
        counts: NDArray[np.int64],
        rows: Sequence[LabelledRow],
        groups: Sequence[tuple[str, str]],
    ) -> None:
        self.counts, self.rows, self.groups = counts, tuple(rows), tuple(groups)
        self._codes, self._labelled = _places(self.rows)

    def __contains__(self, measure: str) -> bool:
        return measure in self._codes

    def of(self, measure: str, **labels: str) -> NDArray[np.int64]:
        """Return the counts of a measure, summed over the labels that are not given.

        Parameters
        ----------
        measure : str
            A measure of the ledger.
        **labels : str
            ``gate=``, ``sphere=``, ``cause=``, ``list=`` or ``event=``.

        Returns
        -------
        int64[months, groups]
            Zeros where no row matches.
        """
        codes = self._codes.get(measure, ())
        for name, word in labels.items():
            within = self._labelled.get((name, word), frozenset())
            codes = [code for code in codes if code in within]
        return self.counts[:, :, codes].sum(axis=2)

    def slice(self, kind: str) -> slice:
        """Return where the groups of a kind (``"all"``, ``"province"`` ...) lie."""
        where = [index for index, group in enumerate(self.groups) if group[0] == kind]
        return slice(where[0], where[-1] + 1)

    def words(self, measure: str, label: str) -> tuple[str, ...]:
        """Return the values that a label takes in a measure, in the ledger's order."""
        rows = (self.rows[code] for code in self._codes.get(measure, ()))
        return tuple(dict.fromkeys(getattr(row, label) for row in rows))


@lru_cache(maxsize=4)
def _places(
    rows: tuple[LabelledRow, ...],
) -> tuple[dict[str, list[int]], dict[tuple[str, str], frozenset[int]]]:
    """Return the codes of each measure's rows, and of the rows with each word of each label."""
    codes: dict[str, list[int]] = {}
    labelled: dict[tuple[str, str], list[int]] = {}
    for code, row in enumerate(rows):
        codes.setdefault(row.measure, []).append(code)
        for name in LABELS:
            labelled.setdefault((name, getattr(row, name)), []).append(code)
    return codes, {key: frozenset(several) for key, several in labelled.items()}


def write_summary(path: Path, outcome: Outcome) -> None:
    """Write the series of a run.

    Parameters
    ----------
    path : Path
        Where to; replaced if it exists.
    outcome : Outcome
        What the engine handed over.
    """
    path.write_bytes(summary_image(outcome))


def summary_image(outcome: Outcome) -> memoryview:
    """Return the bytes of the series of a run, a netCDF file."""
    import h5py

    cube = outcome.cube
    groups = group_names(cube.provinces)
    margins = Margins(cube.margins(outcome.months), cube.rows, groups)
    axes: dict[str, list[Any]] = {
        "group": [group_label(*group) for group in groups],
        "month": list(range(outcome.months)),
        "moment": list(TIE_MOMENTS),
        "score": list(range(SCORE_BINS)),
        "couple_sum": list(COUPLE_SUMS),
        "decile": list(range(1, 11)),
        "decile_count": list(DECILE_COLUMNS),
    }
    tables = [_measure(margins, name, axes) for name in dict.fromkeys(r.measure for r in cube.rows)]
    histogram, shapley = outcome.score_histogram, outcome.shapley
    about = "citizens by score; 0 = without a score"
    tables.append(("score_histogram", ("month", "score"), histogram, about))
    about = "sums over ordered pairs of tied citizens with scores"
    tables.append(("tie_moments", ("month", "moment"), outcome.tie_moments, about))
    about = "sums over both partners of new couples with scores; blind ones in 1/256"
    tables.append(("couples", ("month", "couple_sum"), outcome.couples, about))
    about = "the scored by the tenth of last month's scores"
    tables.append(("deciles", ("month", "decile", "decile_count"), outcome.deciles, about))
    about = "Shapley values summed over denials, in 1/360360"
    gate, cause = _axis(axes, "gate", list(GATES)), _axis(axes, "cause", list(CAUSES))
    tables.append(("shapley", ("month", gate, cause), shapley, about))
    about = "order-free sums of hashes of every citizen's state"
    tables.append(("state_sums", ("month",), outcome.state_sums, about))
    # Written through HDF5 itself, by the rules of netCDF-4 (every dimension is a scale with its
    # own values): ten times as fast as through a netCDF library, for hundreds of small tables.
    # Made in memory: on a full disk the library would be left with a file it can neither finish
    # nor close, and bring the whole process down at its end.
    image = io.BytesIO()
    with h5py.File(image, "w", track_order=True) as file:
        file.attrs["title"] = "Glasscity run: monthly counts by group"
        for number, (axis, words) in enumerate(axes.items()):
            text = isinstance(words[0], str) if words else False
            kind = h5py.string_dtype() if text else np.dtype(np.int64)
            scale = file.create_dataset(
                axis, data=np.array(words, object if text else np.int64), dtype=kind
            )
            scale.make_scale(axis)
            scale.attrs["_Netcdf4Dimid"] = np.int32(number)
        for name, dimensions, values, about in tables:
            _write(file, name, dimensions, values, about)
    return image.getbuffer()


class _Box:
    """How the rows of one measure fill a table: its axes, their words, each row's place."""

    def __init__(self, rows: Sequence[LabelledRow], measure: str) -> None:
        self.codes = [code for code, row in enumerate(rows) if row.measure == measure]
        own = [rows[code] for code in self.codes]
        axes = [name for name in LABELS if any(getattr(row, name) for row in own)]
        # A label that follows from another (the sphere of an event) gets no axis of its own.
        for name in list(axes):
            rest = [axis for axis in axes if axis != name]
            if rest and len({tuple(getattr(row, a) for a in rest) for row in own}) == len(own):
                axes = rest
        self.axes = tuple(axes)
        self.words = [list(dict.fromkeys(getattr(row, name) for row in own)) for name in axes]
        self.places = [
            tuple(w.index(getattr(row, a)) for a, w in zip(axes, self.words, strict=True))
            for row in own
        ]
        self.about = own[0].about


_Table: TypeAlias = "tuple[str, tuple[str, ...], NDArray[Any], str]"


def _measure(margins: Margins, measure: str, axes: dict[str, list[Any]]) -> _Table:
    """Return a measure's table; axes it is the first to use are added."""
    box = _Box(margins.rows, measure)
    names = [_axis(axes, name, found) for name, found in zip(box.axes, box.words, strict=True)]
    months, groups, _ = margins.counts.shape
    values = np.zeros((groups, months, *(len(found) for found in box.words)), np.int64)
    for code, place in zip(box.codes, box.places, strict=True):
        values[(slice(None), slice(None), *place)] += margins.counts[:, :, code].T
    return measure, ("group", "month", *names), values, box.about


def _axis(labels: dict[str, list[Any]], name: str, words: list[str]) -> str:
    """Return a dimension's name: the causes of listings and groups of causes have their own."""
    for known, vocabulary in (("listing_cause", LISTING_CAUSES), ("cause_group", _GROUPS)):
        if name == "cause" and set(words) <= set(vocabulary):
            name = known
    wanted, number = name, 1
    while labels.setdefault(wanted, words) != words:
        number += 1
        wanted = f"{name}_{number}"
    return wanted


def _write(
    file: Any, name: str, dimensions: Sequence[str], values: NDArray[Any], about: str
) -> None:
    values = np.ascontiguousarray(values)
    # Empty arrays cannot be cut into chunks, and tiny ones gain nothing from it.
    packed = {"compression": "gzip", "compression_opts": 1, "shuffle": True}
    options = {**packed, "chunks": values.shape} if values.size > 1024 else {}
    table = file.create_dataset(name, data=values, **options)
    for at, dimension in enumerate(dimensions):
        table.dims[at].attach_scale(file[dimension])
    table.attrs["units"] = "1"
    if about:
        table.attrs["long_name"] = about


def read_margins(
    path: Path, rows: Sequence[LabelledRow], provinces: Sequence[str], months: int
) -> Margins:
    """Return the monthly counts by group of a stored run.

    Parameters
    ----------
    path : Path
        The file ``summary.nc``.
    rows, provinces : sequences
        The labels, as the run folder keeps them.
    months : int
        Months run.
    """
    import h5py

    groups = group_names(provinces)
    counts = np.zeros((months, len(groups), len(rows)), np.int64)
    with h5py.File(path, "r") as file:
        for measure in dict.fromkeys(row.measure for row in rows):
            box = _Box(rows, measure)
            values = np.asarray(file[measure])
            for code, place in zip(box.codes, box.places, strict=True):
                counts[:, :, code] = values[(slice(None), slice(None), *place)].T
    return Margins(counts, rows, groups)


def read_extras(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays that are not counts by group (see :data:`EXTRAS`).

    A run of an older version lacks those that came later.
    """
    import h5py

    with h5py.File(path, "r") as file:
        return {name: np.asarray(file[name]) for name in EXTRAS if name in file}
