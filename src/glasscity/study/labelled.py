"""The results of a study as one labelled dataset, and as one table with a line a member.

Seeds, regimes and points cross each other, so every measure is a box of numbers with these three
dimensions, whatever the design; where points stand is told by coordinates on ``point``.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity._version import MODEL_VERSION, __version__
from glasscity.rights.measures import MEASURES
from glasscity.study.design import Laid
from glasscity.study.members import Result

if TYPE_CHECKING:
    import polars as pl
    import xarray as xr

__all__ = ["DIMENSIONS", "box_of", "dataset", "image", "table"]

DIMENSIONS = ("regime", "point", "seed")


def box_of(laid: Laid, values: Sequence[Any], kind: Any = np.float64) -> np.ndarray:
    """Return values in the members' order as a box [regimes, points, seeds]; None becomes NaN."""
    shape = len(laid.regimes), len(laid.points), len(laid.seeds)
    filled = [np.nan if one is None else one for one in values]
    return np.array(filled, kind).reshape(shape)


def dataset(laid: Laid, results: Sequence[Result], *, digest: str) -> xr.Dataset:
    """Return the results of a study as a dataset.

    Parameters
    ----------
    laid : Laid
    results : sequence of Result
        In the order of ``laid.members()``.
    digest : str
        Of the whole study.

    Returns
    -------
    xarray.Dataset
        A variable a measure, float64 over ``regime``, ``point`` and ``seed``, with unit, definition
        and denominator in its attributes; not a number where it is not estimable or the run failed.
        ``NAME_by_GROUPING`` where groups were asked for, ``NAME_unscored`` over point and seed
        where twins were.  ``failed`` (0 or 1), ``digest`` and ``key`` of each run.
    """
    import xarray as xr

    variables: dict[str, Any] = {}
    coordinates: dict[str, Any] = {
        "regime": [one.name for one in laid.regimes],
        "point": np.arange(len(laid.points)),
        "seed": np.array(laid.seeds, np.int64),
    }
    for axis in laid.points[0].labels:
        values = [one.labels[axis] for one in laid.points]
        kind = {"vector": object, "citizens": np.int64}.get(axis, np.float64)
        coordinates[axis] = ("point", np.array(values, kind))
    groups = _groups(results)
    for grouping, names in groups.items():
        coordinates[grouping] = list(names)
    for name, one in MEASURES.items():
        about = {
            "units": one.unit,
            "long_name": one.title,
            "definition": one.definition,
            "denominator": one.denominator,
            "defined_in": one.section,
        }
        national = [None if r.measures is None else r.measures[name] for r in results]
        variables[name] = (DIMENSIONS, box_of(laid, national), about)
        for grouping, words in groups.items():
            box = [
                box_of(laid, [_of_group(r, grouping, word, name) for r in results])
                for word in words
            ]
            variables[f"{name}_by_{grouping}"] = (
                (*DIMENSIONS, grouping),
                np.stack(box, axis=-1),
                about,
            )
        if laid.study.twin:
            unscored = box_of(laid, [_of_twin(r, name) for r in results])
            # The twin is the same beside every regime; a regime that is unscored itself has none.
            variables[f"{name}_unscored"] = (
                DIMENSIONS[1:],
                _first_known(unscored),
                {**about, "long_name": f"{one.title}, the same people unscored"},
            )
    failed = box_of(laid, [r.failed is not None for r in results], np.int8)
    variables["failed"] = (DIMENSIONS, failed, {"long_name": "1: the run failed"})
    for name in ("digest", "key"):
        texts = box_of(laid, [getattr(r, name) or "" for r in results], object)
        variables[name] = (DIMENSIONS, texts)
    study = laid.study
    about = {
        "title": study.title or study.name,
        "question": study.question,
        "study": study.name,
        "digest": digest,
        "model": MODEL_VERSION,
        "glasscity": __version__,
        "country": laid.country.name,
        "months": laid.months,
        "start": laid.start,
    }
    return xr.Dataset(variables, coordinates, about)


def image(found: xr.Dataset) -> bytes:
    """Return a dataset as a netCDF file.

    Written through HDF5 itself, by the rules of netCDF-4, as ``summary.nc`` is: three hundred small
    variables take a ninth of the time that a netCDF library needs.  Made in memory: on a full disk
    a library could neither finish nor close its file.
    """
    import h5py

    text = h5py.string_dtype()
    memory = io.BytesIO()
    with h5py.File(memory, "w", track_order=True) as file:
        for name, value in found.attrs.items():
            file.attrs[name] = value
        # Coordinates that are no dimensions are named once for the whole file.
        beside = [str(name) for name in found.coords if name not in found.sizes]
        if beside:
            file.attrs["coordinates"] = " ".join(beside)
        ordered = [*found.sizes, *(name for name in found.variables if name not in found.sizes)]
        for number, name in enumerate(ordered):
            variable = found.variables[name]
            words = variable.dtype.kind in "OU"
            values = variable.values.astype(object) if words else variable.values
            kept = file.create_dataset(str(name), data=values, dtype=text if words else None)
            if name in found.sizes:
                kept.make_scale(str(name))
                kept.attrs["_Netcdf4Dimid"] = np.int32(number)
            else:
                for at, dimension in enumerate(variable.dims):
                    kept.dims[at].attach_scale(file[str(dimension)])
            for key, value in variable.attrs.items():
                kept.attrs[key] = value
    return memory.getvalue()


def table(laid: Laid, results: Sequence[Result]) -> pl.DataFrame:
    """Return one line a member: its labels, ``key``, ``digest``, ``failed`` and every measure."""
    import polars as pl

    labels = [dict(one.member.labels) for one in results]
    columns: dict[str, list[Any]] = {name: [one[name] for one in labels] for name in labels[0]}
    for name in ("key", "digest", "failed"):
        columns[name] = [getattr(one, name) for one in results]
    found = [
        pl.Series(name, values, pl.String if name in ("key", "digest", "failed") else None)
        for name, values in columns.items()
    ]
    for name, one in MEASURES.items():
        values = [None if r.measures is None else r.measures[name] for r in results]
        found.append(pl.Series(name, values, pl.Int64 if one.whole else pl.Float64))
    return pl.DataFrame(found)


def _groups(results: Sequence[Result]) -> dict[str, tuple[str, ...]]:
    for one in results:
        if one.groups:
            return {grouping: tuple(of) for grouping, of in one.groups.items()}
    return {}


def _of_group(result: Result, grouping: str, word: str, name: str) -> Any:
    return None if result.measures is None else result.groups[grouping][word][name]


def _of_twin(result: Result, name: str) -> Any:
    twin = result if result.member.scenario.regime.name == "unscored" else result.twin
    return None if twin is None or twin.measures is None else twin.measures[name]


def _first_known(box: np.ndarray) -> np.ndarray:
    """Return float64[points, seeds]: along the first axis the first that is a number."""
    known = ~np.isnan(box)
    return np.take_along_axis(box, known.argmax(axis=0)[None], axis=0)[0]
