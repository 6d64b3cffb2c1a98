"""Write a run folder so that it is either whole or visibly not.

The folder is made at once, with ``scenario.json`` and ``state.json`` (``running``).  Results are
written under temporary names, flushed to the disk and renamed.  ``complete.json``, with the digest
and a checksum of every file, comes last: a folder without it is refused by readers.
"""

from __future__ import annotations

import contextlib
import functools
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity._version import MODEL_VERSION, __version__
from glasscity.errors import BadArgument, DamagedRun, GlasscityError, Interrupted
from glasscity.results.folder import (
    checksum,
    flush_to_disk,
    make_folder,
    new_run_folder,
    told_plainly,
)
from glasscity.results.lock import FolderLock
from glasscity.results.outcome import REGISTERS, Outcome
from glasscity.results.tables import panel_table, people_table, register_table

if TYPE_CHECKING:
    import polars as pl

    from glasscity.results.run import Run

__all__ = ["COMPLETE", "FORMAT", "RunWriter", "as_json", "meta_of"]

FORMAT = 1
COMPLETE, STATE, SCENARIO = "complete.json", "state.json", "scenario.json"
PROVENANCE, META, TWIN = "provenance.json", "meta.json", "twin"
LIVES = "lives.json"
# The first and the last file of a pair's folder (study.pair_folder), which is no run folder.
PAIR_ASKED, PAIR = "pair-asked.json", "pair.json"
# What an unfinished run goes on from (engine.checkpoint).
CHECKPOINTS = "checkpoints"
# The state of a run whose folder was made for somebody to start it later (api.prepare).
WAITING = "waiting"


