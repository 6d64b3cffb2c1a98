"""What a society takes of memory and disk, in each of the ways in which it can be laid out.

=======  ===================================================  ======================
layout   where the people are                                 for
=======  ===================================================  ======================
plain    arrays in memory                                     up to tens of millions
packed   what others see in arrays, the rest packed, both in  hundreds of millions
         memory
disk     what others see in arrays, the rest packed on disk   a nation
=======  ===================================================  ======================

The layout changes no result (`engine.packed`).
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from glasscity.errors import BadArgument, CannotFit

__all__ = ["LAYOUTS", "Room", "check_memory", "choose", "memory_free", "room_of", "size"]

LAYOUTS = ("plain", "packed", "disk")

# Bytes of memory a citizen while a run is at its fullest, and what comes on top.  Plain: the state
# and the burn-in's copy of it, traits and wiring, and what a month's registers and the cube's
# growth add on average.  Packed: 12 in arrays, 1 of wiring, up to 31 of records.
_MEMORY = {"plain": 170.0, "packed": 46.0, "disk": 13.6}
_MEMORY_FIXED = {"plain": 400_000_000, "packed": 1_200_000_000, "disk": 1_600_000_000}
# Bytes of disk a citizen: two generations of records, those of the traits, a checkpoint.
_DISK = {"plain": 0.0, "packed": 0.0, "disk": 54.0}
_SHARE = 0.95  # of what is free


@dataclass(frozen=True)
class Room:
    """What a layout takes for so many citizens: bytes of memory and of disk."""

    layout: str
    citizens: int
    memory: int
    disk: int


def room_of(layout: str, citizens: int) -> Room:
    """Return what a layout takes."""
    memory = round(_MEMORY_FIXED[layout] + citizens * _MEMORY[layout])
    return Room(layout, citizens, memory, round(citizens * _DISK[layout]))


def choose(citizens: int, folder: Path, layout: str = "auto") -> Room:
    """Return the first layout that fits, or what the one asked for takes.

    Parameters
    ----------
    citizens : int
    folder : Path
        Where the run's folder is or will be; its disk is looked at.
    layout : {"auto", "plain", "packed", "disk"}

    Raises
    ------
    BadArgument
        If there is no such layout.
    CannotFit
        If it does not fit the free memory, or the free disk.
    """
    if layout not in ("auto", *LAYOUTS):
        raise BadArgument(
            f"there is no layout '{layout}'", where="layout", allowed=", ".join(("auto", *LAYOUTS))
        )
    memory, disk = memory_free(), disk_free(folder)
    rooms = [room_of(name, citizens) for name in LAYOUTS if layout in ("auto", name)]
    for room in rooms:
        fits = memory is None or room.memory <= _SHARE * memory
        if fits and (room.disk == 0 or room.disk <= _SHARE * disk):
            return room
    last = rooms[-1]
    if memory is not None and last.memory > _SHARE * memory:
        raise _too_much(citizens, last.layout, "memory", last.memory, memory)
    raise _too_much(citizens, last.layout, "disk", last.disk, disk)


def _too_much(citizens: int, layout: str, of: str, needed: int, free: int) -> CannotFit:
    if of == "memory":
        most = (_SHARE * free - _MEMORY_FIXED[layout]) / _MEMORY[layout]
        mend = "ask for fewer citizens, or run on a machine with more memory"
    else:
        most = _SHARE * free / _DISK[layout]
        mend = "free some space, choose another place with --out, or ask for fewer citizens"
    most = max(0, int(most))
    digits = max(0, len(str(most)) - 2)
    return CannotFit(
        what=f"{citizens:,} citizens would take about {size(needed)} of {of}, "
        f"and {size(free)} are free",
        where="citizens",
        allowed=f"up to about {most // 10**digits * 10**digits:,} here",
        mend=mend,
    )


def check_memory(citizens: int, layout: str = "plain") -> None:
    """Refuse a number of citizens that the free memory cannot hold."""
    needed, free = room_of(layout, citizens).memory, memory_free()
    if free is not None and needed > _SHARE * free:
        raise _too_much(citizens, layout, "memory", needed, free)


def memory_free() -> int | None:
    """Return the bytes of memory that are free, None where the system does not say."""
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:
            for line in lines:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None


def disk_free(folder: Path) -> int:
    """Return the bytes that are free where a folder is or will be."""
    for place in (folder, *folder.absolute().parents):
        if place.is_dir():
            return shutil.disk_usage(place).free
    return 0


def size(number: float) -> str:
    """Return a number of bytes as people write it."""
    for unit in ("bytes", "kB", "MB", "GB", "TB", "PB"):
        if number < 1000 or unit == "PB":
            return f"{number:.3g} {unit}"
        number /= 1000
    raise AssertionError
