"""V18. Why somebody was refused, by asking the gate again.

What: the gate decides again, by the shipped `decide`, with the inputs of one cause replaced and the
month's cut-offs, draws and everybody else as they were: each stored cause is a but-for cause if and
only if the refusal goes, a sufficient one if and only if with every other cause replaced it stays;
the same for each group of causes; with none left every stored refusal goes, and every refusal that
is called baseline stays. The inputs are replaced in the state (deficits, listings, signs of means)
and the score is made again from them with NumPy. Every refusal of two months (of eight: verify) of
6,000 citizens of plainland, rare things ten times as frequent, under each statistic of ties' scores
and with officials and gaming: over 1,000 in each world. Every refusal of the last year of a run of
the press account as shipped, read from its register; every subset of causes, from which who is
involved, the classes and the Shapley shares follow (verify). Not replayed exactly: with means of
one's own off and those lost to denials on, or the other way round, points are rounded twice, so
scores at the very edge are left out and counted, at most one in a hundred; behind a firewall the
gate makes its own score from faces, which the state cannot replace, so these people are left out.
Shares of a deficit are in 1/255 and errors of two kinds have the name of the last: what is removed
is what provenance calls an error's, not what the file would be had the error never happened.
Power: exact: one cause of one refusal.
Wrong kernels: a reference value of ties' scores that is not the regime's; a sphere's records
counted half; a group that lacks one of its causes; attribution that forgets arrears, has another
middle of means than the lenders, takes a mixed spell for one of will, an error on a list for a
breach, slips for inability, another sphere's list for the gate's own, all conditions of a list for
any, or calls sufficient what is necessary (verify).
"""

from __future__ import annotations

import functools
from fractions import Fraction
from math import factorial

import numpy as np
import pytest
from alarm import must_alarm, require
from findings import BOOK
from gate import (
    CITIZENS,
    FIRST,
    WORLDS,
    Decisions,
    Kept,
    Moment,
    attributed,
    decided,
    group_bit,
    tables_of,
)
from mutants import with_tables, wrong
from replay import ALL, BIT, Without
from rig import get, put, society, step, world

from glasscity.month import attribute as attribute_module
from glasscity.month import decide as decide_module
from glasscity.month import tables as at
from glasscity.month.decide import decide
from glasscity.month.shared import covered
from glasscity.terms import CAUSES, GATES, SPHERES

MONTHS = FIRST + 8
NEED, ENOUGH, CLASS = 3, 4, 7


@functools.cache
def moments(name: str = "as shipped", citizens: int = CITIZENS) -> list[Moment]:
    """Return what stage 5 found, month by month, in a world that has run for a while."""
    one = world(society(citizens=citizens), tables=tables_of(name), kind=Kept)
    for month in range(MONTHS):
        step(one, month)
    return one.moments[FIRST:]


def group_masks(tables: np.ndarray) -> dict[str, int | np.ndarray]:
    """Return the causes of each group; those of spillover hang on the gate."""
    return {
        "spillover": get(tables, "spillover"),
        "association": BIT["ties_scores"] | BIT["ties_voice"],
        "speech": BIT["own_voice"],
        "error": BIT["false_alarm"] | BIT["mix_up"],
        "means": BIT["means_own"] | BIT["means_denials"],
        "profile": BIT["profile"],
        "favour": BIT["favour"],
    }


