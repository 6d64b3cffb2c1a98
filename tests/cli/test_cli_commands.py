"""What each command prints: the names that scripts rely on, and text that a person can read."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer.main
from terminal import SMALL, environment, glasscity, start

from glasscity.cli.commands import app
from glasscity.engine.compile_guards import GUARDS
from glasscity.month import STAGES
from glasscity.rights import MEASURES
from glasscity.scenario import MANIPULATIONS, MECHANISMS, SAFEGUARDS
from glasscity.terms import GATES

RUN_KEYS = {
    "run",
    "digest",
    "citizens",
    "months",
    "parameters",
    "band_shares",
    "wall_seconds",
    "simulation_seconds",
    "citizen_months_per_second",
    "peak_memory_bytes",
    "state_bytes_per_citizen",
    "resumed_from_month",
    "measures",
}
_LISTED = """
restricted_share closed_gate_months restricted_share_without_rank restricted_months_per_citizen
listed_stock listings exits wrongly_listed_share unable_listed_share applications denials
spillover_share association_share speech_share error_share means_share joint_share chilled_share
falsified_share chilled_of_critics visible_consensus private_consensus breaches unwilling_breaches
child_months_lost enrolled_share displays score_gini bottom_decile_escape tie_assortativity
"""
LISTED_MEASURES = _LISTED.split()


def _commands(command, path=()):
    if hasattr(command, "commands"):
        for name, inner in command.commands.items():
            yield from _commands(inner, (*path, name))
    else:
        yield path, command


def test_every_command_takes_json_and_has_help():
    found = dict(_commands(typer.main.get_command(app)))
    assert ("run",) in found
    assert ("explain", "month") in found
    for path, command in found.items():
        options = [option for one in command.params for option in one.opts]
        # The explorer has no result: it stays until it is stopped.
        assert ("--json" in options) == (path != ("serve",)), path
        ended = glasscity(*path, "--help")
        assert ended.code == 0
        assert ended.out.startswith("Usage: glasscity")


@pytest.mark.parametrize(
    "words",
    [["--version"], ["regimes"], ["countries"], ["explain", "regime"], ["explain", "safeguard"],
     ["schema"], ["--help"]],
    ids=" ".join,
)  # fmt: skip
def test_what_only_tells_does_not_load_the_compiler(words):
    code = (
        "import sys\nfrom glasscity.cli import main\n"
        f"code = main({words!r})\n"
        "heavy = {'numba', 'polars', 'xarray', 'altair'} & set(sys.modules)\n"
        "sys.stderr.write(f'{code} {sorted(heavy)}')\n"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True
    )
    assert process.stderr == "0 []"


def test_the_version_is_told_at_once():
    began = time.perf_counter()
    process = start("--version")
    out, _ = process.communicate(timeout=30)
    assert out.startswith("glasscity ")
    assert time.perf_counter() - began < 2


def test_run_gives_the_names_that_scripts_rely_on(finished):
    folder, ended = finished
    said = ended.json
    assert set(said) == RUN_KEYS
    assert said["run"] == str(folder)
    assert (said["citizens"], said["months"]) == (400, 4)
    assert said["resumed_from_month"] is None
    assert set(LISTED_MEASURES) <= set(said["measures"])
    assert said["simulation_seconds"] <= said["wall_seconds"]
    assert re.fullmatch(r"[0-9a-f]{64}", said["digest"])


def test_rerun_gives_the_same_digest_and_writes_nothing(finished, tmp_path, monkeypatch):
    folder, first = finished
    monkeypatch.chdir(tmp_path)
    before = sorted(folder.iterdir())
    said = glasscity("rerun", folder, "--threads", "1", "--json").json
    assert set(said) == RUN_KEYS | {"same"}
    assert said["same"] is True
    assert said["run"] is None
    assert said["digest"] == first.json["digest"]
    assert said["measures"] == first.json["measures"]
    assert sorted(folder.iterdir()) == before
    assert list(tmp_path.iterdir()) == []
    assert "the same, bit for bit" in glasscity("rerun", folder).out


def test_rerun_keeps_the_new_run_where_it_is_asked_to(finished, tmp_path):
    folder, _ = finished
    out = tmp_path / "again"
    said = glasscity("rerun", folder, "--out", out, "--json").json
    assert said["run"] == str(out)
    assert said["same"] is True
    assert (out / "complete.json").is_file()


def test_resume_checks_a_finished_run(finished):
    folder, first = finished
    said = glasscity("resume", folder, "--json").json
    assert set(said) == RUN_KEYS | {"same"}
    assert said["same"] is True
    assert said["measures"] == first.json["measures"]
    assert "finished and whole" in glasscity("resume", folder).out


def test_a_strength_of_zero_by_either_option_is_the_same_world(tmp_path):
    digests = []
    for number, words in enumerate((["--without", "friends"], ["--with", "friends:strength=0"])):
        out = tmp_path / str(number)
        ended = glasscity("run", *SMALL, *words, "--no-report", "--no-twin", "--out", out, "--json")
        digests.append(ended.json["digest"])
    assert digests[0] == digests[1]


def test_the_default_output_is_always_a_new_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for number in (1, 2):
        ended = glasscity("run", "unscored", *SMALL, "--no-report", "--json")
        assert ended.json["run"] == f"runs/unscored-{number:03d}"


@pytest.mark.parametrize("command", ["regimes", "countries"])
def test_the_catalogue_is_listed(command):
    rows = glasscity(command, "--json").json
    assert all({"name", "title", "status", "sources"} <= set(row) for row in rows)
    text = glasscity(command).out
    assert all(row["name"] in text and row["status"] in text for row in rows)


def test_the_month_is_explained_by_its_stages():
    stages = glasscity("explain", "month", "--json").json["stages"]
    assert [stage["name"] for stage in stages] == list(STAGES)
    assert all(stage["reads"] and stage["writes"] and stage["about"] for stage in stages)
    text = glasscity("explain", "month").out
    assert "national rank" in text


def test_every_stage_of_the_package_is_explained():
    import glasscity.month

    folder = Path(glasscity_folder(glasscity.month))
    stages = {
        path.stem
        for path in folder.glob("*.py")
        if re.search(r"^READS\b", path.read_text(encoding="utf-8"), re.M)
    }
    assert stages == set(STAGES)


def glasscity_folder(package) -> str:
    return next(iter(package.__path__))


@pytest.mark.parametrize("kind", ["regime", "country", "behaviour"])
def test_an_entry_is_explained_rule_by_rule(kind):
    said = glasscity("explain", kind, "--json").json
    assert all({"value", "unit", "source", "grade"} <= set(rule) for rule in said["rules"])
    named = {rule["source"] for rule in said["rules"]} - {None}
    assert named == set(said["sources"])
    text = glasscity("explain", kind).out
    assert all(rule["name"] in text for rule in said["rules"])


def test_a_regime_is_explained_with_its_caution_and_what_it_says_in_words():
    said = glasscity("explain", "regime", "--json").json
    assert said["caution"].startswith("A scenario of the press")
    names = {row["name"] for row in said["structure"]}
    assert "record_sources.court.sees" in names
    assert any(name.startswith("lists.") and name.endswith(".exits") for name in names)


def test_a_points_scheme_is_explained_with_its_mapping_and_what_is_left_out():
    said = glasscity("explain", "regime", "rongcheng-2014", "--json").json
    assert said["kind"] == "documented rule"
    rules = {row["rule"]: row for row in said["mapping"]}
    assert rules["A traffic ticket"]["points"] == -5
    assert rules["A traffic ticket"]["event"] == "traffic"
    assert {row["source"] for row in said["mapping"]} <= set(said["sources"])
    assert all(row["what"] and row["why"] for row in said["not_modelled"])
    text = " ".join(glasscity("explain", "regime", "rongcheng-2014").out.split())
    assert "Documented rule: a rule as documented, not what it did to anybody." in text
    assert "A traffic ticket: -5 points -> traffic" in text
    assert "Drunk driving: at once grade C: not read -> no counterpart" in text
    assert all(" ".join(row["what"].split()) in text for row in said["not_modelled"])


def test_the_press_scenario_and_what_extends_it_are_never_listed_as_china():
    text = glasscity("regimes").out
    press, _, rest = text.partition("\n\n")
    assert press.startswith("press scenario: the press's scenario, never how China works")
    assert "citizen-score-2020" in press
    assert "citizen-score-firewall" in press
    assert "rongcheng-2014" in rest
    assert all(len(line) <= 80 for line in text.splitlines())
    said = glasscity("explain", "regime", "citizen-score-firewall", "--json").json
    assert (said["kind"], said["extends"]) == ("press scenario", "citizen-score-2020")


def test_every_listed_measure_is_explained():
    for name in LISTED_MEASURES:
        said = glasscity("explain", "measure", name, "--json").json
        assert said["definition"]
        assert said["unit"] != "share" or said["denominator"]
    every = glasscity("explain", "measure").out
    assert all(name in every for name in LISTED_MEASURES)


@pytest.mark.parametrize("name", ["restricted_share", "spillover_share", "chilled_of_critics"])
def test_a_measure_leads_to_rows_stages_and_values_with_a_source_or_a_reason(name):
    said = glasscity("explain", "measure", name, "--json").json
    assert all(row["about"] and row["stage"] in STAGES for row in said["rows"])
    assert said["rows"]
    assert set(said["moved_by"]) <= set(said["stages"])
    text = glasscity("explain", "measure", name).out
    for command in said["next"]:
        assert f"  {command}\n" in text
        shown = glasscity(*command.split()[1:], "--json").json
        assert shown["rules"]
        assert all(rule["source"] or rule["note"] or rule["reading"] for rule in shown["rules"])
        assert {rule["source"] for rule in shown["rules"]} - {None} == set(shown["sources"])


def test_only_some_values_of_an_entry_are_explained_where_they_are_asked_for():
    said = glasscity("explain", "parameters", "--only", "kappa,silence", "--json").json
    assert [rule["name"] for rule in said["rules"]] == ["kappa", "silence"]
    said = glasscity("explain", "regime", "--only", "gates.loan", "--json").json
    assert {row["name"] for row in said["rules"]} == {"gates.loan.percentile"}
    assert {row["name"] for row in said["structure"]} == {"gates.loan.rule"}
    # What an entry may say and this one does not is no error.
    assert "says nothing of officials" in glasscity("explain", "regime", "--only", "officials").out


STRENGTHS = [
    ("safeguard", SAFEGUARDS),
    ("mechanism", MECHANISMS),
    ("manipulation", MANIPULATIONS),
]


@pytest.mark.parametrize(("kind", "names"), STRENGTHS)
def test_every_safeguard_mechanism_and_manipulation_is_explained(kind, names):
    rows = glasscity("explain", kind, "--json").json
    assert [row["name"] for row in rows] == list(names)
    for name in names:
        said = glasscity("explain", kind, name, "--json").json
        assert said["definition"]
        assert said["shows_in"]
        assert set(said["shows_in"]) <= set(MEASURES)
        option = "--without" if kind == "mechanism" else "--with"
        assert f"{option} {name}" in glasscity("explain", kind, name).out


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("notice", "notice_months"),
        ("expiry", "expiry_months"),
        ("repair", "repair_months"),
        ("duration-cap", "cap_months"),
    ],
)
def test_the_numbers_of_a_safeguard_are_those_that_the_engine_compiles(name, number, monkeypatch):
    told = glasscity("explain", "safeguard", name, "--json").json["definition"]
    assert f" {GUARDS[number]} " in told
    monkeypatch.setitem(GUARDS, number, 17)
    assert " 17 " in glasscity("explain", "safeguard", name, "--json").json["definition"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("citizen-score-2020", "regime"), ("china-2020", "country"), ("central", "behaviour")],
)
def test_validate_tells_by_the_content_what_a_file_describes(name, kind, tmp_path):
    from glasscity.catalogue.shelf import find

    said = glasscity("validate", find(kind, name), "--json").json
    assert said == {"ok": True, "kind": kind, "problems": []}
    assert glasscity("validate", name).out.endswith(f"this {kind} is well formed\n")


def test_the_schema_is_a_json_schema():
    schema = glasscity("schema").out
    assert json.loads(schema)["title"] == "Glasscity regime"
    assert glasscity("schema", "--json").out == schema


def test_a_society_is_compared_with_its_targets():
    words = ("society", "--country", "plainland", "--citizens", "600", "--seed", "3")
    rows = glasscity(*words, "--json").json
    assert all(set(row) == {"quantity", "target", "source", "value", "error"} for row in rows)
    text = glasscity(*words).out
    assert all(row["quantity"] in text for row in rows)


def test_report_says_where_it_wrote(finished):
    folder, _ = finished
    said = glasscity("report", folder, "--json").json
    assert said == {"report": str(folder / "report.html")}
    assert (folder / "report.html").read_text(encoding="utf-8").startswith("<!")
    (folder / "report.html").unlink()


def _in_a_terminal(*words: object, **changes: str) -> str:
    """Return everything that a command shows in a terminal of 80 columns."""
    leader, follower = pty.openpty()
    environ = {**environment(), "COLUMNS": "80", "TERM": "xterm", **changes}
    command = [sys.executable, "-m", "glasscity", *map(str, words)]
    process = subprocess.Popen(command, stdout=follower, stderr=follower, env=environ)
    os.close(follower)
    shown = b""
    while True:
        try:
            chunk = os.read(leader, 65536)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
    os.close(leader)
    assert process.wait(timeout=120) == 0, shown.decode()
    return shown.decode()


def test_headings_are_bold_in_a_terminal_alone():
    words = ("explain", "measure", "restricted_share")
    assert "\x1b" in _in_a_terminal(*words)
    assert "\x1b" not in _in_a_terminal(*words, NO_COLOR="1")
    assert "\x1b" not in glasscity(*words).out


def test_a_progress_bar_is_shown_in_a_terminal(tmp_path):
    words = ("run", "--country", "plainland", "--citizens", "2000", "--months", "60")
    shown = _in_a_terminal(*words, "--no-report", "--out", tmp_path / "out")
    assert "months under the regime" in shown
    assert "citizens/s" in shown
    assert "/60" in shown


def test_progress_elsewhere_is_one_line_a_stage(finished):
    _, ended = finished
    assert all(line.endswith("...") for line in ended.err.splitlines())
    assert "months under the regime" in ended.err
    assert "\x1b" not in ended.err


def test_shell_completion_offers_the_catalogue():
    environ = {
        **environment(),
        "_GLASSCITY_COMPLETE": "complete_bash",
        "COMP_WORDS": "glasscity run citizen",
        "COMP_CWORD": "2",
    }
    process = subprocess.run(
        [sys.executable, "-m", "glasscity"],
        capture_output=True,
        text=True,
        env=environ,
        check=False,
    )
    assert "citizen-score-2020" in process.stdout


def test_every_gate_can_be_named_in_the_summary():
    from glasscity.cli.summary import _words

    assert max(len(_words(gate)) for gate in GATES) <= 15
