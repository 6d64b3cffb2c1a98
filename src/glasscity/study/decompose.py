"""Attribution against causation: what each cause of refusals does over a run, in parts that add up.

The stored run says for every refusal but for which cause it would not have been.  That is one
person in one month.  Taking the cause away for everybody, for good, does more and less than that:
it takes help away, moves cut-offs and makes another history.  This is where both are held together.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity import api
from glasscity.errors import DamagedRun
from glasscity.results import Run, open_run
from glasscity.results.folder import flush_to_disk, told_plainly
from glasscity.rights.decomposition import DECOMPOSITION, PARTS, decomposition_of, sealed
from glasscity.terms import GATES

if TYPE_CHECKING:
    from glasscity.branching.decompose import Apart, Decomposed
    from glasscity.simulation import Progress

__all__ = ["decompose"]


def decompose(
    run: Run | str | Path,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Take what the causes of a run's refusals do apart, and keep the table in the run's folder.

    The run is made again, with a world without each cause beside it and, in every month, two forks
    of one month for each cause: fourteen months for each of the run, and eight worlds in memory.

    Parameters
    ----------
    run : Run or path
        A finished run under one regime.
    threads, progress
        As for :func:`glasscity.run`; the stage is ``apart``.

    Returns
    -------
    dict
        As :func:`glasscity.rights.decomposition.decomposition_of` returns it.

    Raises
    ------
    BadArgument
        If the run's history forks, nobody is scored or listed in it, or it has more than ten
        million citizens.
    DamagedRun
        If the run, made again, is another one.
    """
    stored = run if isinstance(run, Run) else open_run(run)
    scenario = api.scenario_of(stored)
    api.check_options(scenario, threads=threads)
    from glasscity.branching.mechanisms import OFF
    from glasscity.histories import taken_apart

    found = taken_apart(scenario, threads=threads, progress=progress or _silent)
    if not np.array_equal(found.state_sums, stored.extras["state_sums"]):
        raise DamagedRun(
            "its months, made again, are not those that it was made of",
            where=str(stored.path),
            mend="check it with 'glasscity rerun', or run it again",
        )
    document = {
        "digest": stored.digest,
        "unit": "denials",
        "denials": int(found.denials.sum()),
        "with_cause": int(found.with_cause.sum()),
        "definitions": PARTS,
        "chance": _apart(found.pair["chance"]),
        "causes": [_cause(found, cause, off.about) for cause, off in OFF.items()],
    }
    _write(stored.path / DECOMPOSITION, sealed(document))
    kept = decomposition_of(stored)
    if kept is None:
        raise RuntimeError("the table was written and is not there")
    return kept


def _cause(found: Decomposed, cause: str, about: str) -> dict[str, Any]:
    """Return the row of a cause; a cause that the regime cannot have is not estimable: null."""
    if cause not in found.proximate:
        nothing = dict.fromkeys(PARTS)
        return {
            "cause": cause,
            "off": about,
            **nothing,
            "shares": dict(nothing),
            "pair": None,
            "month": None,
            "by_gate": None,
        }
    by_gate = _parts(found, cause)
    whole = {part: int(values.sum()) for part, values in by_gate.items()}
    denials = int(found.denials.sum())
    return {
        "cause": cause,
        "off": about,
        **whole,
        "shares": {part: value / denials if denials else None for part, value in whole.items()},
        "pair": _apart(found.pair[cause]),
        "month": _apart(found.once[cause]),
        "by_gate": {
            gate: {
                "denials": int(found.denials[g]),
                **{part: int(values[g]) for part, values in by_gate.items()},
            }
            for g, gate in enumerate(GATES)
        },
    }


def _parts(found: Decomposed, cause: str) -> dict[str, np.ndarray]:
    """Return each part by gate, int64[18], in the order of PARTS."""
    total, proximate = found.pair[cause].net, found.proximate[cause]
    held, once = found.held[cause].net, found.once[cause].net
    return {
        "total": total,
        "proximate": proximate,
        "help": held - proximate,
        "crowding": once - held,
        "simultaneity": once - proximate,
        "feedback": total - once,
    }


def _apart(apart: Apart) -> dict[str, int]:
    return {
        "net": int(apart.net.sum()),
        "vanished": int(apart.vanished.sum()),
        "appeared": int(apart.appeared.sum()),
    }


def _write(path: Path, document: dict[str, Any]) -> None:
    temporary = path.with_name(f".{path.name}.part")
    with told_plainly(path.parent):
        text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        temporary.write_text(text, encoding="utf-8")
        flush_to_disk(temporary)
        temporary.replace(path)
        flush_to_disk(path.parent)


def _silent(stage: str, done: int, total: int | None, citizens: int) -> None:
    """Show nothing."""
