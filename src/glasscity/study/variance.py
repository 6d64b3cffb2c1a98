"""What pairing is worth: the variance of a difference with the same luck and with other luck.

Over some seeds both regimes are run in smaller worlds.  With the same people and luck in both, a
measure's difference varies over seeds by var(other - base); with people and luck of its own for
each, as in a comparison of unpaired runs, it would vary by var(other) + var(base).  The ratio of
the two is what pairing leaves of the noise: near 0 for a small safeguard, about 1 where the regimes
are so unlike that a citizen's luck in one says nothing about the other.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity._version import MODEL_VERSION
from glasscity.cache import cache_folder
from glasscity.errors import BadArgument
from glasscity.rights.measures import MEASURES
from glasscity.study.ahead import Ahead, helpers
from glasscity.study.kept import Store
from glasscity.study.members import Member, Result, run_members

if TYPE_CHECKING:
    from glasscity.scenario import Scenario

__all__ = ["CITIZENS", "SEEDS", "begun", "check_seeds", "measured_variance", "no_variance"]

# Worlds small enough that a pair is not held up by them, and seeds enough that a ratio is known to
# about a factor of two.
CITIZENS = 2_000
SEEDS = 8
_LEAST = 3


def check_seeds(seeds: int) -> int:
    """Refuse a number of seeds from which no variance can be had.

    Raises
    ------
    BadArgument
        Unless it is 0 (nothing is measured) or from 3 to 10,000.
    """
    if (
        isinstance(seeds, bool)
        or not isinstance(seeds, int)
        or not (seeds == 0 or _LEAST <= seeds <= 10_000)
    ):
        raise BadArgument(
            f"{seeds} seeds",
            where="variance_seeds",
            allowed=f"0 for none, or a whole number from {_LEAST} to 10000",
            mend=f"leave it out to use {SEEDS}",
        )
    return seeds


def measured_variance(
    base: Scenario,
    others: Sequence[Scenario],
    *,
    seeds: int = SEEDS,
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    told: Callable[[str], object] | None = None,
    ahead: Ahead | None = None,
) -> list[dict[str, Any]]:
    """Return, for each other scenario, the variance ratio of every measure.

    Parameters
    ----------
    base, others : Scenario
        Of one pair; run with ``CITIZENS`` citizens, or as many as they have if those are fewer.
    seeds : int
        How many worlds of each; 0: none, and every ratio is None.
    workers : int, optional
        Processes, helpers included; no result depends on it.
    ahead : Ahead, optional
        Helpers that are at work on the same worlds already (:func:`begun`).

    Returns
    -------
    list of dict
        ``variance_ratio``: measure to ratio, None where it cannot be estimated; ``variance``: how
        it was had, with ``standard_error``: measure to the paired difference's standard deviation
        over seeds, scaled from these worlds to the pair's own size as if citizens were
        independent: a rough measure of what another seed would give.
    """
    if not seeds:
        return [no_variance() for _ in others]
    groups = _worlds(base, others, seeds)
    wanted = [len(group) for group in groups]
    results: list[list[Result]] = []
    with (
        contextlib.nullcontext()
        if ahead is not None
        else begun(base, others, seeds=seeds, workers=workers)
    ):
        # From the last on: helpers begin with the first.
        for group in reversed(groups):
            if progress is not None:
                progress(sum(wanted[len(groups) - len(results) :]), sum(wanted))
            members = [Member(one, twin=False) for one in group]
            results.append(run_members(members, store=_store(), workers=1, told=told))
    results.reverse()
    if progress is not None:
        progress(sum(wanted), sum(wanted))
    citizens = groups[0][0].citizens
    scale = base.citizens / citizens
    return [
        _ratios([(row[0], row[at]) for row in results], citizens, scale)
        for at in range(1, 1 + len(others))
    ]


def begun(
    base: Scenario, others: Sequence[Scenario], *, seeds: int, workers: int | None = None
) -> Ahead:
    """Return helpers that run the smaller worlds of a pair while the pair itself is run.

    Used as a context manager; :func:`measured_variance` then finds what they have done.
    """
    groups = _worlds(base, others, seeds)
    if groups:
        # Made here, so that helpers do not meet over it.
        Store(_store(), lambda _: None)
    return Ahead(groups, store=_store(), number=helpers(workers, len(groups)))


def _store() -> Path:
    """Return where the results are kept: what the same question gave before is not run again."""
    return cache_folder() / "members" / f"model-{MODEL_VERSION}"


def _worlds(base: Scenario, others: Sequence[Scenario], seeds: int) -> list[list[Scenario]]:
    citizens = min(CITIZENS, base.citizens)
    drawn = [_seed(base.seed, number) for number in range(seeds)]
    return [[one.but(citizens=citizens, seed=seed) for one in (base, *others)] for seed in drawn]


def no_variance() -> dict[str, Any]:
    """Return what stands for a ratio that was not measured: not estimable, measure by measure."""
    return {
        "variance_ratio": dict.fromkeys(MEASURES),
        "variance": {"seeds": 0, "citizens": 0, "failed": 0, "standard_error": {}},
    }


def _seed(seed: int, number: int) -> int:
    """Return the seed of a smaller world: the pair's own seed is not among them."""
    text = f"glasscity variance {seed} {number}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "little") >> 1


def _ratios(pairs: Sequence[tuple[Result, Result]], citizens: int, scale: float) -> dict[str, Any]:
    whole = [(a.measures, b.measures) for a, b in pairs if a.measures and b.measures]
    ratios: dict[str, float | None] = {}
    errors: dict[str, float | None] = {}
    for name, one in MEASURES.items():
        values = [(a[name], b[name]) for a, b in whole]
        known = np.array([v for v in values if None not in v], np.float64).reshape(-1, 2)
        # A measure that some worlds cannot give is a selection of worlds: said of none.
        complete = len(known) == len(whole) and len(known) >= _LEAST
        ratios[name], spread = _ratio(known) if complete else (None, None)
        size = math.sqrt(scale) if one.whole else 1 / math.sqrt(scale)
        errors[name] = None if spread is None else spread * size
    return {
        "variance_ratio": ratios,
        "variance": {
            "seeds": len(pairs),
            "citizens": citizens,
            "failed": len(pairs) - len(whole),
            "standard_error": errors,
        },
    }


def _ratio(values: np.ndarray) -> tuple[float | None, float]:
    """Return the ratio of variances, None where nothing varies, and the deviation when paired."""
    paired = float((values[:, 1] - values[:, 0]).var(ddof=1))
    unpaired = float(values.var(axis=0, ddof=1).sum())
    return (paired / unpaired if unpaired > 0 else None), math.sqrt(paired)
