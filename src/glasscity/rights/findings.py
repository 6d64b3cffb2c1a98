"""Findings: every figure that the terminal's summary and the report show, with what it means.

A finding carries its value, unit, denominator, definition, evidence grades, interval where there is
one, and the same figure of the twin in which nobody is scored.  All of it is computed from the run
folder, so that a test can make each figure again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from glasscity.rights.grades import grades_of
from glasscity.rights.measures import MEASURES, Number, measures
from glasscity.rights.tables import tables
from glasscity.rights.tabulate import Table

if TYPE_CHECKING:
    from glasscity.results.run import Run

__all__ = ["HEADLINES", "Figure", "Findings", "findings"]

# In the order of the story: who is shut out, why, what people say, what it brought, to whom.
HEADLINES = (
    "restricted_share",
    "restricted_share_without_rank",
    "ever_restricted_share",
    "restricted_months_per_citizen",
    "closed_gate_months",
    "spell_median_months",
    "reentry_share",
    "listed_stock",
    "listings",
    "exits",
    "wrongly_listed_share",
    "unable_listed_share",
    "applications",
    "denials",
    "denial_rate",
    "spillover_share",
    "association_share",
    "speech_share",
    "error_share",
    "means_share",
    "profile_share",
    "favour_share",
    "joint_share",
    "baseline_share",
    "regime_denial_share",
    "wrong_living_gap",
    "wrong_living_denied_gap",
    "chilled_share",
    "chilled_of_critics",
    "indirect_chill_share",
    "total_chill_share",
    "indirect_of_chill",
    "falsified_share",
    "induced_praise_share",
    "list_experiment_gap",
    "list_experiment_estimate",
    "list_experiment_error",
    "visible_consensus",
    "private_consensus",
    "shadow_consensus",
    "breaches",
    "unwilling_breaches",
    "unwilling_onsets",
    "repayment",
    "repayment_listed",
    "repayment_unlisted",
    "arrears_share",
    "arrears_months_share",
    "unpaid_share",
    "thin_grant_rate",
    "included_share",
    "lender_shortfall",
    "cooperation",
    "keepers_share",
    "believed_trust",
    "trust_gap",
    "favours_refused_by_score_share",
    "perk_holders_share",
    "perks_used",
    "perk_months_gain",
    "deeds_per_1000",
    "deeds_induced_share",
    "deeds_forgone_per_1000",
    "deeds_filed_share",
    "points_taken_per_1000",
    "points_wrongly_share",
    "wrong_upheld_share",
    "error_on_record_share",
    "error_in_score_share",
    "error_denied_share",
    "touched_share",
    "touched_unscored_share",
    "household_loss",
    "child_months_lost",
    "enrolled_share",
    "operator_disagreement",
    "operator_distance",
    "privately_scored_share",
    "displays",
    "match_odds_ratio",
    "couples_alike",
    "couples_alike_beyond",
    "score_gini",
    "bottom_decile_escape",
    "tie_assortativity",
    "guard_withdrawn",
    "guard_lifted",
    "guard_opened",
    "exits_repair",
    "gamed_share",
    "false_reports",
    "favoured_share",
    "punished_share",
)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure with everything a reader needs to judge it.

    Attributes
    ----------
    name, title, definition, unit, denominator : str
        As :class:`Measure` has them.
    value : int, float or None
        None where it cannot be estimated; ``estimable`` says when it can.
    grades : tuple of str
        Evidence grades of the catalogue's values that it hangs on.
    interval : (low, high) or None
        For shares of causes: undone by taking the cause away, and touched by it.  None elsewhere.
    twin, difference : int, float or None
        The same figure of the unscored twin, and value less twin.
    """

    name: str
    title: str
    value: Number
    unit: str
    denominator: str
    definition: str
    grades: tuple[str, ...]
    estimable: str
    interval: tuple[float, float] | None = None
    twin: Number = None
    difference: Number = None


