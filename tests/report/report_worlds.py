"""Small societies in which everything that a report shows happens to somebody."""

from __future__ import annotations

import copy

import numpy as np
from factory import SCENARIO, UNSCORED, World, store

from glasscity.results.outcome import COUPLE_SUMS, DECILE_COLUMNS, EXITS
from glasscity.terms import (
    AGES,
    AREAS,
    CAMPS,
    CAUSE_GROUPS,
    CAUSES,
    DEEDS,
    EVENT_SPHERES,
    EVENTS,
    GATES,
    QUINTILES,
    SPHERES,
)

MONTHS = 30
LISTS = [
    {"name": "debtors", "sphere": "commerce", "min_gravity": 5, "from_month": 0},
    {"name": "conduct", "sphere": "society", "min_gravity": 2, "from_month": 3},
]


def quantity(value, grade="D"):
    return {"value": value, "grade": grade}


def scenario(**changes):
    """Return the factory's scenario with what a report reads of a real one."""
    made = copy.deepcopy(SCENARIO)
    made["regime"] |= {
        "title": "A regime by hand",
        "rows": ["A1", "A8", "A10", "A14", "A25"],
        "lists": [{"name": one["name"], "from": quantity("2014-06")} for one in LISTS],
        "joint_punishment": {"everywhere": quantity(True), "from": quantity("2014-09", "A")},
        "rollout": {
            "opt_in_from": quantity("2015-01"),
            "mandate": quantity("2016-01"),
            "penalties_from": quantity("2016-01"),
        },
    }
    made["country"] |= {"title": "Plainland", "status": "provisional"}
    made |= {"months": MONTHS, "citizens": 60, **changes}
    return made


