"""Who gains and who loses when a credit bureau takes the score's place, and through what.

``.venv/bin/python examples/winners_and_losers.py``
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import glasscity


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        pair = glasscity.pair(
            "citizen-score-2020",
            "credit-bureau",
            country="plainland",
            citizens=5_000,
            months=72,
            out=Path(folder) / "pair",
            report=False,
            variance_seeds=0,
        )
    (one,) = pair.comparisons
    months = one["people"]["months_shut_out"]
    for income, row in months["by_group"]["quintile"].items():
        print(f"income {income}: {row['better']:5} better, {row['worse']:5} worse of {row['of']:,}")
    for cause, row in one["denials"]["by_cause"].items():
        low, high = row["vanished_lower"], row["vanished_upper"]
        print(f"{low:5} to {high:5} of the refusals that vanish are through {cause}")
    if pair.placebo is not None:
        print(f"one late payment changes {pair.placebo['changed_citizens']} lives")


if __name__ == "__main__":
    main()
