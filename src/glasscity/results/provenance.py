"""Where a run comes from: enough to make it again, and nothing about who made it.

No host name, user name or path is written: a run folder is made to be passed on.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from glasscity._version import MODEL_VERSION, __version__

__all__ = ["PACKAGES", "peak_memory_bytes", "provenance"]

PACKAGES = ("numpy", "numba", "llvmlite", "polars", "xarray", "h5netcdf", "h5py", "pydantic")


def provenance(
    *,
    seeds: Mapping[str, int],
    catalogue: Mapping[str, str],
    command: Sequence[str] = (),
    wall_seconds: float | None = None,
    simulation_seconds: float | None = None,
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what is stored as ``provenance.json``.

    Parameters
    ----------
    seeds : mapping of name to int
        Every seed of the run.
    catalogue : mapping of name to str
        Fingerprints of the regime, country, behaviour and list of sources.
    command : sequence of str, optional
        The command line; paths in it are cut to their last part.
    wall_seconds, simulation_seconds : float, optional
        Time of the whole command and of its months alone.
    extra : mapping, optional
        Anything else, fit for JSON.

    Returns
    -------
    dict
        Fit for JSON.
    """
    return {
        "glasscity": __version__,
        "model": MODEL_VERSION,
        "python": platform.python_version(),
        "implementation": sys.implementation.name,
        "platform": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "packages": _versions(),
        "seeds": dict(seeds),
        "catalogue": dict(catalogue),
        "command": [_without_path(word) for word in command],
        "written": datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds"),
        "wall_seconds": wall_seconds,
        "simulation_seconds": simulation_seconds,
        "peak_memory_bytes": peak_memory_bytes(),
        **(extra or {}),
    }


def peak_memory_bytes() -> int | None:
    """Return the most memory this process has held so far; None where it cannot be told."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in units of 1024 bytes, macOS in bytes.
    return int(peak) if sys.platform == "darwin" else int(peak) * 1024


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def _without_path(word: str) -> str:
    """Cut a path, also one behind an option's "=", to its last part: folders name people."""
    option, equals, value = word.partition("=") if word.startswith("-") else ("", "", word)
    is_path = "/" in value or "\\" in value
    return option + equals + (Path(value.replace("\\", "/")).name if is_path else value)
