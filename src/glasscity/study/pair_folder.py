"""What is kept of a pair: a folder with a run folder for each world, and the comparison.

``pair-asked.json`` is written first and says which worlds there are to be, so that a pair that was
stopped can be gone on with; ``pair.json``, with a checksum of itself and the digest of every run,
comes last.  A folder without it is refused by readers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from glasscity._version import MODEL_VERSION, __version__
from glasscity.api import numbers
from glasscity.errors import BadArgument, DamagedRun
from glasscity.results import Run, open_run
from glasscity.results.folder import flush_to_disk, told_plainly
from glasscity.results.store import PAIR, PAIR_ASKED

__all__ = ["Pair", "is_pair", "open_pair", "read_asked", "write_asked", "write_pair"]

FORMAT = 1


@dataclass(frozen=True)
class Pair:
    """A finished pair, as :func:`open_pair` returns it.

    Attributes
    ----------
    path : Path
        Its folder.
    runs : tuple of Run
        The base, then the others.
    document : mapping
        What ``pair.json`` holds: ``comparisons``, ``placebo`` and what was asked for.
    """

    path: Path
    runs: tuple[Run, ...]
    document: Mapping[str, Any]

    def __repr__(self) -> str:
        base = self.base
        return (
            f"Pair({str(self.path)!r}, {len(self.runs)} runs of {base.citizens:,} citizens, "
            f"{base.months} months)"
        )

    @property
    def base(self) -> Run:
        """The run that the others are compared with."""
        return self.runs[0]

    @property
    def others(self) -> tuple[Run, ...]:
        """The runs that are compared with the base."""
        return self.runs[1:]

    @property
    def comparisons(self) -> list[dict[str, Any]]:
        """One comparison for each other run (:meth:`glasscity.rights.comparison.Comparison`)."""
        return self.document["comparisons"]

    @property
    def placebo(self) -> dict[str, Any] | None:
        """How far chance carries one event (glasscity.study.placebo); None where not run."""
        return self.document["placebo"]

    @cached_property
    def numbers(self) -> dict[str, Any]:
        """The document that ``glasscity pair --json`` prints.

        ``runs`` as ``glasscity run --json`` gives each; where there is one comparison, its keys
        also stand at the top.
        """
        found = {
            "pair": str(self.path),
            "runs": [numbers(run) for run in self.runs],
            "comparisons": self.comparisons,
            "placebo": self.placebo,
        }
        if len(self.comparisons) == 1:
            found |= {key: one for key, one in self.comparisons[0].items() if key not in found}
        return found


def is_pair(folder: str | Path) -> bool:
    """Return whether a folder is that of a pair, finished or not."""
    return (Path(folder) / PAIR_ASKED).is_file()


def open_pair(folder: str | Path) -> Pair:
    """Return a finished pair.

    Raises
    ------
    BadArgument
        If there is no folder of that name.
    DamagedRun
        If the pair is not whole or was changed, or a run of it was.
    """
    path = Path(folder)
    where = str(folder)
    if not path.is_dir():
        raise BadArgument(
            "there is no folder of a pair of this name",
            where=where,
            mend="give the folder that 'glasscity pair' named in its last lines",
        )
    if not (path / PAIR).is_file():
        mend = (
            f"go on with it by 'glasscity resume {where}'"
            if is_pair(path)
            else "give the folder that 'glasscity pair' named; single runs are opened by open_run"
        )
        raise DamagedRun("this is not a finished pair", where=where, mend=mend)
    document = _read(path / PAIR)
    stored = document.pop("checksum", None)
    if stored != _checksum(document):
        raise DamagedRun(
            f"'{PAIR}' is not what was written",
            where=where,
            mend=f"restore it; or remove it, and 'glasscity resume {where}' compares the runs anew",
        )
    if document["format"] != FORMAT or document["model"] != MODEL_VERSION:
        raise DamagedRun(
            f"written by another version (format {document['format']}, model {document['model']})",
            where=where,
            allowed=f"format {FORMAT}, model {MODEL_VERSION}",
            mend="read it with that version, or run the pair again",
        )
    runs = []
    for kept in document["runs"]:
        run = open_run(path / kept["folder"])
        if run.digest != kept["digest"]:
            raise DamagedRun(
                "this is another run than the one that was compared",
                where=str(run.path),
                mend=f"restore it; or remove '{PAIR}', and 'glasscity resume {where}' compares "
                "the runs anew",
            )
        runs.append(run)
    return Pair(path, tuple(runs), document)


def write_pair(
    path: Path,
    runs: tuple[Run, ...],
    comparisons: list[dict[str, Any]],
    placebo: dict[str, Any] | None,
) -> None:
    """Write ``pair.json``: whole, or not at all."""
    document = {
        "format": FORMAT,
        "model": MODEL_VERSION,
        "glasscity": __version__,
        "runs": [
            {"folder": run.path.relative_to(path).as_posix(), "digest": run.digest} for run in runs
        ],
        "comparisons": comparisons,
        "placebo": placebo,
    }
    document = json.loads(json.dumps(document, allow_nan=False))
    _put(path / PAIR, {**document, "checksum": _checksum(document)})


def write_asked(path: Path, asked: Mapping[str, Any]) -> None:
    """Write what was asked for, for whoever goes on with the pair."""
    _put(path / PAIR_ASKED, {"format": FORMAT, "model": MODEL_VERSION, **asked})


def read_asked(path: Path) -> dict[str, Any]:
    """Return what was asked for.

    Raises
    ------
    DamagedRun
        If it cannot be read, or another version of the model wrote it.
    """
    asked = _read(path / PAIR_ASKED)
    if asked.get("format") != FORMAT or asked.get("model") != MODEL_VERSION:
        raise DamagedRun(
            f"the pair was begun by another version (model {asked.get('model')})",
            where=str(path),
            allowed=f"format {FORMAT}, model {MODEL_VERSION}",
            mend="go on with that version, or start it again with 'glasscity pair'",
        )
    return asked


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(found, dict):
            return found
    except (OSError, ValueError):
        pass
    raise DamagedRun(
        f"'{path.name}' cannot be read",
        where=str(path.parent),
        mend="restore it, or run the pair again",
    )


def _put(path: Path, document: Mapping[str, Any]) -> None:
    temporary = path.with_name(f".{path.name}.part")
    with told_plainly(path.parent):
        text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        temporary.write_text(text, encoding="utf-8")
        flush_to_disk(temporary)
        temporary.replace(path)
        flush_to_disk(path.parent)


def _checksum(document: Mapping[str, Any]) -> str:
    text = json.dumps(document, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
