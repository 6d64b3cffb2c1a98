"""Deliberately wrong kernels: a copy of a module's source with one thing changed.

A check that a wrong kernel passes proves nothing, so each check is shown some.
"""

from __future__ import annotations

import inspect
import itertools
import re
import sys
from collections.abc import Callable, Mapping
from types import ModuleType

from rig import put

_COMPILER = re.compile("from glasscity.jit import .*")
_COPIES = itertools.count()
_UNCACHED = (
    "from numba import njit\n"
    "kernel = njit(nogil=True, error_model='numpy')\n"
    "inner = njit(nogil=True, error_model='numpy', _nrt=False)"
)


def wrong(
    module: ModuleType,
    *changes: tuple[str, str],
    names: Mapping[str, object] | None = None,
) -> ModuleType:
    """Return a copy of a module that differs by some changes.

    Parameters
    ----------
    module : module
        One of the months' or the engine's.
    *changes : pairs of str
        What is replaced, which must occur exactly once, and by what.
    names : mapping, optional
        Functions that take the place of imported ones.

    Raises
    ------
    LookupError
        If a text does not occur exactly once: the kernel has changed, and so must the fault.
    """
    text = _COMPILER.sub(_UNCACHED, inspect.getsource(module))
    for old, new in changes:
        if text.count(old) != 1:
            raise LookupError(f"{module.__name__} has {text.count(old)} times, not once: {old!r}")
        text = text.replace(old, new)
    copy = ModuleType(f"wrong_{module.__name__.rpartition('.')[2]}_{next(_COPIES)}")
    sys.modules[copy.__name__] = copy  # where dataclasses look for it
    exec(compile(text, f"<wrong {module.__name__}>", "exec"), vars(copy))
    vars(copy).update(names or {})
    return copy


def with_tables(stage, **fields) -> Callable:
    """Return a stage that runs with some fields of the tables wrong."""
    place = list(inspect.signature(stage.py_func).parameters).index("tables")

    def run(*arguments):
        given = list(arguments)
        given[place] = put(given[place], **fields)
        return stage(*given)

    run.py_func = stage.py_func
    return run
