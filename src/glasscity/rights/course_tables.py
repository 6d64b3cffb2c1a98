"""Tables of what takes time: spells, adoption, the months, scores, ranks, the claimed benefit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.rights.definition import BREACH, SCORE, VOICE
from glasscity.rights.definition import GATES as GATE_GRADES
from glasscity.rights.spells import Survival, returns, spells_of
from glasscity.rights.spread import mobility
from glasscity.rights.tabulate import Pair, Rows, Table, share, table
from glasscity.rights.view import View

if TYPE_CHECKING:
    pass

__all__ = ["MAKERS"]

_CURVE = {
    "month": ("months", "months", "length"),
    "surviving": ("still running", "share", "Kaplan-Meier estimate"),
    "at_risk": ("under observation", "count", "at this length"),
    "ended": ("ended", "count", "at this length"),
}


def _curve_rows(curve: Survival) -> Rows:
    lines = zip(curve.months, curve.surviving, curve.at_risk, curve.ended, strict=True)
    start = {"month": 0, "surviving": 1.0 if curve.spells else None, "at_risk": curve.spells}
    found: Rows = [{**start, "ended": 0}]
    for month, alive, risk, ended in lines:
        row = {"month": int(month), "surviving": float(alive), "at_risk": int(risk)}
        found.append({**row, "ended": int(ended)})
    return found


def spells(pair: Pair) -> Table:
    """Return the survival curve of spells of being shut out."""
    rows = _curve_rows(pair.view.once(spells_of).curve())
    about = "Share of spells of being shut out that last longer (left-truncated, right-censored)."
    return table(
        pair.run, "spells", "How long people stay shut out", about, _CURVE, rows, GATE_GRADES
    )


def spell_quantiles(pair: Pair) -> Table:
    """Return quantiles of the spells' lengths and the share shut out again."""
    found = pair.view.once(spells_of)
    curve, again = found.curve(), returns(found, pair.run.months)
    back = again.beyond(12)
    row = {f"q{int(100 * q)}": curve.quantile(q) for q in (0.25, 0.5, 0.75, 0.9)}
    row |= {"spells": curve.spells, "running": int((~found.ended).sum())}
    row |= {"unknown": found.unknown, "again": None if back is None else 1.0 - back}
    columns = {
        "spells": ("spells", "count", "whole run"),
        "running": ("still running", "count", "at the end of the run"),
        "unknown": ("start unknown", "count", "left out"),
        "q25": ("a quarter ended by", "months", ""),
        "q50": ("half ended by", "months", "the median"),
        "q75": ("three quarters ended by", "months", ""),
        "q90": ("nine tenths ended by", "months", ""),
        "again": ("again within a year", "share", "of ended spells"),
    }
    about = "Lengths by Kaplan-Meier; no value where the curve ends before."
    return table(
        pair.run, "spell_quantiles", "Lengths of being shut out", about, columns, [row], GATE_GRADES
    )


def adoption(pair: Pair) -> Table:
    """Return who has a score, month by month."""
    view = pair.view
    people, scored = view.monthly("citizens")[:, 0], view.monthly("enrolled")[:, 0]
    joined = view.monthly("joined")[:, 0]
    rows: Rows = [
        {"month": m, "enrolled": share(scored[m], people[m]), "joined": int(joined[m])}
        for m in range(pair.run.months)
    ]
    columns = {
        "month": ("month", "months", "from the start"),
        "enrolled": ("scored", "share", "of citizens"),
        "joined": ("joined", "count", "citizens who opted in"),
    }
    about = "Adoption: opt-in first, then the mandate."
    return table(pair.run, "adoption", "Who has a score", about, columns, rows, ("regime.rollout",))


def monthly(pair: Pair) -> Table:
    """Return the main stocks and voices month by month, with the twin beside some."""
    view, twin = pair.view, pair.twin
    stocks = {
        "restricted": "restricted",
        "restricted_without_rank": "restricted_without_rank",
        "listed": "listed_any",
        "criticise": "criticise",
        "silent": "silent",
        "praise": "praise",
        "chilled": "chilled",
        "chilled_indirect": "chilled_indirect",
        "chilled_total": "chilled_total",
        "falsified": "falsified",
        "out_of_work": "out_of_work",
        "in_debt": "in_debt",
        "late": "late",
        "displays": "displays",
    }
    sums = {"applications": "applications", "denials": "denials", "breaches": "breaches"}
    people = view.monthly("citizens")[:, 0]
    series = {key: view.monthly(name)[:, 0] for key, name in (stocks | sums).items()}
    other = {
        key: None if twin is None else twin.monthly(name)[:, 0]
        for key, name in (stocks | sums).items()
    }
    rows: Rows = []
    for m in range(pair.run.months):
        row: dict[str, Any] = {"month": m}
        for key, values in series.items():
            whole = people[m] if key in stocks else 1
            row[key] = share(values[m], whole) if key in stocks else int(values[m])
            beside = other[key]
            here = None if beside is None or m >= len(beside) else beside[m]
            row[f"twin_{key}"] = (
                None if here is None else share(here, whole) if key in stocks else int(here)
            )
        for key, praise, criticise in (
            ("visible_consensus", "praise", "criticise"),
            ("private_consensus", "private_praise", "private_criticise"),
            ("shadow_consensus", "shadow_praise", "shadow_criticise"),
        ):
            praised = view.monthly(praise)[m, 0]
            row[key] = share(praised, praised + view.monthly(criticise)[m, 0])
        rows.append(row)
    columns = {"month": ("month", "months", "from the start")}
    for key in series:
        words, unit = key.replace("_", " "), "share" if key in stocks else "count"
        columns[key] = (words, unit, "of citizens" if key in stocks else "this month")
        columns[f"twin_{key}"] = (f"{words}, unscored", unit, "the same in the twin")
    columns["visible_consensus"] = ("approval as seen", "share", "praise of praise and criticism")
    columns["private_consensus"] = ("approval as held", "share", "without fear, reward, conformity")
    columns["shadow_consensus"] = ("approval had nobody feared", "share", "had nobody ever feared")
    about = "The course of the run, month by month."
    return table(pair.run, "monthly", "Month by month", about, columns, rows, VOICE)


