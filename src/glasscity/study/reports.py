"""Which report a folder gets: a run's, a pair's, or a study's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasscity.errors import BadArgument
from glasscity.report import (
    Link,
    StudyFacts,
    read_safeguards,
    write_pair_report,
    write_study_page,
)
from glasscity.report.pair_page import PAIR_PAGE
from glasscity.results.folder import told_plainly
from glasscity.results.run import open_run
from glasscity.rights.paired import Paired
from glasscity.study.ensemble import open_study
from glasscity.study.pair_folder import is_pair, open_pair

if TYPE_CHECKING:
    from glasscity.results.run import Run
    from glasscity.study.pair_folder import Pair

__all__ = ["write_comparisons", "write_pair", "write_report"]


def write_report(folder: str | Path, *, frontier: str | Path | None = None) -> Path:
    """Write the report of a run's, a pair's or a study's folder anew.

    Parameters
    ----------
    folder : path
        What ``glasscity run``, ``pair`` or ``study`` made.
    frontier : path, optional
        The folder of a search over safeguards, for the report of a pair.

    Returns
    -------
    Path
        The page; of a pair with several comparisons the first, which leads to the others.

    Raises
    ------
    BadArgument
        If there is no such folder, or safeguards are given where the report has no place for them.
    DamagedRun
        If something in it is not whole, or not what was written.
    """
    path = Path(folder)
    if is_pair(path):
        return write_pair(open_pair(path), frontier=frontier)
    if frontier is not None:
        raise BadArgument(
            "safeguards have a place in the report of a pair alone",
            where="--frontier",
            allowed="the folder of a pair",
            mend="leave --frontier out, or give the folder that 'glasscity pair' named",
        )
    if _is_study(path):
        study = open_study(path)
        return write_study_page(StudyFacts(path, study.about, study.summary))
    run = open_run(folder)
    with told_plainly(run.path):
        return run.report()


def write_pair(pair: Pair, *, frontier: str | Path | None = None) -> Path:
    """Write a page for each comparison of a pair; return the first."""
    return write_comparisons(
        pair.base,
        pair.others,
        pair.comparisons,
        pair.placebo,
        folder=pair.path,
        frontier=frontier,
    )


def write_comparisons(
    base: Run,
    others: Sequence[Run],
    comparisons: Sequence[Mapping[str, Any]],
    placebo: Mapping[str, Any] | None,
    *,
    folder: Path,
    frontier: str | Path | None = None,
) -> Path:
    """Write a page and its data for each run that is compared with a base; return the first page.

    Parameters
    ----------
    base, others : Run, sequence of Run
        Stored runs.
    comparisons : sequence of mapping
        What was stored of comparing each with the base.
    placebo : mapping or None
        The chaos floor of the base.
    folder : Path
        Where the pages go.
    frontier : path, optional
        The folder of a search over safeguards.
    """
    safeguards = None if frontier is None else read_safeguards(frontier)
    worlds = [
        Paired(base, other, stored, placebo)
        for other, stored in zip(others, comparisons, strict=True)
    ]
    links = [
        Link(PAIR_PAGE if at == 1 else f"report-{at}.html", " and ".join(one.names))
        for at, one in enumerate(worlds, 1)
    ]
    pages = [
        write_pair_report(
            one,
            folder,
            name=link.file,
            links=[other for other in links if other is not link],
            safeguards=safeguards,
        )
        for one, link in zip(worlds, links, strict=True)
    ]
    return pages[0]


def _is_study(path: Path) -> bool:
    """Return whether a folder is that of a study file's runs; other studies keep no members' axes.

    A file that cannot be read is a study's all the same: opening it says what is wrong.
    """
    file = path / "study.json"
    if not file.is_file():
        return False
    try:
        return "asked" in json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return True
