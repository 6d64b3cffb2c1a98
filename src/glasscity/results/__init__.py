"""Results: the cube, the registers and the folder that keeps them.

Results receive plain arrays and know neither the engine nor the months; reports and measures read
stored runs and nothing else.
"""

from __future__ import annotations

from glasscity.results.cube import Cube, CubeBuilder
from glasscity.results.folder import new_run_folder
from glasscity.results.outcome import Outcome
from glasscity.results.provenance import provenance
from glasscity.results.run import Run, open_run
from glasscity.results.store import RunWriter

__all__ = [
    "Cube",
    "CubeBuilder",
    "Outcome",
    "Run",
    "RunWriter",
    "new_run_folder",
    "open_run",
    "provenance",
]
