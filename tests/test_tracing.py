"""The way from a number to its source works as docs/tracing.md walks it."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest

from glasscity.cli import main

PAGE = (Path(__file__).parent.parent / "docs" / "tracing.md").read_text(encoding="utf-8")


def walked() -> list[tuple[str, list[str]]]:
    """Each command of the page, with the lines that it is said to print."""
    steps: list[tuple[str, list[str]]] = []
    for block in re.findall(r"^```console\n(.*?)^```", PAGE, re.M | re.S):
        for line in block.splitlines():
            if line.startswith("$ "):
                steps.append((line.removeprefix("$ "), []))
            else:
                steps[-1][1].append(line)
    return steps


@pytest.mark.parametrize(("command", "said"), walked())
def test_a_command_prints_what_the_page_says_in_that_order(command, said):
    program, *words = shlex.split(command)
    assert program == "glasscity"
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(words) == 0
    lines = iter(out.getvalue().splitlines())
    for line in said:
        assert line == "..." or line in lines, f"{command} does not print, or not here: {line}"
    assert sum(line != "..." for line in said) >= 2


def test_the_page_walks_a_share_an_interval_and_speech():
    commands = [command for command, _ in walked()]
    for measure in ("restricted_share", "spillover_share", "chilled_of_critics"):
        assert f"glasscity explain measure {measure}" in commands
    assert any(" explain regime " in command for command in commands)
    assert any(" explain parameters " in command for command in commands)
