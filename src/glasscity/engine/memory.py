"""How much memory a machine has to give."""

from __future__ import annotations

__all__ = ["free_memory"]


def free_memory() -> int | None:
    """Return the bytes that programs can still have, or None where the system does not say."""
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:
            for line in lines:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None
