"""Make docs/scale.md: which measures stop moving at which size, and what the ties cost in likeness.

`--measure [SIZES]` runs the worlds first (for example `--measure 1e4,1e5,1e6`) and keeps what they
gave in docs/scale.json, size by size; without it the page is made from what is kept.  `--ties` counts
the ties of a million citizens beside an explicit graph.  `--check` says whether the page is current.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from glasscity._version import MODEL_VERSION

DOCS = Path(__file__).parents[1] / "docs"
KEPT = DOCS / "scale.json"
PAGE = DOCS / "scale.md"
REGIME = "citizen-score-2020"
SEEDS = {4: 8, 5: 5, 6: 3, 7: 1}  # by the power of ten of the size

# Measure, and why its size matters.
MEASURES = {
    "restricted_share": "set by cut-offs",
    "restricted_months_per_citizen": "set by cut-offs",
    "listed_stock": "rare",
    "wrongly_listed_share": "a share of what is rare",
    "spillover_share": "a share of refusals",
    "association_share": "friends: far ties",
    "speech_share": "friends: far ties",
    "error_share": "a share of refusals",
    "chilled_share": "spreads over ties",
    "visible_consensus": "spreads over ties",
    "private_consensus": "",
    "unwilling_breaches_per_1000": "rare",
    "score_gini": "",
    "tie_assortativity": "far ties",
    "bottom_decile_escape": "a tail",
    "largest_province_restricted": "Guangdong",
    "smallest_province_restricted": "Tibet: 2.6 citizens in 1,000",
}

HEAD = """# How large must a society be?

This page is made by `python tools/make_scale.py`; do not edit it.

A society of any size is a sample of the same pack: the same shares, the same ties a citizen, the same rules. What size
buys is precision, and people who are rare. The table says which measures of `{regime}` (84 months, model version
{model}) have stopped moving, and how far they scatter from seed to seed at each size. Nothing here says that the model
is right: a figure that does not move with size is no truer for it.

## Measures by size

Mean over seeds ± standard deviation from seed to seed. **settled from** is the first size whose mean cannot be told from
that of any larger size measured: within twice the standard error of the difference, or within half a percent.

"""

ADVICE = """
## What needs which size

- **A few thousand to 100,000** is enough for every national share above that is not a share of something rare. A pair
  of runs on the same luck sees differences far smaller than the scatter above.
- **A million** settles what is rare in the nation: wrongly listed people, refusals through friends or speech, the
  escape from the bottom tenth; and most provinces.
- **Ten million and more** is for small provinces by group (Tibet has 2.6 citizens in 1,000, and of these a fifth are in
  the lowest quintile), for rare occupations, and for tails of durations.
- **The nation** (`--everyone`, `--citizens 1.3e9`) adds no precision that a question here needs. What it could show is
  that nothing appears at that size that is not there at a million, a cascade for instance. It has been run for four
  months only, to measure time and memory; its measures have not been compared.

Two rows want a word. `restricted_months_per_citizen` still rises with size: the burn-in ends when arrears drift by less
than their noise, so it lasts longer in a large society (72 to 181 months here), and arrears go on rising slowly
meanwhile; that this is the whole reason was not tested. `bottom_decile_escape` is read off a panel of about 16,000
citizens from 131,072 citizens on, so its scatter does not fall any further.

