"""Write the measured part of docs/performance.md, and its picture, from docs/performance.json.

``python tools/make_performance.py`` rewrites what stands between the two marks of the page and
docs/images/performance.svg; with ``--check`` it only says whether both are current, and exits 1 if
they are not.  The figures come from ``benchmarks/bench.py``; ``make bench`` runs both.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
RESULTS = ROOT / "docs" / "performance.json"
PICTURE = ROOT / "docs" / "images" / "performance.svg"
FROM = "<!-- Made by tools/make_performance.py from performance.json, to the next mark. -->"
TO = "<!-- End of what is made from performance.json. -->"

# Raised where `picture` draws otherwise, so that the kept one is drawn anew.
_DRAWING = 2

Case = dict[str, Any]
# In the order of the table: what each peer is.
PEERS = {
    "glasscity": "Glasscity, its whole month through country, behaviour and rule files",
    "numpy": "plain NumPy",
    "numpy-record": "plain NumPy, Glasscity's form of the task",
    "mesa": "Mesa, an object a citizen",
    "mesa-frames": "mesa-frames, Polars",
    "starsim": "Starsim, shared luck on",
    "vivarium": "Vivarium, shared luck on",
    "numba": "a straight Numba loop: a bound, not a peer",
}


def main(arguments: list[str]) -> int:
    made = page()
    digest = fingerprint()
    if "--check" in arguments:
        current = PAGE.read_text(encoding="utf-8") == made and digest in _kept_picture()
        if not current:
            print("docs/performance.md is not what performance.json says: run this tool")
        return 0 if current else 1
    PAGE.write_text(made, encoding="utf-8")
    if digest not in _kept_picture():
        PICTURE.write_text(picture(digest), encoding="utf-8")
    return 0


def fingerprint() -> str:
    """Return a digest of what the picture shows, kept in the picture itself."""
    drawn = [_DRAWING, points()]
    return hashlib.sha256(json.dumps(drawn, sort_keys=True).encode()).hexdigest()[:16]


def _kept_picture() -> str:
    return PICTURE.read_text(encoding="utf-8") if PICTURE.is_file() else ""


def results() -> list[Case]:
    return list(json.loads(RESULTS.read_text(encoding="utf-8"))["cases"].values())


def page() -> str:
    """Return the page with its measured part made anew."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(FROM)
    _, _, after = rest.partition(TO)
    return before + FROM + "\n\n" + measured() + "\n" + TO + after


def measured() -> str:
    """Return the measured part of the page."""
    cases = results()
    machines = Machines()
    parts = [
        _months(of(cases, "month"), machines),
        "![Processor seconds a month by number of citizens](images/performance.svg)\n",
        _bounds(of(cases, "bound"), machines),
        _peers(of(cases, "peer"), machines),
        _others(cases, machines),
    ]
    return "\n".join([*(part for part in parts if part), machines.text()])


def of(cases: Iterable[Case], kind: str) -> list[Case]:
    """Return the cases of a kind that have a number of citizens, the smaller ones first."""
    found = [case for case in cases if case["case"] == kind]
    return sorted(found, key=lambda case: (case["citizens"], case.get("threads", 1)))


class Machines:
    """Where the cases were measured, each with a letter."""

    def __init__(self) -> None:
        self.known: dict[tuple, tuple[str, list[float]]] = {}

    def letter(self, case: Case) -> str:
        """Return the letter of a case's machine and day."""
        machine = case["measured"]
        what = tuple(sorted((k, str(v)) for k, v in machine.items() if k != "load"))
        if what not in self.known:
            self.known[what] = chr(ord("a") + len(self.known)), []
        letter, loads = self.known[what]
        if machine.get("load") is not None:
            loads.append(machine["load"])
        return letter

    def text(self) -> str:
        """Return a line for each."""
        lines = ["**Where and when.**"]
        for what, (letter, loads) in self.known.items():
            m = dict(what)
            load = f", others' and own load {min(loads):g} to {max(loads):g}" if loads else ""
            if loads and max(loads) > 2 * int(m["cores"]):
                load += " (others had most of the machine: of these figures, trust processor time)"
            lines.append(
                f"({letter}) {m['date']}: {m['processor']}, {m['cores']} cores,"
                f" {int(m['memory_bytes']) / 1e9:.0f} GB, {m['system']}, Python {m['python']},"
                f" numpy {m['numpy']}, numba {m['numba']}, llvmlite {m['llvmlite']}; Glasscity"
                f" {m['glasscity']}, model version {m['model']}{load}."
            )
        return "\n".join(lines) + "\n"


