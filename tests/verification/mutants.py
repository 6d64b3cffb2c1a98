"""Deliberately wrong kernels: a copy of a module's source with one thing changed.

A check that a wrong kernel passes proves nothing, so each check is shown some.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from types import ModuleType, SimpleNamespace

_COMPILER = "from glasscity.jit import kernel"
_UNCACHED = "from numba import njit\nkernel = njit(nogil=True, error_model='numpy')"


def wrong(
    module: ModuleType,
    *changes: tuple[str, str],
    names: Mapping[str, object] | None = None,
) -> SimpleNamespace:
    """Return the names of a copy of a module that differs by some changes.

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
    text = inspect.getsource(module).replace(_COMPILER, _UNCACHED)
    for old, new in changes:
        if text.count(old) != 1:
            raise LookupError(f"{module.__name__} has {text.count(old)} times, not once: {old!r}")
        text = text.replace(old, new)
    space: dict[str, object] = {"__name__": f"wrong_{module.__name__.rpartition('.')[2]}"}
    exec(compile(text, f"<wrong {module.__name__}>", "exec"), space)  # noqa: S102
    space.update(names or {})
    return SimpleNamespace(**space)
