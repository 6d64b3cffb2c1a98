"""What everybody's inputs would be without some causes: a state to ask the gates about.

Written anew with NumPy from the model (section 6) and decision 3; nothing is taken from the stage
that attributes.  A cause that is off has its input replaced by the better of its value and that of
a person of whom nothing adverse is known; the score is made again from the inputs that are left.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from gate import Moment
from rig import acquaintances, get

from glasscity.month import tables as at
from glasscity.month.shared import dealt
from glasscity.society.state import State
from glasscity.terms import CAUSES, LISTING_CAUSES, SPHERES

WHOLE = 65535
BIT = {name: 1 << place for place, name in enumerate(CAUSES)}
ALL = (1 << len(CAUSES)) - 1
# Where audit.shares has each sphere's shares of unwilling and unable breaches, and of errors.
SHARES = {"government": (0, 1, 2), "commerce": (3, 4, 5), "society": (6,), "judiciary": (7,)}


def seen_ties(where, faces: np.ndarray, bar: int) -> dict[str, np.ndarray]:
    """Return what everybody's open ties showed: their number, scores, voices."""
    ends = acquaintances(where)[:, :26]
    known = ends >= 0
    there = faces[np.where(known, ends, 0)].astype(np.int64)
    for slot in range(12):
        both = (faces >> np.uint32(16 + slot)) & (there[:, 14 + slot] >> (16 + slot)) & 1
        known[:, 14 + slot] &= both == 1
    scores = there & 2047
    scored = known & (scores > 1)
    voice = (there >> 11) & 3
    return {
        "ties": known.sum(axis=1),
        "scored": scored.sum(axis=1),
        "total": (scores * scored).sum(axis=1),
        "low": (scored & (scores < bar)).sum(axis=1),
        "praisers": (known & (voice == 2)).sum(axis=1),
        "critics": (known & (voice == 1)).sum(axis=1),
    }


def points(weight: int, value: np.ndarray) -> np.ndarray:
    """Return a part in 1/256 point."""
    return weight * value // WHOLE


