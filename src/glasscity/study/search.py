"""A whole search: matched vectors, then the two extremes, each written into one folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from glasscity._version import MODEL_VERSION
from glasscity.behaviour import Behaviour
from glasscity.catalogue.entry import fingerprint
from glasscity.errors import CannotFit
from glasscity.scenario import Scenario
from glasscity.study.extremes import extreme
from glasscity.study.matching import Found, Search, Shown, match
from glasscity.study.stored import narrowing, write_extreme, write_matched
from glasscity.study.targets import load_targets, targets_hash
from glasscity.study.tried import Tries
from glasscity.study.vectors import ranges

__all__ = ["search"]


def search(
    asked: Scenario,
    folder: Path,
    *,
    vectors: int,
    jobs: int,
    show: Shown,
    command: str,
) -> dict[str, Any]:
    """Search the vectors that agree with what is reported, and fix the two extremes among them.

    Parameters
    ----------
    asked : Scenario
        Country, base behaviour, citizens of the waves, seed.
    folder : Path
        Where everything is kept; a search that was stopped goes on there.
    vectors : int
        Vectors tried in each wave.
    jobs : int
        Processes.
    show : callable
        Called as ``show(stage, done, total)``.

    Returns
    -------
    dict
        ``folder``, ``files``, ``matched``, ``refuted``, ``waves``, ``narrowing``, ``extremes``.

    Raises
    ------
    BadInput
        Of the kind that fits.
    Interrupted
        From the keyboard; the same search goes on where it stopped.
    """
    targets = tuple(one for one in load_targets() if one.matched)
    plan = Search(ranges(asked.behaviour), targets, asked.citizens, asked.seed, vectors)
    head = {
        "model": MODEL_VERSION,
        "country": fingerprint(asked.country),
        "behaviour": fingerprint(asked.behaviour),
        "targets": targets_hash(targets),
        "free": [[one.name, one.low, one.high] for one in plan.free],
        "citizens": asked.citizens,
        "seed": asked.seed,
        "vectors": vectors,
    }
    tries = Tries(folder, head, asked.country, asked.behaviour, targets, jobs)
    found = match(plan, tries, show)
    files = []
    if found.confirmed:
        files += write_matched(folder, plan, found, asked.behaviour, command=command)
    files, said = _extremes(plan, found, tries, asked.behaviour, folder, show, files)
    matched = [second.trial.values for _, second in found.confirmed]
    return {
        "folder": str(folder),
        "files": [one.name for one in files],
        "matched": len(found.confirmed),
        "refuted": len(found.refuted),
        "waves": found.waves,
        "narrowing": narrowing(plan.free, matched) if matched else [],
        "extremes": said,
    }


def _extremes(
    plan: Search,
    found: Found,
    tries: Tries,
    base: Behaviour,
    folder: Path,
    show: Shown,
    files: list[Path],
) -> tuple[list[Path], str]:
    if not found.confirmed:
        return files, "No vector was confirmed, so no extremes were looked for."
    central = {}
    for one in plan.free:
        parameter, _, index = one.name.partition(".")
        central[one.name] = float(getattr(base, parameter).numbers[int(index or 0)])
    said = []
    for name in ("proponent", "critic"):
        try:
            chosen = extreme(name, plan, found, tries, central, show)
        except CannotFit as error:
            said.append(str(error))
            continue
        files.append(write_extreme(folder, chosen, base, central))
        said.append(f"{name}: {chosen.distance:.2f} from central, {chosen.refused} refused before.")
    return files, " ".join(said)
