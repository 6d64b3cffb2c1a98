"""Glasscity: a laboratory for societies that score their citizens, on people who do not exist.

>>> import glasscity
>>> sorted(regime["name"] for regime in glasscity.regimes())[0]
'citizen-score-2020'

Nothing here takes records on real people, scores or looks up a real person, or reads anybody's
posts: every citizen is made up from published aggregates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasscity._version import __version__

if TYPE_CHECKING:
    from glasscity.api import (
        Rerun,
        countries,
        find,
        life,
        numbers,
        open_run,
        regimes,
        rerun,
        resume,
        run,
        society,
        what_if,
    )
    from glasscity.results import Run
    from glasscity.rights.comparison import Comparison, compare
    from glasscity.scenario import Scenario
    from glasscity.study.ensemble import open_study, run_study
    from glasscity.study.fork import Forks, fork
    from glasscity.study.pair import pair
    from glasscity.study.pair_folder import Pair, open_pair

__all__ = [
    "Comparison",
    "Forks",
    "Pair",
    "Rerun",
    "Run",
    "Scenario",
    "__version__",
    "compare",
    "countries",
    "find",
    "fork",
    "life",
    "numbers",
    "open_pair",
    "open_run",
    "open_study",
    "pair",
    "regimes",
    "rerun",
    "resume",
    "run",
    "run_study",
    "society",
    "what_if",
]

_HOMES = {
    "Comparison": "glasscity.rights.comparison",
    "Forks": "glasscity.study.fork",
    "Pair": "glasscity.study.pair_folder",
    "Run": "glasscity.results",
    "Scenario": "glasscity.scenario",
    "compare": "glasscity.rights.comparison",
    "fork": "glasscity.study.fork",
    "open_pair": "glasscity.study.pair_folder",
    "open_study": "glasscity.study.ensemble",
    "pair": "glasscity.study.pair",
    "run_study": "glasscity.study.ensemble",
}


def __getattr__(name: str) -> Any:
    """Load what is asked for only now, so that importing the package is quick."""
    if name not in __all__:
        raise AttributeError(f"module 'glasscity' has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(_HOMES.get(name, "glasscity.api")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