class Replays:
    """The refusals of a moment, asked again with some causes off for everybody."""

    def __init__(self, moment: Moment, rows: np.ndarray, left_out: np.ndarray | None = None):
        self.moment = moment
        self.rows = rows
        self.left_out = np.zeros(moment.society.citizens, bool) if left_out is None else left_out
        self.sphere = get(moment.tables, "gate_sphere")[rows[:, 2]]
        self.inputs = {sphere: Without(moment, sphere) for sphere in SPHERES}
        self.asked = 0
        self.edges = 0

    def refused(self, off: int | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return (refused again, to be compared) of every row, ``off`` a mask or one for each."""
        off = np.broadcast_to(off, len(self.rows))
        refused = np.zeros(len(self.rows), dtype=bool)
        told = ~self.left_out[self.rows[:, 1]]
        for s, sphere in enumerate(SPHERES):
            mine = np.flatnonzero(self.sphere == s)
            inputs = self.inputs[sphere]
            while len(mine):
                # Whoever is refused at several gates may need several masks: one at a time.
                who, first = np.unique(self.rows[mine, 1], return_index=True)
                masks = np.zeros(self.moment.society.citizens, dtype=np.int64)
                masks[who] = off[mine[first]]
                now = off[mine] == masks[self.rows[mine, 1]]
                some, mine = mine[now], mine[~now]
                again = decided(self.moment.but(state=inputs.state(masks))).denied
                refused[some] = again[self.rows[some, 1], self.rows[some, 2]]
                told[some] &= ~inputs.rounding(masks)[self.rows[some, 1]]
        self.asked += int(told.sum())
        self.edges += int((~told & ~self.left_out[self.rows[:, 1]]).sum())
        return refused, told

    def compare(self, off: int | np.ndarray, stored: np.ndarray, what: str) -> None:
        """Raise an alarm unless exactly the refusals for which ``stored`` holds stay."""
        refused, told = self.refused(off)
        unlike = int(((refused != stored) & told).sum())
        BOOK.counted("verdicts of the gate asked again", told.sum())
        require(unlike == 0, f"{what}: {unlike} of {int(told.sum())} are decided otherwise")


def check(
    moment: Moment, rows: np.ndarray, denied: np.ndarray, left_out: np.ndarray | None = None
) -> Replays:
    """Raise an alarm unless the gate gives the stored verdicts of a month.

    ``rows`` are the stored refusals, as the log has them; ``denied`` all that were refused.
    """
    replays = Replays(moment, rows, left_out)
    masks = group_masks(moment.tables)
    unchanged = [inputs.state(0) for inputs in replays.inputs.values()]
    for state in unchanged:
        for name, column in moment.state.columns().items():
            require(np.array_equal(column, state.columns()[name]), f"{name} differ unasked")
    found = decided(moment)
    require(np.array_equal(found.denied, denied), "the gates decide otherwise when asked again")
    for place, cause in enumerate(CAUSES):
        bit = 1 << place
        replays.compare(bit, rows[:, NEED] & bit == 0, f"without {cause}")
        replays.compare(ALL & ~bit, rows[:, ENOUGH] & bit != 0, f"{cause} alone")
    for name, mask in masks.items():
        off = mask[rows[:, 2]] if isinstance(mask, np.ndarray) else mask
        replays.compare(off, ~group_bit(rows, name), f"without {name}")
    replays.compare(ALL, np.zeros(len(rows), dtype=bool), "with no cause left")
    stored = np.zeros_like(denied)
    stored[rows[:, 1], rows[:, 2]] = True
    require(len(rows) == stored.sum() and not (stored & ~denied).any(), "other refusals are stored")
    bare = decided(moment.but(state=replays.inputs[SPHERES[0]].state(ALL))).denied
    gone = int((denied & ~stored & ~bare & ~replays.left_out[:, np.newaxis]).sum())
    require(gone == 0, f"{gone} refusals that are called baseline have a cause")
    require(replays.edges <= replays.asked / 100, f"{replays.edges} scores at the edge")
    return replays


def check_moment(moment: Moment, kernel=decide) -> Replays:
    """Raise an alarm unless a stage attributes a month as the shipped gate decides it."""
    found = attributed(moment, kernel)
    return check(moment, found.log, found.denied)


def sorted_rows(log: np.ndarray) -> np.ndarray:
    rows = log[log[:, 0] == at.LOG_DENIAL]
    return rows[np.lexsort(rows.T)]


def check_months(name: str, chosen: list[Moment]) -> set[str]:
    """Raise an alarm unless the gate gives each month's verdicts; return the causes needed."""
    rows = np.concatenate([check_moment(moment).rows for moment in chosen])
    assert len(rows) > 1_000
    assert set(rows[:, CLASS]) == {1, 2, 3}
    needed = {cause for cause in CAUSES if (rows[:, NEED] & BIT[cause]).any()}
    assert ("favour" in needed) == ("officials" in name)
    return needed


@pytest.mark.parametrize("name", WORLDS)
def test_the_gate_asked_again_gives_every_stored_verdict(name):
    needed = check_months(name, moments(name)[-2:])
    assert {"here_unwilling", "elsewhere_unwilling", "means_own", "profile"} <= needed
    assert {"false_alarm", "mix_up"} <= needed


@pytest.mark.verify
@pytest.mark.parametrize("name", WORLDS)
def test_it_does_so_month_after_month(name):
    needed = check_months(name, moments(name))
    # Liquidity lost to denials is as good as never what a refusal hangs on.
    assert set(CAUSES) - needed <= {"means_denials", "favour", "ties_scores", "ties_voice"}


def test_what_a_world_logs_is_what_its_moment_gives():
    one = world(society(citizens=CITIZENS), tables=tables_of("as shipped"), kind=Kept)
    for month in range(FIRST):
        done = step(one, month)
    again = attributed(one.moments[-1])
    assert np.array_equal(sorted_rows(done.log), sorted_rows(again.log))
    assert np.array_equal(done.shapley, again.shapley)


@pytest.mark.verify
def test_every_subset_of_causes_gives_the_stored_classes_and_shares():
    """v(S) for every S by the gate itself, then all that is defined by it."""
    checked = 0
    for moment in moments("officials and gaming"):
        found = attributed(moment)
        checked += check_subsets(moment, found)
    assert checked > 1_000


def check_subsets(moment: Moment, found: Decisions) -> int:
    """Raise an alarm unless causes, classes and Shapley shares follow from v(S) for all S."""
    replays = Replays(moment, found.log)
    rows = replays.rows
    active = active_causes(replays)
    most = max(len(causes) for causes in active)
    verdicts = np.zeros((2**most, len(rows)), dtype=bool)
    for subset in range(2**most):
        on = [sum(1 << c for k, c in enumerate(causes) if subset >> k & 1) for causes in active]
        # No score at the edge is left out here: with this seed none of them tips.
        verdicts[subset], _ = replays.refused(ALL & ~np.array(on))
        BOOK.counted("verdicts of the gate for subsets of causes", len(rows))
    shares = np.zeros((len(GATES), len(CAUSES)), dtype=object)
    for row, causes, v in zip(rows.tolist(), active, verdicts.T, strict=True):
        m = len(causes)
        value = {c: Fraction(0) for c in causes}
        for k, c in enumerate(causes):
            for subset in range(2**m):
                if not subset >> k & 1 and v[subset | 1 << k] and not v[subset]:
                    size = subset.bit_count()
                    value[c] += Fraction(factorial(size) * factorial(m - size - 1), factorial(m))
        need = sum(1 << c for k, c in enumerate(causes) if not v[2**m - 1 - (1 << k)])
        enough = sum(1 << c for k, c in enumerate(causes) if v[1 << k])
        involved = sum(1 << c for c, x in value.items() if x > 0)
        sole = need.bit_count() == 1 and need & enough
        sort = 3 if need == 0 else 1 if sole else 2
        what = f"citizen {row[1]}, {GATES[row[2]]}"
        require(row[3:6] == [need, enough, involved], f"{what}: other causes")
        require(row[CLASS] == sort, f"{what}: another class")
        for c, x in value.items():
            shares[row[2], c] += x * attribute_module.SHAPLEY_UNIT
    require((shares == found.shapley).all(), "the Shapley shares are others")
    return len(rows)


def active_causes(replays: Replays) -> list[list[int]]:
    """Return for each row the causes that change any input of the citizen's."""
    changes = np.zeros((len(replays.rows), len(CAUSES)), dtype=bool)
    for s, sphere in enumerate(SPHERES):
        inputs = replays.inputs[sphere]
        mine = replays.sphere == s
        who = replays.rows[mine, 1]
        raw = inputs.raw(np.zeros(replays.moment.society.citizens, dtype=np.int64))
        for place in range(len(CAUSES)):
            off = np.full(replays.moment.society.citizens, 1 << place, dtype=np.int64)
            unlike = inputs.raw(off) != raw
            other = inputs.state(off)
            for name, column in replays.moment.state.columns().items():
                if len(column) == 0:
                    continue  # of a points scheme, which this is not
                differs = column != other.columns()[name]
                unlike |= differs.any(axis=1) if differs.ndim == 2 else differs
            changes[mine, place] = unlike[who]
    return [np.flatnonzero(row).tolist() for row in changes]


@pytest.mark.verify
def test_a_stored_run_stands_up_to_the_gate(monkeypatch):
    """The register of denials of a whole run, as shipped, through the calendar of the press."""
    from glasscity import simulation
    from glasscity.scenario import Scenario

    made = []

    class Noted(Kept):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            made.append(self)

    monkeypatch.setattr(simulation, "World", Noted)
    scenario = Scenario("citizen-score-2020", citizens=30_000, months=84, seed=18)
    done = simulation.simulate(scenario, twin=False, progress=lambda *_: None)
    stored = done.outcome.denials
    moments = made[-1].moments
    assert len(moments) == 84
    asked = 0
    for month in range(72, 84):
        mine = stored["month"] == month
        part = {name: column[mine].astype(np.int64) for name, column in stored.items()}
        lower = part["lower"] & 31 | part["rule"] << 5 | (part["lower"] & 96) << 1
        rows = np.stack(
            [
                np.zeros_like(lower),
                *(part[name] for name in ("citizen", "gate", "butfor", "sufficient", "involved")),
                lower,
                part["klass"],
            ],
            axis=1,
        )
        check(moments[month], rows, decided(moments[month]).denied)
        asked += len(rows)
    assert asked > 1_000


@pytest.mark.verify
def test_it_is_so_with_safeguards_too():
    """Reviews and essential gates for half of the people; whoever a firewall covers is left out."""
    guards = [0, 0, 0, 0, 0, 64, 128, 0, 128]
    tables = put(tables_of("as shipped"), guards=guards, guarded=1)
    one = world(society(citizens=CITIZENS), tables=tables, kind=Kept)
    for month in range(MONTHS):
        step(one, month)
    walled = np.array([covered(tables, i, at.FIREWALL) for i in range(CITIZENS)])
    assert 0 < walled.sum() < CITIZENS / 3
    for moment in one.moments[FIRST:]:
        found = attributed(moment)
        check(moment, found.log, found.denied, left_out=walled)


def test_the_check_sees_wrong_tables_of_attribution():
    """The gate reads none of these; attribution does."""
    moment = moments("the plain mean")[0]
    reference = get(moment.tables, "reference")
    ties = np.where(np.arange(7) == 4, 65535, reference)
    for fields in (
        {"reference": ties},
        {"history": [256, 128, 256, 256]},
        {"spillover": get(moment.tables, "spillover") & ~BIT["elsewhere_unwilling"]},
    ):
        must_alarm(lambda f=fields: check_moment(moment, with_tables(decide, **f)))


def attributing(*changes: tuple[str, str]):
    """Return the stage `decide` with another attribution."""
    other = wrong(attribute_module, *changes)
    return wrong(
        decide_module, names={"attribute": other.attribute, "inputs_of": other.inputs_of}
    ).decide


@pytest.mark.verify
@pytest.mark.parametrize(
    "fault",
    [
        (
            "refuses(bit, work[0, c], work[1, c], work[3, c]",
            "refuses(bit, work[0, c], 0, work[3, c]",
        ),
        ("condition = 3 << base", "condition = 1 << base"),
        ("condition = 1 << 9", "condition = 1 << base"),
        ("cause = base + 2 if n == 3 else base", "cause = base + 1 if n == 3 else base"),
        ("if refuses(bit, ", "if need & bit or refuses(bit, "),
        ("if work[5, n] & ~subset == 0:", "if work[5, n] & subset != 0:"),
        ("short = tables[at.MIDDLE] -", "short = tables[at.REFERENCE + 1] -"),
        ("base = _HERE if s == sphere else _ELSEWHERE\n        live", "base = _HERE\n        live"),
    ],
)
def test_the_check_sees_a_wrong_attribution(fault):
    kernel = attributing(fault)

    def check_all():
        for name in WORLDS:
            for moment in moments(name)[:4]:
                check_moment(moment, kernel)

    must_alarm(check_all)


@pytest.mark.verify
def test_an_unchanged_copy_of_attribution_passes():
    kernel = attributing(("spared += work[2, c]", "spared += 1 * work[2, c]"))
    check_moment(moments()[0], kernel)
