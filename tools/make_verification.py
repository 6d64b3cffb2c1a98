"""Write docs/verification.md from the docstrings of the checks and from what they found.

What a check compares, how small a fault it sees and which wrong kernels fail it stand in the
docstrings of tests/verification; what was found stands in docs/verification.json, which ``make
verify`` writes.  ``python tools/make_verification.py`` rewrites the page; with ``--check`` it only
says whether the page is current, and exits 1 if it is not.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CHECKS = ROOT / "tests" / "verification"
PAGE = ROOT / "docs" / "verification.md"
FINDINGS = ROOT / "docs" / "verification.json"
# A check's docstring: "V1. Title.", then these three, each to the next or to the end.
FIELDS = ("What", "Power", "Wrong kernels")
# The model's list of exact checks, and what of it needs parts that this version does not have.
NUMBERS = tuple(f"V{number}" for number in range(1, 20))
LATER: dict[str, str] = {}

HEAD = """\
<!-- Made by tools/make_verification.py from tests/verification and verification.json. -->

# Verification

Each check compares the compiled kernels that every run uses with a closed form or a direct solve,
and each is shown kernels that are deliberately wrong, which must fail it. Statistical checks share
one false-alarm rate, {alpha:g} for a check however many comparisons it makes; their seeds are fixed
and nothing is run twice. Quick tests run in `make test`; `make verify` runs the long ones too and
writes what was found into [verification.json](verification.json), from which the figures here come.

A comparison that allows an error is told by how much of that error was used up: at 1 it is an
alarm. Of {compared} comparisons the nearest used up {nearest:.2f}. A condition that allows no
error holds or is an alarm: {exact} held. A fault seen is a wrong kernel that failed the check.

| check | of what | tests, quick + long | nearest to an alarm | held exactly | faults seen |
|---|---|---|---|---|---|
"""
BODY = """
### {number}. {title}

**What is compared.** {what}

**Power.** {power}

**Wrong kernels that fail it.** {wrong}

**Found.** {found}

**Where.** {where}
"""
NOT_YET = """
## Not yet

"""


class Unclear(ValueError):
    """A check does not say what the table needs."""


def described(text: str, name: str) -> tuple[str, str, dict[str, str]]:
    """Return (number, title, fields) of a check's docstring.

    Raises
    ------
    Unclear
        If number, title or a field is missing.
    """
    first, _, rest = text.strip().partition("\n\n")
    head = re.fullmatch(r"(V\d+)\. (.+?)\.?", " ".join(first.split()))
    if head is None:
        raise Unclear(f"{name}: the docstring does not begin with 'V1. Title.'")
    parts = re.split(rf"^({'|'.join(FIELDS)}): ", rest, flags=re.MULTILINE)
    fields = {
        field: " ".join(value.split())
        for field, value in zip(parts[1::2], parts[2::2], strict=True)
    }
    for field in FIELDS:
        if field not in fields:
            raise Unclear(f"{name}: the docstring has no '{field}:'")
    return head[1], head[2], fields


def cell(text: str) -> str:
    """Return a text that Markdown shows as it is in a table."""
    parts = text.split("`")
    for place in range(0, len(parts), 2):
        for sign in ("\\", "|", "*", "_", "<"):
            parts[place] = parts[place].replace(sign, "\\" + sign)
    return "`".join(part.replace("|", "\\|") if i % 2 else part for i, part in enumerate(parts))


def findings() -> dict[str, dict[str, Any]]:
    """Return what ``make verify`` found, by the check's file."""
    return json.loads(FINDINGS.read_text(encoding="utf-8")) if FINDINGS.is_file() else {}


def whole(number: float) -> str:
    """Return a count with its thousands apart."""
    return f"{number:,.0f}"


