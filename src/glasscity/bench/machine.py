"""Where a measurement was made: processor, memory, system, versions, and who else was at work."""

from __future__ import annotations

import datetime as dt
import os
import platform
import resource
import sys
from importlib.metadata import version
from pathlib import Path

__all__ = ["describe", "peak_bytes"]

_LIBRARIES = ("numpy", "numba", "llvmlite", "polars")


def describe() -> dict:
    """Return the machine, the versions, the day and the load of the last minute."""
    from glasscity import __version__
    from glasscity._version import MODEL_VERSION

    return {
        "date": dt.date.today().isoformat(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "memory_bytes": _memory(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "glasscity": __version__,
        "model": MODEL_VERSION,
        **{name: version(name) for name in _LIBRARIES},
        # Above the threads in use, somebody else was at work: processor time is then the better
        # figure, and even that is disturbed by shared caches.
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }


def peak_bytes() -> int:
    """Return the most memory that this process has held, what it was forked from left out."""
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Kilobytes elsewhere, bytes on a Mac.
    return peak if sys.platform == "darwin" else peak * 1024


def _processor() -> str:
    """Return the processor's name, with its caches where they are known."""
    lines = Path("/proc/cpuinfo")
    if not lines.is_file():
        return platform.processor() or platform.machine()
    for line in lines.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return None