@dataclass(frozen=True, kw_only=True)
class Findings:
    """All findings of a run.

    Attributes
    ----------
    about : mapping
        Regime and its kind, country, citizens, months, start, seed, digest, model version.
    figures : mapping of name to Figure
        In the order of the story.
    tables : mapping of name to Table
        Gates, causes, spheres, sources, groups, spells and so on.
    notes : tuple of str
        Limits that every reader of the figures must know.
    """

    about: Mapping[str, Any]
    figures: Mapping[str, Figure]
    tables: Mapping[str, Table]
    notes: tuple[str, ...] = field(default=())

    def __getitem__(self, name: str) -> Figure:
        return self.figures[name]

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.figures.values())

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain containers, fit for JSON."""
        return asdict(self)


def findings(run: Run) -> Findings:
    """Return the findings of a stored run.

    Parameters
    ----------
    run : Run
        A run folder, opened; its twin, where there is one, is the comparison.

    Returns
    -------
    Findings
        Fit for JSON by :meth:`Findings.to_dict`.
    """
    values = measures(run)
    twin = measures(run.twin) if run.twin is not None else None
    figures = {name: _figure(run, name, values, twin) for name in HEADLINES}
    return Findings(about=_about(run), figures=figures, tables=tables(run), notes=_notes(run))


def _figure(
    run: Run, name: str, values: Mapping[str, Number], twin: Mapping[str, Number] | None
) -> Figure:
    one, value = MEASURES[name], values[name]
    other = twin[name] if twin is not None else None
    upper = values.get(f"{name}_upper")
    return Figure(
        name=name,
        title=one.title,
        value=value,
        unit=one.unit,
        denominator=one.denominator,
        definition=one.definition,
        grades=grades_of(run.scenario, one.grades_from),
        estimable=one.estimable,
        interval=None if value is None or upper is None else (float(value), float(upper)),
        twin=other,
        difference=None if value is None or other is None else value - other,
    )


def _about(run: Run) -> dict[str, Any]:
    scenario = run.scenario
    named = {key: _name(scenario.get(key)) for key in ("regime", "country", "behaviour")}
    kept = {key: scenario.get(key) for key in ("start", "seed", "strengths")}
    return {
        **named,
        **kept,
        "kind": _kind(scenario.get("regime")),
        "status": _status(scenario),
        "citizens": run.citizens,
        "months": run.months,
        "digest": run.digest,
        "twin_digest": run.twin.digest if run.twin is not None else None,
        "model": run.model,
        "panel": run.meta.get("panel", "all"),
    }


def _name(part: Any) -> Any:
    return part.get("name") if isinstance(part, Mapping) else part


def _kind(regime: Any) -> str:
    """Return what a regime is: the press's scenario, a documented rule, a comparison."""
    if isinstance(regime, Mapping) and "kind" in regime:
        return str(regime["kind"])
    # Runs from before regimes said so.
    return "press scenario" if str(_name(regime)).startswith("citizen-score") else "scenario"


def _status(scenario: Mapping[str, Any]) -> dict[str, Any]:
    parts = {key: scenario.get(key) for key in ("regime", "country", "behaviour")}
    return {
        key: part["status"]
        for key, part in parts.items()
        if isinstance(part, Mapping) and "status" in part
    }


def _notes(run: Run) -> tuple[str, ...]:
    notes = [
        "Every person here is synthetic. The figures are what the model gives under its stated "
        "assumptions; they are no measurement of any real country.",
        "Nobody is born, dies, ages or moves during a run.",
        "Shares of causes are intervals: the lower end counts denials that would not have "
        "happened but for the cause, the upper end those in which it played any part. They do "
        "not add up; the Shapley shares do.",
        "Gates that close by rank shut out a fixed share by construction; that share is a "
        "setting, no finding, so figures are given with and without them.",
        "This is one run with one seed: it carries no sampling error of its own.",
    ]
    if run.twin is None:
        notes.append("No unscored twin was run, so differences are missing.")
    if run.meta.get("panel", "all") != "all":
        notes.append(f"Figures about individuals come from a panel ({run.meta['panel']}).")
    fork = run.scenario.get("fork")
    if isinstance(fork, Mapping):
        notes.append(
            f"The history forks: before month {fork['month']} the regime was "
            f"'{fork['regime']['name']}'. Figures of the whole run span both."
        )
    caution = run.scenario.get("regime")
    if isinstance(caution, Mapping) and caution.get("caution"):
        notes.append(str(caution["caution"]))
    return tuple(notes)