def _people(count):
    return [
        (
            ("North", "South")[n % 2],
            AREAS[n % 3 == 0],
            QUINTILES[n % 5],
            AGES[(n // 2) % 5],
            CAMPS[n % 3],
        )
        for n in range(count)
    ]


def busy_world(*, citizens=60, months=MONTHS, regime=True, seed=5):
    """Return a world with people of every kind; without a regime there are no lists or scores."""
    luck = np.random.default_rng(seed)
    world = World(months=months, people=_people(citizens))
    for n, place in enumerate(world.people):
        speaks = ("criticise", "silent", "praise")[n % 3]
        held = ("criticise", "praise")[n % 2]
        for month in range(months):
            at = {"month": month, "place": place}
            world.count(speaks, 1, **at)
            world.count(f"private_{held}", 1, **at)
            world.count("with_credit", n % 2, **at)
            if n % 4 == 0:
                world.count("unafraid_criticise", 1, **at)
                world.count("chilled", int(speaks != "criticise"), **at)
            if n % 7 == 0:
                world.count("falsified", 1, **at)
            world.count(f"shadow_{held}", 1, **at)
            if n % 5 == 0:
                world.count("chilled_total", 1, **at)
                world.count("chilled_indirect", n % 2, **at)
            world.count("household_loss_sum", 3 + n % 4, **at)
            world.count("strangers_met", 1, **at)
            world.count("favours", n % 2, **at)
            world.count("keepers", int(n % 3 > 0), **at)
            world.count("trust_sum", 40_000, **at)
            event = int(luck.integers(len(EVENTS)))
            sphere = EVENT_SPHERES[event]
            world.count("breaches", 1, event=EVENTS[event], sphere=sphere, **at)
            world.count("happened", 2, event=EVENTS[event], **at)
            world.count("recorded", 1, event=EVENTS[event], **at)
            world.count("unwilling_breaches", n % 2, **at)
            world.count("months_due", 2, **at)
            world.count("months_unpaid", n % 2, **at)
        gate = GATES[n % len(GATES)]
        world.count("applications", 3, place=place, gate=gate)
        world.count("grants", 3, place=place, gate=gate)
        world.count("loans_thin", 4, place=place)
        world.count("loans_thin_granted", 1 + n % 3, place=place)
        world.denial(n, gate, klass="baseline", rule=False)
    if not regime:
        world.meta |= UNSCORED | {"score_range": None}
        return world
    world.meta |= {"lists": LISTS}
    _with_company(world, luck)
    for n, place in enumerate(world.people):
        score = luck.integers(400, 900, size=months)
        world.scores[:, n] = np.where(np.arange(months) < 7, 0, score)
        for month in range(7, months):
            world.count("enrolled", 1, month=month, place=place)
        if n % 3:
            continue
        for month in range(months - 6 - n % 5, months):
            at = {"month": month, "place": place}
            world.count("restricted", 1, **at)
            world.count("restricted_without_rank", n % 2, **at)
            world.count("listed_any", 1, **at)
            world.count("listed", 1, list="commerce", **at)
            world.count("closed", 1, gate="loan", **at)
            world.count("closed_value", 9_000, **at)
        world.count("listed_for", 1, place=place, cause="unable" if n % 2 else "mix_up")
        world.spell(n, 2, 2 + 1 + n % 9)
        world.spell(n, months - 6 - n % 5, None)
        world.listing(n, 2, "unable" if n % 2 else "unwilling")
        world.exit(n, 2 + 1 + n % 9, way=n % len(EXITS))
        world.listing(n, months - 6 - n % 5, "mix_up", sphere="society")
        group = CAUSE_GROUPS[n % len(CAUSE_GROUPS)]
        klass = ("sole", "jointly_necessary", "over_determined")[n % 3]
        causes = ("elsewhere_unable", "ties_scores")
        upper = (group, CAUSE_GROUPS[0])
        gate = GATES[n % len(GATES)]
        world.denial(n, gate, klass=klass, causes=causes, lower=(group,), upper=upper)
        world.shapley[-1, GATES.index(gate), CAUSES.index(causes[n % 2])] += 360_360
    world.count("appeals", 5)
    world.count("appeals_wrong", 2)
    world.count("warnings", 4, list=SPHERES[1])
    world.count("error_on_record", 2)
    world.count("child_months_lost", 3)
    world.count("school_children", 9)
    world.tie_moments[-1] = (4, 80, 1700, 1650, 8)
    return world


def _with_company(world, luck):
    """Add what others make of scores, perks, households, safeguards and manipulation."""
    world.meta |= {
        "safeguards": {"review": 1.0, "correction": 0.5, "essentials": 1.0, "repair": 1.0},
        "manipulations": {"officials": 1.0, "gaming": 0.5, "false-reports": 1.0},
        "points": True,
        "bands": {"A": 700, "B": 500, "C": 400},
    }
    for n, deed in enumerate(DEEDS):
        world.count("deeds", 9 - n, event=deed)
    world.count("deeds_induced", 6)
    world.count("deeds_forgone", 2)
    world.count("deeds_filed", 11)
    world.count("points_taken", 16 * 40, sphere="commerce")
    world.count("points_taken", 16 * 20, sphere="government")
    world.count("points_taken_wrongly", 16 * 6)
    for n, place in enumerate(world.people):
        world.persons["profile"][n] = 20 if n % 4 else 240
        world.persons["shut_out"][n] = n % 2
        world.persons["score_private_1"][n] = luck.integers(400, 900)
        world.persons["score_private_2"][n] = luck.integers(300, 850)
        world.count("perks_used", n % 3, place=place, gate="rental")
        world.count("perk_gain_sum", 200 * (n % 3), place=place)
        world.count("perk_holders", n % 2, place=place)
        world.count("touched", int(n % 6 == 1), place=place)
        world.count("touched_unscored", int(n % 12 == 1), place=place)
        world.count("privately_scored", 1, place=place)
        for month in range(9, world.months):
            world.count("displays", int(n % 20 == month % 20), month=month, place=place)
    for name in ("guard_lifted", "guard_withdrawn", "guard_opened", "gamed", "favoured"):
        world.count(name, 3)
    scored, looking, coupled = (DECILE_COLUMNS.index(k) for k in ("scored", "searching", "coupled"))
    world.deciles[8:, :, :] = 1
    world.deciles[8:, :, scored] = 6
    world.deciles[8:, :, looking] = 4
    world.deciles[8:, :, coupled] = np.arange(10) // 4 + 1
    world.couples[8:] = np.array([2, 2400, 1_480_000, 1_470_000, 0, 0, 0])
    world.couples[8:, COUPLE_SUMS.index("blind_x") :] = (614_400, 378_880_000, 370_000_000)


def busy_run(folder, **changes):
    """Write the busy world with its twin; return the folder."""
    twin = busy_world(regime=False, seed=6)
    return store(folder, busy_world(), twin, scenario=scenario(**changes))
