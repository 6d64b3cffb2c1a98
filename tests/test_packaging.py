"""The project's own files agree with each other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = ["base", "dev", "cluster"]


def requirements(name: str) -> list[str]:
    lines = (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith(("#", "-"))]


def pinned(name: str) -> dict[str, set[str]]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", text, re.M):
        found.setdefault(package, set()).add(version)
    return found


def plain_name(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower()


def test_the_base_pins_are_made_for_the_projects_dependencies():
    project = set(PROJECT["project"]["dependencies"])
    assert project <= set(requirements("base"))


@pytest.mark.parametrize("name", PINS)
def test_every_requirement_has_its_pin(name):
    pins = pinned(name)
    assert {plain_name(line) for line in requirements(name)} <= set(pins)


def test_the_development_pins_hold_the_base_pins_unchanged():
    base, dev = pinned("base"), pinned("dev")
    assert {package: dev.get(package) for package in base} == base


def test_the_pins_for_several_machines_fit_beside_those_for_development():
    dev, cluster = pinned("dev"), pinned("cluster")
    assert {name: cluster[name] for name in cluster if name in dev} == {
        name: dev[name] for name in dev if name in cluster
    }
    extras = PROJECT["project"]["optional-dependencies"]
    assert set(extras["cluster"]) <= set(requirements("cluster"))
    assert set(extras["study"]) <= set(requirements("dev"))
    assert "ray" in cluster
    assert "ray" not in dev


def test_the_citation_and_the_changelog_name_this_version_and_model():
    from glasscity._version import MODEL_VERSION, __version__

    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\nversion: {__version__}\n" in citation
    assert f"\n## {__version__}" in changelog
    assert f"model version {MODEL_VERSION}" in changelog


@pytest.mark.parametrize("name", PINS)
def test_pins_carry_hashes_and_no_address(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert all("--hash=sha256:" in block for block in blocks)


def test_every_verb_of_the_makefile_is_listed_at_its_top():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.M)
    assert phony is not None
    listed = set(re.findall(r"^#   make (\w+)", text, re.M))
    assert listed == set(phony.group(1).split()) - {"help", "base", "dev"}