def told(entry: dict[str, Any] | None, model: str) -> str:
    """Return in words what was found."""
    if entry is None:
        return "nothing yet: `make verify` has not run since the check was written."
    when = f"{entry['date']}, model version {entry['model']}"
    if entry["model"] != model:
        when += f", which is not the present one ({model})"
    tests = entry["tests"]
    words = []
    if tests.get("failed"):
        words.append(f"**{tests['failed']} tests FAILED.**")
    nearest = entry["nearest"]
    if nearest is not None:
        words.append(
            f"{whole(entry['compared'])} comparisons within an error; the nearest to an alarm used "
            f"up {nearest['share']:.2f} of it ({nearest['what']}: {nearest['found']:g}, expected "
            f"{nearest['expected']:g})."
        )
    if entry["exact"]:
        words.append(f"{whole(entry['exact'])} conditions without an error that held.")
    if entry["counted"]:
        things = "; ".join(f"{whole(n)} {what}" for what, n in entry["counted"].items())
        words.append(f"Compared one by one, no difference: {things}.")
    words.append(f"{entry['faults']} wrong kernels were tried and all failed.")
    known = tests.get("expected to fail")
    if known:
        words.append(f"{known} test of a known fault fails, as expected.")
    return f"({when}) " + " ".join(words)


def page() -> str:
    """Return the page that docstrings and findings make.

    Raises
    ------
    Unclear
        If a check's docstring lacks something, or a number of the model's list has neither a check
        nor a reason.
    """
    found, model = findings(), model_version()
    rows, bodies, seen = [], [], set()
    for path in sorted(CHECKS.glob("test_v[0-9]*.py")):
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        number, title, fields = described(text or "", path.name)
        seen.add(number)
        entry = found.get(path.name)
        what, power, wrong = (cell(fields[field]) for field in FIELDS)
        bodies.append(
            BODY.format(
                number=number,
                title=cell(title),
                what=what,
                power=power,
                wrong=wrong,
                found=told(entry, model),
                where=f"[{path.name}](../{path.relative_to(ROOT).as_posix()})",
            )
        )
        rows.append(f"| **{number}** | {cell(title)} | {in_short(entry)} |\n")
    missing = set(NUMBERS) - seen - set(LATER)
    if missing or not seen <= set(NUMBERS):
        raise Unclear(f"neither a check nor a reason: {sorted(missing or seen - set(NUMBERS))}")
    later = "".join(f"- **{number}** {reason}\n" for number, reason in LATER.items())
    not_yet = NOT_YET + later if later else ""
    head = HEAD.format(
        alpha=false_alarm_rate(),
        compared=whole(sum(entry["compared"] for entry in found.values())),
        exact=whole(sum(entry["exact"] for entry in found.values())),
        nearest=max((e["nearest"]["share"] for e in found.values() if e["nearest"]), default=0.0),
    )
    return head + "".join(rows) + not_yet + "\n## The checks\n" + "".join(bodies)


def in_short(entry: dict[str, Any] | None) -> str:
    """Return four cells of the table: tests, nearest to an alarm, exact conditions, faults."""
    if entry is None:
        return "not yet | | | "
    tests = entry["tests"]
    ran = f"{tests.get('quick', 0)} + {tests.get('long', 0)}"
    if tests.get("failed"):
        ran += f", **{tests['failed']} FAILED**"
    nearest = entry["nearest"]
    near = "" if nearest is None else f"{nearest['share']:.2f}"
    exact = whole(entry["exact"]) if entry["exact"] else ""
    return f"{ran} | {near} | {exact} | {entry['faults']}"


def model_version() -> str:
    """Return the model version of this checkout."""
    text = (ROOT / "src" / "glasscity" / "_version.py").read_text(encoding="utf-8")
    found = re.search(r'^MODEL_VERSION = "(.+)"$', text, flags=re.MULTILINE)
    if found is None:
        raise Unclear("_version.py: there is no MODEL_VERSION")
    return found[1]


def false_alarm_rate() -> float:
    """Return the constant that the checks use."""
    text = (CHECKS / "alarm.py").read_text(encoding="utf-8")
    found = re.search(r"^ALPHA = (\S+)$", text, flags=re.MULTILINE)
    if found is None:
        raise Unclear("alarm.py: there is no ALPHA")
    return float(found[1])


def main(arguments: list[str]) -> int:
    wanted = page()
    if "--check" not in arguments:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == wanted:
        return 0
    print("docs/verification.md is not current: run python tools/make_verification.py")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
