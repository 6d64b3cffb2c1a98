"""Members of an ensemble: many runs of which only the measures are kept.

A member is a scenario; its result is a small file in a store, named after what it is a result of
(model version, scenario, what is asked).  So nothing is computed twice, a study that was stopped
goes on with what is missing, and studies may share a store.  Members over the same people with the
same luck share society and burn-in; the unscored twin is a member of its own, shared likewise.
"""

from __future__ import annotations

import functools
import hashlib
import json
import math
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from glasscity._version import MODEL_VERSION
from glasscity.catalogue.entry import Entry, fingerprint
from glasscity.errors import BadArgument, CannotFit, NotFound
from glasscity.results.cube import GROUPINGS
from glasscity.scenario import Scenario
from glasscity.study.kept import Store
from glasscity.study.processes import told_how_to_go_on, work_through

__all__ = ["Member", "Result", "entry_hash", "member_key", "run_members"]

Number: TypeAlias = "int | float | None"
Measures: TypeAlias = "dict[str, Number]"

# Worlds that one task runs over one society; more of them are shared among processes.
_TASK_MOST = 8


@dataclass(frozen=True)
class Member:
    """One run of an ensemble.

    Attributes
    ----------
    scenario : Scenario
    labels : mapping of axis to value
        Where it stands in the study; no result depends on it.
    twin : bool
        Whether the measures of the same people unscored are wanted, too.
    """

    scenario: Scenario
    labels: Mapping[str, str | int | float] = field(default_factory=dict)
    twin: bool = True


@dataclass(frozen=True)
class Result:
    """What a member gave.

    Attributes
    ----------
    member : Member
    key : str
        Name of its file in the store, 64 hexadecimal characters.
    measures : dict of measure to number or None, or None
        All of ``rights.MEASURES``, exactly as a stored run of the scenario gives them; None in
        place of a number: not estimable.  None in place of the dict: the run failed.
    groups : dict of grouping to dict of group to measures
        For the groupings that were asked for; empty where the run failed.
    digest : str or None
        Digest of the run, as ``glasscity run`` prints it.
    failed : str or None
        Why there is no result.
    twin : Result or None
        The same people unscored; None where none was wanted, or the member is unscored itself.
    """

    member: Member
    key: str
    measures: Measures | None
    groups: dict[str, dict[str, Measures]]
    digest: str | None
    failed: str | None
    twin: Result | None = None


def run_members(
    members: Iterable[Member],
    *,
    store: Path,
    workers: int | None = None,
    groups: Sequence[str] = (),
    progress: Callable[[int, int], object] | None = None,
    told: Callable[[str], object] | None = None,
    again: bool = False,
    cluster: str | None = None,
) -> list[Result]:
    """Run members, or take from the store those that were run before.

    Parameters
    ----------
    members : iterable of Member
    store : Path
        Folder of results; made if it is not there.
    workers : int, optional
        Processes, from 1, each with one thread; 1 works in this process.  Default: as many as
        there are processors and as fit the memory.  No result depends on it.
    groups : sequence of {"province", "area", "quintile", "age", "camp"}
        Groupings by which every measure is wanted as well.
    progress : callable, optional
        Called as ``progress(done, total)``: worlds, twins included, each counted once.
    told : callable, optional
        Given sentences about what is done differently than somebody may expect; by default they
        are warnings.
    again : bool
        Whether runs that failed before are tried again.
    cluster : str, optional
        ``auto`` or ``HOST:PORT``: run members on the machines of a Ray cluster, a processor each;
        results are kept here.

    Returns
    -------
    list of Result
        In the order given.  A failed run is a result, too.

    Raises
    ------
    DamagedRun
        If the store holds results of another version of the model.
    CannotFit
        If the disk or the memory cannot hold it.
    DiskFull
        If there is no room after all; what is done is kept.
    Interrupted
        After Ctrl-C; the same call goes on.
    """
    asked = list(members)
    wanted = _groupings(groups)
    kept = Store(Path(store), told or _warn)
    keyed = [(one, _keys(one, wanted)) for one in asked]
    worlds: dict[str, Scenario] = {}
    for one, (key, twin) in keyed:
        worlds.setdefault(key, one.scenario)
        if twin is not None:
            worlds.setdefault(twin, _unscored(one.scenario))
    found = kept.read(worlds)
    if again:
        found = {key: one for key, one in found.items() if one["failed"] is None}
    missing = {key: one for key, one in worlds.items() if key not in found}
    show = progress or (lambda done, total: None)
    show(len(found), len(worlds))
    if missing:
        kept.check_room(len(missing), wanted)
        before = len(found)
        jobs = 0 if cluster is not None else _jobs(workers, missing.values(), told or _warn)
        _run(
            _tasks(missing, wanted, jobs or 64),
            kept,
            jobs,
            lambda done: show(before + done, len(worlds)),
            len(worlds),
            cluster,
        )
        found |= kept.read(missing)
    return [_result(one, keys, found) for one, keys in keyed]


