"""Load every country, behaviour, regime and target of the catalogue and print what is wrong.

``python tools/check_catalogue.py`` prints one line a problem and exits 1 if there is one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from glasscity.behaviour import load_behaviour, matched
from glasscity.country import load_country
from glasscity.errors import GlasscityError
from glasscity.regime import load_regime
from glasscity.rights.article5.relation import load_coding
from glasscity.study.targets import load_targets

CATALOGUE = Path(__file__).resolve().parent.parent / "src" / "glasscity" / "catalogue"

# kind, files, how one is loaded
SHELVES: list[tuple[str, str, Callable[[Path], object]]] = [
    ("country", "countries/*/country.yaml", lambda file: load_country(file.parent)),
    ("behaviour", "behaviours/*.yaml", load_behaviour),
    ("regime", "regimes/*.yaml", load_regime),
    ("targets", "targets.yaml", load_targets),
    ("matched vectors", "matched/vectors.csv", lambda _: matched()),
    ("Article 5 codings", "article5/coding-*.yaml", load_coding),
]


def main() -> int:
    problems = 0
    for kind, pattern, load in SHELVES:
        files = sorted(CATALOGUE.glob(pattern))
        if not files:
            problems += 1
            print(f"catalogue: no {kind} found under {pattern}")
        for file in files:
            try:
                load(file)
            except (GlasscityError, ValueError) as error:
                problems += 1
                print(error)
        print(f"catalogue: {len(files)} of kind {kind} read", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
