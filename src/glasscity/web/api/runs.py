"""Runs: which there are, start one, look how far it is, cancel it, go on with it."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request

from glasscity.errors import GlasscityError
from glasscity.report.remake import command_line, python_lines
from glasscity.web.api.models import Asked, Checked, RunInfo, Runs, scenario_of
from glasscity.web.problems import Problem
from glasscity.web.queue import Queue

__all__ = ["RunName", "queue_of", "router"]

router = APIRouter(prefix="/api", tags=["runs"])

RunName = Annotated[str, Path(max_length=100, description="Name of a run's folder")]


def queue_of(request: Request) -> Queue:
    """Return the queue of the explorer."""
    return request.app.state.queue


TheQueue = Annotated[Queue, Depends(queue_of)]


@router.get("/runs")
def runs(queue: TheQueue) -> Runs:
    """Return the runs of the folder, the latest first."""
    found = [RunInfo.of(one) for one in queue.all()]
    return Runs(slots=queue.settings.slots, runs=found)


@router.post("/runs", status_code=201)
def start(asked: Asked, queue: TheQueue) -> RunInfo:
    """Put a run at the end of the queue."""
    name = queue.add(scenario_of(asked), twin=asked.twin)
    return RunInfo.of(queue.stored(name))


@router.post("/check")
def check(asked: Asked, queue: TheQueue) -> Checked:
    """Say whether a run can be made here, and the command and the Python that make it."""
    from glasscity.engine.room import choose, size

    try:
        scenario = scenario_of(asked)
        room = choose(scenario.citizens, queue.settings.runs.absolute())
    except GlasscityError as error:
        said = Problem(error=error.what, where=error.where, allowed=error.allowed, mend=error.mend)
        return Checked(fits=False, problem=said)
    plain = json.loads(scenario.to_json())
    return Checked(
        fits=True,
        memory=size(room.memory),
        command=command_line(plain, twin=asked.twin),
        python=python_lines(plain, None, twin=asked.twin),
    )


@router.get("/runs/{name}")
def one(name: RunName, queue: TheQueue) -> RunInfo:
    """Return what is known of a run, how far it is included."""
    return RunInfo.of(queue.stored(name))


@router.post("/runs/{name}/cancel")
def cancel(name: RunName, queue: TheQueue) -> RunInfo:
    """Cancel a run that waits or goes on; its last month is kept."""
    queue.cancel(name)
    return RunInfo.of(queue.stored(name))


@router.post("/runs/{name}/resume")
def resume(name: RunName, queue: TheQueue) -> RunInfo:
    """Go on with a run that was stopped or failed."""
    queue.go_on(name)
    return RunInfo.of(queue.stored(name))
