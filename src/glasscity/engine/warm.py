"""Compile the kernels of a month in two processes, where they have not been compiled yet.

The compiler works on one kernel at a time in a process, and the two passes are kernels of their own
that take about as long: `python -m glasscity.engine.warm` compiles the second one into the cache
while the process that needs them compiles the first.
"""

from __future__ import annotations

import subprocess
import sys

from glasscity.behaviour import Behaviour, load_behaviour
from glasscity.country import Country, load_country
from glasscity.engine.world import Workers, World
from glasscity.jit import kernel_folder
from glasscity.regime import Regime, load_regime

__all__ = ["warm"]


def _compiled(name: str) -> bool:
    return any(kernel_folder().glob(f"**/step.{name}-*.nbi"))


def warm(country: Country, behaviour: Behaviour, regime: Regime, workers: Workers) -> None:
    """Load or compile every kernel of a month; what they are given decides nothing."""
    helper = None
    if not _compiled("pass_two"):
        try:
            helper = subprocess.Popen([sys.executable, "-m", "glasscity.engine.warm"])
        except OSError:
            helper = None  # then this process does it all
    between = None if helper is None else helper.wait
    World.warm_up(country, behaviour, regime, workers, between=between)


if __name__ == "__main__":
    alone = Workers(1, 2)
    World.warm_up(
        load_country("plainland"),
        load_behaviour(),
        load_regime("unscored"),
        alone,
        between=None,
        first=False,
    )
    alone.close()
