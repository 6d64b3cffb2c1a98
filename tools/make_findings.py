"""Make docs/findings.md, its data and its pictures from the ensembles of examples/findings.

``python tools/make_findings.py --measure`` runs every study that is not finished (``--folder`` says
where; a stopped command goes on) and keeps what the page needs in docs/findings.json; without it
the page and its pictures are made from what is kept.  ``--only NAMES`` measures some.  ``--check``
says whether page and pictures are current.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import textwrap
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import findings_exclusion
import findings_honesty
import findings_safeguards
import findings_systems
from findings_books import DATES, books_of
from findings_charts import mark, svg
from findings_data import kept_of
from findings_frame import HEAD, TAIL
from findings_words import NOTHING
from glasscity._version import MODEL_VERSION

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
KEPT = DOCS / "findings.json"
PAGE = DOCS / "findings.md"
IMAGES = DOCS / "images"
README = ROOT / "README.md"
BEGIN, END = "<!-- Findings: made by tools/make_findings.py. -->", "<!-- End of findings. -->"
STUDIES = (
    "honesty",
    "luck",
    "in-force",
    "mechanisms",
    "causes",
    "everywhere",
    "record",
    "assumptions",
)
# The frontier has a command of its own and no file.
FRONTIER = {"citizens": 4000, "trials": 18, "fresh": 4, "vectors": 8}

Kept = dict[str, Any]
Section = Callable[[Kept], tuple[str, dict[str, Any]]]
SECTIONS: tuple[Section, ...] = (
    findings_honesty.section,
    findings_exclusion.causes,
    findings_exclusion.everywhere,
    findings_safeguards.safeguards,
    findings_systems.record,
    findings_systems.assumptions,
)


def frontier_command() -> str:
    """Return the command behind the fourth question."""
    from glasscity.terms import SAFEGUARDS

    levers = " ".join(f"--lever {one}" for one in SAFEGUARDS)
    sizes = " ".join(f"--{name} {value}" for name, value in FRONTIER.items())
    return f"glasscity frontier citizen-score-2020 --country china-2020 {sizes} {levers}"


def measure(kept: Kept, folder: Path, names: list[str], jobs: int | None) -> None:
    """Run what is not finished, study by study, and keep it at once."""
    from glasscity.study.ensemble import run_study

    for name in names:
        if name == "frontier":
            found = _frontier(folder / name, jobs)
        elif name in DATES:
            found = books_of(folder / name, DATES[name])
        else:
            file = f"examples/findings/{name}.yaml"
            run_study(
                file,
                out=folder / name,
                store=folder / "store",
                workers=jobs,
                progress=lambda done, total, name=name: _show(name, done, total),
            )
            found = kept_of(folder / name, file)
        kept.setdefault("studies", {})[name] = found
        kept |= {"model": MODEL_VERSION, "date": date.today().isoformat()}
        KEPT.write_text(_text(kept), encoding="utf-8")
        sys.stderr.write(f"{name}: {found['runs']} runs, digest {found['digest'][:16]}\n")


def _show(what: str, done: int, total: int) -> None:
    sys.stderr.write(f"\r{what}: {done} of {total} worlds" + ("\n" if done == total else ""))


def _frontier(folder: Path, jobs: int | None) -> Kept:
    from glasscity import Scenario
    from glasscity.study.frontier import Sizes, frontier
    from glasscity.terms import SAFEGUARDS

    sizes = {name: value for name, value in FRONTIER.items() if name != "citizens"}
    scenario = Scenario("citizen-score-2020", country="china-2020", citizens=FRONTIER["citizens"])
    found = frontier(
        scenario, folder, sizes=Sizes(**sizes), names=SAFEGUARDS, workers=jobs, show=_show
    )
    wanted = ("digest", "citizens", "months", "seed", "first", "idle", "smallest", "sizes_tried")
    kept = {name: found[name] for name in wanted}
    worlds = [one["kind"] for one in found["worlds_of_confirmation"]]
    return {
        **kept,
        "command": frontier_command(),
        "runs": found["worlds"],
        "failed": len(found["failed"]),
        "fresh": worlds.count("fresh"),
        "vectors": worlds.count("matched"),
        "reduce": found["reduce"],
        "of": found["of"],
        "goals": found["goals"],
        "worth": found["worth"],
    }


def _text(kept: Kept) -> str:
    """Return the data as JSON in which the numbers of a regime take one line."""
    lines: list[str] = []

    def numbers(match: re.Match[str]) -> str:
        lines.append(" ".join(match[0].split()))
        return json.dumps(f"line {len(lines) - 1}")

    text = json.dumps(kept, indent=1, ensure_ascii=False, allow_nan=False)
    text = re.sub(r"\[\s*(?:\[[\d\s.,e+-]|null)[\[\]\d\s.,e+nul-]*?\]\s*\]", numbers, text)
    text = re.sub(r'"line (\d+)"', lambda m: lines[int(m[1])], text)
    return text + "\n"


def page() -> tuple[str, dict[str, Any]]:
    """Return the page, and the specifications of its pictures by file name."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    parts, pictures = [], {}
    for one in SECTIONS:
        text, charts = one(kept["studies"])
        parts.append(text)
        pictures |= charts
    return HEAD.format(nothing=NOTHING, **_about(kept)) + "\n".join(parts) + TAIL.format(
        assumed=_assumed()
    ), pictures


def readme() -> str:
    """Return the README with the three sentences that the data give today."""
    studies = json.loads(KEPT.read_text(encoding="utf-8"))["studies"]
    first, third = findings_honesty.headlines(studies)
    told = [first, findings_exclusion.headline(studies), third]
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    lines = [textwrap.fill(f"- {one}", 118, subsequent_indent="  ") for one in told]
    return f"{before}{BEGIN}\n\n" + "\n".join(lines) + f"\n\n{END}{after}"


def stale() -> list[str]:
    """Return the files that are not what the data make."""
    text, pictures = page()
    found = [] if PAGE.read_text(encoding="utf-8") == text else [PAGE.name]
    if README.read_text(encoding="utf-8") != readme():
        found.append(README.name)
    for name, spec in pictures.items():
        file = IMAGES / name
        if not file.is_file() or mark(spec) not in file.read_text(encoding="utf-8"):
            found.append(name)
    return found


def _assumed() -> float:
    """Return how many per cent of the values of the press's scenario are of grade D."""
    kept = json.loads((DOCS / "evidence.json").read_text(encoding="utf-8"))
    (row,) = (one for one in kept["grades"] if one["entry"] == "regime citizen-score-2020")
    return 100 * row["D"]


def _about(kept: Kept) -> dict[str, Any]:
    runs = sum(one["runs"] for one in kept["studies"].values())
    return {"model": kept["model"], "date": kept["date"], "runs": f"{runs:,}"}


def main() -> None:
    """Measure what is asked for, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--only", metavar="NAMES")
    parser.add_argument("--folder", type=Path, default=ROOT / "studies" / "findings")
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.measure:
        names = options.only.split(",") if options.only else [*STUDIES, "frontier", *DATES]
        kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
        measure(kept, options.folder, names, options.jobs)
    if options.check:
        if old := stale():
            raise SystemExit(f"not current: {', '.join(old)}; run python tools/make_findings.py")
        return
    text, pictures = page()
    PAGE.write_text(text, encoding="utf-8")
    README.write_text(readme(), encoding="utf-8")
    for name, spec in pictures.items():
        (IMAGES / name).write_text(svg(spec), encoding="utf-8")


if __name__ == "__main__":
    main()
