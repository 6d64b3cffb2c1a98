"""Every kind of bad input gives one clear line, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from terminal import SMALL, assert_refused, glasscity

from glasscity.catalogue.shelf import CATALOGUE

REGIME = (CATALOGUE / "regimes" / "citizen-score-2020.yaml").read_text(encoding="utf-8")
BOMB = "a: &a [x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)

ARGUMENTS = [
    (["citizen-scor-2020"], ["there is no regime 'citizen-scor-2020'", "citizen-score-2020"]),
    (["--country", "plainlnd"], ["there is no country 'plainlnd'", "did you mean 'plainland'"]),
    (["--country", "nowhere"], ["china-2020, plainland"]),
    (["--parameters", "centrall"], ["no behaviour 'centrall'", "did you mean 'central'"]),
    (["--parameters", "none.yaml"], ["none.yaml"]),
    (["--citizens", "0"], ["citizens 0", "from 1 up"]),
    (["--citizens", "1.5"], ["citizens '1.5' is not a whole number"]),
    (["--citizens", "many"], ["citizens 'many' is not a whole number"]),
    (["--citizens", "1e12"], ["1,000,000,000,000 citizens", "TB of memory", "up to about"]),
    (["--citizens", "9" * 500], ["citizens"]),
    (["--months", "0"], ["months 0", "from 1 up"]),
    (["--months", "-3"], ["months -3"]),
    (["--seed", "-1"], ["seed -1", "from 0 up"]),
    (["--seed", "9223372036854775808"], ["seed 9223372036854775808"]),
    (["--start", "2014-13"], ["start '2014-13' is not a month", "2014-06"]),
    (["--start", "June"], ["start 'June' is not a month"]),
    (["--threads", "0"], ["--threads"]),
    (["--threads", "two"], ["--threads"]),
    (["--with", "freinds"], ["'freinds'", "friends"]),
    (["--with", "friends:strength=2"], ["strength '2' of friends", "0 (absent) to 1"]),
    (["--with", "friends:weight=1"], ["--with", "NAME:strength=X"]),
    (["--without", "friends:strength=0"], ["--without"]),
    (["--with", "friends", "--without", "friends"], ["two strengths"]),
    (["--with", "appeal"], ["appeal", "appeals"]),
    (["--watch", "7,x"], ["--watch: 'x' is no whole number", "Mend"]),
    (["--watch", "400000"], ["there is no citizen 400000", "Allowed"]),
    (["--checkpoint-every", "0"], ["--checkpoint-every: '0' is no number of months", "Mend"]),
    (["--checkpoint-every", "often"], ["'often' is no number of months", "1 to 65535"]),
    (["--cluster", "somewhere"], ["'somewhere' is not the address of a cluster", "HOST:PORT"]),
    (["--cluster", "ray://10.0.0.1:1"], ["is not the address of a cluster", "Mend"]),
    (["--everyone", "--citizens", "5"], ["contradict"]),
    (["--citizns", "5"], ["--citizns", "--citizens"]),
    (["--seed", "1", "--months"], []),
    (["unscored", "credit-bureau"], ["credit-bureau"]),
]


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(("words", "said"), ARGUMENTS, ids=lambda value: " ".join(value)[:40])
def test_a_bad_argument_is_refused_in_one_line(words, said, empty_folder):
    for further in ([], ["--json"]):
        ended = glasscity("run", *words, *further)
        assert_refused(ended, *said)
    assert list(empty_folder.iterdir()) == []


def test_everyone_is_refused_beyond_the_memory_with_what_would_fit(monkeypatch, empty_folder):
    from glasscity.engine import room

    monkeypatch.setattr(room, "memory_free", lambda: 8_000_000_000)
    ended = glasscity("run", "--everyone")
    assert_refused(ended, "of memory, and 8 GB are free", "up to about 4")
    assert list(empty_folder.iterdir()) == []


FILES = {
    "bomb.yaml": (BOMB, ["bomb.yaml:1", "anchors and aliases"]),
    "tabs.yaml": ("name: x\n\ttitle: y\n", ["tabs.yaml:2", "tab", "spaces"]),
    "empty.yaml": ("", ["empty.yaml", "empty"]),
    "binary.yaml": (b"\x00\xff\xfe\x01" * 50, ["binary.yaml", "UTF-8"]),
    "broken.yaml": ("name: [x\n", ["broken.yaml", "not YAML"]),
    "list.yaml": ("- a\n- b\n", ["list.yaml", "not a mapping"]),
    "weights.yaml": (
        REGIME.replace("credit_history: {value: 0.35", "credit_history: {value: 0.45", 1),
        ["weights.yaml:", "the weights sum to 1.1", "Mend"],
    ),
    "no-exit.yaml": (
        REGIME.replace("exits: [performance, appeal]", "exits: []", 1),
        ["no-exit.yaml:", "exit"],
    ),
    "gate.yaml": (
        REGIME.replace("\n  internet_speed:\n", "\n  internet_sped:\n", 1),
        ["gate.yaml:", "internet_sped", "internet_speed"],
    ),
    "range.yaml": (
        REGIME.replace("percentile: {value: 5,", "percentile: {value: 500,", 1),
        ["range.yaml:", "500"],
    ),
}


def _write(name: str) -> Path:
    content, _ = FILES[name]
    path = Path(name)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_refused_with_its_line_and_the_mend(name, empty_folder):
    path = _write(name)
    if name not in ("empty.yaml", "binary.yaml"):
        assert path.read_text(encoding="utf-8") != REGIME
    assert_refused(glasscity("run", name, *SMALL), *FILES[name][1])
    assert list(empty_folder.iterdir()) == [path.absolute()]


@pytest.mark.parametrize("name", FILES)
def test_validate_lists_the_problems_and_exits_with_2(name):
    _write(name)
    ended = glasscity("validate", name, "--json")
    assert ended.code == 2
    assert ended.json["ok"] is False
    first = ended.json["problems"][0]
    assert {"where", "what", "mend"} <= set(first)
    assert first["where"].startswith(name)
    assert ended.last.startswith(f"error: {name}")
    assert glasscity("validate", name).out.startswith(name)


def test_validate_lists_every_problem_in_the_order_of_the_lines():
    text = REGIME.replace("status: agreed", "status: sure", 1)
    text = text.replace("miss: {value: 0.05", "miss: {value: 5", 1)
    Path("two.yaml").write_text(text, encoding="utf-8")
    problems = glasscity("validate", "two.yaml", "--json").json["problems"]
    lines = [int(one["where"].rpartition(":")[2]) for one in problems]
    assert len(problems) == 2
    assert lines == sorted(lines)


def test_an_absent_file_is_refused():
    assert_refused(glasscity("run", "./none.yaml"), "none.yaml", "no such file")
    assert_refused(glasscity("validate", "nothing"), "nothing")


def test_an_existing_output_is_never_written_over(empty_folder):
    out = empty_folder / "out"
    out.mkdir()
    (out / "mine.txt").write_text("kept", encoding="utf-8")
    assert_refused(glasscity("run", *SMALL, "--out", out), "never written over", "--out")
    assert [one.name for one in out.iterdir()] == ["mine.txt"]


def test_an_output_whose_parent_is_missing_is_refused(empty_folder):
    assert_refused(glasscity("run", *SMALL, "--out", "no/such/out"), "parent folder", "no/such")
    assert list(empty_folder.iterdir()) == []


@pytest.mark.parametrize("place", ["/dev/null/out", "/proc/out"])
def test_an_output_that_cannot_be_written_is_refused(place):
    if not Path(place).parent.exists():
        pytest.skip("this system has no such place")
    assert_refused(glasscity("run", *SMALL, "--out", place), place)


@pytest.mark.parametrize("command", ["rerun", "resume", "report"])
def test_a_folder_that_is_no_run_is_refused(command, empty_folder):
    (empty_folder / "other").mkdir()
    for folder in ("nothing", "other"):
        assert_refused(glasscity(command, folder), folder, "Mend")


@pytest.mark.parametrize(
    "command", ["regime", "measure", "safeguard", "mechanism", "manipulation", "country"]
)
def test_explaining_an_unknown_name_is_refused(command):
    assert_refused(glasscity("explain", command, "nonesuch"), "nonesuch")


def test_explaining_an_unknown_value_of_an_entry_is_refused():
    assert_refused(glasscity("explain", "parameters", "--only", "kappa,nonesuch"), "nonesuch")


@pytest.mark.parametrize(
    "words", [["frobnicate"], ["explain"], ["explain", "x"], ["report"], ["-x"]]
)
def test_a_misspelt_command_is_refused_in_one_line(words):
    assert_refused(glasscity(*words), "--help")
