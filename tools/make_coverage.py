"""Write docs/coverage.md: what runs show for each row of the press account and of the record.

``python tools/make_coverage.py`` makes two runs (100,000 citizens of `china-2020` under
`citizen-score-2020`, and the same people with scores that nobody can look up) and rewrites the page from
their stored results.  ``--run FOLDER --hidden FOLDER`` takes runs that are there.  Every row names the
command that a reader can repeat and the test that holds it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glasscity.results import Run

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "coverage.md"

HEAD = """\
<!-- Made by tools/make_coverage.py from two runs: not by hand. -->

# What a default run shows, row by row

The rows are those of the press account of 2017, as the mission lists them. It is a scenario, never a
description of how China works. Figures are of one run: {citizens:,} synthetic citizens of `{country}` under
`{regime}`, {months} months, seed {seed}, model version {model}; digest `{digest}`. "Unscored" is the same people
with the same luck under `unscored`. Most values behind them are assumptions (grade D): read the
definition of a figure with `glasscity explain measure NAME`, and its grades in the report.
Commands without a folder make a run; `RUN` is the folder of a run.

| row | what a default run shows | command | test |
|---|---|---|---|
"""


class Figures:
    """A run's figures by name, its twin's, and totals of the cube's rows."""

    def __init__(self, run: Run) -> None:
        from glasscity.rights.measures import measures

        self.run = run
        self.own = measures(run)
        self.twin = measures(run.twin) if run.twin is not None else {}

    def total(self, measure: str, **labels: str) -> int:
        """Return a row's count over the whole run."""
        return int(self.run.margins.of(measure, **labels)[:, 0].sum())

    def last(self, measure: str, **labels: str) -> int:
        """Return a row's count in the last month."""
        return int(self.run.margins.of(measure, **labels)[-1, 0])

    def share(self, name: str, digits: int = 1) -> str:
        """Return a measure in per cent."""
        return percent(self.own[name], digits)

    def both(self, name: str, digits: int = 1) -> str:
        """Return a measure in per cent, against the unscored twin."""
        return f"{self.share(name, digits)} (unscored {percent(self.twin[name], digits)})"

    def interval(self, group: str) -> str:
        """Return the interval of a group of causes, in per cent of all denials."""
        low, high = self.own[f"{group}_share"], self.own[f"{group}_share_upper"]
        return f"{percent(low)} to {percent(high)}"

    def closed(self, *gates: str) -> str:
        """Return who is shut out of gates in the last month, and how many were refused by rule."""
        citizens = self.run.citizens
        return "; ".join(
            f"`{gate}` closed to {percent(self.last('closed', gate=gate) / citizens)}, "
            f"{self.total('denials_regime', gate=gate):,} refusals by the rule"
            for gate in gates
        )


def percent(value: Any, digits: int = 1) -> str:
    """Return a share in words that a table can hold."""
    return "not estimable" if value is None else f"{100 * value:.{digits}f} %"


def points(value: Any) -> str:
    """Return a difference of shares in percentage points, signed."""
    return "not estimable" if value is None else f"{100 * value:+.1f} points"


@dataclass(frozen=True)
class Row:
    """One row of the page."""

    name: str
    shows: Callable[[Figures, Figures], str]
    command: str
    test: str


def _spheres(f: Figures, _: Figures) -> str:
    from glasscity.terms import SPHERES

    gates = f.run.meta["gate_spheres"]
    from glasscity.terms import GATES

    said = []
    for sphere in SPHERES:
        denied = sum(
            f.total("denials_regime", gate=g)
            for g, s in zip(GATES, gates, strict=True)
            if s == sphere
        )
        said.append(
            f"{sphere}: {f.total('breaches', sphere=sphere):,} breaches, "
            f"{f.total('entries', list=sphere):,} listings, {denied:,} refusals by rule"
        )
    return (
        "; ".join(said) + f"; wrong listings upheld in {f.share('wrong_upheld_share')} of appeals"
    )


def _sources(f: Figures, _: Figures) -> str:
    happened, recorded = f.total("happened"), f.total("recorded")
    return (
        f"of {happened:,} citizen-months in breach sources wrote down {percent(recorded / happened)}; "
        f"{f.total('false_alarms'):,} records of nothing, {f.total('mix_ups'):,} of a namesake; "
        f"{f.share('error_on_record_share', 2)} have a wrong record"
    )


