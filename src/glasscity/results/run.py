"""Read a run folder: refuse what is not whole, and give the rest under names with labels."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity._version import MODEL_VERSION
from glasscity.errors import BadArgument, DamagedRun, NotFound
from glasscity.results.cube import DIMENSIONS, LABELS, Cube, LabelledRow
from glasscity.results.folder import checksum
from glasscity.results.store import (
    COMPLETE,
    FORMAT,
    LIVES,
    META,
    PAIR_ASKED,
    PROVENANCE,
    SCENARIO,
    STATE,
    TWIN,
)
from glasscity.results.summary import Margins, read_extras, read_margins
from glasscity.results.tables import month_column

if TYPE_CHECKING:
    import polars as pl
    import xarray as xr
    from numpy.typing import NDArray

__all__ = ["Run", "open_run"]

# Opening hashes every file up to this many bytes in all (a tenth of a second); a larger folder is
# checked by the sizes of its files alone, and wholly by Run.verify().
HASHED_ON_OPENING = 128 << 20


def open_run(path: str | Path) -> Run:
    """Return a finished run.

    Parameters
    ----------
    path : path
        A run folder.

    Returns
    -------
    Run
        Its parts are read when they are asked for.

    Raises
    ------
    BadArgument
        If there is no folder of that name.
    DamagedRun
        If the folder is not whole, of another version, or its files do not agree with their
        checksums.
    """
    folder = Path(path)
    where = str(path)
    if not folder.is_dir():
        raise BadArgument(
            "there is no run folder of this name",
            where=where,
            mend="give the folder that 'glasscity run' named in its last lines",
        )
    if (folder / PAIR_ASKED).is_file():
        raise DamagedRun(
            "this is the folder of a pair, not of one run",
            where=where,
            mend=f"give one of the runs in it, as '{folder / 'base'}'",
        )
    if not (folder / COMPLETE).is_file():
        raise DamagedRun(
            f"this is not a finished run{_last_words(folder)}",
            where=where,
            mend=f"go on with it by 'glasscity resume {where}', or run it again",
        )
    mark = _read_json(folder / COMPLETE)
    if not isinstance(mark, dict) or not isinstance(mark.get("files"), dict):
        raise DamagedRun(f"'{COMPLETE}' is not what a run leaves behind", where=where)
    if mark.get("format") != FORMAT or mark.get("model") != MODEL_VERSION:
        raise DamagedRun(
            f"written by another version (format {mark.get('format')}, model {mark.get('model')})",
            where=where,
            allowed=f"format {FORMAT}, model {MODEL_VERSION}",
            mend="read it with the version named in its provenance.json, or run it again",
        )
    run = Run(folder, mark)
    run.check(thorough=sum(file["bytes"] for file in mark["files"].values()) <= HASHED_ON_OPENING)
    if mark.get("twin") is not None:
        twin = run.twin
        if twin is None or twin.digest != mark["twin"]:
            raise DamagedRun("its twin is missing or another one", where=where)
    return run


class Run:
    """A finished run, as :func:`open_run` returns it.

    Attributes
    ----------
    path : Path
        Its folder.
    """

    def __init__(self, path: Path, mark: dict[str, Any]) -> None:
        self.path = path
        self._mark = mark

    def __repr__(self) -> str:
        return f"Run({str(self.path)!r}, {self.citizens:,} citizens, {self.months} months)"

    @property
    def digest(self) -> str:
        """Digest of the result, 64 hexadecimal characters."""
        return self._mark["digest"]

    @property
    def model(self) -> str:
        """Version of the model whose numbers these are."""
        return self._mark["model"]

    @property
    def files(self) -> dict[str, dict[str, Any]]:
        """Each file of the result with its size and checksum (``bytes``, ``sha256``)."""
        return dict(self._mark["files"])

    @cached_property
    def scenario(self) -> dict[str, Any]:
        """The resolved description of the run."""
        return self._json(SCENARIO)

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """Versions, seeds, fingerprints, times; empty if none were written."""
        return self._json(PROVENANCE) if (self.path / PROVENANCE).is_file() else {}

    @cached_property
    def meta(self) -> dict[str, Any]:
        """What the engine tells about the results (see :class:`Outcome`)."""
        return self._json(META)

    @property
    def months(self) -> int:
        """Months run."""
        return int(self.meta["months"])

    @property
    def citizens(self) -> int:
        """Citizens, from the cube's own count."""
        return int(self.margins.of("citizens")[-1, 0])

    @property
    def provinces(self) -> tuple[str, ...]:
        """Names of the provinces in the order of their codes."""
        return tuple(self.meta["provinces"])

    @cached_property
    def rows(self) -> tuple[LabelledRow, ...]:
        """The ledger: what each row of the cube counts."""
        return tuple(LabelledRow(*row) for row in self.meta["rows"])

    @cached_property
    def twin(self) -> Run | None:
        """The same people and luck under ``unscored``; None where no twin was run."""
        return open_run(self.path / TWIN) if (self.path / TWIN).is_dir() else None

    # Tables.
    @property
    def cube_table(self) -> pl.LazyFrame:
        """The whole cube as a lazy Polars table, one line an entry, zeros absent."""
        import polars as pl

        return pl.scan_parquet(self.path / "cube.parquet")

    @cached_property
    def people(self) -> pl.DataFrame:
        """Citizens in the last month, one line each, sorted by citizen."""
        return self._table("people")

    @cached_property
    def denials(self) -> pl.DataFrame:
        """Denials with at least one live cause, with their cause masks."""
        return self._table("denials")

    @cached_property
    def listings(self) -> pl.DataFrame:
        """Entries on lists and exits from them."""
        return self._table("listings")

    @cached_property
    def spells(self) -> pl.DataFrame:
        """Starts and ends of being restricted."""
        return self._table("spells")

    @cached_property
    def lives(self) -> dict[int, dict[str, Any]]:
        """Lives that were watched while the run went by (``--watch``), by citizen; often none."""
        if not (self.path / LIVES).is_file():
            return {}
        kept = self._json(LIVES)
        return {int(life["citizen"]): life for life in kept["lives"]}

    def panel(self, *months: int) -> pl.DataFrame:
        """Return the panel's scores in some months: ``citizen`` and one column a month."""
        import polars as pl

        columns = ["citizen", *(month_column(month) for month in months)]
        return pl.read_parquet(self.path / "panel.parquet", columns=columns)

    # Labelled arrays.
    @cached_property
    def margins(self) -> Margins:
        """Monthly counts of the nation and of every one-way group."""
        return read_margins(self.path / "summary.nc", self.rows, self.provinces, self.months)

    @cached_property
    def extras(self) -> dict[str, NDArray[Any]]:
        """Score histogram, moments over ties, Shapley sums, state sums, by month."""
        return read_extras(self.path / "summary.nc")

    @cached_property
    def series(self) -> xr.Dataset:
        """Monthly series as an xarray dataset: one variable a measure of the ledger.

        Dimensions are ``group`` ("all", "province:...", "area:...", ...), ``month`` and the
        measure's own labels.
        """
        import xarray as xr

        with xr.open_dataset(self.path / "summary.nc", engine="h5netcdf") as dataset:
            return dataset.load()

    def cube(self, measure: str, *dimensions: str, **where: Any) -> xr.DataArray:
        """Return the counts of a measure over the dimensions asked for, all else summed.

        Parameters
        ----------
        measure : str
            A measure of the ledger, such as ``"denials"``.
        *dimensions : str
            Any of ``month``, ``province``, ``area``, ``quintile``, ``age``, ``camp`` and the
            measure's labels (``gate``, ``sphere``, ``cause``, ``list``, ``event``), in the order
            wanted.
        **where : value or sequence of values
            Keep only these: ``month=83``, ``gate=["loan", "mortgage"]``.

        Returns
        -------
        xarray.DataArray of int64
            Stocks such as ``citizens`` count once for every month that is summed.

        Raises
        ------
        NotFound
            If a measure, dimension or word is unknown.
        """
        import polars as pl
        import xarray as xr

        own = [row for row in self.rows if row.measure == measure]
        if not own:
            raise NotFound.among("measure", measure, dict.fromkeys(r.measure for r in self.rows))
        known = self._axes(own)
        for name in (*dimensions, *where):
            if name not in known:
                raise NotFound.among("dimension", name, known, where=f"measure '{measure}'")
        table = self.cube_table.filter(pl.col("measure") == measure)
        kept = dict(known)
        for name, wanted in where.items():
            values = _several(wanted)
            for value in values:
                if value not in known[name]:
                    raise NotFound.among(name, str(value), map(str, known[name]))
            kept[name] = [value for value in known[name] if value in values]
            table = table.filter(pl.col(name).is_in(list(values)))
        if not dimensions:
            total = table.select(pl.col("count").sum()).collect().item()
            return xr.DataArray(np.int64(total), name=measure)
        summed = table.group_by(dimensions).agg(pl.col("count").sum()).collect()
        array = np.zeros([len(kept[name]) for name in dimensions], np.int64)
        places = []
        for name in dimensions:
            index = {word: at for at, word in enumerate(kept[name])}
            places.append(np.array([index[word] for word in summed[name]], np.int64))
        array[tuple(places)] = summed["count"].to_numpy()
        coordinates = {name: list(kept[name]) for name in dimensions}
        about = {"long_name": own[0].about, "units": "1"}
        return xr.DataArray(array, coordinates, dimensions, name=measure, attrs=about)

    def _axes(self, own: Sequence[LabelledRow]) -> dict[str, Sequence[Any]]:
        from glasscity.terms import AGES, AREAS, CAMPS, QUINTILES

        axes: dict[str, Sequence[Any]] = {"month": range(self.months), "province": self.provinces}
        axes |= {"area": AREAS, "quintile": QUINTILES, "age": AGES, "camp": CAMPS}
        for name in LABELS:
            words = [word for word in dict.fromkeys(getattr(row, name) for row in own) if word]
            if words:
                axes[name] = words
        return {name: axes[name] for name in DIMENSIONS if name in axes}

    # Checks.
    def check(self, *, thorough: bool) -> None:
        """Refuse a folder whose files do not agree with ``complete.json``.

        Parameters
        ----------
        thorough : bool
            Hash every file; otherwise compare sizes alone.
        """
        for name, stored in self._mark["files"].items():
            file = self.path / name
            if not file.is_file():
                what = f"the file '{name}' is missing"
            elif file.stat().st_size != stored["bytes"]:
                what = f"the file '{name}' has another size than when it was written"
            elif thorough and checksum(file) != stored["sha256"]:
                what = f"the file '{name}' is not what was written"
            else:
                continue
            raise DamagedRun(what, where=str(self.path), mend="restore the folder, or run it again")

    def verify(self) -> str:
        """Check everything: every file, the digest anew from the cube, the series, the twin.

        Returns
        -------
        str
            The digest.

        Raises
        ------
        DamagedRun
            If anything does not agree.
        """
        self.check(thorough=True)
        where = str(self.path)
        cube = Cube.read(self.path / "cube.parquet")
        if cube.digest(self.extras["state_sums"]) != self.digest:
            raise DamagedRun("the cube does not give the stored digest", where=where)
        if not np.array_equal(cube.margins(self.months), self.margins.counts):
            raise DamagedRun("the series do not agree with the cube", where=where)
        if self.twin is not None:
            self.twin.verify()
        return self.digest

    # Faces, which stand above: looked up by name when asked for, so that results know no report.
    def plot(self, name: str, **options: Any) -> Any:
        """Return a chart of the run (see ``glasscity.report.charts``)."""
        return importlib.import_module("glasscity.report.charts").chart(self, name, **options)

    def report(self) -> Path:
        """Write ``report.html`` anew into the run's folder and return its path."""
        return importlib.import_module("glasscity.report").write_report(self)

    def _table(self, name: str) -> pl.DataFrame:
        import polars as pl

        return pl.read_parquet(self.path / f"{name}.parquet")

    def _json(self, name: str) -> dict[str, Any]:
        return _read_json(self.path / name)


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DamagedRun(f"'{path.name}' cannot be read", where=str(path.parent)) from error


def _last_words(folder: Path) -> str:
    """Return what ``state.json`` says about an unfinished folder, as a half-sentence."""
    try:
        state = json.loads((folder / STATE).read_text(encoding="utf-8"))
        return {
            "waiting": " (it waits to be started)",
            "running": " (it is still running, or was killed)",
            "failed": " (it failed)",
            "interrupted": " (it was interrupted)",
        }.get(state["state"], "")
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _several(wanted: Any) -> list[Any]:
    several = isinstance(wanted, Iterable) and not isinstance(wanted, str)
    return list(wanted) if several else [wanted]
