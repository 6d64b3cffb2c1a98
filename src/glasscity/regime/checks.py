"""What a regime must not contradict itself in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from glasscity.catalogue.entry import Complaint, unknown
from glasscity.catalogue.reader import Place
from glasscity.quantity import Quantity, month_number
from glasscity.terms import GATES

if TYPE_CHECKING:
    from glasscity.regime.model import Regime

__all__ = ["complaints"]


def complaints(regime: Regime) -> Iterator[Complaint]:
    """Yield what contradicts itself in this regime."""
    yield from _time(regime)
    yield from _sources(regime)
    yield from _lists(regime)
    yield from _punishment(regime)
    yield from _gates(regime)
    yield from _rollout(regime)
    yield from _scorers(regime)
    yield from _mapping(regime)


def _time(regime: Regime) -> Iterator[Complaint]:
    try:
        month_number(regime.start)
    except ValueError as error:
        yield Complaint(
            ("start",), str(error), "YYYY-MM, 1900-01 to 2200-12", "write it like 2014-06"
        )


def _sources(regime: Regime) -> Iterator[Complaint]:
    seen: set[str] = set()
    for index, source in enumerate(regime.record_sources):
        at = ("record_sources", index)
        if source.name in seen:
            yield Complaint(
                (*at, "name"), f"source '{source.name}' stands here twice", "", "rename one"
            )
        seen.add(source.name)
        if len(set(source.sees)) < len(source.sees):
            yield Complaint((*at, "sees"), "an event stands here twice", "", "remove one")


def _lists(regime: Regime) -> Iterator[Complaint]:
    spheres: dict[str, str] = {}
    names: set[str] = set()
    gravest = max(
        int(one)
        for one in (
            regime.gravity.late,
            regime.gravity.conduct,
            regime.gravity.default,
            regime.gravity.ignored,
        )
    )
    for index, one in enumerate(regime.lists):
        at = ("lists", index)
        if one.name in names:
            yield Complaint((*at, "name"), f"list '{one.name}' stands here twice", "", "rename one")
        names.add(one.name)
        if one.sphere in spheres:
            yield Complaint(
                (*at, "sphere"),
                f"the sphere '{one.sphere}' has the list '{spheres[one.sphere]}' already",
                "at most one list for a sphere",
                "join the two lists",
            )
        spheres.setdefault(one.sphere, one.name)
        if not one.exits:
            yield Complaint(
                (*at, "exits"),
                f"list '{one.name}' has no exit",
                "performance, appeal, expiry",
                "add a way out",
            )
        elif one.months is None and not {"performance", "appeal"} & set(one.exits):
            yield Complaint(
                (*at, "exits"),
                f"list '{one.name}' has no term, so nobody leaves it by expiry",
                "with term none: performance or appeal",
                "add a term or another exit",
            )
        if one.months is not None and one.exits and "expiry" not in one.exits:
            yield Complaint(
                (*at, "exits"),
                f"list '{one.name}' has a term but not the exit expiry",
                "expiry among the exits, or term none",
                "add expiry",
            )
        if one.sphere == "society" and "performance" in one.exits:
            yield Complaint(
                (*at, "exits"),
                f"list '{one.name}' is about conduct, where nothing is left to perform",
                "appeal, expiry",
                "remove performance",
            )
        if int(one.min_gravity) > gravest:
            yield Complaint(
                (*at, "min_gravity"),
                f"no breach reaches the gravity {int(one.min_gravity)}, so nobody is ever listed",
                f"1 to {gravest}",
                "lower it",
            )


def _punishment(regime: Regime) -> Iterator[Complaint]:
    names = [one.name for one in regime.lists]
    joint = regime.joint_punishment
    if joint is None:
        if names:
            yield Complaint(
                ("lists",),
                "there are lists but no joint_punishment that says what they close",
                "",
                "add joint_punishment:",
            )
        return
    if not isinstance(joint.everywhere.value, bool):
        yield Complaint(
            ("joint_punishment", "everywhere"),
            "everywhere is neither true nor false",
            "true, false",
        )
    for name in joint.matrix:
        if name not in names:
            yield unknown("list", name, names, at=("joint_punishment", "matrix", name))


def _gates(regime: Regime) -> Iterator[Complaint]:
    for gate, rule in regime.gates.items():
        at: Place = ("gates", gate)
        if rule.rule == "none":
            if rule.percentile or rule.threshold:
                yield Complaint(at, "a gate without a rule has a cut-off", "", "remove it")
            continue
        if regime.operator is None:
            yield Complaint(
                (*at, "rule"),
                f"the rule '{rule.rule}' needs a score, and this regime has no operator",
                "none",
                "add operator:, or take the rule away",
            )
            continue
        if rule.rule == "rank" and rule.threshold is not None:
            yield Complaint(
                (*at, "threshold"), "a rank has no threshold in points", "percentile", "remove it"
            )
        if (rule.percentile is None) == (rule.threshold is None):
            cut = "percentile" if rule.rule == "rank" else "percentile or threshold, one of them"
            yield Complaint(at, f"the rule '{rule.rule}' has no single cut-off", cut)
        if rule.threshold is not None:
            yield from _in_range(regime, rule.threshold, (*at, "threshold"))
    for index, perk in enumerate(regime.perks):
        at = ("perks", index)
        if regime.operator is None:
            yield Complaint(at, "a perk needs a score, and this regime has no operator")
        else:
            yield from _in_range(regime, perk.threshold, (*at, "threshold"))


def _scorers(regime: Regime) -> Iterator[Complaint]:
    """Yield what contradicts itself around the scorers: private ones, officials, dating, perks."""
    if regime.operator is None:
        if regime.operators:
            yield Complaint(
                ("operators",),
                "private operators stand here, and no operator for the mandate",
                "operator: with them",
                "add operator:, which may be the same one",
            )
        if regime.exposure is not None:
            yield Complaint(
                ("exposure",),
                "exposure needs a score, and this regime has no operator",
                mend="remove it",
            )
        if regime.officials:
            yield Complaint(
                ("officials",),
                "officials move scores, and this regime has no operator",
                mend="remove them",
            )
        return
    names = [one.name for one in regime.operators]
    for index, one in enumerate(regime.operators):
        at = ("operators", index)
        if names.index(one.name) < index:
            yield Complaint((*at, "name"), f"operator '{one.name}' stands here twice", "", "rename")
        if one.points is not None:
            yield Complaint(
                (*at, "points"),
                "a private operator scores by a weighted sum, never by an account",
                mend="put points: under operator:",
            )
        if index == 0 and int(float(one.every)) != 1:
            yield Complaint(
                (*at, "every"),
                "until the mandate people have the first operator's score, made every month",
                "1",
                "put the slower operator second",
            )
    for index, perk in enumerate(regime.perks):
        if perk.gain is not None and perk.gate is None:
            yield Complaint(
                ("perks", index),
                "a perk with a gain names no gate, so nobody ever has the gain",
                ", ".join(GATES),
                "add gate:",
            )


def _mapping(regime: Regime) -> Iterator[Complaint]:
    """Yield rules of the source that are said to be here and are not."""
    scheme = regime.operator.points if regime.operator is not None else None
    if scheme is None:
        if regime.mapping:
            yield Complaint(
                ("mapping",),
                "a mapping goes with a points scheme, and this regime has none",
                mend="remove it, or add operator.points:",
            )
        return
    tables = (scheme.taken_once, scheme.taken_monthly, scheme.added)
    taken, added = {*tables[0], *tables[1]}, set(tables[2])
    for index, one in enumerate(regime.mapping):
        at: Place = ("mapping", index)
        if one.event is not None and one.deed is not None:
            yield Complaint(at, "a rule is about an event or a deed, not about both")
        for key, name, known, table in (
            ("event", one.event, taken, "taken_once or taken_monthly"),
            ("deed", one.deed, added, "added"),
        ):
            if name is not None and name not in known:
                yield Complaint(
                    (*at, key),
                    f"the rule is mapped to the {key} '{name}', of which the scheme says nothing",
                    ", ".join(sorted(known)) or "nothing",
                    f"add it under operator.points.{table}, or remove {key}:",
                )
        here = [table[name] for table in tables if (name := one.event or one.deed) in table]
        if one.points is not None and here and not any(_among(one.points, q) for q in here):
            said = " or ".join(f"{float(q):g} ({q.lows[0]:g} to {q.highs[0]:g})" for q in here)
            yield Complaint(
                (*at, "points"),
                f"the rule has {one.points:+g} points, and the scheme {said}",
                "points between the scheme's low and high: below zero where they are taken",
                "correct one of them",
            )
        if one.source not in regime.sources:
            yield unknown("source", one.source, sorted(regime.sources), at=(*at, "source"))


def _among(points: float, quantity: Quantity) -> bool:
    return quantity.lows[0] <= abs(points) <= quantity.highs[0]


def _in_range(regime: Regime, points: Quantity, at: tuple[str | int, ...]) -> Iterator[Complaint]:
    if regime.operator is None:
        return
    low, high = regime.operator.range.numbers
    if not low <= float(points) <= high:
        yield Complaint(
            at,
            f"the threshold {float(points):g} is outside the operator's range",
            f"{low} to {high}",
            "correct the threshold or operator.range",
        )


def _rollout(regime: Regime) -> Iterator[Complaint]:
    rollout = regime.rollout
    if (rollout is None) != (regime.operator is None):
        yield Complaint(
            (),
            "operator and rollout go together, and one of them is missing",
            "both or neither",
            "add the missing one",
        )
    if rollout is None:
        return
    dates: list[tuple[str, int]] = []
    for key, moment in (
        ("announced", rollout.announced),
        ("opt_in_from", rollout.opt_in_from),
        ("mandate", rollout.mandate),
    ):
        if key == "mandate" and moment.value == "none":
            continue
        try:
            dates.append((key, month_number(str(moment.value))))
        except ValueError:
            yield Complaint(
                ("rollout", key), f"'{moment.value}' is not a month", "YYYY-MM, or none"
            )
    for (earlier, first), (later, second) in pairwise(dates):
        if second < first:
            yield Complaint(
                ("rollout", later),
                f"{later} comes before {earlier}",
                f"{earlier} first, then {later}",
                "correct the months",
            )
    known = dict(dates)
    if rollout.penalties_from.value != "none":
        try:
            begin = month_number(str(rollout.penalties_from.value))
        except ValueError:
            yield Complaint(
                ("rollout", "penalties_from"),
                f"'{rollout.penalties_from.value}' is not a month",
                "YYYY-MM, or none",
            )
        else:
            if begin < known.get("opt_in_from", begin):
                yield Complaint(
                    ("rollout", "penalties_from"), "penalties_from comes before opt_in_from"
                )
    if float(rollout.p) + float(rollout.q) > 1:
        yield Complaint(
            ("rollout", "q"), "p and q sum to more than 1", "p + q of 1 at most", "lower them"
        )
    if not isinstance(rollout.unscored_refused.value, bool):
        yield Complaint(
            ("rollout", "unscored_refused"), "this is neither true nor false", "true, false"
        )