def scores(pair: Pair) -> Table:
    """Return the distribution of scores at selected months, in bins of 25 points."""
    histogram = pair.run.extras["score_histogram"]
    scored = histogram[:, 1:].sum(axis=1)
    with_scores = np.flatnonzero(scored)
    rows: Rows = []
    if with_scores.size:
        first, last = int(with_scores[0]), int(with_scores[-1])
        for month in sorted({first, *range(first + 12, last, 24), last}):
            line = histogram[month].copy()
            line[0] = 0
            bins = np.add.reduceat(line, np.arange(0, len(line), 25))
            rows += [
                {
                    "month": month,
                    "from": 25 * at,
                    "to": 25 * at + 24,
                    "citizens": int(count),
                    "share": share(count, scored[month]),
                }
                for at, count in enumerate(bins)
                if count
            ]
    columns = {
        "month": ("month", "months", "from the start"),
        "from": ("from", "points", "lowest score of the bin"),
        "to": ("to", "points", "highest score of the bin"),
        "citizens": ("citizens", "count", ""),
        "share": ("share", "share", "of scored citizens that month"),
    }
    about = "Scores at the first scored month, then every second year, and the last."
    return table(pair.run, "scores", "Distribution of scores", about, columns, rows, SCORE)


def rank_mobility(pair: Pair) -> Table:
    """Return where each tenth of a year ago stands in the last month."""
    moves = mobility(pair.view, 12)
    rows: Rows = []
    if moves is not None:
        matrix = moves.matrix()
        for decile in range(10):
            row: dict[str, Any] = {"decile": decile + 1, "citizens": int(matrix[decile].sum())}
            for to in range(10):
                row[f"d{to + 1}"] = share(matrix[decile, to], matrix[decile].sum())
            rows.append(row)
    columns = {
        "decile": ("tenth a year before", "", "1 = lowest scores"),
        "citizens": ("citizens", "count", "of the panel, scored in both months"),
        **{f"d{d}": (f"now in tenth {d}", "share", "of the row") for d in range(1, 11)},
    }
    about = "Mobility of ranks over the last 12 months; no rows without scores that old."
    return table(pair.run, "rank_mobility", "Who rises, who falls", about, columns, rows, SCORE)


def ties_statistics(pair: Pair) -> Table:
    """Return how many points the ties' scores can move under each statistic of them."""
    rows: Rows = [
        {
            "statistic": str(row["statistic"]).replace("_", " "),
            "used": "yes" if row["used"] else "no",
            "spread": row["spread"],
            "p5": row["p5"],
            "p95": row["p95"],
        }
        for row in pair.run.meta.get("ties_statistics", ())
    ]
    columns = {
        "statistic": ("statistic of the ties' scores", "", ""),
        "used": ("this regime's", "", ""),
        "spread": (
            "standard deviation",
            "points of the score",
            "of the points given, over the scored",
        ),
        "p5": ("5 in 100 get less than", "points of the score", ""),
        "p95": ("5 in 100 get more than", "points of the score", ""),
    }
    about = (
        "Points from the ties' scores in the last month, as given and as two other statistics of "
        "the same ties would have given them: under a plain mean friends are all but mute."
    )
    return table(
        pair.run, "ties_statistics", "What friends' scores can move", about, columns, rows, SCORE
    )


def benefit(pair: Pair) -> Table:
    """Return the claimed benefit, run against twin."""
    names = {
        "breaches": ("breaches", "count"),
        "unwilling_breaches": ("unwilling breaches", "count"),
        "unwilling_onsets": ("spells of unwillingness", "count"),
        "unable_onsets": ("spells of inability", "count"),
        "slips": ("slips", "count"),
        "suits": ("suits", "count"),
        "orders": ("court orders", "count"),
        "repaid": ("withheld debts repaid", "count"),
        "months_unpaid": ("instalments not paid", "count"),
        "months_due": ("instalments due", "count"),
        "written_off": ("debts written off", "count"),
    }

    def count(view: View, name: str) -> int:
        parts = ("repaid_listed", "repaid_unlisted") if name == "repaid" else (name,)
        return sum(int(view.total(part)[0]) for part in parts)

    rows: Rows = []
    for name, (title, unit) in names.items():
        value = count(pair.view, name)
        other = None if pair.twin is None else count(pair.twin, name)
        gap = None if other is None else value - other
        rows.append(
            {
                "what": title,
                "unit": unit,
                "value": value,
                "twin": other,
                "difference": gap,
                "change": None if gap is None or not other else gap / other,
            }
        )
    columns = {
        "what": ("what", "", ""),
        "unit": ("unit", "", ""),
        "value": ("this world", "count", "whole run"),
        "twin": ("unscored", "count", "whole run"),
        "difference": ("difference", "count", "this world less unscored"),
        "change": ("change", "share", "of unscored"),
    }
    about = "A climate in which keeping trust is glorious: what changed against the unscored world."
    return table(pair.run, "benefit", "The claimed benefit", about, columns, rows, BREACH)


MAKERS: tuple[Callable[[Pair], Table], ...] = (
    spells,
    spell_quantiles,
    adoption,
    monthly,
    scores,
    rank_mobility,
    ties_statistics,
    benefit,
)
