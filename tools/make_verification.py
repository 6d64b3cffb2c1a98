"""Write docs/verification.md from the docstrings of the checks in tests/verification.

``python tools/make_verification.py`` rewrites the page; with ``--check`` it only says whether the
page is current, and exits 1 if it is not.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECKS = ROOT / "tests" / "verification"
PAGE = ROOT / "docs" / "verification.md"
# A check's docstring: "V1. Title.", then these three, each to the next or to the end.
FIELDS = ("What", "Power", "Wrong kernels")

HEAD = """\
<!-- Made by tools/make_verification.py from the docstrings of tests/verification: not by hand. -->

# Verification

Each check compares the compiled kernels that every run uses with a closed form or a direct solve,
and each is shown kernels that are deliberately wrong, which must fail it. Statistical checks share
one false-alarm rate, {alpha:g} for a check however many comparisons it makes; their seeds are fixed
and nothing is run twice. Quick ones run in `make test`, longer variants in `make verify`. The
numbers of the checks are those of the model's list of exact checks; those that are not here need
parts of the model that this version does not have.

| check | what | power | wrong kernels that it sees | where |
|---|---|---|---|---|
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


def page() -> str:
    """Return the page that the docstrings make."""
    rows = []
    for path in sorted(CHECKS.glob("test_v[0-9]*.py")):
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        number, title, fields = described(text or "", path.name)
        where = f"[{path.name}](../{path.relative_to(ROOT).as_posix()})"
        what, power, wrong = (cell(fields[field]) for field in FIELDS)
        rows.append(f"| **{number}** {cell(title)} | {what} | {power} | {wrong} | {where} |\n")
    return HEAD.format(alpha=false_alarm_rate()) + "".join(rows)


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
