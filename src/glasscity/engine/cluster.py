"""One world on several machines, with Ray: each holds a range of blocks.

The months of a range are stepped where it lies (:class:`glasscity.engine.range.Range`).  Before a
month each range shows the others what they will read of it (:mod:`glasscity.engine.halo`), which
travels from machine to machine through Ray's object store; between the passes the histograms of
scores are summed here.  What a month left is merged in the order of the ranges, so the run that
looks at this world sees what it would see of a world in its own process.

Every few months each range writes itself into a folder that all machines see.  When a machine is
lost, its range is begun again on another one, all ranges go back to the last checkpoint, and the
months since are lived once more: their results are compared with those that were handed over, and
dropped.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from glasscity.catalogue.entry import fingerprint
from glasscity.engine.range import TOKEN, Left, Range, made_from, share_out
from glasscity.engine.running import Counts, Rules, spreads
from glasscity.engine.start import burn_in, stored_name
from glasscity.engine.stored import Broken, Stored
from glasscity.engine.world import Month
from glasscity.errors import BadArgument, ClusterLost
from glasscity.month import tables as at
from glasscity.regime import load_regime
from glasscity.scenario import Scenario

__all__ = ["CHECKPOINT_EVERY", "Cluster", "ClusterWorld", "Machines", "check_address", "library"]

T = TypeVar("T")

CHECKPOINT_EVERY = 12
_START = "start"
# How often in a row the same month may be lost before the run is given up.
_LOSSES_MOST = 5
# A range that does not answer for so many seconds is taken for lost: it may be in mid-pass.
_ANSWER_SECONDS = 600.0
_KNOCK_SECONDS = 5.0


@dataclass(frozen=True)
class Cluster:
    """How a run is spread out.

    Attributes
    ----------
    address : str
        ``auto``: the cluster that this machine belongs to, or else this machine alone; or
        ``HOST:PORT`` of a cluster's head.
    folder : Path or None
        For checkpoints; all machines must see it.  None: a temporary one, for one machine.
    every : int
        Months from checkpoint to checkpoint; 0: none but at the start.
    ranges : int or None
        Ranges of blocks; None: one on each machine.
    threads : int or None
        Of each range; None: the machine's processors.
    stored : bool
        Whether a burn-in is taken from the machines' caches, and a new one kept there.
    """

    address: str = "auto"
    folder: Path | None = None
    every: int = CHECKPOINT_EVERY
    ranges: int | None = None
    threads: int | None = None
    stored: bool = True


def library() -> Any:
    """Return Ray.

    Raises
    ------
    BadArgument
        If it is not installed.
    """
    # Nothing about a run is told to anybody.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    # A machine that is lost is dealt with here; what else was waiting for it need not be shown.
    os.environ.setdefault("RAY_IGNORE_UNHANDLED_ERRORS", "1")
    try:
        # By name: type checkers need not have it either.
        return import_module("ray")
    except ImportError as error:
        raise BadArgument(
            "runs on several machines need Ray, which is not installed",
            where="--cluster",
            mend="install the extra on every machine: pip install 'glasscity[cluster]'",
        ) from error


def check_address(address: str) -> None:
    """Refuse what is not the address of a cluster, or one where nobody answers.

    Raises
    ------
    BadArgument
        If it is neither ``auto`` nor a ``HOST:PORT`` that answers.
    """
    host, colon, port = address.rpartition(":")
    if address != "auto" and not (colon and host and "/" not in host and port.isdigit()):
        raise BadArgument(
            f"'{address[:80]}' is not the address of a cluster",
            where="--cluster",
            allowed="auto, or HOST:PORT as 'ray start --head' names it",
            mend="give --cluster auto on a machine of the cluster",
        )
    if address == "auto":
        return
    # Ray itself would go on trying for minutes.
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_KNOCK_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise BadArgument(
            f"nobody answers at '{address}': {error}",
            where="--cluster",
            mend="start the cluster's head with 'ray start --head', or give --cluster auto",
        ) from error


def connect(ray: Any, address: str) -> bool:
    """Connect to a cluster; return whether it was begun here and for this run alone.

    Raises
    ------
    BadArgument
        If the address is malformed, or no cluster is there.
    """
    quiet = {"log_to_driver": False, "logging_level": "error"}
    if ray.is_initialized():
        return False
    try:
        ray.init(address=address, **quiet)
        return False
    except (ConnectionError, RuntimeError, ValueError) as error:
        if address != "auto" or not isinstance(error, ConnectionError):
            raise BadArgument(
                f"no cluster can be used at '{address}': {error}",
                where="--cluster",
                mend="start one with 'ray start --head', or give --cluster auto",
            ) from error
    ray.init(address="local", include_dashboard=False, **quiet)
    return True


@dataclass(frozen=True)
class _Done:
    """A month since the last checkpoint, to be lived again if a machine is lost."""

    month: int
    key: int
    last: bool
    state_sum: int


class Machines:
    """The ranges of a scenario on the machines of a cluster; used as a context manager.

    Parameters
    ----------
    scenario : Scenario
    cluster : Cluster

    Attributes
    ----------
    bytes : float
        Of all arrays whose length grows with citizens, on all machines.
    lost : int
        How often ranges were lost.
    seconds : dict of str to float
        Spent in ``compute`` (by the slowest range), ``exchange`` (what else a month takes) and
        ``checkpoint``.

    Raises
    ------
    BadArgument
        If there is no cluster, or the machines do not fit together.
    ClusterLost
        If machines are lost again and again.
    """

    def __init__(self, scenario: Scenario, cluster: Cluster) -> None:
        self.scenario, self.cluster = scenario, cluster
        self.bytes = 0.0
        self.lost = 0
        self.seconds = dict.fromkeys(("compute", "exchange", "checkpoint"), 0.0)
        self.ranges: list[Any] = []
        self._ray = library()
        self._own = False
        self._temporary: Path | None = None
        self._folder = Path()
        self._spans: list[tuple[int, int]] = []
        self._threads: list[int] = []
        self._reopen: Callable[[Any], Any] | None = None
        self._checkpoint: tuple[str, bool] | None = None
        self._since: list[_Done] = []
        self._broken = False
        self._months = 0

    def __enter__(self) -> Machines:
        ray = self._ray
        check_address(self.cluster.address)
        self._own = connect(ray, self.cluster.address)
        try:
            self._prepare_folder()
            nodes = [n for n in ray.nodes() if n["Alive"] and n["Resources"].get("CPU", 0) >= 1]
            if not nodes:
                raise BadArgument("no machine of the cluster offers processors", where="--cluster")
            number = len(nodes) if self.cluster.ranges is None else self.cluster.ranges
            places = [nodes[k % len(nodes)] for k in range(number)]
            self._threads = [
                self.cluster.threads or int(place["Resources"]["CPU"]) for place in places
            ]
            self._spans = share_out(self.scenario, self._threads)
            self.ranges = [self._made(k, place["NodeID"]) for k, place in enumerate(places)]
            built = self._guarded(lambda: self._all("build", self._folder))
            self._check(places, [what for what, _ in built])
            self.bytes = sum(size for _, size in built)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the ranges go, and the cluster if it was begun for them."""
        for one in self.ranges:
            self._ray.kill(one)
        self.ranges = []
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
        elif self._folder.name:
            shutil.rmtree(self._folder, ignore_errors=True)
        if self._own:
            self._ray.shutdown()

    def _prepare_folder(self) -> None:
        if self.cluster.folder is None:
            self._folder = self._temporary = Path(tempfile.mkdtemp(prefix="glasscity-"))
        else:
            self._folder = self.cluster.folder.absolute()
            self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / TOKEN).write_text("", encoding="utf-8")

    def _made(self, k: int, node: str | None) -> Any:
        """Return range ``k`` on a machine; None: wherever there is room."""
        where: Any = "SPREAD"
        if node is not None:
            kinds = import_module("ray.util.scheduling_strategies")
            where = kinds.NodeAffinitySchedulingStrategy(node, soft=False)
        # No processor is reserved, so that a range finds a place on a machine that has one already.
        options = {"num_cpus": 0, "max_restarts": 0, "scheduling_strategy": where}
        made = self._ray.remote(Range).options(**options)
        return made.remote(self.scenario, self._spans, k, self._threads[k])

    def _check(self, places: Sequence[dict], made: Sequence[str]) -> None:
        for place, what in zip(places, made, strict=True):
            if what != made_from():
                raise BadArgument(
                    f"the machine {place.get('NodeManagerHostname', place['NodeID'])} has another "
                    f"version: {what}, here {made_from()}",
                    where="--cluster",
                    mend="install the same version of Glasscity on every machine",
                )

    # ------------------------------------------------------------ all ranges at once

    def _all(self, method: str, *args: Any) -> list[Any]:
        return self._ray.get([getattr(one, method).remote(*args) for one in self.ranges])

    def _month(self, month: int, key: int, last: bool) -> Left:
        began = time.perf_counter()
        n = len(self.ranges)
        # Each shows every other one something of its own.
        shown = [_list(one.show.options(num_returns=n - 1).remote(key)) for one in self.ranges]
        scores = []
        for k, one in enumerate(self.ranges):
            seen = [shown[j][k - (k > j)] for j in range(n) if j != k]
            scores.append(one.first.remote(month, key, last, *seen))
        histogram = np.sum(self._ray.get(scores), axis=0)
        left = Left.merged(self._all("second", histogram))
        wall = time.perf_counter() - began
        working = sum(left.seconds[name] for name in ("first", "second", "end"))
        self.seconds["compute"] += working
        self.seconds["exchange"] += wall - working
        return left

    # ------------------------------------------------------------ losses

    def _guarded(self, work: Callable[[], T]) -> T:
        """Return what ``work`` returns; where a machine is lost, put all back and do it again."""
        lost, failed = self._ray.exceptions.RayError, self._ray.exceptions.RayTaskError
        losses = 0
        while True:
            try:
                if self._broken:
                    self._recover()
                return work()
            except lost as error:
                cause: Any = error
                while isinstance(cause, failed):
                    cause = cause.cause
                if isinstance(cause, Broken):
                    raise ClusterLost(
                        f"a range cannot go back to the last checkpoint: {cause}",
                        where="--cluster",
                        mend="look after the disk of the folder, and run again",
                    ) from error
                if not isinstance(cause, lost):
                    # A range has refused or failed by itself, and would do so again.
                    raise cause from None
                self._broken = True
                self.lost += 1
                losses += 1
                if losses > _LOSSES_MOST:
                    raise ClusterLost(
                        f"machines were lost {losses} times in a row, the last time so: "
                        f"{type(error).__name__}",
                        where="--cluster",
                        mend="look at 'ray status', and run again",
                    ) from error

    def _recover(self) -> None:
        """Replace the ranges that do not answer, and bring all back to where the run stands."""
        ray = self._ray
        fresh = []
        for k, answer in enumerate([one.ping.remote() for one in self.ranges]):
            try:
                ray.get(answer, timeout=_ANSWER_SECONDS)
            except ray.exceptions.RayError:
                ray.kill(self.ranges[k])
                self.ranges[k] = self._made(k, None)
                fresh.append(k)
        ray.get([self.ranges[k].build.remote(self._folder) for k in fresh])
        if self._checkpoint is not None and self._reopen is not None:
            name, afresh = self._checkpoint
            # A world that begins afresh knows nothing of the months that it had behind it.
            anew = range(len(self.ranges)) if afresh else fresh
            ray.get([self._reopen(self.ranges[k]) for k in anew])
            self._all("load", self._folder / name, afresh)
            for done in self._since:
                again = self._month(done.month, done.key, done.last).month.state_sum
                if again != done.state_sum:
                    raise RuntimeError(f"month {done.month} is another one when lived again")
        self._broken = False

    def save(self, name: str, *, afresh: bool = False) -> None:
        """Write a checkpoint; the one before goes when this one is whole."""
        began = time.perf_counter()
        self._guarded(lambda: self._all("save", self._folder / name))
        before = self._checkpoint
        self._checkpoint, self._since = (name, afresh), []
        if before is not None and before[0] not in (name, _START):
            shutil.rmtree(self._folder / before[0], ignore_errors=True)
        self.seconds["checkpoint"] += time.perf_counter() - began

    # ------------------------------------------------------------ what a run asks for

    def step(self, month: int, key: int, last: bool) -> Left:
        """Run a month on all machines."""
        left = self._guarded(lambda: self._month(month, key, last))
        self._since.append(_Done(month, key, last, left.month.state_sum))
        if self.cluster.every and len(self._since) >= self.cluster.every and not last:
            self.save(f"month-{key}")
        return left

    def burn_in(self, progress: Callable[[str, int, int | None], None]) -> tuple[int, bool]:
        """Live through the burn-in, or take it from where every range has it stored.

        Returns
        -------
        (int, bool)
            Its months, and whether it was stored.
        """
        scenario = self.scenario
        self._reopen = lambda one: one.burn.remote()
        name = stored_name(
            fingerprint([scenario.country, scenario.behaviour, load_regime("unscored")]),
            scenario.seed,
            scenario.citizens,
        )
        if self.cluster.stored and self._recalled(name):
            return self._months, True

        def begin() -> None:
            self._all("burn")
            keepers = sum(self._all("begin"))
            self._all("trust", keepers)

        self._guarded(begin)
        self.save("burn-in")

        def step(month: int, key: int, rows: Sequence[int]) -> list[int]:
            left = self.step(month, key, False)
            return [left.total(row) for row in rows]

        months = burn_in(step, scenario.citizens, progress)

        def settled() -> None:
            # Done anew where a loss has brought back the months before.
            self._all("settle")
            self._all("save", self._folder / _START)
            if self.cluster.stored:
                self._all("keep", name, months)

        self._guarded(settled)
        return months, False

    def _recalled(self, name: str) -> bool:
        """Take the stored burn-in, where all ranges have the same; return whether they had."""

        def recall() -> list[int]:
            self._all("burn")
            found = self._all("recall", name)
            self._all("save", self._folder / _START)
            return found

        found = self._guarded(recall)
        self._months = min(found)
        return self._months > 0 and self._months == max(found)

    def open(self, rules: Rules) -> ClusterWorld:
        """Open a world of the run where the burn-in ended."""
        if self._checkpoint is not None and self._checkpoint[0] != _START:
            shutil.rmtree(self._folder / self._checkpoint[0], ignore_errors=True)
        self._checkpoint, self._since = None, []
        shared = self._ray.put(rules)
        self._reopen = lambda one: one.open.remote(shared)

        def begin() -> None:
            self._all("open", shared)
            self._all("load", self._folder / _START, True)

        self._guarded(begin)
        self._checkpoint = (_START, True)
        return ClusterWorld(self)

    def gathered(self, method: str) -> list[Any]:
        """Return what a method of all ranges returns between months, in their order."""
        return self._guarded(lambda: self._all(method))