def _score(f: Figures, _: Figures) -> str:
    import numpy as np

    histogram = f.run.extras["score_histogram"][-1][2:]
    points = np.repeat(np.arange(2, 2 + len(histogram)), histogram)
    low, middle, high = (int(x) for x in np.percentile(points, [5, 50, 95]))
    return (
        f"everybody has a score and an exact national rank: 5 % below {low}, half below {middle}, 95 % "
        f"below {high}; {f.share('bottom_decile_escape')} of the lowest tenth are out of it 24 months later"
    )


def _visibility(f: Figures, hidden: Figures) -> str:
    return (
        f"with public scores {f.total('ties_dropped'):,} ties are dropped, "
        f"{hidden.total('ties_dropped'):,} where others cannot look; favours refused for a look-up "
        f"{f.total('favours_refused_by_score'):,} and {hidden.total('favours_refused_by_score'):,}; couples "
        f"alike beyond chance {f.own['couples_alike_beyond']:+.3f} and {_signed(hidden, 'couples_alike_beyond')}"
    )


def _signed(f: Figures, name: str) -> str:
    value = f.own[name]
    return "not estimable" if value is None else f"{value:+.3f}"


def _operators(f: Figures, _: Figures) -> str:
    return (
        f"`sesame` scores those who joined, `rapid-finance` {f.share('privately_scored_share')} of adults; "
        f"for people with both, one less the rank correlation is {f.own['operator_disagreement']:.2f} and half "
        f"of them differ by {percent(f.own['operator_distance'], 0)} of the population in rank or more"
    )


def _categories(f: Figures, _: Figures) -> str:
    people = f.run.people
    parts = [name for name in people.columns if name.startswith("points_")]
    means = ", ".join(f"{name[7:]} {people[name].mean():.1f}" for name in parts)  # type: ignore[str-bytes-safe]
    return (
        f"mean points by part: {means}; with the range's low end they add up to each score exactly"
    )


def _voice(f: Figures, _: Figures) -> str:
    return (
        f"of would-be critics {f.both('chilled_of_critics')} stay silent or praise; chilled through ties as "
        f"well {f.both('total_chill_share')}; praise against one's opinion {f.both('falsified_share')}; speech "
        f"decides {f.interval('speech')} of refusals"
    )


def _profile(f: Figures, _: Figures) -> str:
    people = f.run.people
    spread = people["points_behaviour_preference"].std()
    history = people["points_credit_history"].std()
    return (
        f"among people with nothing on record the fifth that lives 'wrongly' is shut out more often than the "
        f"fifth that lives 'rightly' by {points(f.own['wrong_living_gap'])}, and refused by the regime by "
        f"{points(f.own['wrong_living_denied_gap'])} in the last year; the profile decides "
        f"{f.interval('profile')} of refusals. Why so much: most files are clean, so the profile spreads scores "
        f"more (standard deviation {spread:.0f} points) than the history of payment does ({history:.0f})"
    )


def _rollout(f: Figures, _: Figures) -> str:
    import numpy as np

    enrolled = f.run.margins.of("enrolled")[:, 0] / f.run.citizens
    jump = int(np.argmax(np.diff(enrolled))) + 1
    return (
        f"scored by choice: {percent(enrolled[19])} after a year of opt-in, {percent(enrolled[jump - 1])} in the "
        f"month before the mandate (month {jump}), everybody after it; unscored people meet the gates' own "
        f"screening"
    )


def _display(f: Figures, _: Figures) -> str:
    import numpy as np

    monthly = f.run.margins.of("displays")[:, 0]
    first = int(np.argmax(f.run.margins.of("enrolled")[:, 0] > 0))
    deciles = f.run.extras["deciles"]
    shown = deciles[:, :, 1].sum(axis=0) / np.maximum(1, deciles[:, :, 0].sum(axis=0))
    early = int(monthly[first : first + 4].sum())
    return (
        f"{int(monthly.sum()):,} displays in the run; {early} in the first four months of scores (one citizen "
        f"stands for {_weight(f):,.0f} adults, so the press's 100,000 would be {100_000 / _weight(f):.0f}); monthly "
        f"chance {percent(shown[0], 2)} in the lowest tenth, {percent(shown[-1], 2)} in the highest"
    )