@dataclass(frozen=True)
class Without:
    """The inputs of everybody in a moment, to be looked at from the gates of one sphere."""

    moment: Moment
    sphere: str

    def field(self, name: str):
        return get(self.moment.tables, name)

    @cached_property
    def error(self) -> np.ndarray:
        """The bit of the cause that an error of everybody's is called by: that of the last one."""
        mixed = self.moment.state.audit.lost & 64 > 0
        return np.where(mixed, BIT["mix_up"], BIT["false_alarm"])

    def own(self, word: str, sphere: str) -> int:
        return BIT[f"{'here' if sphere == self.sphere else 'elsewhere'}_{word}"]

    @cached_property
    def deficits(self) -> dict[str, list[tuple[np.ndarray, np.ndarray]]]:
        """By sphere: (bit of the cause, deficit that rests on it), which add up to the whole."""
        found = {}
        for s, sphere in enumerate(SPHERES):
            whole = self.moment.state.record.deficits[:, s].astype(np.int64)
            rest = whole.copy()
            parts = []
            *own, wrong = SHARES[sphere]
            for word, place in zip(("unwilling", "unable"), own, strict=False):
                parts.append((self.own(word, sphere), place))
            parts.append((self.error, wrong))
            found[sphere] = []
            for cause, place in parts:
                share = self.moment.state.audit.shares[:, place].astype(np.int64)
                part = np.minimum(whole * share // 255, rest)
                rest -= part
                found[sphere].append((np.broadcast_to(cause, whole.shape), part))
            word = "slip" if len(parts) == 3 else "unwilling"  # elsewhere it is one's own conduct
            found[sphere].append((np.broadcast_to(self.own(word, sphere), whole.shape), rest))
        return found

    @cached_property
    def fixed(self) -> list[tuple[int, int, np.ndarray, int]]:
        """Parts of a score with one cause each: (bit, points at 1, value, neutral value)."""
        moment, field = self.moment, self.field
        where, now = moment.society, moment.now
        reference = field("reference")
        seen = seen_ties(where, moment.state.face.now, int(now[at.NOW_BAR]))
        some = np.maximum(seen["scored"], 1)
        low, high = field("low"), field("high")
        mean16, spread16 = int(now[at.NOW_MEAN16]), int(now[at.NOW_SPREAD16])
        nobody = seen["scored"] == 0
        if field("statistic") == 0:
            friends = (seen["total"] * WHOLE // some - low * WHOLE) // (high - low)
        elif field("statistic") == 1:
            nobody = nobody | (mean16 == 0) | (spread16 == 0)
            friends = 32768 + (seen["total"] * 16 // some - mean16) * 65536 // max(1, 6 * spread16)
        else:
            friends = WHOLE - seen["low"] * WHOLE // some
        friends = np.where(nobody, reference[4], np.clip(friends, 0, WHOLE))
        gamed = np.array([dealt(i, 1) for i in range(where.citizens)]) < field("gamers")
        friends = np.where(gamed, np.minimum(friends + field("game_ties"), WHOLE), friends)
        taken, added = field("ties_voice")
        lead = seen["praisers"] * added - seen["critics"] * taken
        voices = 32768 + lead // np.maximum(seen["ties"], 1)
        voices = np.where(seen["ties"] == 0, reference[5], voices)
        spoken = field("own_voice")[(moment.state.face.next >> 11) & 3]
        relations = [
            neutral + (((value - neutral) * strength) >> 16)
            for neutral, value, strength in zip(
                reference[4:], (friends, voices, spoken), field("relation_strength"), strict=True
            )
        ]
        staged = np.minimum(where.traits.profile + gamed * field("game_profile"), 255)
        return [
            (BIT["profile"], field("weights")[2], field("personal")[where.traits.who], 2),
            (BIT["profile"], field("weights")[3], 257 * staged.astype(np.int64), 3),
            (BIT["ties_scores"], field("relation")[0], relations[0], 4),
            (BIT["ties_voice"], field("relation")[1], relations[1], 5),
            (BIT["own_voice"], field("relation")[2], relations[2], 6),
        ]

    @cached_property
    def given(self) -> np.ndarray:
        """Points that officials give everybody, in 1/256."""
        where = self.moment.society
        found = np.zeros(where.citizens, dtype=np.int64)
        for first, end, _, province, _, _ in where.blocks.tolist():
            by_work = self.field("official_points")[province]
            found[first:end] = by_work[(where.traits.who[first:end] >> 3) & 7]
        return found * self.field("officials")

    def means(self, off: np.ndarray, neutral: int) -> np.ndarray:
        """Return signs of means as somebody sees them for whom ``neutral`` is nothing adverse."""
        value = self.moment.state.record.fulfilment.astype(np.int64)
        short = np.maximum(neutral - value, 0)
        by_denials = np.minimum(short, self.moment.state.audit.lost_means)
        value = value + np.where(off & BIT["means_denials"], by_denials, 0)
        return value + np.where(off & BIT["means_own"], short - by_denials, 0)

    def raw(self, off: np.ndarray) -> np.ndarray:
        """Return everybody's raw points in 1/256, before rounding and clip."""
        weights, reference = self.field("weights"), self.field("reference")
        history = np.zeros(len(off), dtype=np.int64)
        for s, sphere in enumerate(SPHERES):
            left = sum(np.where(off & cause, 0, part) for cause, part in self.deficits[sphere])
            history += (left * int(self.field("history")[s])) >> 8
        found = self.field("low") * 256 + points(weights[0], WHOLE - np.minimum(history, WHOLE))
        found += points(weights[1], self.means(off, int(reference[1])))
        for cause, weight, value, place in self.fixed:
            better = np.maximum(value, reference[place])
            found += points(weight, np.where(off & cause, better, value))
        return found + np.where(off & BIT["favour"], np.maximum(self.given, 0), self.given)

    def state(self, off: np.ndarray | int) -> State:
        """Return the state in which everybody's causes of a mask (of one's own, int[n]) are off."""
        off = np.broadcast_to(np.asarray(off, dtype=np.int64), self.moment.society.citizens)
        state = self.moment.state.copy()
        for s, sphere in enumerate(SPHERES):
            left = sum(np.where(off & cause, 0, part) for cause, part in self.deficits[sphere])
            state.record.deficits[:, s] = left
            state.record.standing[:, s] *= ~self.delisted(s, sphere, off)
        state.record.fulfilment[:] = self.means(off, self.field("middle"))
        score = (self.raw(off) + 128) >> 8
        score = np.clip(score, self.field("low"), self.field("high")).astype(np.uint32)
        face = state.face.next
        scored = face & np.uint32(2047) > 1
        face[:] = np.where(scored, (face & ~np.uint32(2047)) | score, face)
        return state

    def delisted(self, s: int, sphere: str, off: np.ndarray) -> np.ndarray:
        """Return who would not be on a list: each of its live causes is off, in part or whole."""
        standing = self.moment.state.record.standing[:, s]
        live = (self.moment.state.audit.causes >> np.uint32(5 * s)) & 31
        stays = live == 0
        for place, name in enumerate(LISTING_CAUSES):
            if name == "mixed":  # without the months of either it would not have come to this
                needs = self.own("unwilling", sphere) | self.own("unable", sphere)
            elif name in BIT:
                needs = BIT[name]
            else:
                needs = self.own(name, sphere)
            stays |= (live >> place & 1 == 1) & (off & needs == 0)
        return (standing > 0) & (standing < 128) & ~stays

    def rounding(self, off: np.ndarray | int) -> np.ndarray:
        """Return whose score this replay cannot tell from the attributed one.

        Attribution adds up what means of one's own and means lost to denials take off separately,
        each rounded down to 1/256 point; with one of them off and the other not, the replay's
        points may be 1/256 fewer or more, which matters to those right at the edge of a score.
        """
        off = np.broadcast_to(np.asarray(off, dtype=np.int64), self.moment.society.citizens)
        both = BIT["means_own"] | BIT["means_denials"]
        one = (off & both != 0) & (off & both != both)
        edge = (self.raw(off) + 128) & 255
        return one & ((edge == 0) | (edge == 255))
