"""Libraries that only studies need: imported when they are used, named when they are missing."""

from __future__ import annotations

import importlib
from types import ModuleType

from glasscity.errors import BadArgument

__all__ = ["EXTRA", "library"]

EXTRA = "glasscity[study]"
_CALLED = {"SALib": "SALib", "optuna": "Optuna"}


def library(name: str, *, what: str) -> ModuleType:
    """Return a library of the extra ``study``, or a module of it.

    Parameters
    ----------
    name : str
        ``SALib.sample.morris``, ``optuna`` and so on.
    what : str
        What it is needed for, as a phrase for the message.

    Raises
    ------
    BadArgument
        If it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        called = _CALLED.get(name.partition(".")[0], name)
        raise BadArgument(
            f"{what} needs {called}, which is not installed",
            allowed=f"an installation with the extra '{EXTRA}'",
            mend=f"install it with: python -m pip install '{EXTRA}'",
        ) from None
