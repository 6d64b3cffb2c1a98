"""Who is shut out, by income and by opinion, and through which gates.

``.venv/bin/python examples/who_is_hit.py [RUN_FOLDER]``
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import glasscity
from glasscity.rights import measures


def show(run: glasscity.Run) -> None:
    for grouping in ("quintile", "camp"):
        for group, found in measures(run, by=grouping).items():
            print(f"{group:12} shut out {found['restricted_share']:.2%}")
    closed = run.cube("closed", "gate", month=run.months - 1)
    for gate, citizens in zip(closed["gate"].values, closed.values, strict=True):
        if citizens:
            print(f"{gate:16} closed to {citizens / run.citizens:.2%}")


def main() -> None:
    if len(sys.argv) > 1:
        show(glasscity.open_run(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        show(glasscity.run(country="plainland", citizens=5_000, out=out, report=False))


if __name__ == "__main__":
    main()
