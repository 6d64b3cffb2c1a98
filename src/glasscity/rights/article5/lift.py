"""Unjustified: what an input adds to those of a gate's own context, for the gate's own purpose.

The inputs are those of the run's last month.  The outcome is what the same people did in the 24
months that follow, in a world where nobody is scored: there no refusal has made it come true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.errors import BadArgument
from glasscity.rights.article5.fit import FOLDS, Added, added, cross_fitted
from glasscity.rights.article5.provenance import Provenance
from glasscity.rights.article5.relation import Relation
from glasscity.rights.view import codes_of
from glasscity.terms import AGES, AREAS, GATES, OCCUPATIONS, SPHERES

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from glasscity.results.run import Run

__all__ = ["AFTER_MONTHS", "NO_LIFT", "PURPOSES", "Lift", "lifts"]

AFTER_MONTHS = 24
# An input of which the whole interval lies below this adds nothing to speak of.
NO_LIFT = 0.01
# Fewer bad outcomes than that fit nothing.
_FEWEST = 50

_CREDIT = "whether a credit is repaid: three months or more owed within 24 months"
_ABSENT = "the gate's purpose is not in the model"
_UNWRITTEN = (
    "the model has such conduct, but an unscored world writes none down, so no run holds it"
)
# By gate: the outcome in a run folder, or None; what the gate legitimately has to find out; and why
# there is no outcome.
PURPOSES: Mapping[str, tuple[str | None, str, str]] = {
    "loan": ("credit", _CREDIT, ""),
    "mortgage": ("credit", _CREDIT, ""),
    "rental": (
        "dues",
        "whether dues are paid, a credit or public fees standing for rent: three months or more of "
        "either owed within 24 months",
        "",
    ),
    "internet_speed": (
        "fees",
        "whether monthly bills are paid: three months or more of public fees and utility bills "
        "owed within 24 months",
        "",
    ),
    "flight": (None, "conduct on board", _UNWRITTEN),
    "fast_train": (None, "conduct on trains", _UNWRITTEN),
    "insurance": (None, "the insured risk", "shocks are in the model, and hang on nobody's traits"),
    "restaurant": (None, "how a guest behaves", _ABSENT),
    "nightclub": (None, "how a guest behaves", _ABSENT),
    "golf": (None, "how a guest behaves", _ABSENT),
    "travel_abroad": (None, "identity and public security", _ABSENT),
    "holiday": (None, "how a guest behaves", _ABSENT),
    "social_security": (None, "need and entitlement", _ABSENT),
    "civil_service": (None, "fitness for a post", _ABSENT),
    "journalism": (None, "quality of reporting", _ABSENT),
    "legal": (None, "learning, and the handling of clients' money", _ABSENT),
    "private_school": (None, "schooling, and its fees, which are no debt in the model", _ABSENT),
    "job": (None, "how work is done", _ABSENT),
}

# How each input of the code book shows in a run folder: a group of columns, and the rows it covers.
# A record is kept by sphere, so one column can cover several rows.
_RECORDS = {
    "record_commerce": ("credit_payments", "app_payments", "credit_orders"),
    "record_government": ("fee_payments", "app_payments", "fee_orders", "traffic"),
    "record_society": ("train_conduct", "care", "rumour"),
    "record_judiciary": ("contempt",),
}
_TITLES = {
    "record_commerce": "record on credits: payments and orders",
    "record_government": "record on public fees, orders and traffic, which is kept as one",
    "record_society": "record on conduct: trains, care and rumour, which is kept as one",
    "record_judiciary": "record on contempt of court",
    "spending_profile": "spending profile",
    "personal_traits": "age, occupation and place",
    "ties_scores": "friends' scores",
    "ties_voice": "friends' voices",
    "own_voice": "own voice",
}


@dataclass(frozen=True, kw_only=True)
class Lift:
    """What one input adds for one gate's purpose.

    Attributes
    ----------
    gate, purpose : str
    input : str or None
        None where the purpose is not in the model, or nothing can be estimated: ``why`` says which.
    title : str
    relation : {"unrelated", "related", "open", ""}
        Of the input to the gate under the strict table; open where a column covers several rows.
    people, outcomes : int
        Citizens looked at, and those of them with the bad outcome.
    base : tuple of str
        What it is added to: the gate's own screening and the inputs of its context.
    without, with_it, difference, low, high : float or None
        Areas under the curve, and the 95 % interval of their difference.
    finding : {"lift", "no lift", "open", ""}
        No lift only where the whole interval lies below 0.01; lift where it lies above zero.
    why : str
        Why there is no figure.
    """

    gate: str
    purpose: str
    input: str | None = None
    title: str = ""
    relation: str = ""
    people: int = 0
    outcomes: int = 0
    base: tuple[str, ...] = ()
    without: float | None = None
    with_it: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    finding: str = ""
    why: str = ""


def lifts(run: Run, after: Run | None, relation: Relation) -> list[Lift]:
    """Return what each input of a run adds, gate by gate.

    Parameters
    ----------
    run : Run
        With its unscored twin.
    after : Run or None
        The same people unscored, for 24 months longer.
    relation : Relation

    Raises
    ------
    BadArgument
        If ``after`` is not that.
    """
    why = ""
    if after is None:
        why = "the same people unscored for 24 months longer were not run"
    elif run.twin is None and run.scenario["regime"]["name"] != "unscored":
        why = "the run has no unscored twin"
    elif "last_credit_default" not in run.people.columns:
        why = "the run does not hold who was in default"
    twin = run if run.scenario["regime"]["name"] == "unscored" else run.twin
    if why or after is None or twin is None:
        return [Lift(gate=gate, purpose=PURPOSES[gate][1], why=why) for gate in GATES]
    _check(run, after)
    columns = _columns(run)
    screening = _screening(run.people)
    seen = {
        row
        for rows in Provenance(run.scenario, run.meta["gate_spheres"]).seen.values()
        for row in rows
    }
    fold = run.people["citizen"].to_numpy().astype(np.int64) % FOLDS
    out: list[Lift] = []
    made: dict[tuple[Any, ...], Added] = {}
    indices: dict[tuple[Any, ...], NDArray[np.float64]] = {}
    for gate in GATES:
        outcome, purpose, why = PURPOSES[gate]
        if outcome is None:
            out.append(Lift(gate=gate, purpose=purpose, why=why))
            continue
        who, bad = _outcome(twin.people, after.people, run.months, outcome)
        about: dict[str, Any] = {"gate": gate, "purpose": purpose, "people": int(who.sum())}
        about["outcomes"] = int(bad[who].sum())
        if about["outcomes"] < _FEWEST:
            out.append(Lift(**about, why=f"fewer than {_FEWEST} such outcomes"))
            continue
        there = {n: values for n, values in columns.items() if np.ptp(values[who], axis=0).any()}
        relations = {name: _related(name, gate, relation, seen) for name in there}
        for name, state in relations.items():
            if state == "related":
                continue
            # What is partly of the gate's context counts as of it, when another input is looked at.
            base = tuple(n for n, s in relations.items() if s != "unrelated" and n != name)
            given = np.column_stack([screening, *(there[n] for n in base)])[who]
            if (outcome, base) not in indices:
                indices[outcome, base] = cross_fitted(given, bad[who], fold[who])
            if (outcome, base, name) not in made:
                made[outcome, base, name] = added(
                    given, there[name][who], bad[who], fold[who], before=indices[outcome, base]
                )
            one = made[outcome, base, name]
            finding = "no lift" if one.high < NO_LIFT else "lift" if one.low > 0 else "open"
            out.append(
                Lift(
                    **about,
                    input=name,
                    title=_TITLES[name],
                    relation=state,
                    base=("screening", *base),
                    finding=finding,
                    without=one.without,
                    with_it=one.with_it,
                    difference=one.difference,
                    low=one.low,
                    high=one.high,
                )
            )
    return out


def _check(run: Run, after: Run) -> None:
    same = ("country", "behaviour", "citizens", "seed", "start")
    unlike = [name for name in same if run.scenario.get(name) != after.scenario.get(name)]
    if after.scenario["regime"]["name"] != "unscored":
        unlike.append("regime")
    if after.months != run.months + AFTER_MONTHS:
        unlike.append("months")
    if unlike:
        raise BadArgument(
            f"these are not the same people, unscored, {AFTER_MONTHS} months longer: "
            f"{', '.join(unlike)} differ",
            where=str(after.path),
            mend="run 'unscored' with the run's own country, citizens, seed and start",
        )


def _outcome(
    now: pl.DataFrame, later: pl.DataFrame, months: int, kind: str
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return who is looked at (not in default now) and who is in default within 24 months."""
    names = {"credit": ("credit",), "fees": ("fee",), "dues": ("credit", "fee")}[kind]
    bad = np.zeros(len(now), bool)
    who = now["with_credit"].to_numpy() if kind == "credit" else np.ones(len(now), bool)
    for name in names:
        column = f"last_{name}_default"
        # One more than the last month of it: in default in the run's own last month is not new.
        who = who & (now[column].to_numpy() < months)
        bad |= later[column].to_numpy() > months
    return who, bad


