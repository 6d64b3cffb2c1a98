"""A loan that fails costs its borrower points: when does lending to more people help them?

``.venv/bin/python examples/delayed_impact.py [--chart outcome.svg]``

Liu, Dean, Rolf, Simchowitz and Hardt, "Delayed Impact of Fair Machine Learning" (2018): who repays
gains 75 points, who defaults loses 150 (lender.yaml beside this file).  So a loan leaves a borrower
where he was, on average, if he repays with chance 150/225 = 2/3.  A lender who wins 1 with a loan
repaid and loses 4 with one that fails lends from a chance of 4/5 on; one who loses 10, from 10/11.
Between 2/3 and the lender's bar a refusal costs the applicant; below 2/3 the loan does.

The two groups and the curve of repayment are made up.  In Glasscity's own month a loan granted
makes no debt, so a run cannot show this; tests/verification/test_v11_delayed_impact.py plants such
a curve and lets the shipped gate decide and the shipped points scheme keep the account.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from glasscity.regime import load_regime

SCORES = np.arange(300, 851)
LENDERS = {"+1/-4": (1, 4), "+1/-10": (1, 10)}
# Share of all people, mean and spread of their scores.
GROUPS = {"the few": (0.12, 530, 70), "the many": (0.88, 630, 80)}


def points_of_rule(file: Path) -> tuple[float, float]:
    """Return what a loan repaid adds to a score, and what a default takes."""
    scheme = load_regime(file).operator.points
    return float(scheme.added["honour"]), float(scheme.taken_once["credit_default"])


def repays(scores: np.ndarray) -> np.ndarray:
    """Return the chance to repay at each score: it rises, and is one half at 540."""
    return 1 / (1 + np.exp(-(scores - 540) / 60))


def people(mean: float, spread: float) -> np.ndarray:
    """Return how a group spreads over the scores, in shares that add to 1."""
    weights = np.exp(-(((SCORES - mean) / spread) ** 2) / 2)
    return weights / weights.sum()


def bar(chance: np.ndarray, gain: float, loss: float) -> int:
    """Return the first place in the scores from which a loan pays on average.

    A chance p pays where p x gain >= (1 - p) x loss: from p = loss / (gain + loss) on.
    """
    return int(np.argmax(chance * (gain + loss) >= loss))


def lent_from(share: np.ndarray, place: int) -> float:
    """Return the share of a group that gets a loan."""
    return float(share[place:].sum())


def moved(share: np.ndarray, chance: np.ndarray, place: int, gain: float, loss: float) -> float:
    """Return by how much a group's mean score moves if all from a place on get a loan.

    The same with a lender's gain and loss is what the lender earns per head.
    """
    return float((share * (chance * gain - (1 - chance) * loss))[place:].sum())


def outcome_curve(share: np.ndarray, chance: np.ndarray, gain: float, loss: float):
    """Return the shares lent to, ascending, and how far the mean score moves at each of them."""
    each = (share * (chance * gain - (1 - chance) * loss))[::-1]
    return np.append(0, share[::-1].cumsum()), np.append(0, each.cumsum())


def as_many(share: np.ndarray, wanted: float) -> int:
    """Return the place from which about a wanted share of a group gets a loan."""
    left = share[::-1].cumsum()[::-1]
    return int(np.argmin(np.abs(left - wanted)))


def draw(curves: dict[str, tuple[np.ndarray, np.ndarray]], file: str) -> None:
    """Write the outcome curves as a picture, PNG or SVG by the file's name."""
    import altair as alt

    rows = [
        {"group": group, "share lent to": float(x), "mean change of score": float(y)}
        for group, curve in curves.items()
        for x, y in zip(*curve, strict=True)
    ]
    lines = alt.Chart(alt.Data(values=rows)).mark_line()
    lines.encode(
        x=alt.X("share lent to:Q", axis=alt.Axis(format="%")),
        y="mean change of score:Q",
        strokeDash="group:N",
        color="group:N",
    ).properties(width=420, height=280).save(file)


def main() -> None:
    parser = argparse.ArgumentParser(description="When lending to more people helps them.")
    parser.add_argument("--chart", metavar="FILE", help="draw the outcome curves (.svg or .png)")
    options = parser.parse_args()

    points = points_of_rule(Path(__file__).with_name("lender.yaml"))
    chance = repays(SCORES)
    shares = {group: people(mean, spread) for group, (_, mean, spread) in GROUPS.items()}

    rules = {}
    for lender, money in LENDERS.items():
        rules[f"lender {lender}"] = dict.fromkeys(GROUPS, bar(chance, *money))
    rules["score-neutral"] = dict.fromkeys(GROUPS, bar(chance, *points))
    at_four = rules["lender +1/-4"]["the many"]
    equal = as_many(shares["the few"], lent_from(shares["the many"], at_four))
    rules["equal shares"] = {"the few": equal, "the many": at_four}

    print("rule            group      from score  repays there   lent to   score moves by")
    for rule, places in rules.items():
        for group, place in places.items():
            lent = lent_from(shares[group], place)
            change = moved(shares[group], chance, place, *points)
            print(
                f"{rule:15} {group:9} {SCORES[place]:11} {chance[place]:13.3f}"
                f" {lent:9.1%} {change:16.1f}"
            )
    print()
    print(
        "rule            " + "  ".join(f"a lender of {lender:6} earns a head" for lender in LENDERS)
    )
    for rule, places in rules.items():
        earned = [
            sum(
                weight * moved(shares[group], chance, places[group], *money)
                for group, (weight, _, _) in GROUPS.items()
            )
            for money in LENDERS.values()
        ]
        print(f"{rule:15} " + "  ".join(f"{each:31.3f}" for each in earned))
    if options.chart:
        curves = {group: outcome_curve(shares[group], chance, *points) for group in GROUPS}
        draw(curves, options.chart)
        print(f"drawn: {options.chart}")


if __name__ == "__main__":
    main()
