"""What the books of a few whole runs say of two mechanisms that measures alone do not show.

Of the first question: through which breaches the total moves.  Of the third: on whom refusals fall.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from findings_words import number
from glasscity.study.intervals import over_seeds

__all__ = ["BOOKS", "DATES", "books_of", "changed"]

# Counts of the cube, and how each is called.
BOOKS = {
    "unwilling_breaches": "breaches by people who could pay and withhold",
    "unable_onsets": "spells of inability that begin",
    "out_of_work": "months out of work",
    "breaches": "breaches of any kind",
}
SEEDS, CITIZENS = (1, 2, 3, 4), 20_000
COMMAND = "glasscity run citizen-score-2020 --country china-2020 --citizens 20000 --seed 1"
SHARES = ("ever_listed", "for_conduct", "refused_ever_listed")
# The press's dates, and everything in force from the first month on.
DATES = {"books": ("2014-06", 84), "books-in-force": ("2020-01", 60)}


def books_of(folder: Path, dates: tuple[str, int]) -> dict[str, Any]:
    """Run what is not there and return, seed by seed, what is looked at."""
    start, months = dates
    folder.mkdir(parents=True, exist_ok=True)
    import polars as pl

    import glasscity

    counts: dict[str, list[list[int]]] = {name: [] for name in BOOKS}
    shares: dict[str, list[float]] = {name: [] for name in SHARES}
    digests = []
    for seed in SEEDS:
        path = folder / f"seed-{seed}"
        if not (path / "complete.json").is_file():
            glasscity.run(
                "citizen-score-2020",
                country="china-2020",
                citizens=CITIZENS,
                seed=seed,
                start=start,
                months=months,
                out=path,
                report=False,
            )
        run = glasscity.open_run(path)
        twin = glasscity.open_run(path / "twin")
        digests.append(run.digest)
        for name, rows in counts.items():
            rows.append([int(one.cube(name).sum()) for one in (run, twin)])
        entries = pl.read_parquet(path / "listings.parquet")
        listed = entries["citizen"].unique()
        # Lists go by sphere in the register; that of society is the conduct list.
        conduct = entries.filter(pl.col("list") == "society")["citizen"].n_unique()
        shares["for_conduct"].append(conduct / len(listed))
        # The register has every refusal with a cause, at this size of everybody.
        refused = pl.read_parquet(path / "denials.parquet").filter(pl.col("rule") == 1)["citizen"]
        shares["ever_listed"].append(len(listed) / CITIZENS)
        fell = int(refused.is_in(listed.implode()).sum())
        shares["refused_ever_listed"].append(fell / len(refused))
    return {
        "command": f"{COMMAND} --start {start} --months {months}",
        "digest": hashlib.sha256("".join(digests).encode()).hexdigest(),
        "citizens": CITIZENS,
        "seeds": list(SEEDS),
        "runs": len(SEEDS),
        "failed": 0,
        "counts": counts,
        "shares": {name: [float(f"{x:.6g}") for x in row] for name, row in shares.items()},
    }


def changed(books: dict[str, Any], names: Iterable[str] = BOOKS) -> str:
    """Return what moves between the score and nobody scored, count by count, in per cent."""
    told = []
    for name in names:
        gaps = [100 * (one / other - 1) for one, other in books["counts"][name]]
        luck = over_seeds(gaps)
        half = luck["estimate"] - luck["low"]
        amount = number(luck["estimate"], half, signed=True)
        told.append(f"{BOOKS[name]} change by {amount} ± {number(half, half)} %")
    return "; ".join(told)