def _weight(f: Figures) -> float:
    from glasscity.scenario import Scenario

    path = f.run.path / "scenario.json"
    scenario = Scenario.from_json(path.read_text(encoding="utf-8"))
    return scenario.country.adults / scenario.citizens


def _dating(f: Figures, _: Figures) -> str:
    return (
        f"odds of a match in the highest tenth are {f.own['match_odds_ratio']:.1f} times those in the lowest; "
        f"scores of new couples are alike {f.own['couples_alike_beyond']:+.3f} beyond what blind meeting gives"
    )


def _everywhere(f: Figures, _: Figures) -> str:
    return (
        f"something outside the gate's own sphere decides {f.interval('spillover')} of all denials; "
        f"{f.total('warnings'):,} warnings before {f.total('entries'):,} listings"
    )


def _perks(f: Figures, _: Figures) -> str:
    deciles = f.run.extras["deciles"]
    holders = deciles[:, :, 5].sum(axis=0)
    top = holders[5:].sum() / max(1, holders.sum())
    return (
        f"{f.share('perk_holders_share')} hold one (a share set by the file), {percent(top)} of holder-months in "
        f"the upper half of scores; {f.total('perks_used'):,} grants made cheaper, which left "
        f"{f.own['perk_months_gain']:.3f} months of spending per citizen"
    )


def _single_step(f: Figures, _: Figures) -> str:
    months = f.own["spell_median_months"]
    median = (
        "more than half of spells last beyond the run" if months is None else f"{months:.0f} months"
    )
    return (
        f"median spell of being shut out: {median}; {f.share('reentry_share')} are shut out again within a year; "
        f"{f.share('bottom_decile_escape')} leave the bottom tenth in 24 months; lack of means, "
        f"refusals' cost included, decides {f.interval('means')} of denials"
    )


def _benefit(f: Figures, _: Figures) -> str:
    own, twin = f.own, f.twin
    trust = f"{points(own['trust_gap'])} (unscored {points(twin['trust_gap'])})"
    return (
        f"unwilling spells {own['unwilling_onsets']:,} (unscored {twin['unwilling_onsets']:,}); repayment "
        f"{f.both('repayment', 2)}; lenders' shortfall {f.both('lender_shortfall', 2)}; loans to thin files granted "
        f"only because of a score {f.share('included_share')}; favours to strangers {f.both('cooperation')}; trust "
        f"less true chance {trust}"
    )


def _children(f: Figures, _: Figures) -> str:
    return (
        f"{f.closed('private_school')}; {f.own['child_months_lost']:,} school months lost for a parent's record; "
        f"{f.share('touched_share')} are shut out of nothing but live with somebody who is, and bear "
        f"{f.own['household_loss']:.3f} months of spending each (unscored {f.twin['household_loss']:.3f})"
    )


def _gates(*gates: str) -> Callable[[Figures, Figures], str]:
    return lambda f, _: f.closed(*gates)


def _association(f: Figures, _: Figures) -> str:
    return (
        f"whom one knows decides {f.interval('association')} of all denials; scores at the two ends of a tie "
        f"correlate at {f.own['tie_assortativity']:.2f}"
    )