def _table(head: str, rows: list[list[str]]) -> str:
    columns = head.count("|") - 1
    lines = [head, "|" + "---|" * columns]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def _months(cases: list[Case], machines: Machines) -> str:
    if not cases:
        return ""
    rows = [
        [
            f"{case['citizens']:,}",
            str(case["threads"]),
            case["attribution"] if case["attribution"] == "every denial" else "1 in 129 citizens",
            f"{case['window'][0]} to {case['window'][1]}",
            number(case["cpu_ns"]),
            f"{number(case['cpu_ns_before'])}, {number(case['cpu_ns_penalties'])}",
            f"{case['rate'] / 1e6:.2f}",
            number(case["bytes_per_citizen"], 1),
            f"{case['peak_bytes'] / 1e9:.1f}",
            machines.letter(case),
        ]
        for case in cases
    ]
    head = (
        "| citizens | threads | attributed | months | ns a citizen-month | before, with penalties |"
        " million citizen-months a second | bytes a citizen | peak GB | |"
    )
    return (
        "### The full month of `citizen-score-2020`\n\n"
        "Nanoseconds are of processor time, all threads together; citizen-months a second are by"
        " the wall. Months 0 to 83 are a whole run, with the mandate and the penalties in month 67;"
        " fewer lie around it. Burn-in, kernels and society are not in it; the state's hash and the"
        " taking up of all counts are. The peak is the measuring process's, with a second copy of"
        " the state where there is room for one.\n\n" + _table(head, rows)
    )


def _bounds(cases: list[Case], machines: Machines) -> str:
    if not cases:
        return ""
    rows = [
        [
            f"{case['citizens']:,}",
            str(case["threads"]),
            number(case["month_cpu_ns"]),
            number(case["bound_cpu_ns"]),
            f"{case['percent_of_bound']:.0f} %",
            ", ".join(number(case[f"{name}_cpu_ns"]) for name in ("bytes", "ties", "draws")),
            str(case["bytes_per_citizen_month"]),
            f"{case['stream_gb_per_second']:.1f}",
            f"{case['gathers_per_second'] / 1e6:,.0f}",
            machines.letter(case),
        ]
        for case in cases
    ]
    head = (
        "| citizens | threads | month, ns | bare month, ns | of the bound"
        " | bytes, ties, draws alone | bytes a citizen-month | stream, GB/s"
        " | gathers, million/s | |"
    )
    return (
        "### Beside its bound\n\n"
        "A bare month goes over the same blocks on the same threads, reads and rewrites the columns"
        " that the stages declare, reads the faces at the ends of the same ties and makes the draws"
        " that everybody makes, and does nothing with them"
        " ([bound.py](../src/glasscity/bench/bound.py))."
        " *Of the bound*: its processor time over the"
        " full month's (months with penalties, one citizen in 129 attributed), both in turn."
        " Stream: bytes read and written a second; gathers: four bytes at random places among as"
        " many as there are citizens.\n\n" + _table(head, rows)
    )


def _peers(cases: list[Case], machines: Machines) -> str:
    if not cases:
        return ""
    order = list(PEERS)
    rows = []
    for case in sorted(
        cases, key=lambda c: (c["citizens"], order.index(c["peer"]), c.get("threads", 1))
    ):
        who = PEERS[case["peer"]]
        size = f"{case['citizens']:,}"
        if "left_out" in case:
            # How a library grows is seen at the sizes it was asked for.
            rows.append([size, who, "", "", "", "", "", f"left out: {case['left_out']}", ""])
            continue
        over = case.get("over_glasscity", {})
        rows.append(
            [
                size,
                f"{who} ({case['format']})",
                str(case["threads"]),
                number(case["cpu_ns"], 1),
                number(case["wall_ns"], 1),
                _ratio(over.get("1", {}).get("cpu")) if case["threads"] == 1 else "",
                _ratio(over.get("2", {}).get("wall")),
                f"{case['peak_bytes'] / 1e9:.2f}",
                machines.letter(case),
            ]
        )
    head = (
        "| citizens | who | threads | ns a citizen-month, processor | by the wall"
        " | over Glasscity on one thread, processor | over Glasscity on two, wall | peak GB | |"
    )
    versions = {
        case["peer"]: case["version"]
        for case in cases
        if "version" in case and case["peer"] not in ("glasscity", "numpy-record")
    }
    return (
        "### The common task *score-month*\n\n"
        "Ten acquaintances' mean, a draw, an inert update, a clip and a flag, every month for"
        " everybody at once ([task.py](../benchmarks/peers/task.py)). Peers run one after the"
        " other; Glasscity does its months right before and right after each, and a ratio above 1"
        " says that the peer takes longer (median of the pairs, least and most). What Glasscity"
        " does beyond the task, and what of the task its rule files cannot say, is told in"
        " [benchmarks/score_month](../benchmarks/score_month/README.md).\n\n"
        + _table(head, rows)
        + "\nVersions: "
        + ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
        + ".\n"
    )


