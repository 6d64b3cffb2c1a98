"""A bound for the full month: its bytes, its ties and its draws, with nothing done to them.

The bare month goes over the same blocks in the same strides on the same threads, and in each it

* reads every column of state and traits that a pass's stages declare to read, whole, and rewrites
  every one that they declare to write (what they change by their own sources, not by guess);
* looks up the candidates of all ties as `candidates` gives them, and reads
  the faces and last shadows at their ends, the household's liquidity, the colleagues' occupations,
  and the face and deed of one stranger;
* makes the draws that everybody makes every month, by `glasscity.draws.philox_rows`;

then, as a month does, turns this month's faces into last month's and reads what the digest hashes.
What only some citizens need (a draw for a court case, an attribution) is not in it: no month can be
this quick, and how far it is from it is what there is to gain.  Beside it: how fast this machine
streams (read and written bytes) and gathers, measured in the same minutes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from glasscity.bench.candidates import candidates
from glasscity.bench.month import REGIME
from glasscity.bench.worlds import PANEL, Clock, begin, joined, settle, timed_month, world_at
from glasscity.draws import MONTH_ZERO, philox_held, philox_rows
from glasscity.engine.room import check_memory
from glasscity.engine.world import World
from glasscity.jit import kernel
from glasscity.month import (
    account,
    act,
    couple,
    decide,
    display,
    favour,
    operate,
    record,
    respond,
    restrict,
    score,
    see,
)
from glasscity.month import tables as at
from glasscity.scenario import Scenario
from glasscity.society.state import COLUMNS

__all__ = ["Bare", "bounds", "gather_rate", "stream_rate"]

_FIRST = (see, act, record, score, operate, display, restrict)
_SECOND = (decide, respond, couple, favour)
# Which traits the stages of a pass read, by their sources; they declare columns of the state only.
_TRAITS = (
    ("who", "income", "conscience", "profile", "misc", "home", "slots"),
    ("who", "income", "conscience", "misc", "home", "slots"),
)
# Calls whose words everybody draws, by pass; what few need is drawn for the few.
_CALLS_FIRST = (at.L_WORK, at.L_PAYMENT, at.L_RARE, at.L_LIFE, at.C_COMPANY)
_CALLS_SECOND = (at.L_EVERYDAY, at.C_COMPANY)
_HELD = 12

_BYTES, _TIES, _DRAWS = 1, 2, 4
_ALL = _BYTES | _TIES | _DRAWS


@kernel
def _read(words, first, last):
    total = np.uint64(0)
    for word in words[first:last]:
        total ^= word
    return total


@kernel
def _rewrite(words, first, last, mask):
    part = words[first:last]
    for w in range(len(part)):
        part[w] ^= mask


@kernel
def _touch(words, columns, lo, hi, mask):
    """Read the whole words of citizens ``lo`` to ``hi`` in each column; rewrite where it says so.

    ``columns``, int64[n, 3]: first word, bytes a citizen, 1 where the column is rewritten.
    """
    total = np.uint64(0)
    for c in range(len(columns)):
        first = columns[c, 0] + (lo * columns[c, 1] >> 3)
        last = columns[c, 0] + (hi * columns[c, 1] >> 3)
        if columns[c, 2] == 1:
            _rewrite(words, first, last, mask)
        else:
            total ^= _read(words, first, last)
    return total


@kernel
def _bare_pass(
    second, first_block, end_block, blocks, traits, wiring, faces, shadow, deed, liquidity,
    words, columns, seed, key, luck, found, mask, parts,
):  # fmt: skip
    """Go over blocks as a pass does; ``parts`` says which of its three loads to carry."""
    total = np.uint64(0)
    seen = np.int64(0)
    who = traits.who
    home = traits.home
    for b in range(first_block, end_block):
        for lo in range(blocks[b, 0], blocks[b, 1], at.STRIDE):
            hi = min(lo + at.STRIDE, blocks[b, 1])
            segment = blocks[b, 5] + ((lo - blocks[b, 0]) >> 6)
            if parts & _DRAWS:
                if second:
                    for call in _CALLS_SECOND:
                        philox_rows(seed, lo, hi - lo, key, call, luck[0])
                else:
                    philox_held(seed, lo, hi - lo, key, at.L_VOICE, _HELD, luck[1])
                    for call in _CALLS_FIRST:
                        philox_rows(seed, lo, hi - lo, key, call, luck[0])
            if parts & _TIES:
                if second:
                    for i in range(lo, hi):
                        if (i - lo) & 63 == 0:
                            candidates(segment + ((i - lo) >> 6), wiring, found)
                        j = found[6, (i - lo) & 63]
                        seen += np.int64(faces[j]) + np.int64(deed[j])
                else:
                    for i in range(lo, hi):
                        position = (i - lo) & 63
                        if position == 0:
                            candidates(segment + ((i - lo) >> 6), wiring, found)
                        start = i - (np.int64(home[i]) & 7)
                        for j in range(start, start + ((np.int64(home[i]) >> 3) & 7)):
                            seen += np.int64(liquidity[j]) + np.int64(faces[j])
                        for slot in range(12):
                            j = found[slot, position]
                            seen += np.int64(faces[j]) + np.int64(shadow[j])
                        if (who[i] >> 3) & 7 < 6:
                            for slot in range(12, 19):
                                j = found[slot, position]
                                seen += np.int64(who[j]) + np.int64(faces[j]) + np.int64(shadow[j])
                        seen += np.int64(faces[found[19, position]])
            if parts & _BYTES:
                total ^= _touch(words, columns, lo, hi, mask)
    return total ^ np.uint64(seen)


@kernel
def _sweep(words, columns, blocks, first_block, end_block, mask):
    """Go over columns stride by stride, as the hash of a state does."""
    total = np.uint64(0)
    for b in range(first_block, end_block):
        for lo in range(blocks[b, 0], blocks[b, 1], at.STRIDE):
            total ^= _touch(words, columns, lo, min(lo + at.STRIDE, blocks[b, 1]), mask)
    return total


@kernel
def _stream(source, target, lo, hi):
    for i in range(lo, hi):
        target[i] = source[i] + 1.0


@kernel
def _gather(table, where, lo, hi):
    total = np.int64(0)
    for i in range(lo, hi):
        total += np.int64(table[where[i]])
    return total


class Bare:
    """The bare month of a world: same blocks, same ties, same threads.

    Parameters
    ----------
    world : World
        Its faces are read and nothing in it is changed; the bytes of the columns are those of a
        copy, column after column in one vector, because handing over forty columns one by one
        would cost more than reading them.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        state, traits = world.state, world.society.traits
        columns = {name: array for name, array in state.columns().items() if len(array)}
        columns |= {f"traits.{name}": getattr(traits, name) for name in _TRAITS[0]}
        self.citizens = world.society.citizens
        place, first = {}, 0
        for name, array in columns.items():
            place[name] = (first, array.nbytes // len(array))
            first += -(-array.nbytes // 8)
        self.words = np.zeros(first, dtype=np.uint64)

        def table(read, written=()) -> np.ndarray:
            rows = [(*place[n], 0) for n in sorted(set(read) - set(written)) if n in place]
            rows += [(*place[n], 1) for n in sorted(set(written)) if n in place]
            return np.array(rows, dtype=np.int64)

        first_pass = (*_FIRST, account) if len(state.record.earned) else _FIRST
        self.passes = [
            table(
                [
                    *(f"traits.{name}" for name in _TRAITS[k]),
                    *(n for s in stages for n in (*s.READS, *getattr(s, "READS_FOR_AUDIT", ()))),
                ],
                [name for stage in stages for name in stage.WRITES],
            )
            for k, stages in enumerate((first_pass, _SECOND))
        ]
        self.turn = table(
            ("face.next", "face.deed_next", "audit.inner"),
            ("face.now", "face.deed", "audit.shadow"),
        )
        left_out = {"face.next", "face.deed_next"}
        self.hash = table(
            f"{c.group}.{c.name}"
            for c in COLUMNS
            if c.group != "audit" and f"{c.group}.{c.name}" not in left_out
        )
        self.luck = [np.zeros((2, 4, at.STRIDE), dtype=np.uint32) for _ in world._parts]
        self.found = [np.zeros((20, 64), dtype=np.int64) for _ in world._parts]

    @property
    def bytes_per_citizen(self) -> int:
        """Bytes read and written a citizen and month, gathers left out."""
        sweeps = (*self.passes, self.turn, self.hash)
        # What is rewritten is read as well, but for what the turn writes.
        twice = sum(int((t[:, 1] * (1 + t[:, 2])).sum()) for t in sweeps)
        return twice - int((self.turn[:, 1] * self.turn[:, 2]).sum())

    def month(self, month: int, parts: int = _ALL) -> tuple[float, float]:
        """Do a bare month; return seconds, and seconds of all processors."""
        began, cpu = time.perf_counter(), time.process_time()
        world, state, society = self.world, self.world.state, self.world.society
        seed, key, mask = np.int64(society.seed), np.int64(MONTH_ZERO + month), np.uint64(0)
        for second, columns in enumerate(self.passes):

            def one(_, k, second=second, columns=columns):
                return _bare_pass(
                    second, *world._parts[k], society.blocks, society.traits, society.wiring,
                    state.face.now, state.audit.shadow, state.face.deed, state.truth.liquidity,
                    self.words, columns, seed, key, self.luck[k], self.found[k], mask, parts,
                )  # fmt: skip

            world.workers.run(range(len(world._parts)), one)
        if parts & _BYTES:
            for columns in (self.turn, self.hash):

                def sweep(_, part, columns=columns):
                    return _sweep(self.words, columns, society.blocks, *part, mask)

                world.workers.run(world._parts, sweep)
        return time.perf_counter() - began, time.process_time() - cpu


def stream_rate(threads: int, megabytes: int = 256) -> float:
    """Return bytes read and written a second when one vector is copied to another, plus one."""
    source, target = np.ones(megabytes << 17), np.zeros(megabytes << 17)
    seconds = _best(threads, len(source), lambda lo, hi: _stream(source, target, lo, hi))
    return 2 * source.nbytes / seconds


def gather_rate(threads: int, citizens: int, gathers: int = 1 << 23) -> float:
    """Return reads a second of 4 bytes at random places of a vector with one for each citizen."""
    table = np.ones(citizens, dtype=np.uint32)
    where = np.random.default_rng(1).integers(0, citizens, gathers, dtype=np.int32)
    return gathers / _best(threads, gathers, lambda lo, hi: _gather(table, where, lo, hi))


def _best(threads: int, size: int, work: Callable[[int, int], object], repeats: int = 4) -> float:
    """Return the least seconds of several goes, after one to compile, over equal parts."""
    edges = np.linspace(0, size, threads + 1).astype(int).tolist()
    with ThreadPoolExecutor(threads) as pool:
        taken = []
        for _ in range(repeats + 1):
            began = time.perf_counter()
            list(pool.map(work, edges[:-1], edges[1:]))
            taken.append(time.perf_counter() - began)
    return min(taken[1:])


def bounds(citizens: int, *, threads: tuple[int, ...], months: int, burn_in: int) -> Iterator[dict]:
    """Yield a case for each number of threads: months with penalties and bare ones, in turn.

    Parameters
    ----------
    months : int
        Months of each kind.
    """
    check_memory(citizens)
    scenario = Scenario(REGIME, citizens=citizens, seed=1)
    society, state = begin(scenario)
    settle(scenario, society, state, months=burn_in)
    for t in threads:
        ours = state.copy() if len(threads) > 1 else state
        world = world_at(scenario, society, ours, threads=t, attributes=PANEL)
        month = (world.calendar.mandate or 0) - 1
        joined(society, ours)
        timed_month(world, month)
        bare = Bare(world)
        bare.month(month)
        full, least = Clock(), Clock()
        parts = {name: Clock() for name in ("bytes", "ties", "draws")}
        for k in range(1, months + 1):
            full.add(*timed_month(world, month + k))
            least.add(*bare.month(month + k))
            for name, part in zip(parts, (_BYTES, _TIES, _DRAWS), strict=True):
                parts[name].add(*bare.month(month + k, part))
        world.workers.close()
        cpu, wall = full.ns(citizens) or 0.0, full.ns(citizens, cpu=False) or 0.0
        bare_cpu, bare_wall = least.ns(citizens) or 0.0, least.ns(citizens, cpu=False) or 0.0
        yield {
            "case": "bound",
            "citizens": citizens,
            "threads": t,
            "regime": scenario.regime.name,
            "month_cpu_ns": round(cpu, 1),
            "month_wall_ns": round(wall, 1),
            "bound_cpu_ns": round(bare_cpu, 1),
            "bound_wall_ns": round(bare_wall, 1),
            "percent_of_bound": round(100 * bare_cpu / cpu, 1),
            **{
                f"{name}_cpu_ns": round(clock.ns(citizens) or 0.0, 1)
                for name, clock in parts.items()
            },
            "bytes_per_citizen_month": bare.bytes_per_citizen,
            "stream_gb_per_second": round(stream_rate(t) / 1e9, 2),
            "gathers_per_second": round(gather_rate(t, citizens) / 1e6) * 1_000_000,
        }
