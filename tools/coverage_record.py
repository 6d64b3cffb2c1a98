"""The second part of docs/coverage.md: what a run of each documented regime shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from make_coverage import Figures, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD = """
## The systems of the record, row by row

Each is a regime of the catalogue, laid over the whole of `{country}` as a thought experiment: {citizens:,} synthetic
citizens, each regime's own months, seed {seed}. What its rules say, what is not modelled and what it must not be
taken for: [regimes](regimes/README.md). Shares are of all citizens in the last month unless said.

| row | figures | command | test |
|---|---|---|---|
"""
TESTS = "tests/record/test_rows.py"
# B11: the press account with something taken away or added.
VARIANTS = (
    "citizen-score-no-friends",
    "citizen-score-no-speech",
    "citizen-score-firewall",
    "citizen-score-due-process",
    "citizen-score-expiry-repair",
)

Shows = Callable[["Mapping[str, Figures]"], str]


@dataclass(frozen=True)
class Row:
    """One row of the record: its regime, and what is said of its run."""

    name: str
    regime: str
    shows: Shows


def yearly(f: Figures, row: str, **labels: str) -> str:
    """Return a count per 1,000 citizens and year."""
    return f"{1000 * f.total(row, **labels) / f.run.citizens / (f.run.months / 12):.2f}"


def scores(f: Figures) -> str:
    """Return what share has a score and where its quarters and its middle lie."""
    histogram = f.run.extras["score_histogram"][-1]
    total, running, found = int(histogram[2:].sum()), 0, []
    for wanted in (0.05, 0.5, 0.95):
        running, value = 0, 2
        while value < len(histogram) and running + int(histogram[value]) < wanted * total:
            running += int(histogram[value])
            value += 1
        found.append(value)
    return (
        f"{f.share('enrolled_share')} have a score: 5 % up to {found[0]}, half up to {found[1]}, "
        f"95 % up to {found[2]}"
    )


def bands(f: Figures) -> str:
    """Return the shares of the bands."""
    from glasscity.rights.points import band_shares

    shares = band_shares(f.run) or {}
    return "of the scored " + ", ".join(f"{name} {percent(x)}" for name, x in shares.items())


def nobody(f: Figures) -> str:
    """Return how many the regime shuts out, in words."""
    return (
        f"shut out of something {f.share('restricted_share', 2)}, on a list "
        f"{f.share('listed_stock', 2)}"
    )


def _unscored(of: Mapping[str, Figures]) -> str:
    f = of["unscored"]
    return (
        f"nobody has a score ({f.share('enrolled_share')}); {nobody(f)}; the gates' own screening refuses "
        f"{f.total('denials'):,} of {f.total('applications'):,} applications, the regime "
        f"{f.total('denials_regime'):,}; courts make {yearly(f, 'orders')} orders a year per 1,000 citizens, and "
        f"spare {yearly(f, 'spared')} debtors who cannot pay"
    )


def _bureau(of: Mapping[str, Figures]) -> str:
    from glasscity.terms import GATES

    f = of["credit-bureau"]
    refused = {gate: f.total("denials_regime", gate=gate) for gate in GATES}
    where = ", ".join(f"`{gate}` {n:,}" for gate, n in refused.items() if n)
    return f"{scores(f)}; refusals by the rule: {where}, at no other gate; {nobody(f)}"


def _sesame(of: Mapping[str, Figures]) -> str:
    f = of["sesame-2015"]
    return (
        f"{scores(f)}; {bands(f)}; perks are held by {percent(f.last('perk_holders') / f.run.citizens)}, "
        f"{f.total('perks_used'):,} grants made cheaper; {nobody(f)}"
    )


def _rapid(of: Mapping[str, Figures]) -> str:
    f = of["rapid-finance-2015"]
    return (
        f"{scores(f)}; {f.total('denials_regime', gate='loan'):,} of {f.total('applications', gate='loan'):,} "
        f"applications for a loan refused by the rule, {f.total('perks_used', gate='loan'):,} made cheaper; "
        f"whom one knows decides {f.interval('association')} of denials, what one says {f.interval('speech')}"
    )


def _list(of: Mapping[str, Figures]) -> str:
    from glasscity.terms import SPHERES

    f = of["defaulter-list-2013"]
    out = {
        how: f.total(f"exits_{how}") for how in ("performance", "appeal", "expiry", "correction")
    }
    entries = ", ".join(
        f"{s} {f.total('entries', list=s):,}" for s in SPHERES if f.total("entries", list=s)
    )
    left = ", ".join(f"{how} {n:,}" for how, n in out.items())
    return (
        f"no score at all ({f.share('enrolled_share')}); entries by sphere of the debt: {entries} "
        f"({yearly(f, 'entries')} a year per 1,000); exits: {left}; {nobody(f)}; on a list because unable "
        f"{f.share('unable_listed_share')}, wrongly {f.share('wrongly_listed_share')}"
    )


def _trains(of: Mapping[str, Figures]) -> str:
    from glasscity.terms import GATES

    f = of["train-conduct-2018"]
    closed = [gate for gate in GATES if f.total("closed", gate=gate)]
    months = f.total("listed", list="society") / max(1, f.total("entries", list="society"))
    return (
        f"{yearly(f, 'entries')} entries a year per 1,000, on the list for {months:.1f} months on average (some are "
        f"still on it); closes {', '.join(f'`{gate}`' for gate in closed)} and nothing else; "
        f"{f.total('warnings'):,} notices, {f.total('exits_appeal'):,} exits by appeal; {nobody(f)}"
    )


def _points(regime: str) -> Shows:
    def shows(of: Mapping[str, Figures]) -> str:
        f = of[regime]
        deeds = f.total("deeds")
        graded = f"{bands(f)}; " if f.run.meta.get("bands") else ""
        taken = f.total("points_taken") / 16 / f.run.citizens / (f.run.months / 12)
        return (
            f"{scores(f)}; {graded}records take {taken:.2f} points a year from the average citizen; "
            f"{yearly(f, 'deeds')} rewarded deeds a year per 1,000, {percent(f.total('deeds_induced') / max(1, deeds))} "
            f"of them not without the scheme (assumed response); {nobody(f)}"
        )

    return shows


def _press(of: Mapping[str, Figures]) -> str:
    f = of["citizen-score-2020"]
    return (
        f"all rows of part A above; {nobody(f)}; refusals through another sphere {f.interval('spillover')}, through "
        f"friends {f.interval('association')}, speech {f.interval('speech')}, error {f.interval('error')}"
    )


def _variants(of: Mapping[str, Figures]) -> str:
    base = of["citizen-score-2020"]
    said = [
        f"B10 itself: shut out {base.share('restricted_share')}, on a list {base.share('listed_stock', 2)}"
    ]
    for name in VARIANTS:
        f = of[name]
        said.append(
            f"`{name}`: shut out {f.share('restricted_share')}, on a list {f.share('listed_stock', 2)}, "
            f"another sphere {f.share('spillover_share')}, friends {f.share('association_share')}, speech "
            f"{f.share('speech_share')}, error {f.share('error_share')} of denials"
        )
    return "; ".join(said)


ROWS = (
    Row("B1", "unscored", _unscored),
    Row("B2", "credit-bureau", _bureau),
    Row("B3", "sesame-2015", _sesame),
    Row("B4", "rapid-finance-2015", _rapid),
    Row("B5", "defaulter-list-2013", _list),
    Row("B6", "train-conduct-2018", _trains),
    Row("B7", "rongcheng-2014", _points("rongcheng-2014")),
    Row("B8", "osmanthus-2016", _points("osmanthus-2016")),
    Row("B9", "egret-2018", _points("egret-2018")),
    Row("B10", "citizen-score-2020", _press),
    Row("B11", VARIANTS[3], _variants),
)


def part(country: str, citizens: int, seed: int, folder: Path) -> str:
    """Run every regime of the record and return its part of the page."""
    from glasscity import api

    names = [*dict.fromkeys(row.regime for row in ROWS), *VARIANTS]
    of = {}
    for name in dict.fromkeys(names):
        print(f"  {name}", flush=True)
        run = api.run(
            name,
            country=country,
            citizens=citizens,
            seed=seed,
            out=folder / name,
            twin=False,
            report=False,
        )
        of[name] = Figures(run)
    text = HEAD.format(country=country, citizens=citizens, seed=seed)
    for row in ROWS:
        command = f"`glasscity run {row.regime}`"
        text += f"| {row.name} | {row.shows(of)} | {command} | [test_rows.py](../{TESTS}) |\n"
    return text
