"""The stages of a month one at a time, over a whole society, with every scratch row kept."""

from __future__ import annotations

import copy
import importlib
import inspect
import pkgutil

import numpy as np

from glasscity import month as month_package
from glasscity.draws import MONTH_ZERO, philox_held, philox_rows
from glasscity.month import STAGES
from glasscity.month import tables as at
from glasscity.month.ledger import CELLS, ROWS
from glasscity.terms import CAUSES, GATES
from reference.couple import Counted, couple
from reference.fields import NOW, changed
from reference.month import TwinWorld
from reference.tally import Tally


def modules_with_reads():
    """The modules of the month that declare what they read: every one is a stage."""
    names = [found.name for found in pkgutil.iter_modules(month_package.__path__)]
    modules = {n: importlib.import_module(f"glasscity.month.{n}") for n in names}
    return {name: module for name, module in modules.items() if hasattr(module, "READS")}


def closed_gates(cuts, gates):
    """The gates closed at each score, as uint32[2048]."""
    closed = np.zeros(2048, dtype=np.uint32)
    for code, gate in enumerate(GATES):
        if gate in gates:
            closed[2 : max(2, cuts[gate])] |= np.uint32(1 << code)
    return closed


class Bench:
    """A world on the workbench: its second month, one stage after the other.

    The first month is the twin's, so that scores and cut-offs of a last month exist.
    """

    def __init__(self, case):
        tables, calendar, gates, state = case.parts()
        self.case, self.society = case, case.society
        world = case.world(tables, calendar, gates, state)
        twin = TwinWorld(
            case.society,
            tables=tables,
            calendar=calendar,
            gates=gates,
            state=state,
            homes=case.homes,
            **case.more(),
        )
        world.step(case.month, key=MONTH_ZERO + case.month)
        twin.step(case.month, key=MONTH_ZERO + case.month)
        world.clear()
        self.state, self.twin = world.state, twin
        self.key = MONTH_ZERO + case.month + 1
        self.named_now = twin.now(case.month + 1, self.key)
        tables = world.fused if self.named_now.mandate else world.before
        self.tables = changed(tables, perk_points=twin.t.perk_points)
        self.offices, self.rules = world.offices, world.office_rules
        self.deciles_of = np.array(twin.deciles, dtype=np.uint8)
        self.now = np.array([getattr(self.named_now, name) for name in NOW], dtype=np.int64)
        self.twin_luck = twin.luck(self.key)
        n = self.society.citizens
        self.scratch = np.zeros((at.SCRATCH_ROWS, n), dtype=np.int32)
        self.old_gates = closed_gates(twin.cuts, GATES)
        self.forget()

    def forget(self):
        """Empty what the stages add to."""
        self.counts = np.zeros((len(self.society.cells), len(ROWS), CELLS), dtype=np.int64)
        self.histogram = np.zeros(2048, dtype=np.int64)
        self.moments = np.zeros(5, dtype=np.int64)
        self.deciles = np.zeros((10, at.DECILE_COUNTS), dtype=np.int64)
        self.couples = np.zeros(at.COUPLE_COUNTS, dtype=np.int64)
        self.shapley = np.zeros((len(GATES), len(CAUSES)), dtype=np.int64)
        self.log = []

    def close(self, cuts, rank_gates):
        """The barrier: the month's cut-offs."""
        self.cuts = np.array([cuts[gate] for gate in GATES], dtype=np.int64)
        self.new_gates = closed_gates(cuts, GATES)
        self.gates_without_rank = closed_gates(cuts, set(GATES) - rank_gates)

    def strides(self):
        for first, end, cell, province, area, segment in self.society.blocks.tolist():
            for lo in range(first, end, at.STRIDE):
                hi = min(lo + at.STRIDE, end)
                yield lo, hi, cell, province, area, segment + (lo - first) // 64

    def run(self, stage):
        """Run a stage's kernel over the whole society."""
        kernel = getattr(importlib.import_module(f"glasscity.month.{stage}"), stage)
        names = list(inspect.signature(kernel.py_func).parameters)
        second = stage in ("decide", "respond")
        for lo, hi, cell, province, area, segment in self.strides():
            luck, scratch = at.new_luck(), at.new_scratch()
            for row, call in enumerate(at.DRAWN):
                if row == at.L_VOICE:
                    philox_held(self.case.seed, lo, hi - lo, self.key, call, 12, luck[row])
                else:
                    philox_rows(self.case.seed, lo, hi - lo, self.key, call, luck[row])
            scratch[:, : hi - lo] = self.scratch[:, lo:hi]
            log = np.full((20 * at.STRIDE, at.LOG_WIDTH), -1, dtype=np.int64)
            given = {
                "lo": lo,
                "hi": hi,
                "first_segment": segment,
                "province": province,
                "area": area,
                "traits": self.society.traits,
                "wiring": self.society.wiring,
                "state": self.state,
                "tables": self.tables,
                "now": self.now,
                "score_gates": self.new_gates if second else self.old_gates,
                "score_gates_without_rank": self.gates_without_rank if second else None,
                "cuts": self.cuts if second else None,
                "luck": luck,
                "scratch": scratch,
                "verdicts": np.zeros(32768, dtype=np.uint8),
                "counts": self.counts[cell],
                "histogram": self.histogram,
                "moments": self.moments,
                "offices": self.offices,
                "rules": self.rules,
                "deciles_of": self.deciles_of,
                "deciles": self.deciles,
                "couples": self.couples,
                "shapley": self.shapley,
                "attributes": 1,
                "log": log,
                "used": 0,
            }
            used = kernel(*[given[name] for name in names])
            self.log.extend(log[: used or 0].tolist())
            self.scratch[:, lo:hi] = scratch[:, : hi - lo]

    def run_twin(self, stage, tally):
        """Run a stage's twin over the whole society."""
        if stage == "couple":
            twin = self.twin
            everybody = twin.people, twin.districts
            couple(*everybody, twin.t, self.named_now, twin.deciles, Counted(tally))
            return
        module = importlib.import_module(f"reference.{stage}")
        function = getattr(module, stage)
        names = list(inspect.signature(function).parameters)
        twin = self.twin
        met, seen = twin.meetings(self.key)
        more = [getattr(module, name) for name in ("households",) if hasattr(module, name)]
        for c, home, luck in zip(twin.people, twin.homes, self.twin_luck, strict=True):
            given = {
                "c": c,
                "people": twin.people,
                "home": home,
                "t": twin.t,
                "now": self.named_now,
                "old_cuts": twin.cuts,
                "cuts": twin.cuts,
                "rank_gates": twin.rank_gates,
                "offices": twin.offices,
                "rules": twin.office_rules,
                "deciles": twin.deciles,
                "met": met,
                "seen": seen,
                "luck": luck,
                "tally": tally,
                "attributes": 1,
            }
            function(*[given[name] for name in names])
        for function in more:
            for c in twin.people:
                function(c, twin.people, twin.t, tally)

    def barrier(self, tally):
        """The national rank, made by the twin, handed to the kernels."""
        self.twin.close(self.named_now, tally)
        self.close(self.twin.cuts, self.twin.rank_gates)

    def before_each(self):
        """Run kernels and twins through the month; return the bench as it is before each stage."""
        tally, kept = Tally(), {}
        for name in STAGES:
            kept[name] = copy.copy(self)
            kept[name].state = self.state.copy()
            kept[name].scratch = self.scratch.copy()
            kept[name].forget()
            self.run_twin(name, tally)
            self.run(name)
            if name == "restrict":
                self.barrier(tally)
        return kept
