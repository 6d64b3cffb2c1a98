"""A run whose results were never written: read from memory as a stored one is from its folder."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity._version import MODEL_VERSION
from glasscity.errors import BadArgument
from glasscity.results.cube import LabelledRow, group_names
from glasscity.results.outcome import Outcome
from glasscity.results.run import Run
from glasscity.results.store import as_json, meta_of
from glasscity.results.summary import EXTRAS, Margins, summary_image
from glasscity.results.tables import panel_table, people_table, register_table

if TYPE_CHECKING:
    import polars as pl
    import xarray as xr
    from numpy.typing import NDArray

__all__ = ["HeldRun"]


class HeldRun(Run):
    """A finished run in memory, for measures of hundreds of runs that nobody will open again.

    Every figure is the one that a run folder gives.  What only a folder has is refused or empty:
    its path, provenance, watched lives, twin.

    Parameters
    ----------
    outcome : Outcome
        What the engine handed over.
    scenario : mapping, fit for JSON
        The resolved description of the run.
    """

    def __init__(self, outcome: Outcome, scenario: Mapping[str, Any]) -> None:
        super().__init__(Path("(in memory)"), {"model": MODEL_VERSION, "files": {}})
        self._outcome = outcome
        self.__dict__["scenario"] = dict(scenario)

    @cached_property
    def digest(self) -> str:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Digest of the result, 64 hexadecimal characters."""
        return self._outcome.digest()

    @cached_property
    def meta(self) -> dict[str, Any]:
        """What the engine tells about the results (see :class:`Outcome`)."""
        return json.loads(as_json(meta_of(self._outcome)))

    @cached_property
    def rows(self) -> tuple[LabelledRow, ...]:
        """The ledger: what each row of the cube counts."""
        return self._outcome.cube.rows

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """Nothing: the run has no folder."""
        return {}

    @cached_property
    def twin(self) -> Run | None:
        """None: a twin is a run of its own."""
        return None

    @cached_property
    def lives(self) -> dict[int, dict[str, Any]]:
        """Nobody was watched."""
        return {}

    @property
    def cube_table(self) -> pl.LazyFrame:
        """The whole cube as a lazy Polars table, one line an entry, zeros absent."""
        return self._outcome.cube.frame().lazy()

    @cached_property
    def people(self) -> pl.DataFrame:
        """Citizens in the last month, one line each, sorted by citizen."""
        return people_table(self._outcome.people, self._outcome.cube.provinces)

    @cached_property
    def denials(self) -> pl.DataFrame:
        """Denials with at least one live cause, with their cause masks."""
        return self._register("denials")

    @cached_property
    def listings(self) -> pl.DataFrame:
        """Entries on lists and exits from them."""
        return self._register("listings")

    @cached_property
    def spells(self) -> pl.DataFrame:
        """Starts and ends of being restricted."""
        return self._register("spells")

    def panel(self, *months: int) -> pl.DataFrame:
        """Return the panel's scores in some months: ``citizen`` and one column a month."""
        return panel_table(self._outcome, months)

    @cached_property
    def margins(self) -> Margins:
        """Monthly counts of the nation and of every one-way group."""
        cube = self._outcome.cube
        counts = cube.margins(self._outcome.months)
        return Margins(counts, cube.rows, group_names(cube.provinces))

    @cached_property
    def extras(self) -> dict[str, NDArray[Any]]:
        """Score histogram, moments over ties, Shapley sums, state sums, by month."""
        return {name: np.asarray(getattr(self._outcome, name)) for name in EXTRAS}

    @cached_property
    def series(self) -> xr.Dataset:
        """Monthly series as an xarray dataset: one variable a measure of the ledger."""
        import xarray as xr

        image = io.BytesIO(summary_image(self._outcome))
        with xr.open_dataset(image, engine="h5netcdf") as dataset:
            return dataset.load()

    def check(self, *, thorough: bool) -> None:
        """Do nothing: there is no file to hold against a checksum."""

    def verify(self) -> str:
        """Return the digest: there is no file that could disagree."""
        return self.digest

    def report(self) -> Path:
        """Refuse: there is no folder to write into."""
        raise BadArgument(
            "this run was never written",
            where="report",
            mend="run the same scenario with glasscity.run(...), which keeps it in a folder",
        )

    def _register(self, name: str) -> pl.DataFrame:
        return register_table(name, getattr(self._outcome, name))