def member_key(scenario: Scenario, groups: Sequence[str] = ()) -> str:
    """Return the name of a scenario's result in a store: 64 hexadecimal characters."""
    return _key(scenario, _groupings(groups))


@dataclass(frozen=True)
class _Task:
    """Worlds over one society, run one after the other in one process."""

    worlds: tuple[tuple[str, Scenario], ...]
    groups: tuple[str, ...]


def _warn(sentence: str) -> None:
    warnings.warn(sentence, stacklevel=3)


def _groupings(groups: Sequence[str]) -> tuple[str, ...]:
    for one in groups:
        if one not in GROUPINGS:
            raise NotFound.among("grouping", str(one), GROUPINGS)
    return tuple(name for name in GROUPINGS if name in groups)


def _keys(member: Member, groups: tuple[str, ...]) -> tuple[str, str | None]:
    scenario = member.scenario
    alone = not member.twin or scenario.regime.name == "unscored"
    return _key(scenario, groups), None if alone else _key(_unscored(scenario), groups)


def _unscored(scenario: Scenario) -> Scenario:
    return scenario.unscored()


def _key(scenario: Scenario, groups: tuple[str, ...]) -> str:
    what = {
        "model": MODEL_VERSION,
        "regime": entry_hash(scenario.regime),
        "country": entry_hash(scenario.country),
        "behaviour": entry_hash(scenario.behaviour),
        "citizens": scenario.citizens,
        "months": scenario.months,
        "start": scenario.start,
        "seed": scenario.seed,
        "strengths": dict(scenario.strengths),
        "groups": groups,
        "measures": _definitions(),
    }
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()


# Thousands of members share a few entries, and hashing one takes a millisecond.
_HASHES: dict[int, tuple[Entry, str]] = {}


def entry_hash(entry: Entry) -> str:
    """Return the fingerprint of a regime, country or behaviour."""
    known = _HASHES.get(id(entry))
    if known is None or known[0] is not entry:
        if len(_HASHES) > 4096:
            _HASHES.clear()
        known = _HASHES[id(entry)] = entry, fingerprint(entry)
    return known[1]


@functools.cache
def _definitions() -> str:
    """Return the hash of what is measured, so that a new definition is a new question."""
    from glasscity.rights.measures import MEASURES

    text = json.dumps([[one.name, one.definition] for one in MEASURES.values()])
    return hashlib.sha256(text.encode()).hexdigest()


def _jobs(workers: int | None, scenarios: Iterable[Scenario], told: Callable[[str], object]) -> int:
    """Return how many processes there will be, as far as the memory goes."""
    from glasscity.engine.room import check_memory, memory_free, room_of
    from glasscity.simulation import default_threads

    if workers is not None and (isinstance(workers, bool) or not 1 <= workers <= 1024):
        raise BadArgument(
            f"{workers} workers",
            where="workers",
            allowed="whole numbers from 1 to 1024",
            mend="leave it out to use every processor",
        )
    largest = max(one.citizens for one in scenarios)
    check_memory(largest)
    free, each = memory_free(), room_of("plain", largest).memory
    most = 1024 if free is None else max(1, int(0.95 * free / each))
    if workers is None:
        number = min(default_threads(), most)
        if number < default_threads():
            told(f"{number} runs at a time: more of {largest:,} citizens would not fit the memory")
        return number
    if workers > most:
        raise CannotFit(
            f"{workers} runs of {largest:,} citizens at a time would not fit the free memory",
            where="workers",
            allowed=f"up to {most} here",
            mend="ask for fewer processes, or for fewer citizens",
        )
    return workers


