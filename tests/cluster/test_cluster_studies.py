"""Members of a study on the machines of a cluster are those of one process."""

from __future__ import annotations

from pathlib import Path

import pytest

from glasscity.scenario import Scenario
from glasscity.study.members import Member, run_members

pytest.importorskip(
    "ray", reason="Ray is not installed: 'make cluster' installs it and runs these tests"
)


def test_members_on_several_machines_are_those_of_one_process(machines, tmp_path: Path) -> None:
    machines.add_node(num_cpus=1)
    machines.add_node(num_cpus=1)
    scenario = Scenario("citizen-score-2020", country="plainland", citizens=800, months=3)
    members = [Member(scenario.but(seed=seed), {"seed": seed}) for seed in (1, 2, 3)]
    far = run_members(members, store=tmp_path / "far", cluster="auto")
    assert far == run_members(members, store=tmp_path / "here", workers=1)
