"""What the books of a few whole runs say of two mechanisms that measures alone do not show.

Of the first question: through which breaches the total moves.  Of the third: on whom refusals fall.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

__all__ = ["BOOKS", "books_of"]

# Counts of the cube, and how each is called.
BOOKS = {
    "unwilling_breaches": "breaches by people who could pay and withhold",
    "unable_onsets": "spells of inability that begin",
    "out_of_work": "months out of work",
    "breaches": "breaches of any kind",
}
SEEDS, CITIZENS = (1, 2, 3, 4), 20_000
COMMAND = "glasscity run citizen-score-2020 --country china-2020 --citizens 20000 --seed 1"


def books_of(folder: Path) -> dict[str, Any]:
    """Run what is not there and return, seed by seed, what is looked at."""
    import polars as pl

    import glasscity

    counts: dict[str, list[list[int]]] = {name: [] for name in BOOKS}
    shares: dict[str, list[float]] = {"ever_listed": [], "refused_ever_listed": []}
    digests = []
    for seed in SEEDS:
        path = folder / f"seed-{seed}"
        if not (path / "complete.json").is_file():
            glasscity.run(
                "citizen-score-2020",
                country="china-2020",
                citizens=CITIZENS,
                seed=seed,
                out=path,
                report=False,
            )
        run = glasscity.open_run(path)
        twin = glasscity.open_run(path / "twin")
        digests.append(run.digest)
        for name, rows in counts.items():
            rows.append([int(one.cube(name).sum()) for one in (run, twin)])
        listed = pl.read_parquet(path / "listings.parquet")["citizen"].unique()
        # The register has every refusal with a cause, at this size of everybody.
        refused = pl.read_parquet(path / "denials.parquet").filter(pl.col("rule") == 1)["citizen"]
        shares["ever_listed"].append(len(listed) / CITIZENS)
        fell = int(refused.is_in(listed.implode()).sum())
        shares["refused_ever_listed"].append(fell / len(refused))
    import hashlib

    return {
        "command": COMMAND,
        "digest": hashlib.sha256("".join(digests).encode()).hexdigest(),
        "citizens": CITIZENS,
        "seeds": list(SEEDS),
        "runs": len(SEEDS),
        "failed": 0,
        "counts": counts,
        "shares": {name: [float(f"{x:.6g}") for x in row] for name, row in shares.items()},
    }