def _screening(people: pl.DataFrame) -> NDArray[np.float64]:
    """Return what a lender looks at in every world: signs of means and a thick file."""
    return np.column_stack(
        [people["signs_of_means"].to_numpy(), people["thick_file"].to_numpy().astype(np.float64)]
    )


def _related(name: str, gate: str, relation: Relation, seen: set[str]) -> str:
    rows = [row for row in _RECORDS.get(name, (name,)) if name not in _RECORDS or row in seen]
    said = {relation.unrelated(row, gate, "strict") for row in rows}
    if said == {True}:
        return "unrelated"
    return "related" if said == {False} else "open"


def _columns(run: Run) -> dict[str, NDArray[np.float64]]:
    """Return the inputs that the run's regime has, in columns; those that nobody varies in go."""
    people = run.people
    found: dict[str, NDArray[np.float64]] = {}
    for sphere in SPHERES:
        value = people[f"record_{sphere}"].to_numpy().astype(np.float64)
        # Whether there is anything, and how much: a record is mostly zero.
        there = (value > 0).astype(np.float64)
        found[f"record_{sphere}"] = np.column_stack([value, np.sqrt(value), there])
    profile = people["profile"].to_numpy().astype(np.float64)
    found["spending_profile"] = profile[:, None]
    traits = [codes_of(people["age"])[:, None] == np.arange(1, len(AGES))]
    traits.append(codes_of(people["occupation"])[:, None] == np.arange(1, len(OCCUPATIONS)))
    traits.append(codes_of(people["area"])[:, None] == np.arange(1, len(AREAS)))
    found["personal_traits"] = np.column_stack(traits).astype(np.float64)
    for name in ("ties_scores", "ties_voice", "own_voice"):
        if f"points_{name}" in people.columns:
            found[name] = people[f"points_{name}"].to_numpy().astype(np.float64)[:, None]
    return {name: values for name, values in found.items() if np.ptp(values, axis=0).any()}
