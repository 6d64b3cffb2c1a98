"""Made-up sources of records for V3: what they see, miss, make up and take for a namesake's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from rig import ALWAYS, Room, put_now, quiet

from glasscity.month import tables as at
from glasscity.rates import threshold32

# Unruly on trains: the society's list, gravity 2, and no obligation that could be paid.
TRAIN, SOCIETY, GRAVITY = 8, 2, 2
PEOPLE = 2**17
MONTHS = 48
EVERYBODY_COMMON = 3 << 4  # traits.misc: the name group of greatest risk
MOVED = 4096  # bit of S_STATUS: the record went to the namesake


@dataclass(frozen=True, kw_only=True)
class Source:
    """A source and the people it writes about, by the letters of the formula."""

    pi: float
    m: float
    f: float
    mu: float
    c: float = 1.0
    moves: bool = True

    @property
    def written(self) -> float:
        """Chance of a written event, under whatever name."""
        return self.pi * (1 - self.m)

    @property
    def own(self) -> float:
        """Chance that it stands under the right name."""
        return self.written * (1 - self.mu * self.moves)

    @property
    def strange(self) -> float:
        """Chance that a file gets something that is not its own, without links."""
        return 1 - (1 - self.f) * (1 - self.mu * self.written)

    @property
    def wrong_records(self) -> float:
        """W: the wrong share of all records, at most one of them an alarm where nothing was."""
        every = self.own + self.mu * self.written + (1 - self.pi) * self.f
        return 1 - self.own / every

    @property
    def wrong_entries(self) -> float:
        """W': the wrong share of the months in which a file gets anything."""
        strange = (1 - self.own) * self.strange
        return strange / (self.own + strange)

    def tables(self, **fields) -> np.ndarray:
        which = (np.arange(11) >= TRAIN) * ALWAYS
        return quiet(
            detect=threshold32(1 - self.m),
            mix=threshold32(self.mu),
            mix_moves=int(self.moves),
            name_risk=256,
            false_any=threshold32(self.f),
            false_which=which,
            corrected=ALWAYS if self.c == 1 else threshold32(self.c),
            **fields,
        )


def look_at_namesake(room: Room) -> None:
    """Do what `see` does: neighbours two by two are namesakes, and read last month's event."""
    twin = np.arange(room.n) ^ 1
    room.note(at.S_TWIN, twin - np.arange(room.n))
    room.note(at.S_TWIN_EVENT, (room.state.face.now[twin] >> 28).astype(np.int64))


def live(room: Room, source: Source, month: int, luck: np.random.Generator, kernel) -> None:
    """Let events happen and be written down; those to whom one happened are told by their camp."""
    happened = luck.random(room.n) < source.pi
    room.state.truth.opinion[:] = np.where(happened, -127, 127)
    room.note(at.S_STATUS, happened << TRAIN)
    room.note(at.S_FRESH, happened << TRAIN)
    room.draw(month, at.L_RARE, at.L_RESPOND)
    look_at_namesake(room)
    room.do(kernel)


def new_room(source: Source, **fields) -> Room:
    room = Room(PEOPLE, tables=source.tables(**fields), now=put_now())
    room.traits.misc[:] = EVERYBODY_COMMON
    return room