_RUN = "`glasscity run`"
_GATES = (
    "tests/month/test_month_twin.py::test_every_row_of_the_ledger_was_reached_by_some_comparison"
)
ROWS = (
    Row("A1", _spheres, "`glasscity report RUN`", "tests/rights/test_findings.py"),
    Row("A2", _sources, "`glasscity report RUN`", "tests/verification/test_v03_wrong_records.py"),
    Row("A3", _score, _RUN, "tests/verification/test_v06_mid_ranks.py"),
    Row(
        "A4",
        _visibility,
        "`glasscity run --without visibility`",
        "tests/verification/test_v13_strength_zero.py",
    ),
    Row(
        "A5",
        _operators,
        "`glasscity explain measure operator_disagreement`",
        "tests/month/test_operators.py",
    ),
    Row("A6", _categories, "`glasscity life RUN 1`", "tests/verification/test_v09_parts.py"),
    Row(
        "A7",
        _association,
        "`glasscity run --without friends`",
        "tests/verification/test_v04_relationships.py",
    ),
    Row("A8", _voice, "`glasscity run --without speech`", "tests/verification/test_v07_voice.py"),
    Row(
        "A9",
        _profile,
        "`glasscity explain measure wrong_living_gap`",
        "tests/rights/test_measures.py",
    ),
    Row("A10", _gates("loan", "mortgage", "job"), _RUN, _GATES),
    Row("A11", _rollout, "`glasscity run --without perks`", "tests/month/test_operators.py"),
    Row("A12", _display, "`glasscity explain measure displays`", "tests/month/test_month_twin.py"),
    Row(
        "A13",
        _dating,
        "`glasscity run --without dating`",
        "tests/verification/test_v12_blind_couples.py",
    ),
    Row(
        "A14",
        _everywhere,
        "`glasscity run --without joint-punishment`",
        "tests/verification/test_v13_strength_zero.py",
    ),
    Row("A15", _gates("internet_speed"), _RUN, _GATES),
    Row("A16", _gates("restaurant", "nightclub", "golf"), _RUN, _GATES),
    Row("A17", _gates("travel_abroad", "holiday", "flight", "fast_train"), _RUN, _GATES),
    Row("A18", _gates("rental"), _RUN, _GATES),
    Row("A19", _gates("insurance"), _RUN, _GATES),
    Row("A20", _gates("loan", "mortgage"), _RUN, _GATES),
    Row("A21", _gates("social_security"), _RUN, _GATES),
    Row("A22", _gates("job"), _RUN, _GATES),
    Row("A23", _gates("civil_service", "journalism", "legal"), _RUN, _GATES),
    Row("A24", _children, "`glasscity find RUN child-shut-out`", "tests/month/test_month_twin.py"),
    Row("A25", _perks, "`glasscity run --without perks`", "tests/month/test_operators.py"),
    Row("A26", _single_step, _RUN, "tests/rights/test_spells.py"),
    Row("A27", _benefit, _RUN, "tests/verification/test_v15_favours.py"),
    Row("A28", lambda f, _: "", "", ""),
)


def page(run: Run, hidden: Run) -> str:
    """Return the text of docs/coverage.md."""
    one, other = Figures(run), Figures(hidden)
    about = run.scenario
    text = HEAD.format(
        citizens=run.citizens,
        country=about["country"]["name"],
        regime=about["regime"]["name"],
        months=run.months,
        seed=about["seed"],
        model=run.model,
        digest=run.digest,
    )
    for row in ROWS:
        test = f"[{Path(row.test.partition('::')[0]).name}](../{row.test.partition('::')[0]})"
        text += f"| {row.name} | {row.shows(one, other)} | {row.command} | {test if row.test else ''} |\n"
    return text + (
        "\nA28, a run of the whole population, is not in this version: `glasscity run --everyone` says how "
        "much memory it would take.\n"
    )


def main() -> int:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", help="a run of the default scenario, with its twin")
    parser.add_argument("--hidden", help="the same without visibility")
    parser.add_argument("--citizens", default="100000")
    parser.add_argument("--record", default="50000", help="citizens for each regime of the record")
    given = parser.parse_args()
    from glasscity import api

    def show(stage: str, done: int, total: int | None, citizens: int) -> None:
        if total and done == total:
            print(f"  {stage} {done}/{total}", file=sys.stderr)

    with tempfile.TemporaryDirectory() as folder:
        fields = {"citizens": given.citizens, "report": False, "progress": show}
        run = (
            api.open_run(given.run)
            if given.run
            else api.run("citizen-score-2020", out=Path(folder) / "run", **fields)
        )
        hidden = (
            api.open_run(given.hidden)
            if given.hidden
            else api.run(
                "citizen-score-2020",
                out=Path(folder) / "hidden",
                strengths={"visibility": 0},
                twin=False,
                **fields,
            )
        )
        from coverage_record import part

        about = run.scenario
        text = page(run, hidden)
        text += part(
            about["country"]["name"], int(float(given.record)), about["seed"], Path(folder)
        )
        PAGE.write_text(text, encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
