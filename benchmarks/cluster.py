"""Measure what sharing a world costs: two ranges with a thread each, on this machine.

Run with ``python benchmarks/cluster.py --citizens 1e6`` where Ray is installed (``make cluster``).
The same months are run in one process with two threads, in turn, month by month.  Nothing is judged
here; figures go to docs/cluster.md by hand, with the machine and the date.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

GIGABIT = 1e9 / 8
PEOPLE = 1.3e9


def measure(citizens: int, months: int) -> dict:
    """Return seconds and bytes of one process and of two ranges, over the same months."""
    from glasscity.catalogue.entry import fingerprint
    from glasscity.draws import MONTH_ZERO
    from glasscity.engine.cluster import Cluster, Machines
    from glasscity.engine.range import STEPS
    from glasscity.engine.running import Here, Rules
    from glasscity.engine.start import burned_in
    from glasscity.engine.world import Workers, World
    from glasscity.regime import load_regime
    from glasscity.scenario import Scenario
    from glasscity.society import build_society

    def say(*words: object) -> None:
        print(*words, file=sys.stderr, flush=True)

    scenario = Scenario("citizen-score-2020", citizens=citizens, start="2020-01", months=months)
    unscored = load_regime("unscored")
    panel, kept = np.arange(0, citizens, 61), np.arange(citizens)
    rules = Rules(scenario, scenario.regime, {}, 1, panel, kept)
    began = time.process_time()
    build_society(scenario.country, citizens, scenario.seed)
    compiled = time.process_time() - began
    began = time.process_time()
    society = build_society(scenario.country, citizens, scenario.seed)
    built = time.process_time() - began
    say(f"a society takes {built:.2f} s, {compiled:.2f} s the first time")
    workers = Workers(2, len(society.cells))
    World.warm_up(scenario.country, scenario.behaviour, unscored, workers)
    state, _, _ = burned_in(
        society,
        scenario.behaviour,
        unscored,
        workers=workers,
        fingerprint=fingerprint([scenario.country, scenario.behaviour, unscored]),
        progress=lambda *_: None,
    )
    say("one process is ready")
    alone = Here(rules, society, state, workers)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(folder=Path(folder) / "shared", every=0, ranges=2, threads=1)
        with Machines(scenario, cluster) as machines:
            machines.burn_in(lambda *_: None)
            say("two ranges are ready")
            world = machines.open(rules)
            for month in range(months):
                key, last = MONTH_ZERO + month, month == months - 1
                began, used = time.perf_counter(), time.process_time()
                one = alone.step(month, key=key, last=last)
                alone.harvest()
                row = {
                    "one_wall": time.perf_counter() - began,
                    "one_cpu": time.process_time() - used,
                }
                before = sum(machines.gathered("used"))
                began = time.perf_counter()
                left = machines.step(month, key, last)
                row["two_wall"] = time.perf_counter() - began
                row["two_cpu"] = sum(machines.gathered("used")) - before
                row |= {name: left.seconds[name] for name in STEPS}
                if one.state_sum != left.month.state_sum:
                    raise RuntimeError(f"month {month} is another one on two ranges")
                rows.append(row)
            sent = machines.gathered("sent")
            saved = []
            for _ in range(3):
                began = time.perf_counter()
                machines.save("measured")
                saved.append(time.perf_counter() - began)
            size = sum(f.stat().st_size for f in (Path(folder) / "shared" / "start").rglob("*.npy"))
            del world
    workers.close()
    best = {name: min(row[name] for row in rows) for name in rows[0]}
    middle = {name: float(np.median([row[name] for row in rows])) for name in rows[0]}
    return {
        "citizens": citizens,
        "months": months,
        "best": best,
        "median": middle,
        "society_cpu": built,
        "bytes_shown": int(sum(sent)),
        "checkpoint_seconds": min(saved),
        "checkpoint_bytes": size,
    }


def shown_share(machines: int, pack: str = "china-2020", citizens: int = 20_000_000) -> float:
    """Return the faces that a range takes from others in a month, as a share of its own people.

    From the tables of a smaller society cut into as many ranges: the share depends on the number of
    ranges and on where provinces end, not on the number of people.
    """
    from glasscity.country import load_country
    from glasscity.draws import MONTH_ZERO
    from glasscity.engine.halo import Halo
    from glasscity.engine.range import share_out
    from glasscity.scenario import Scenario
    from glasscity.society.cells import make_layout
    from glasscity.society.wiring import make_wiring

    class Places:
        """What a halo reads of a society."""

    scenario = Scenario("citizen-score-2020", citizens=citizens)
    layout = make_layout(load_country(pack), citizens)
    places = Places()
    places.wiring = make_wiring(scenario.country, scenario.seed, layout)
    places.blocks, places.seed = layout.blocks, scenario.seed
    spans = share_out(scenario, [1.0] * machines)
    most = 0.0
    for own in sorted({0, machines // 3, machines // 2, machines - 1}):
        _, seen = Halo(places, spans, own).lists(MONTH_ZERO)
        first, end = spans[own]
        people = int(layout.blocks[end - 1, 1] - layout.blocks[first, 0])
        faces = sum(int(layout.segment_size[s].sum(dtype=np.int64)) for s in seen)
        most = max(most, faces / people)
    return most


def modelled(found: dict, machines: int, *, threads: int, gigabits: float, disk: float) -> dict:
    """Return the seconds of a month of the nation on so many machines.

    Parameters
    ----------
    found : dict
        Of :func:`measure`.
    threads : int
        Of each machine, each as fast as here.
    gigabits : float
        A second, in and out at the same time.
    disk : float
        Bytes a second that a machine writes to the folder that all share.
    """
    best, n = found["best"], found["citizens"]
    own = PEOPLE / machines
    faces = own * shown_share(machines)
    # Processor time, not the clock's: others may have been at work on this machine.
    compute = best["two_cpu"] / n * own / threads
    # A thread copies for each of the other machines.
    copied = (best["show"] + best["see"]) / (found["bytes_shown"] / 2) * 5 * faces
    copied /= min(threads, machines - 1)
    travel = 5 * faces / (gigabits * GIGABIT)
    save = found["checkpoint_bytes"] / n * own / disk
    return {
        "machines": machines,
        "compute": compute,
        "gather_and_take": copied,
        "network": travel,
        "month": compute + copied + travel,
        "gigabytes_in": 5 * faces / 1e9,
        "checkpoint": save,
        "society": found["society_cpu"] / n * PEOPLE / threads,
        "memory_gigabytes": (own * 76 + (PEOPLE - own) * 12 + PEOPLE * 0.9) / 1e9,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--citizens", type=float, default=1e6)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--threads", type=int, default=16, help="of a machine of the model")
    parser.add_argument("--gigabits", type=float, default=10.0, help="of its network, a second")
    parser.add_argument("--disk", type=float, default=0.5e9, help="bytes a second it writes")
    options = parser.parse_args()
    found = measure(int(options.citizens), options.months)
    found["machine"] = f"{platform.machine()}, {platform.system()}"
    found["modelled"] = [
        modelled(found, n, threads=options.threads, gigabits=options.gigabits, disk=options.disk)
        for n in (4, 16, 64)
    ]
    print(json.dumps(found, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