Above ten million citizens refusals are attributed, and people described, for one citizen in 129 or fewer; above 134
million (2^27) registers of spells and listings hold the same panel, the start is drawn from a burned-in society of two
million and burned in for {sampled} more months, and the unscored twin is a run of its own.
"""


def measured(citizens: int, seed: int) -> dict[str, float | None]:
    """Run a world and return its measures."""
    import glasscity
    from glasscity.rights.view import View

    with tempfile.TemporaryDirectory() as folder:
        run = glasscity.run(
            REGIME, citizens=citizens, seed=seed, out=Path(folder) / "run", twin=False, report=False
        )
        found: dict[str, Any] = glasscity.numbers(run)["measures"]
        values = {name: found[name] for name in MEASURES if name in found}
        values["unwilling_breaches_per_1000"] = 1000 * found["unwilling_breaches"] / citizens
        view = View(run, "province")
        people, shut = view.citizens, view.last("restricted")
        shares = dict(zip(view.names, shut / people.clip(1), strict=True))
        values["largest_province_restricted"] = float(shares["Guangdong"])
        values["smallest_province_restricted"] = (
            float(shares["Tibet"]) if people[view.names.index("Tibet")] else None
        )
    return values


def measure(kept: dict[str, Any], sizes: list[int]) -> None:
    """Run what is not kept, size by size, and keep it at once."""
    for size in sizes:
        worlds = kept["worlds"].setdefault(str(size), {})
        for seed in range(1, 1 + SEEDS.get(round(math.log10(size)), 1)):
            if str(seed) in worlds:
                continue
            began = time.perf_counter()
            worlds[str(seed)] = measured(size, seed)
            seconds = time.perf_counter() - began
            sys.stderr.write(f"{size:,} citizens, seed {seed}: {seconds:.0f} s\n")
            kept |= {"model": MODEL_VERSION, "date": date.today().isoformat()}
            kept["machine"] = f"{platform.system()} {platform.machine()}"
            KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def ties(citizens: int = 1_000_000) -> dict[str, Any]:
    """Count a society's ties, and those of an explicit graph with the same people.

    The graph keeps household, workplace and neighbourhood, and gives every far tie a partner drawn
    by itself: among all who have as many far ties to give, in the same province where the slot
    keeps to it, from the same fifth of incomes as the tie's own end has in the society.  Widths are
    how many neighbours in a row share a corridor: 64, as built, and 1, the graph.
    """
    import numpy as np

    from glasscity.country import load_country
    from glasscity.society import build_society
    from glasscity.society.survey import clustering, ties_of

    society = build_society(load_country("china-2020"), citizens, 1)
    ends = [
        (kind, one, two)
        for kind, one, two in ties_of(society, np.arange(len(society.wiring.segment_first)))
    ]
    near = [(one, two) for kind, one, two in ends if kind < 3]
    far_one = np.concatenate([one for kind, one, _ in ends if kind >= 3])
    far_two = np.concatenate([two for kind, _, two in ends if kind >= 3])
    once = far_one < far_two
    one, two = far_one[once], far_two[once]
    province = (
        np.searchsorted(
            society.cells[:, 0] + society.cells[:, 1], np.arange(citizens), side="right"
        )
        // 2
    )
    quintile = (society.traits.income.astype(np.int64) * 5) >> 8
    # Stubs change partners among ties whose second ends are alike.
    local = province[one] == province[two]
    kind = np.where(local, province[two] + 1, 0) * 5 + quintile[two]
    luck = np.random.default_rng(1)
    order = np.lexsort((luck.random(len(kind)), kind))
    plain = np.argsort(kind, kind="stable")
    other = np.empty_like(two)
    other[plain] = two[order]
    graphs = {
        "corridors of 64, from the identifier": (one, two),
        "explicit graph": (one, other),
    }
    rows = []
    near_degree = np.zeros(citizens, np.int64)
    for a, _ in near:
        near_degree += np.bincount(a, minlength=citizens)
    share, _ = clustering(society, sample=5_000)
    for name, (a, b) in graphs.items():
        good = a != b
        a, b = a[good], b[good]
        far = np.bincount(a, minlength=citizens) + np.bincount(b, minlength=citizens)
        degree = near_degree + far
        ids = np.concatenate([a, b])
        partners = np.concatenate([b, a])
        row: dict[str, Any] = {"graph": name}
        row["mean_far"], row["sd_far"] = float(far.mean()), float(far.std())
        row["mean"], row["sd"] = float(degree.mean()), float(degree.std())
        for trait in ("income", "opinion", "conscience"):
            values = getattr(society.traits, trait).astype(float)
            row[f"like_{trait}"] = float(np.corrcoef(values[ids], values[partners])[0, 1])
        row["assortativity"] = float(np.corrcoef(degree[ids], degree[partners])[0, 1])
        # Whether a neighbour's far ties lead where one's own do.
        where = partners // 64
        key = ids // 64 * (citizens // 64 + 1) + where
        _, number = np.unique(key, return_counts=True)
        row["together"] = float((number * (number - 1)).sum() / number.sum())
        pairs = np.unique(np.minimum(ids, partners) * citizens + np.maximum(ids, partners))
        row["double"] = 1 - len(pairs) / (len(ids) / 2)
        rows.append(row)
    return {"citizens": citizens, "clustering": share, "rows": rows}


def _settled(sizes: list[int], found: dict[int, list[float]]) -> str:
    """Return the first size from which on nothing moves, in words."""
    if len(sizes) < 2:
        return ""
    for k, size in enumerate(sizes[:-1]):
        own = found[size]
        fits = True
        for larger in sizes[k + 1 :]:
            other = found[larger]
            spread = statistics.stdev(own) if len(own) > 1 else 0.0
            wide = statistics.stdev(other) if len(other) > 1 else spread / 3
            error = math.sqrt(spread**2 / len(own) + wide**2 / len(other))
            gap = abs(statistics.mean(own) - statistics.mean(other))
            fits = fits and gap <= max(2 * error, 0.005 * abs(statistics.mean(other)))
        if fits:
            return f"{size:,}"
    return "not yet"


def page() -> str:
    """Return the page."""
    from glasscity.engine.opening import SAMPLED_MONTHS

    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    sizes = sorted(int(size) for size in kept["worlds"])
    head = "".join(f" {size:,} ({len(kept['worlds'][str(size)])}) |" for size in sizes)
    lines = [
        HEAD.format(regime=REGIME, model=kept["model"]),
        f"| measure |{head} settled from | why size matters |\n",
        "|---|" + "---|" * (len(sizes) + 2) + "\n",
    ]
    for name, why in MEASURES.items():
        found: dict[int, list[float]] = {}
        for size in sizes:
            values = [world.get(name) for world in kept["worlds"][str(size)].values()]
            found[size] = [value for value in values if value is not None]
        cells = "".join(f" {_told(found[size])} |" for size in sizes)
        there = [size for size in sizes if found[size]]
        lines.append(f"| `{name}` |{cells} {_settled(there, found)} | {why} |\n")
    lines.append(
        f"\nIn brackets the number of seeds. Measured on {kept['date']} ({kept['machine']}) by "
        "`python tools/make_scale.py --measure "
        + ",".join(f"1e{round(math.log10(size))}" for size in sizes)
        + "`.\n"
    )
    lines.append(ADVICE.format(sampled=SAMPLED_MONTHS))
    if "ties" in kept:
        lines += _ties_page(kept["ties"])
    if "nation" in kept:
        lines += _nation_page(kept["nation"])
    return "".join(lines)


def _told(values: list[float]) -> str:
    if not values:
        return ""
    mean = statistics.mean(values)
    if len(values) == 1:
        return f"{mean:.4g}"
    return f"{mean:.4g} ± {statistics.stdev(values):.2g}"


def _ties_page(found: dict[str, Any]) -> list[str]:
    names = {
        "mean": "ties a citizen",
        "sd": "their standard deviation",
        "mean_far": "far ties a citizen",
        "sd_far": "their standard deviation",
        "like_income": "likeness of income across far ties",
        "like_opinion": "likeness of opinion across far ties",
        "like_conscience": "likeness of conscience across far ties",
        "assortativity": "degree assortativity of far ties",
        "together": "other far ties from one's own neighbourhood to the same one",
        "double": "far ties that are there twice",
    }
    lines = [
        "\n## Ties from the identifier beside an explicit graph\n\n",
        "Nobody's acquaintances are stored: a far tie follows from two neighbourhoods of 64 that are paired, and its ",
        "partner from a shuffle of their places (a *corridor*). Beside it stands an explicit graph of the same "
        f"{found['citizens']:,} citizens, in which every far tie has a partner of its own, alike in province and fifth "
        "of incomes, and no corridor.\n\n",
        "| |" + "".join(f" {row['graph']} |" for row in found["rows"]) + "\n",
        "|---|" + "---|" * len(found["rows"]) + "\n",
    ]
    for name, title in names.items():
        lines.append(
            f"| {title} |" + "".join(f" {row[name]:.3f} |" for row in found["rows"]) + "\n"
        )
    lines.append(
        f"\nLocal clustering of the society is {found['clustering']:.3f}; that of the graph was not counted. Degrees are the same by construction. What differs is the last but one row: in a corridor the far "
        "ties of neighbours lead to the same place, so what spreads along far ties reaches a neighbourhood from fewer "
        "places at once. No stage of the month asks for it: a citizen sees faces, not where they live. Made by "
        "`python tools/make_scale.py --ties`.\n"
    )
    return lines


def _nation_page(found: dict[str, Any]) -> list[str]:
    lines = [
        "\n## A nation on one small machine\n\n",
        found["about"] + "\n\n",
        "| | |\n|---|---|\n",
    ]
    lines += [f"| {name} | {value} |\n" for name, value in found["rows"]]
    lines.append("\n" + found["note"] + "\n")
    return lines


def main() -> None:
    """Measure what is asked for, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", metavar="SIZES")
    parser.add_argument("--ties", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {"worlds": {}}
    if options.measure:
        measure(kept, [round(float(size)) for size in options.measure.split(",")])
    if options.ties:
        kept["ties"] = ties()
        KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    made = page()
    if options.check:
        if PAGE.read_text(encoding="utf-8") != made:
            raise SystemExit("docs/scale.md is not current: run python tools/make_scale.py")
        return
    PAGE.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
