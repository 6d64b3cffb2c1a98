"""The same people and the same luck, with and without friends in the score.

``.venv/bin/python examples/without_friends.py``
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import glasscity

MEASURES = ("restricted_share", "denials", "association_share", "tie_assortativity")


def main() -> None:
    scenario = glasscity.Scenario(
        "citizen-score-2020", country="plainland", citizens=5_000, months=72
    )
    worlds = {
        "as written": scenario,
        "half as much": scenario.but(strengths={"friends": 0.5}),
        "without friends": scenario.but(strengths={"friends": 0}),
    }
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, world) in enumerate(worlds.items()):
            run = glasscity.run(world, out=Path(folder) / str(number), twin=False, report=False)
            found = glasscity.numbers(run)["measures"]
            told = (f"{key} {found[key]:.4g}" for key in MEASURES if found[key] is not None)
            print(f"{name:16} {', '.join(told)}")


if __name__ == "__main__":
    main()