def _ratio(three: list[float] | None) -> str:
    if not three:
        return ""
    middle, least, most = (short(x) for x in three)
    return middle if least == most else f"{middle} ({least} to {most})"


def _others(cases: list[Case], machines: Machines) -> str:
    lines = [
        f"- `import glasscity`: {case['seconds']:.3f} s ({machines.letter(case)})."
        for case in cases
        if case["case"] == "import"
    ]
    for case in of(cases, "step"):
        low, high = case["ratio_range"]
        lines.append(
            f"- Relationships and score on the same integers, {case['citizens']:,} citizens, one"
            f" thread: plain NumPy's time over the kernels' {case['ratio']} ({low} to {high}),"
            f" although `see` does more ({machines.letter(case)})."
        )
    counted = of(cases, "instructions")
    lines += [
        f"- Instructions a citizen-month, {case['citizens']:,} citizens, penalties:"
        f" {case['instructions']:,.0f} ({machines.letter(case)})."
        for case in counted
    ]
    if not counted:
        lines.append(
            "- Instructions were not counted: `perf stat -e instructions` is not supported on the"
            " machine of these figures. `python benchmarks/bench.py --only instructions` counts"
            " them where it is."
        )
    return "### Beside these\n\n" + "\n".join(lines) + "\n"


def number(value: float | None, digits: int = 0) -> str:
    return "" if value is None else f"{value:,.{digits}f}"


def short(value: float) -> str:
    """Return a ratio with two or three digits."""
    if value >= 10:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def points() -> list[dict]:
    """Return what the picture shows: processor seconds a month on one thread."""
    cases = results()
    made = []

    def add(panel: str, who: str, case: Case, ns: float) -> None:
        made.append(
            {
                "panel": panel,
                "who": who,
                "citizens": case["citizens"],
                "seconds": float(f"{ns * case['citizens'] / 1e9:.4g}"),
            }
        )

    for case in of(cases, "month"):
        if case["threads"] == 1 and case["attribution"] == "every denial":
            add("full month", "Glasscity", case, case["cpu_ns"])
    for case in of(cases, "bound"):
        if case["threads"] == 1:
            add("full month", "bare month (bound)", case, case["bound_cpu_ns"])
    for case in of(cases, "peer"):
        if case.get("threads") == 1 and "cpu_ns" in case and case["peer"] != "numpy-record":
            names = {"glasscity": "Glasscity", "numpy": "NumPy", "numba": "Numba loop (bound)"}
            who = names.get(case["peer"]) or str(case["peer"]).capitalize()
            add("score-month", who, case, case["cpu_ns"])
    return made


def picture(digest: str) -> str:
    """Return the picture as SVG, with the digest of its data in it."""
    import io

    import altair as alt

    data = points()

    def panel(name: str, title: str) -> Any:
        rows = [row for row in data if row["panel"] == name]
        who = list(dict.fromkeys(row["who"] for row in rows))
        tens = [10**k for k in range(4, 11)]
        tenths = [10.0**k for k in range(-6, 6)]
        return (
            alt.Chart(alt.Data(values=rows), title=title, width=330, height=330)
            .mark_line(point={"size": 55, "filled": True})
            .encode(
                x=alt.X("citizens:Q", title="citizens")
                .scale(type="log", padding=12)
                .axis(format="~s", values=tens),
                y=alt.Y("seconds:Q", title="processor seconds a month")
                .scale(type="log", padding=12)
                .axis(format="~g", values=tenths),
                color=alt.Color("who:N", title=None, sort=who).scale(scheme="tableau10"),
            )
        )

    chart = alt.hconcat(
        panel("full month", "Full month of citizen-score-2020, one thread"),
        panel("score-month", "The task score-month, one thread"),
    ).resolve_scale(color="independent")
    out = io.StringIO()
    chart.save(out, format="svg")
    text = out.getvalue()
    return (
        text.replace("</svg>", f"<!-- data {digest} --></svg>")
        if text.count("</svg>") == 1
        else text + f"\n<!-- data {digest} -->\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