class RunWriter:
    """Write one run folder; used as a context manager.

    Leaving the block without :meth:`complete` marks the folder as failed, or as interrupted after
    Ctrl-C, and readers go on refusing it.

    Parameters
    ----------
    folder : path
        Must not exist; its parent must.
    scenario : mapping, fit for JSON
        The resolved description of the run.
    reserved : bool, keyword only
        True where :func:`new_run_folder` has just made the folder, which must then be empty.
    asked : mapping, fit for JSON, optional
        What else was asked for; kept in ``state.json`` for whoever goes on with the run.

    Raises
    ------
    OutputExists
        If the folder is there already.
    BadArgument
        If its parent is missing, no folder, or not writable.
    DiskFull
        If there is no room.
    """

    def __init__(
        self,
        folder: str | Path,
        *,
        scenario: Mapping[str, Any],
        reserved: bool = False,
        asked: Mapping[str, Any] | None = None,
    ) -> None:
        self._begin(folder, asked)
        make_folder(self.folder, reserved)
        with told_plainly(self.folder):
            self._lock = FolderLock(self.folder)
            try:
                self._json(SCENARIO, scenario, checked=True)
                self.state("running")
            except BaseException:
                self._lock.release()
                raise

    def _begin(self, folder: str | Path, asked: Mapping[str, Any] | None) -> None:
        self.folder = Path(folder)
        self.digest: str | None = None
        self._asked = {} if asked is None else {"asked": dict(asked)}
        self._done = False
        self._twin: RunWriter | None = None
        self._files: dict[str, dict[str, Any]] = {}

    @classmethod
    def fresh(
        cls,
        base: str | Path,
        regime: str,
        *,
        scenario: Mapping[str, Any],
        asked: Mapping[str, Any] | None = None,
    ) -> RunWriter:
        """Return a writer on a new folder ``BASE/REGIME-NNN``."""
        return cls(new_run_folder(base, regime), scenario=scenario, reserved=True, asked=asked)

    @classmethod
    def taken_up(cls, folder: str | Path, *, asked: Mapping[str, Any]) -> RunWriter:
        """Return a writer on the folder of a run that did not finish; its scenario stays.

        Results that were written already are written anew.

        Raises
        ------
        BadArgument
            If another process is still writing there, or nothing can be written.
        """
        writer = cls.__new__(cls)
        writer._begin(folder, asked)
        with told_plainly(writer.folder):
            writer._lock = FolderLock(writer.folder)
            try:
                if (writer.folder / COMPLETE).exists():
                    raise BadArgument(
                        "this run has just been finished by another process",
                        where=str(folder),
                        mend="resume it once more to check it",
                    )
                writer._clear_up()
                scenario = writer.folder / SCENARIO
                size = scenario.stat().st_size
                writer._files[SCENARIO] = {"bytes": size, "sha256": checksum(scenario)}
                writer.state("running")
            except BaseException:
                writer._lock.release()
                raise
        return writer

    def _clear_up(self) -> None:
        """Remove what a process that was killed left half done."""
        for path in self.folder.glob(".*.part"):
            path.unlink(missing_ok=True)
        twin = self.folder / TWIN
        if twin.is_dir():
            shutil.rmtree(twin)

    def state(self, state: str, **details: Any) -> None:
        """Write ``state.json``: waiting, running, complete, failed or interrupted."""
        self._json(STATE, {"state": state, **details, **self._asked}, checked=False)

    def write(self, outcome: Outcome) -> None:
        """Write the results of the months: cube, series, registers, people.

        Parameters
        ----------
        outcome : Outcome
            What the engine handed over.
        """
        from glasscity.results.summary import write_summary

        cube = outcome.cube
        # The cube is packed by a library that needs no interpreter: meanwhile the rest is made.
        with told_plainly(self.folder), ThreadPoolExecutor(1) as aside:
            packed = aside.submit(self._file, "cube.parquet", cube.write)
            self._file("summary.nc", lambda path: write_summary(path, outcome))
            for name in REGISTERS:
                self._table(f"{name}.parquet", register_table(name, getattr(outcome, name)))
            self._table("people.parquet", people_table(outcome.people, cube.provinces))
            self._table("panel.parquet", panel_table(outcome))
            self._json(META, meta_of(outcome), checked=True)
            packed.result()
        self.digest = outcome.digest()

    def write_text(self, name: str, text: str) -> None:
        """Write a file that can be remade from the others at any time, such as the report.

        It gets no checksum, so that remaking it later does not make the folder look damaged.
        """
        with told_plainly(self.folder):
            self._file(name, lambda path: path.write_text(text, encoding="utf-8"), checked=False)

    def lives(self, lives: Sequence[Mapping[str, Any]]) -> None:
        """Write ``lives.json``: the lives of the citizens that were watched (rights.lives)."""
        with told_plainly(self.folder):
            self._json(LIVES, {"digest": self.digest, "lives": list(lives)}, checked=True)

    def provenance(self, provenance: Mapping[str, Any]) -> None:
        """Write ``provenance.json`` (see :func:`glasscity.results.provenance.provenance`)."""
        with told_plainly(self.folder):
            self._json(PROVENANCE, provenance, checked=True)

    def twin(self, scenario: Mapping[str, Any]) -> RunWriter:
        """Return the writer of the twin's folder, which lies inside this one."""
        self._twin = RunWriter(self.folder / TWIN, scenario=scenario)
        return self._twin

    def copy_twin(self, run: Run) -> None:
        """Take another run's files as the twin, where they are the same people's, unscored.

        Parameters
        ----------
        run : Run
            A finished run under ``unscored``; lives that were watched there are not taken over.

        Raises
        ------
        DamagedRun
            If a file is not what was written.
        """
        twin = self.twin(run.scenario)
        with told_plainly(self.folder):
            for name, stored in run.files.items():
                if name not in (SCENARIO, LIVES):
                    twin._file(name, functools.partial(shutil.copyfile, run.path / name))
                    if twin._files[name] != stored:
                        raise DamagedRun(
                            f"the file '{name}' is not what was written",
                            where=str(run.path),
                            mend="restore the folder, or run it again",
                        )
        twin.digest = run.digest
        twin.complete()

    def preview(self) -> Run:
        """Return the run as it will be read, before it is complete: for making its report."""
        from glasscity.results.run import Run

        return Run(self.folder, {"digest": self.digest, "model": MODEL_VERSION, "files": {}})

    def complete(self) -> str:
        """Mark the folder as whole and return the digest.

        Raises
        ------
        RuntimeError
            If nothing was written, or the twin is not complete.
        """
        if self.digest is None:
            raise RuntimeError("complete() before write()")
        if self._twin is not None and not self._twin._done:
            raise RuntimeError("the twin's folder is not complete")
        with told_plainly(self.folder):
            self.state("complete")
            mark = {
                "format": FORMAT,
                "digest": self.digest,
                "model": MODEL_VERSION,
                "glasscity": __version__,
                "twin": self._twin.digest if self._twin else None,
                "files": self._files,
            }
            self._json(COMPLETE, mark, checked=False)
        self._done = True
        self._lock.release()
        return self.digest

    def wait(self) -> None:
        """Give the folder up as that of a run that somebody will start."""
        self.state(WAITING)
        self._done = True
        self._lock.release()

    def close(self, error: BaseException | None = None) -> None:
        """Give the folder up; unless complete, say in ``state.json`` what happened."""
        if self._twin is not None:
            self._twin.close(error)
        if not self._done:
            stopped = isinstance(error, KeyboardInterrupt | Interrupted)
            reason = "" if error is None else str(error) or type(error).__name__
            # On a full disk not even this may be possible; the missing mark says enough.
            with contextlib.suppress(OSError, GlasscityError):
                self.state("interrupted" if stopped else "failed", reason=reason)
        self._lock.release()

    def __enter__(self) -> RunWriter:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.close(error)

    def _table(self, name: str, table: pl.DataFrame) -> None:
        self._file(
            name,
            lambda path: table.write_parquet(path, compression="zstd", compression_level=1),
        )

    def _json(self, name: str, content: Any, *, checked: bool, flush: bool = True) -> None:
        text = as_json(content)
        self._file(
            name,
            lambda path: path.write_text(text, encoding="utf-8"),
            checked=checked,
            flush=flush,
        )

    def _file(
        self,
        name: str,
        write: Callable[[Path], object],
        *,
        checked: bool = True,
        flush: bool = True,
    ) -> None:
        """Make a file appear whole or not at all."""
        temporary = self.folder / f".{name}.part"
        try:
            write(temporary)
            if flush:
                flush_to_disk(temporary)
            if checked:
                size = temporary.stat().st_size
                self._files[name] = {"bytes": size, "sha256": checksum(temporary)}
            temporary.replace(self.folder / name)
            if flush:
                flush_to_disk(self.folder)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise


def meta_of(outcome: Outcome) -> dict[str, Any]:
    """Return what ``meta.json`` says of an outcome."""
    cube = outcome.cube
    meta = dict(outcome.meta)
    meta |= {"months": outcome.months, "provinces": list(cube.provinces)}
    meta["rows"] = [list(row) for row in cube.rows]
    return meta


def as_json(content: Any) -> str:
    """Return what is kept in a file as JSON."""
    return json.dumps(content, indent=1, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", by_alias=True)
    raise TypeError(f"{type(value).__name__} is not fit for JSON")
