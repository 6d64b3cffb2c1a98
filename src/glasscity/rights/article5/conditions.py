"""The rule's conditions one by one: met, not met, or measured, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from glasscity.rights.article5.provenance import inputs_of_score
from glasscity.rights.article5.relation import INPUTS, law

if TYPE_CHECKING:
    from glasscity.results.run import Run
    from glasscity.rights.article5.closures import Closures

__all__ = ["MET", "NOT_MET", "Condition", "conditions"]

MET, NOT_MET, MEASURED = "met", "not met", "measured"
COMPARISON = "measured for comparison only"


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One condition of the rule.

    Attributes
    ----------
    name, title : str
    status : {"met", "not met", "measured", "measured for comparison only"}
        Met: the model contains what the condition names, in the reading that is given.
    finding : str
        What the run shows, in one or two sentences.
    reading, measured, source : str
        How the rule is read, how it is measured, and the key of the source of the reading.
    """

    name: str
    title: str
    status: str
    finding: str
    reading: str
    measured: str
    source: str


def conditions(run: Run, closed: Closures) -> list[Condition]:
    """Return the conditions of the rule as a run shows them."""
    found: dict[str, tuple[str, str]] = {
        "evaluation": _evaluation(run),
        "behaviour": _behaviour(run),
        "detriment": _detriment(run, closed),
    }
    holds = all(status == MET for status, _ in found.values())
    measured = MEASURED if holds else COMPARISON
    missing = [name for name, (status, _) in found.items() if status != MET]
    words = (
        "The table of denials says how many."
        if holds
        else f"Not reached: {' and '.join(missing)} not met. The figures say what the regime does "
        "all the same."
    )
    found["unrelated"] = (measured, words)
    words = "The tables of burden and of lift say how far." if holds else words
    found["disproportionate"] = (measured, words)
    return [
        Condition(
            name=entry["name"],
            title=entry["title"],
            status=found[entry["name"]][0],
            finding=found[entry["name"]][1],
            reading=entry["reading"],
            measured=entry["measured"],
            source=entry["source"],
        )
        for entry in law()["conditions"]
    ]


def _months_scored(run: Run) -> int:
    return int((run.extras["score_histogram"][:, 2:].sum(axis=1) > 0).sum())


def _evaluation(run: Run) -> tuple[str, str]:
    if not run.meta["has_score"]:
        lists = [entry["name"] for entry in run.meta["lists"]]
        if lists:
            return NOT_MET, (
                f"Nobody has a score. The regime keeps {_several(len(lists), 'list')} of names "
                f"({', '.join(lists)}), each for a ground of its own; a list is no social score."
            )
        return NOT_MET, "Nobody has a score."
    months = _months_scored(run)
    if months < 2:
        return NOT_MET, f"A score was made in {_several(months, 'month')} of {run.months}."
    return MET, f"Scores were made again in {months} of {run.months} months."


def _behaviour(run: Run) -> tuple[str, str]:
    if not run.meta["has_score"]:
        return NOT_MET, "There is no score that could rest on anything."
    inputs = inputs_of_score(run.scenario["regime"])
    if not inputs:
        return NOT_MET, "No input has a weight in the score."
    words = [INPUTS.get(name, "signs of means (income, work, savings)") for name in inputs]
    return MET, f"The score counts: {'; '.join(words)}."


def _detriment(run: Run, closed: Closures) -> tuple[str, str]:
    months = int(closed.by_score.sum())
    ever = int((closed.by_score > 0).any(axis=1).sum())
    ruled = int(run.margins.of("denials_regime")[:, 0].sum())
    of = "citizens" if closed.whole else "citizens of the panel"
    if run.meta["has_score"] and months:
        return MET, (
            f"The score closed a gate to {ever:,} of {len(closed.citizen):,} {of}. The rule, lists "
            f"included, refused {_several(ruled, 'application')} that own screening would have "
            "granted."
        )
    perks: list[Any] = run.meta.get("perks") or []
    words = []
    if run.meta["has_score"]:
        words.append("The score closed no gate to anybody.")
        if perks:
            words.append(
                f"It gives {_several(len(perks), 'privilege')} to those above a bar; what others "
                "go without is not counted as a detriment."
            )
    else:
        words.append("There is no score that could lead to it.")
    if ruled:
        words.append(
            f"Lists refused {_several(ruled, 'application')} that own screening would have granted."
        )
    return NOT_MET, " ".join(words)


def _several(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
