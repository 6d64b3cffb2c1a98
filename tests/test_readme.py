"""Every command and every line of code on the front page works."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest

from glasscity.cli import main

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
# What the default run is cut down to here; the default itself is what `make run` is for.
SMALLER = ("--country", "plainland", "--citizens", "500", "--months", "3")
QUICK = ("--no-report", "--variance-seeds", "0")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.M | re.S)


def commands() -> list[list[str]]:
    lines = [line for block in blocks("console") for line in block.splitlines()]
    return [shlex.split(line.removeprefix("$ ")) for line in lines if line.startswith("$ ")]


@pytest.fixture
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_commands_work_in_the_order_in_which_they_stand(somewhere):
    assert len(commands()) >= 6
    for program, *words in commands():
        if program == "make":
            assert words == ["run"]
            assert re.search(r"^run: base\n\t@\$\(BIN\)/glasscity run ", MAKEFILE, re.M)
        else:
            assert program == ".venv/bin/glasscity"
        further = {"run": SMALLER, "article5": SMALLER, "pair": (*SMALLER, *QUICK)}.get(
            words[0], ()
        )
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([*words, *further])
        assert code == 0, err.getvalue()
        assert out.getvalue().strip()
    reports = sorted(str(path.relative_to(somewhere)) for path in somewhere.rglob("report.html"))
    assert [path.split("/")[1] for path in reports] == [
        "citizen-score-2020-001",
        "citizen-score-2020-002",
        "citizen-score-2020-003",
        "pair-citizen-score-2020-001",
    ]


def test_the_ten_lines_of_python_work(somewhere):
    (code,) = blocks("python")
    assert sum(bool(line.strip()) for line in code.splitlines()) <= 10
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "README.md", "exec"), {})
    said = out.getvalue()
    assert "% of citizens are shut out of something" in said
    assert "critics still speak" in said
    assert "the same again: True" in said
    assert said.splitlines()[-1].endswith("report.html")


def test_the_boundary_stands_on_the_front_page():
    words = " ".join(README.split())
    assert "makes its people up from published aggregates" in words
    assert "takes no records on real individuals" in words
    assert "never a description of how China works" in words


def test_every_example_is_a_script_that_works(somewhere, capsys, monkeypatch):
    examples = sorted((ROOT / "examples").glob("*.py"))
    assert examples
    for path in examples:
        code = path.read_text(encoding="utf-8").replace("citizens=5_000", "citizens=500")
        monkeypatch.setattr("sys.argv", [str(path)])
        exec(compile(code, str(path), "exec"), {"__name__": "__main__", "__file__": str(path)})
        assert capsys.readouterr().out
