"""A regime's rules in sentences, each made from its values; and what it says in words alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glasscity.regime.model import Regime
    from glasscity.regime.parts import RegimeList

__all__ = ["in_words", "structure"]


def structure(regime: Regime) -> Iterator[dict[str, Any]]:
    """Yield what a regime says in words: who sees what, which exits, which list closes what."""
    yield {"name": "start", "value": regime.start}
    yield {"name": "months", "value": regime.months}
    for source in regime.record_sources:
        for key in ("sphere", "owner", "sees", "needs"):
            value = getattr(source, key)
            yield {"name": f"record_sources.{source.name}.{key}", "value": value}
    for entry in regime.lists:
        yield {"name": f"lists.{entry.name}.sphere", "value": entry.sphere}
        yield {"name": f"lists.{entry.name}.exits", "value": entry.exits}
    if regime.joint_punishment is not None:
        for name, gates in regime.joint_punishment.matrix.items():
            yield {"name": f"joint_punishment.matrix.{name}", "value": gates}
    for gate, rule in regime.gates.items():
        yield {"name": f"gates.{gate}.rule", "value": rule.rule}
    if regime.rollout is not None:
        yield {"name": "rollout.needs", "value": regime.rollout.needs}


def in_words(regime: Regime) -> dict[str, list[str]]:
    """Return the rules as sentences, by what they are about.

    Returns
    -------
    dict of str to list of str
        ``score``, ``lists``, ``doors``, ``dates``, ``records``; what a regime has nothing of has no
        sentence.
    """
    return {
        "score": [*_score(regime)],
        "lists": [_list(one) for one in regime.lists],
        "doors": [*_doors(regime)],
        "dates": [*_dates(regime)],
        "records": [*_records(regime)],
    }


def _score(regime: Regime) -> Iterator[str]:
    operator = regime.operator
    if operator is None:
        yield "Nobody has a score."
        return
    low, high = _pair(operator.range.value)
    yield f"Scores run from {low} to {high}."
    if operator.points is not None and operator.base is not None:
        yield (
            f"Everybody begins with {_number(operator.base.value)} points; records take points, "
            "deeds add some, and both are forgotten in time."
        )
    if operator.weights:
        parts = [
            f"{_words(name)} {_share(one.value)}"
            for name, one in operator.weights.items()
            if one.value
        ]
        yield f"It is made of {_joined(parts)}."
    if operator.weights and operator.relation_parts and operator.weights["relationships"].value:
        named = {
            "ties_scores": "the scores of the people one knows",
            "ties_voice": "what they say in public",
            "own_voice": "what one says oneself",
        }
        parts = [
            f"{_share(one.value)} {named.get(name, _words(name))}"
            for name, one in operator.relation_parts.items()
            if one.value
        ]
        yield f"Relationships are {_joined(parts)}."
    seen = {
        "private": "Nobody but the operator and oneself sees a score.",
        "institutions": "Institutions see a score; strangers do not.",
        "public": "Everybody can look a score up.",
    }
    yield seen[str(regime.visibility.value)]


def _list(one: RegimeList) -> str:
    gravity = {1: "a late payment", 2: "bad conduct", 3: "a default", 5: "an ignored order"}
    least = one.min_gravity.value
    what = gravity.get(int(least) if isinstance(least, int | float) else 0, f"gravity {least}")
    warned = one.warning.value
    notice = "without a warning" if not warned else f"{_months(warned)} after a warning"
    term = one.term.value
    how_long = "without a term" if term == "none" else f"for {_months(term)}"
    ways = f"ways off it: {_joined(list(one.exits))}" if one.exits else "no way off it"
    return (
        f"The list {_words(one.name)} ({one.sphere}) takes up whoever has {what} or worse on "
        f"record there, {notice}, {how_long}; {ways}."
    )


def _doors(regime: Regime) -> Iterator[str]:
    joint = regime.joint_punishment
    if joint is not None and regime.lists:
        if joint.everywhere.value is True:
            yield "Whoever is on any list is shut out everywhere."
        else:
            for name, gates in joint.matrix.items():
                yield f"The list {_words(name)} closes {_joined([*map(_words, gates)])}."
    by: dict[tuple[str, str], list[str]] = {}
    for gate, rule in regime.gates.items():
        if rule.threshold is not None:
            by.setdefault(("below", _number(rule.threshold.value)), []).append(_words(gate))
        elif rule.percentile is not None and rule.rule != "none":
            by.setdefault((rule.rule, _number(rule.percentile.value)), []).append(_words(gate))
    for (how, value), gates in by.items():
        if how == "below":
            yield f"A score below {value} is refused {_joined(gates)}."
        elif how == "rank":
            yield f"The lowest {value} in a hundred of each month are refused {_joined(gates)}."
        else:
            yield (
                f"Scores below what the lowest {value} in a hundred had when the cut-off was set "
                f"are refused {_joined(gates)}."
            )
    if not (joint and regime.lists) and not regime.gates:
        yield "It closes no door."


def _dates(regime: Regime) -> Iterator[str]:
    rollout = regime.rollout
    if rollout is None:
        return
    named = {
        "announced": "announced",
        "opt_in_from": "open to whoever wants it",
        "mandate": "mandatory for everybody",
        "penalties_from": "a low score closes doors",
    }
    said = []
    for key, words in named.items():
        value = getattr(rollout, key).value
        said.append(f"{words}: {'never' if value == 'none' else f'from {value}'}")
    yield f"{'; '.join(said)}.".capitalize()


def _records(regime: Regime) -> Iterator[str]:
    for source in regime.record_sources:
        seen = _joined([*map(_words, source.sees)])
        covered, missed, astray = (
            _share(one.value) for one in (source.coverage, source.miss, source.mix_up)
        )
        yield (
            f"The {_words(source.name)} ({source.sphere}) writes down {seen}, of {covered} of "
            f"people; {missed} of it is missed, and {astray} goes to a namesake's file."
        )


def _words(name: str) -> str:
    return name.replace("_", " ").replace("-", " ")


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _pair(value: Any) -> tuple[str, str]:
    low, high = value
    return _number(low), _number(high)


def _share(value: Any) -> str:
    return (
        f"{value * 100:g}\N{NARROW NO-BREAK SPACE}%"
        if isinstance(value, int | float)
        else str(value)
    )


def _months(count: Any) -> str:
    return "1 month" if count == 1 else f"{_number(count)} months"


def _joined(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
