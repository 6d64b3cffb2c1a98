"""A small pair and a small study that really ran: months around the mandate, in plainland."""

from __future__ import annotations

PAIR = {
    "country": "plainland",
    "citizens": 1_500,
    "months": 30,
    "start": "2019-06",
    "seed": 11,
}
STUDY = {
    "name": "small",
    "title": "A small study",
    "question": "Does it matter?",
    "base": {"country": "plainland", "citizens": 500, "months": 14, "start": "2019-06"},
    "axes": {
        "seeds": {"count": 3, "first": 1},
        "regimes": ["unscored", "citizen-score-2020"],
        "vectors": {"named": ["central", "critic"]},
    },
}


def small_pair(folder):
    """Run the small pair, without a report; return it."""
    import glasscity

    return glasscity.pair(
        "citizen-score-2020",
        "credit-bureau",
        out=folder,
        report=False,
        threads=1,
        variance_seeds=3,
        **PAIR,
    )


def small_study(folder):
    """Run the small study; return it."""
    import glasscity

    return glasscity.run_study(STUDY, out=folder, workers=1)
