"""Tasks of a study on the machines of a Ray cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from glasscity.engine.cluster import check_address, connect, library
from glasscity.engine.range import made_from
from glasscity.errors import BadArgument

__all__ = ["work_far"]

Task = TypeVar("Task")
Done = TypeVar("Done")

# Tasks that wait beside those that run, so that no machine is idle while another is asked.
_AHEAD = 2


def work_far(
    address: str,
    work: Callable[[Task], Done],
    tasks: Iterable[Task],
    take: Callable[[Task, Done], object],
) -> None:
    """Do tasks on the machines of a cluster, a processor each, and take in each as it is done.

    A task on a machine that is lost is done again on another one.

    Parameters
    ----------
    address : str
        ``auto`` or ``HOST:PORT``.
    work : callable
        A module's own function; every machine needs the same version of Glasscity.

    Raises
    ------
    BadArgument
        If Ray is not installed, no cluster is there, or a machine has another version.
    """
    ray = library()
    check_address(address)
    own = connect(ray, address)
    try:
        # Never tried again for what the task itself says, which is a bug, but for lost machines.
        far: Any = ray.remote(_do).options(num_cpus=1, max_retries=-1)
        room = _AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))
        waiting, running = iter(tasks), {}
        while True:
            while len(running) < room and (task := next(waiting, None)) is not None:
                running[far.remote(work, task)] = task
            if not running:
                return
            ready, _ = ray.wait(list(running), num_returns=1)
            for one in ready:
                what, done = ray.get(one)
                if what != made_from():
                    raise BadArgument(
                        f"a machine has another version: {what}, here {made_from()}",
                        where="--cluster",
                        mend="install the same version of Glasscity on every machine",
                    )
                take(running.pop(one), done)
    finally:
        if own:
            ray.shutdown()


def _do(work: Callable[[Task], Done], task: Task) -> tuple[str, Done]:
    return made_from(), work(task)