class ClusterWorld:
    """A world that machines share, as a run sees it (:class:`glasscity.engine.running.Runs`)."""

    # Ranges write checkpoints of their own: nothing is held here, and nobody watched here.
    watch = None
    held_bytes = 0

    def __init__(self, machines: Machines) -> None:
        self._machines = machines
        self._left: Left | None = None

    def held(self) -> dict[str, np.ndarray]:
        """Return nothing: it stays where the ranges are."""
        return {}

    def go_on(self, own: Stored) -> None:
        """Refuse: a run on a cluster is not gone on with.

        Raises
        ------
        RuntimeError
        """
        raise RuntimeError(f"'{own.folder}' is not of a cluster")

    def written(self) -> None:
        """Nothing more is to be done."""

    def step(self, month: int, *, key: int, last: bool) -> Month:
        """Run a month; its tallies stay where the ranges are."""
        self._left = self._machines.step(month, key, last)
        return self._left.month

    def harvest(self) -> Counts:
        """Return the month's counts."""
        return self._now.counts

    def scores(self) -> np.ndarray:
        """Return the scores of the panel, uint16; 0 none."""
        return self._now.scores

    def marks(self) -> np.ndarray:
        """Return what is noted of each of the kept, uint16 (engine.marks)."""
        return self._now.marks

    def people(self) -> dict[str, np.ndarray]:
        """Return how the kept are at the end of the run, one array a column."""
        return _joined(self._machines.gathered("people_left"))

    def parts(self) -> tuple[dict[str, np.ndarray], list[dict[str, Any]]]:
        """Return the last scores of the kept taken apart, and what ties' scores could move."""
        found = self._machines.gathered("values")
        columns = _joined([columns for columns, _ in found])
        if not columns:
            return {}, []
        used = int(self.tables()[at.STATISTIC])
        return columns, spreads([values for _, values in found], used)

    def tables(self) -> np.ndarray:
        """Return the tables in force in the last month (month.tables)."""
        return self._machines.gathered("tables")[0]

    def lives(self) -> list[dict]:
        """Return the lives watched."""
        return [life for lives in self._machines.gathered("lives") for life in lives]

    @property
    def _now(self) -> Left:
        if self._left is None:
            raise RuntimeError("no month has been run")
        return self._left


def _list(refs: Any) -> list[Any]:
    """Return what a call promises as a list: Ray gives one or none of them bare."""
    if refs is None:
        return []
    return refs if isinstance(refs, list) else [refs]


def _joined(parts: Sequence[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
