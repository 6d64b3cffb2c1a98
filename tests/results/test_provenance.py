"""Provenance says how a run was made and nothing about who made it."""

from __future__ import annotations

import getpass
import json
import platform
from pathlib import Path

from glasscity._version import MODEL_VERSION, __version__
from glasscity.results import provenance


def made(**options):
    plain = {"seeds": {"run": 7}, "catalogue": {"regime": "ab"}}
    return provenance(**{**plain, **options})


def test_it_names_versions_seeds_fingerprints_and_costs():
    found = made(wall_seconds=2.5, simulation_seconds=1.5, extra={"threads": 2})
    assert found["glasscity"] == __version__
    assert found["model"] == MODEL_VERSION
    assert found["seeds"] == {"run": 7}
    assert found["catalogue"] == {"regime": "ab"}
    assert found["wall_seconds"] == 2.5
    assert found["threads"] == 2
    assert set(found["packages"]) >= {"numpy", "polars"}
    assert found["peak_memory_bytes"] > 10_000_000
    json.dumps(found)


def test_it_names_neither_machine_nor_user_nor_folder():
    home = str(Path.home() / "me" / "regime.yaml")
    found = made(command=["glasscity", "run", home, f"--out={home}", "--seed", "7"])
    text = json.dumps(found)
    assert found["command"][2:4] == ["regime.yaml", "--out=regime.yaml"]
    for name in (platform.node(), getpass.getuser()):
        assert f'"{name}"' not in text
        assert f"/{name}/" not in text
