"""How tasks are shared on a cluster, with a stand-in for Ray that does them here."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from glasscity.errors import BadArgument
from glasscity.study import far


class Ray:
    """As much of Ray as is asked for; results are ready in the order of ``ready``."""

    def __init__(self, processors: int) -> None:
        self.processors = processors
        self.most = self.shut = 0
        self._done: dict[int, Any] = {}

    def remote(self, work: Any) -> Any:
        def start(*args: Any) -> int:
            self._done[len(self._done)] = work(*args)
            return len(self._done) - 1

        return SimpleNamespace(options=lambda **_: SimpleNamespace(remote=start))

    def cluster_resources(self) -> dict[str, float]:
        return {"CPU": float(self.processors)}

    def wait(self, running: list[int], num_returns: int) -> tuple[list[int], list[int]]:
        self.most = max(self.most, len(running))
        return [max(running)], []  # the last is ready first

    def get(self, one: int) -> Any:
        return self._done[one]

    def shutdown(self) -> None:
        self.shut += 1


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> Ray:
    one = Ray(2)
    monkeypatch.setattr(far, "library", lambda: one)
    monkeypatch.setattr(far, "connect", lambda ray, address: True)
    return one


def test_each_result_is_taken_in_with_its_own_task_a_few_at_a_time(ray: Ray) -> None:
    taken: list[tuple[int, int]] = []
    far.work_far("auto", lambda n: n * n, range(1, 10), lambda task, n: taken.append((task, n)))
    assert sorted(taken) == [(n, n * n) for n in range(1, 10)]
    assert ray.most == 4
    assert ray.shut == 1


def test_a_machine_of_another_version_is_refused(ray: Ray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(far, "_do", lambda work, task: ("model 2, kernels x", work(task)))
    with pytest.raises(BadArgument, match="another version: model 2, kernels x"):
        far.work_far("auto", abs, [1], lambda task, n: None)
    assert ray.shut == 1
