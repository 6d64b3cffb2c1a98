"""Instructions a citizen and month, where the machine counts them for us.

A count does not move when somebody else uses the machine.  ``perf stat`` counts a whole process, so
one is run twice with different numbers of months, and the difference is the months'.  Many virtual
machines hide the processor's counters: then nothing is measured, and that is said.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

__all__ = ["count", "instruction_cases", "why_not"]

_FEW, _MANY = 2, 8


def why_not() -> str:
    """Return why instructions cannot be counted here; empty where they can."""
    if shutil.which("perf") is None:
        return "there is no perf on this machine"
    try:
        count([sys.executable, "-c", ""])
    except ValueError as error:
        return str(error)
    return ""


def count(command: list[str]) -> int:
    """Return the instructions that a command executes in user mode.

    Raises
    ------
    ValueError
        If the machine does not count them, or the command fails.
    """
    done = subprocess.run(
        ["perf", "stat", "-x", ",", "-e", "instructions:u", *command],
        capture_output=True,
        text=True,
        check=False,
    )
    for line in done.stderr.splitlines():
        field = line.split(",")
        if len(field) > 2 and field[2].startswith("instructions"):
            if field[0].isdigit() and done.returncode == 0:
                return int(field[0])
            if not field[0].isdigit():
                raise ValueError(f"perf says of instructions: {field[0].strip('<>')}")
    raise ValueError(f"perf ended with {done.returncode} and no count")


def instruction_cases(citizens: int, *, burn_in: int) -> Iterator[dict]:
    """Yield the count for a month with penalties on one thread; nothing where there is none."""
    why = why_not()
    if why:
        print(f"  instructions: not counted here ({why})", file=sys.stderr)
        return
    here = str(Path(__file__).resolve())
    few, many = (
        count([sys.executable, here, str(citizens), str(burn_in), str(n)]) for n in (_FEW, _MANY)
    )
    yield {
        "case": "instructions",
        "citizens": citizens,
        "threads": 1,
        "instructions": round((many - few) / (_MANY - _FEW) / citizens, 1),
    }


def _months(citizens: int, burn_in: int, months: int) -> None:
    """Do months with penalties and nothing else after a burn-in."""
    from glasscity.bench.month import REGIME
    from glasscity.bench.worlds import PANEL, begin, joined, settle, timed_month, world_at
    from glasscity.scenario import Scenario

    scenario = Scenario(REGIME, citizens=citizens, seed=1)
    society, state = begin(scenario, threads=1)
    settle(scenario, society, state, months=burn_in)
    joined(society, state)
    world = world_at(scenario, society, state, threads=1, attributes=PANEL)
    for month in range(months):
        timed_month(world, (world.calendar.mandate or 0) + month)
    world.workers.close()


if __name__ == "__main__":
    _months(*(int(word) for word in sys.argv[1:]))
