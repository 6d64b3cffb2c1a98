"""Run a study file: its members, then one dataset, one table, one summary in a folder.

``members/`` holds a small file a run, named after what it is a result of; ``study.json`` says what
was asked and, last, the checksums of ``dataset.nc``, ``members.parquet`` and ``summary.csv``.  The
same command on the same folder goes on with what is missing, and computes nothing twice.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasscity._version import MODEL_VERSION, __version__
from glasscity.catalogue.reader import Document, Problem, Refused
from glasscity.catalogue.translate import validated
from glasscity.errors import BadArgument, CannotFit, DamagedRun, OutputExists
from glasscity.results.folder import checksum, flush_to_disk, told_plainly
from glasscity.study.design import Laid, lay, problems
from glasscity.study.intervals import COLUMNS, summary
from glasscity.study.labelled import dataset, image, table
from glasscity.study.members import Result, entry_hash, run_members
from glasscity.study.plan import Study, read_study

if TYPE_CHECKING:
    import polars as pl
    import xarray as xr

__all__ = ["Ensemble", "check_study", "open_study", "run_study"]

FORMAT = 1
ABOUT = "study.json"
# A summary of every point is for a few; of more, the set alone is summarised.
_POINTS_SUMMARISED = 200


class Ensemble:
    """A finished study, as :func:`run_study` and :func:`open_study` return it.

    Attributes
    ----------
    folder : Path
    about : dict
        What ``study.json`` says.
    """

    def __init__(self, folder: Path, about: dict[str, Any]) -> None:
        self.folder, self.about = folder, about

    def __repr__(self) -> str:
        return f"Ensemble({str(self.folder)!r}, {self.done:,} members, {self.failed:,} failed)"

    @property
    def done(self) -> int:
        """Members that gave measures."""
        return int(self.about["done"])

    @property
    def failed(self) -> int:
        """Members whose run failed; ``about["failures"]`` says which and why."""
        return int(self.about["failed"])

    @property
    def digest(self) -> str:
        """SHA-256 over the digests of all members, in their order."""
        return self.about["digest"]

    @cached_property
    def dataset(self) -> xr.Dataset:
        """Every measure over ``regime``, ``point`` and ``seed`` (see study.labelled)."""
        import xarray as xr

        with xr.open_dataset(self.folder / "dataset.nc", engine="h5netcdf") as found:
            return found.load()

    @cached_property
    def members(self) -> pl.DataFrame:
        """One line a member: labels, ``key``, ``digest``, ``failed`` and every measure."""
        import polars as pl

        return pl.read_parquet(self.folder / "members.parquet")

    @cached_property
    def summary(self) -> list[dict[str, Any]]:
        """The rows of ``summary.csv`` (see study.intervals)."""
        with (self.folder / "summary.csv").open(encoding="utf-8", newline="") as lines:
            return [_typed(row) for row in csv.DictReader(lines)]


def run_study(
    study: str | Path | Mapping[str, Any],
    *,
    out: str | Path | None = None,
    store: str | Path | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    again: bool = False,
    progress: Callable[[int, int], object] | None = None,
    told: Callable[[str], object] | None = None,
    **base: Any,
) -> Ensemble:
    """Run a study, or go on with it, and return its results.

    Parameters
    ----------
    study : path or mapping
        A study file (docs/studies.md), or what one would say.
    out : path, optional
        The study's folder, new or of this very study.  Default: ``studies/NAME``.
    store : path, optional
        Where results of members are kept, if several studies are to share them.  Default: in the
        study's folder.
    workers : int, optional
        Processes, one thread each; by default as many as there are processors and as fit.
    cluster : str, optional
        ``auto`` or ``HOST:PORT``: run members on the machines of a Ray cluster.
    again : bool
        Whether runs that failed before are tried again.
    progress : callable, optional
        Called as ``progress(done, total)``, in worlds.
    told : callable, optional
        Given sentences about what somebody may not expect.
    **base
        What takes the place of the file's base: ``country``, ``parameters``, ``citizens``,
        ``months``, ``start``, ``seed``, ``strengths`` (name to number).

    Raises
    ------
    BadFile
        With the first problem of the file.
    OutputExists
        If the folder holds another study, or something else.
    CannotFit
        If the disk or the memory cannot hold it.
    Interrupted
        After Ctrl-C; the same call goes on.
    """
    try:
        asked, document = _read(study, base)
    except Refused as refused:
        raise refused.problems[0].error() from None
    laid = lay(asked, document)
    members = list(laid.members())
    folder = Path("studies", asked.name) if out is None else Path(out)
    _check_memory(len(members), asked)
    about = _about(laid)
    _begin(folder, about, made=out is None)
    results = run_members(
        members,
        store=folder / "members" if store is None else Path(store),
        workers=workers,
        groups=asked.groups,
        progress=progress,
        told=told,
        again=again,
        cluster=cluster,
    )
    return _finish(folder, about, laid, results)


def check_study(study: str | Path) -> list[Problem]:
    """Return everything that is wrong with a study file, in the order of its lines."""
    try:
        asked, document = read_study(study)
    except Refused as refused:
        return refused.problems
    return problems(asked, document)


def open_study(folder: str | Path) -> Ensemble:
    """Return a finished study.

    Raises
    ------
    BadArgument
        If there is no such folder.
    DamagedRun
        If it is no study, not finished, of another model version, or its files are not what was
        written.
    """
    path = Path(folder)
    if not path.is_dir():
        raise BadArgument("there is no folder of this name", where=str(folder))
    about = _read_about(path)
    if about is None:
        raise DamagedRun("this is not the folder of a study", where=str(folder))
    if about["model"] != MODEL_VERSION or about["format"] != FORMAT:
        raise DamagedRun(
            f"the study was made by model version {about['model']}, this is {MODEL_VERSION}",
            where=str(folder),
            mend="read it with that version, or run it again into another folder",
        )
    if about["state"] != "complete":
        raise DamagedRun(
            "this study is not finished", where=str(folder), mend="the same command goes on there"
        )
    for name, stored in about["files"].items():
        file = path / name
        if not file.is_file() or checksum(file) != stored["sha256"]:
            raise DamagedRun(
                f"the file '{name}' is not what was written",
                where=str(folder),
                mend="run the study again: it is made anew from its members",
            )
    return Ensemble(path, about)


def _read(study: str | Path | Mapping[str, Any], base: Mapping[str, Any]) -> tuple[Study, Document]:
    """Return a study with what was given beside the file in the place of its base."""
    given = {name: value for name, value in base.items() if value is not None}
    known = ("country", "parameters", "citizens", "months", "start", "seed", "strengths")
    for name in given:
        if name not in known:
            raise BadArgument(f"'{name}' is no field of a study's base", allowed=", ".join(known))
    asked, document = read_study(study)
    if not given:
        return asked, document
    axes = asked.axes
    for name, axis in (
        ("citizens", axes.citizens),
        ("seed", axes.seeds),
        ("parameters", axes.vectors),
    ):
        if name in given and axis is not None:
            raise BadArgument(
                f"the study varies what '{name}' would fix",
                where=f"study '{asked.name}'",
                mend=f"leave '{name}' out, or take the axis out of the file",
            )
    data = document.data
    own = dict(data.get("base") or {})
    strengths = given.pop("strengths", None)
    own |= {name: str(value) if name == "start" else value for name, value in given.items()}
    if strengths:
        own["without"] = [one for one in own.get("without", []) if one not in strengths]
        own["with"] = {**own.get("with", {}), **strengths}
    changed = Document(document.file, {**data, "base": own}, document.lines)
    return validated(changed, Study), changed


def _about(laid: Laid) -> dict[str, Any]:
    study = laid.study
    plain = study.model_dump(mode="json", by_alias=True, exclude_none=True)
    # What was asked is what its members are, whatever files they came from.
    asked = hashlib.sha256(json.dumps(plain, sort_keys=True).encode())
    for one in (laid.country, *laid.regimes, *(point.behaviour for point in laid.points)):
        asked.update(entry_hash(one).encode())
    return {
        "format": FORMAT,
        "model": MODEL_VERSION,
        "glasscity": __version__,
        "state": "running",
        "name": study.name,
        "title": study.title,
        "question": study.question,
        "asked": asked.hexdigest(),
        "study": plain,
        "country": laid.country.name,
        "regimes": [one.name for one in laid.regimes],
        "points": [one.labels for one in laid.points],
        "seeds": list(laid.seeds),
        "months": laid.months,
        "start": laid.start,
        "members": laid.size,
    }


def _begin(folder: Path, about: Mapping[str, Any], *, made: bool) -> None:
    """Make the study's folder, or see that it is this study's."""
    if made:
        with told_plainly(folder.parent):
            folder.parent.mkdir(exist_ok=True)
    with told_plainly(folder):
        folder.mkdir(exist_ok=True)
    there = _read_about(folder)
    if there is None:
        if any(one.name not in ("members", ABOUT) for one in folder.iterdir()):
            raise OutputExists(
                "this folder holds something else than a study",
                where=str(folder),
                mend="choose another --out",
            )
    elif there["model"] != MODEL_VERSION or there["format"] != FORMAT:
        raise DamagedRun(
            f"the study was begun by model version {there['model']}, this is {MODEL_VERSION}",
            where=str(folder),
            allowed="results of one model version: others give other numbers",
            mend="choose another --out, or go on with that version",
        )
    elif there["asked"] != about["asked"]:
        raise OutputExists(
            "another study is kept here, or the file was changed since",
            where=str(folder),
            mend=f"choose another --out; with --store {folder / 'members'} nothing is run twice",
        )
    else:
        return
    _put(folder, ABOUT, _text(about))


def _finish(folder: Path, about: dict[str, Any], laid: Laid, results: Sequence[Result]) -> Ensemble:
    failures = [one for one in results if one.failed is not None]
    digest = hashlib.sha256()
    for one in results:
        digest.update((one.digest or "-").encode())
    found = dataset(laid, results, digest=digest.hexdigest())
    lines = io.BytesIO()
    table(laid, results).write_parquet(lines, compression="zstd")
    files = {
        "dataset.nc": image(found),
        "members.parquet": lines.getvalue(),
        "summary.csv": _summary(laid, found).encode(),
    }
    about |= {
        "state": "complete",
        "done": len(results) - len(failures),
        "failed": len(failures),
        "failures": [
            {**one.member.labels, "key": one.key, "why": one.failed} for one in failures[:1000]
        ],
        "digest": digest.hexdigest(),
        "files": {
            name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in files.items()
        },
    }
    for name, content in files.items():
        _put(folder, name, content)
    _put(folder, ABOUT, _text(about))
    return Ensemble(folder, about)


def _summary(laid: Laid, found: Any) -> str:
    from glasscity.rights.measures import MEASURES

    boxes = {name: found[name].values for name in MEASURES}
    rows = summary(laid, boxes)
    if len(laid.points) > _POINTS_SUMMARISED:
        rows = [one for one in rows if one["over"] != "seeds"]
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _typed(row: Mapping[str, str]) -> dict[str, Any]:
    """Return a line of ``summary.csv`` with numbers as numbers and nothing as None."""
    whole = ("number", "seeds", "above_zero")
    words = ("measure", "unit", "regime", "versus", "over", "at")
    found: dict[str, Any] = {}
    for name, text in row.items():
        if name in words:
            found[name] = None if name == "versus" and not text else text
        elif text == "":
            found[name] = None
        else:
            found[name] = int(text) if name in whole else float(text)
    return found


def _check_memory(members: int, study: Study) -> None:
    """Refuse more results than this process could hold at once."""
    from glasscity.engine.room import memory_free, size
    from glasscity.rights.measures import MEASURES

    # A number in a mapping, in the dataset and in the table: measured, with room to spare.
    groups = {"province": 31, "area": 2, "quintile": 5, "age": 5, "camp": 3}
    columns = 1 + study.twin + sum(groups[name] for name in study.groups) * (1 + study.twin)
    needed, free = members * len(MEASURES) * columns * 150, memory_free()
    if free is not None and needed > 0.95 * free:
        raise CannotFit(
            f"the results of {members:,} members would take about {size(needed)} of memory, and "
            f"{size(free)} are free",
            where=f"study '{study.name}'",
            mend="ask for fewer seeds, points or groups, or cut the study in two",
        )


def _read_about(folder: Path) -> dict[str, Any] | None:
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        _ = about["format"], about["model"], about["state"], about["asked"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        raise DamagedRun(
            f"'{ABOUT}' cannot be read",
            where=str(folder),
            mend="choose another --out; the members that are kept there can be given with --store",
        ) from None
    return about


def _text(about: Mapping[str, Any]) -> bytes:
    return (json.dumps(about, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _put(folder: Path, name: str, content: bytes) -> None:
    """Make a file appear whole or not at all."""
    temporary = folder / f".{name}.part"
    with told_plainly(folder):
        try:
            temporary.write_bytes(content)
            flush_to_disk(temporary)
            temporary.replace(folder / name)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
