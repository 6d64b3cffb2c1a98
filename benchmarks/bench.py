"""Measure Glasscity, beside its bounds and beside others.

``make bench``, or::

    python benchmarks/bench.py [--only month,bound,...] [--sizes 1e5,1e6] [--months 12]

Results go into docs/performance.json, case by case: what is not measured again stays as it was, so
a run can be broken off and gone on with.  docs/performance.md is made from that file by
tools/make_performance.py, which ``make bench`` runs as well.  Nothing is judged here.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from glasscity.bench import machine
from glasscity.errors import BadArgument, GlasscityError, NotFound
from glasscity.scenario import parse_citizens
from measure import store

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "docs" / "performance.json"

KINDS = ("import", "step", "month", "bound", "peers", "instructions")
# 1e8 takes some 17 GB and minutes a month: only where it is asked for.  Ratios and counts of
# instructions do not hang on the size: they have one of their own.
SIZES = {
    "month": "1e5,1e6,1e7",
    "bound": "1e5,1e6,1e7",
    "peers": "1e5,1e6,1e7",
    "step": "2e5",
    "instructions": "1e5",
}


def cases(kind: str, options: argparse.Namespace) -> Iterator[dict]:
    """Yield the cases of one kind as they are measured."""
    # Imported where needed: the compiler takes a second, and `--help` has no use for it.
    threads = _numbers(options.threads, "threads")
    if kind == "import":
        from measure.step import import_case

        yield import_case()
        return
    own = kind in ("step", "instructions")
    for size in (SIZES[kind] if own or not options.sizes else options.sizes).split(","):
        citizens = parse_citizens(size)
        if kind == "step":
            from measure.step import step_case

            yield step_case(citizens)
        elif kind == "month":
            from glasscity.bench.month import full_months

            yield from full_months(
                citizens, threads=threads, months=options.months, burn_in=options.burn_in
            )
        elif kind == "bound":
            from glasscity.bench.bound import bounds

            months = min(options.months, 6)
            yield from bounds(citizens, threads=threads, months=months, burn_in=options.burn_in)
        elif kind == "peers":
            from measure.peers import PEERS, peer_cases, python_of

            names = options.peers.split(",") if options.peers else list(PEERS)
            for name in names:
                python_of(name)  # an unknown name, before anything is run
            yield from peer_cases(
                names,
                citizens,
                threads=threads,
                # A month of a hundred thousand takes a millisecond: more of them.
                months=min(options.months, 10) * (1 if citizens >= 1_000_000 else 3),
                repeats=options.repeats,
            )
        else:
            from measure.instructions import instruction_cases

            yield from instruction_cases(citizens, burn_in=options.burn_in)


def _numbers(text: str, name: str) -> tuple[int, ...]:
    try:
        numbers = tuple(int(word) for word in text.split(","))
    except ValueError:
        numbers = ()
    if not numbers or min(numbers) < 1:
        raise BadArgument(
            f"--{name} is {text!r}",
            allowed="whole numbers from 1 up, with commas",
            mend="write 1,2",
        )
    return numbers


def parser() -> argparse.ArgumentParser:
    """Return what the command understands."""
    made = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--only", metavar="KIND,...", help=f"of {', '.join(KINDS)}; all but the last")
    made.add_argument(
        "--sizes",
        metavar="N,...",
        help="citizens, of months, bounds and peers (default 1e5,1e6,1e7)",
    )
    made.add_argument("--threads", default="1,2", help="how many, each stated (default 1,2)")
    made.add_argument(
        "--months", type=int, default=12, help="on the clock; 84 is the whole run (default 12)"
    )
    made.add_argument("--burn-in", type=int, default=24, help="months before, off the clock")
    made.add_argument("--peers", metavar="NAME,...", help="of benchmarks/measure/peers.py")
    made.add_argument("--repeats", type=int, default=3, help="goes of each peer (default 3)")
    made.add_argument("--instructions", action="store_true", help="count them too, where perf can")
    made.add_argument("--out", type=Path, default=RESULTS, help="results (docs/performance.json)")
    return made


def main(arguments: list[str] | None = None) -> int:
    """Measure what is asked for, and keep each case as soon as it is there."""
    options = parser().parse_args(arguments)
    kinds = options.only.split(",") if options.only else list(KINDS[:-1])
    if options.instructions and "instructions" not in kinds:
        kinds.append("instructions")
    try:
        for kind in kinds:
            if kind not in KINDS:
                raise NotFound.among("kind of measurement", kind, KINDS)
        if options.months < 2 or options.burn_in < 0 or options.repeats < 1:
            raise BadArgument(
                "too few months, burn-in months or goes",
                allowed="--months from 2, --burn-in from 0, --repeats from 1",
            )
        results = store.read(options.out)
        for kind in kinds:
            print(f"{kind}:", file=sys.stderr, flush=True)
            for case in cases(kind, options):
                results = store.merged(results, [case], machine.describe())
                store.write(options.out, results)
                print(f"  {store.key_of(case)}: {_told(case)}", flush=True)
    except GlasscityError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print(f"broken off; what was measured is in {options.out}", file=sys.stderr)
        return 130
    return 0


def _told(case: dict) -> str:
    """Return a case's main figures in a few words."""
    if "left_out" in case:
        return f"left out: {case['left_out']}"
    names = {
        "seconds": "s",
        "ratio": "times",
        "cpu_ns": "ns of processor time",
        "wall_ns": "ns",
        "percent_of_bound": "% of the bound's speed",
        "instructions": "instructions",
    }
    return ", ".join(f"{case[name]:g} {unit}" for name, unit in names.items() if name in case)


if __name__ == "__main__":
    sys.exit(main())
