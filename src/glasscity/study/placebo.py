"""The chaos floor of a pair: how far chance carries one event that has nothing to do with it.

The base world is run once more with one payment of one citizen made a month later
(:func:`glasscity.interventions.placebo`), and compared as the pair is.  A difference between two
regimes that is no larger than this one says nothing about the regimes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from glasscity.rights.changed import changed_lives
from glasscity.rights.effects import effects
from glasscity.rights.persons import Persons

if TYPE_CHECKING:
    from glasscity.results.run import Run
    from glasscity.scenario import Scenario
    from glasscity.simulation import Progress

__all__ = ["chaos_floor"]


def chaos_floor(
    scenario: Scenario,
    base: Run,
    *,
    threads: int | None,
    progress: Progress,
    month: int = 0,
) -> dict[str, Any]:
    """Return how many lives, and how much of each measure, one late payment moves.

    Parameters
    ----------
    scenario : Scenario
        The base's.
    base : Run
        The world without the event, stored.
    month : int
        Of the payment.

    Returns
    -------
    dict
        ``citizen``: whose payment it was; ``month``, ``kind``; ``about``: in words;
        ``changed_citizens`` and ``changed`` as a comparison has them; ``effects``: measure to
        difference; ``months_apart``: months after which anything at all in the whole state
        differs, stored or not; ``digest`` of the world with the event.

    Notes
    -----
    This world is not written; ``simulate(scenario, interventions=[placebo(scenario)])`` makes it
    again, for the first month.
    """
    from glasscity.interventions import KINDS, placebo
    from glasscity.results.held import HeldRun
    from glasscity.simulation import simulate

    done = simulate(
        scenario,
        threads=threads,
        twin=False,
        progress=lambda stage, *rest: progress("placebo" if stage == "months" else stage, *rest),
        interventions=[placebo(scenario, month=month)],
    )
    other = HeldRun(done.outcome, json.loads(scenario.to_json()))
    changed = changed_lives(Persons(base, other))
    applied = other.meta["interventions"][0]
    return {
        "citizen": applied["citizen"],
        "month": applied["month"],
        "kind": applied["kind"],
        "about": KINDS[applied["kind"]],
        "changed_citizens": changed["citizens"],
        "changed": changed,
        "effects": effects(base, other, by=()).to_dict()["effects"],
        "months_apart": int((base.extras["state_sums"] != other.extras["state_sums"]).sum()),
        "digest": other.digest,
    }