def _tasks(missing: Mapping[str, Scenario], groups: tuple[str, ...], jobs: int) -> list[_Task]:
    """Return the worlds to run, those of one society together as far as processes stay busy."""
    societies: dict[Any, list[tuple[str, Scenario]]] = {}
    for key, one in missing.items():
        same = (
            entry_hash(one.country),
            entry_hash(one.behaviour),
            one.citizens,
            one.seed,
        )
        societies.setdefault(same, []).append((key, one))
    most = _TASK_MOST
    if len(societies) < 2 * jobs:
        most = max(1, min(most, math.ceil(len(missing) / (2 * jobs))))
    tasks = [
        _Task(tuple(worlds[at : at + most]), groups)
        for worlds in societies.values()
        for at in range(0, len(worlds), most)
    ]
    # The longest first: no process is left alone with one at the end.
    return sorted(tasks, key=_cost, reverse=True)


def _cost(task: _Task) -> int:
    return sum(one.citizens * (one.months + 40) for _, one in task.worlds)


def _run(
    tasks: Sequence[_Task],
    store: Store,
    jobs: int,
    show: Callable[[int], object],
    total: int,
    cluster: str | None,
) -> None:
    worlds = sum(len(task.worlds) for task in tasks)
    before = total - worlds
    done = 0

    def said() -> str:
        return f"{before + done} of {total} worlds are kept"

    def take(task: _Task, number: int) -> None:
        nonlocal done
        done += number
        show(done)

    where = str(store.folder)
    if cluster is not None:
        from glasscity.study.far import work_far

        def keep(task: _Task, documents: list[dict[str, Any]]) -> None:
            for document in documents:
                store.write(document)
            take(task, len(documents))

        with told_how_to_go_on(where, said):
            work_far(cluster, _documents, tasks, keep)
        return
    if jobs == 1:
        with told_how_to_go_on(where, said):
            for task in tasks:
                for document in computed(task):
                    store.write(document)
                    take(task, 1)
        return
    work_through(
        functools.partial(_work, store.folder),
        tasks,
        take,
        jobs=min(jobs, len(tasks)),
        where=where,
        kept=said,
    )


def _work(folder: Path, task: _Task) -> int:
    store = Store(folder, _warn)
    number = 0
    for document in computed(task):
        store.write(document)
        number += 1
    return number


def _documents(task: _Task) -> list[dict[str, Any]]:
    return list(computed(task))


def computed(task: _Task) -> Iterator[dict[str, Any]]:
    """Run the worlds of a task and yield what is to be kept of each."""
    from glasscity.simulation import outcomes

    left = list(task.worlds)
    while left:
        # A world that fails takes its generator with it: the others begin anew without it.
        done = 0
        try:
            for (key, scenario), outcome in zip(
                list(left), outcomes([one for _, one in left]), strict=True
            ):
                yield _document(key, scenario, task.groups, **_measured(outcome, scenario, task))
                done += 1
            return
        except Exception as error:
            key, scenario = left[done]
            reason = " ".join(f"{type(error).__name__}: {error}".split())[:500]
            yield _document(key, scenario, task.groups, failed=reason)
        left = left[done + 1 :]


def _measured(outcome: Any, scenario: Scenario, task: _Task) -> dict[str, Any]:
    from glasscity.results.held import HeldRun
    from glasscity.rights.measures import measures

    run = HeldRun(outcome, {"seed": scenario.seed})
    return {
        "digest": run.digest,
        "measures": measures(run),
        "by": {name: measures(run, by=name) for name in task.groups},
    }


def _document(
    key: str,
    scenario: Scenario,
    groups: tuple[str, ...],
    *,
    digest: str | None = None,
    measures: Measures | None = None,
    by: Mapping[str, Any] | None = None,
    failed: str | None = None,
) -> dict[str, Any]:
    return {
        "key": key,
        "model": MODEL_VERSION,
        "asked": {
            "regime": scenario.regime.name,
            "country": scenario.country.name,
            "behaviour": scenario.behaviour.name,
            "fingerprint": scenario.fingerprint(),
            "citizens": scenario.citizens,
            "months": scenario.months,
            "start": scenario.start,
            "seed": scenario.seed,
            "strengths": dict(scenario.strengths),
            "groups": list(groups),
        },
        "digest": digest,
        "measures": measures,
        "groups": dict(by or {}),
        "failed": failed,
    }


def _result(
    member: Member, keys: tuple[str, str | None], found: Mapping[str, dict[str, Any]]
) -> Result:
    key, twin = keys
    beside = None
    if twin is not None:
        unscored = Member(_unscored(member.scenario), member.labels, twin=False)
        beside = _result(unscored, (twin, None), found)
    one = found[key]
    return Result(
        member=member,
        key=key,
        measures=one["measures"],
        groups=one["groups"],
        digest=one["digest"],
        failed=one["failed"],
        twin=beside,
    )
