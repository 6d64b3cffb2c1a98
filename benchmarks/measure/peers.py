"""Score-month, Glasscity in turn with each peer: one process at a time, ratios pair by pair.

Glasscity waits in processes of its own (one for each number of threads) with its society made and
its kernels loaded, and does its months right before and right after each peer does its own.  Every
process times its months alone: what imports, set-up and compiling take is not in it.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from glasscity.errors import NotFound

__all__ = ["HERE", "PEERS", "Peer", "environments", "peer_cases", "python_of"]

HERE = Path(__file__).resolve().parent.parent
OURS = HERE / "score_month" / "months.py"
# What a peer's scores come to if it does the task: mean, spread and share restricted, each with how
# far it may be off.  By sampling alone, 10,000 citizens are off by a fifth of that.
_TASK = {"mean_score": (650, 8), "spread": (118.5, 6), "restricted_share": (0.114, 0.02)}
_PATIENCE = 900  # seconds that one go of a peer may take, set-up included


@dataclass(frozen=True)
class Peer:
    """One library, and how far it is asked to go.

    Attributes
    ----------
    script : str
        In benchmarks/peers.
    environment : str or None
        Of benchmarks/peers/setup.py; None: Glasscity's own, where NumPy and Numba are.
    most : int
        Citizens above which it is not asked: what it needs would not fit, or takes too long.
    months : int
        At most so many on the clock.
    threads : tuple of int
        With how many it can run.
    arguments : tuple of str
    """

    script: str
    environment: str | None
    most: int = 10_000_000
    months: int = 1000
    threads: tuple[int, ...] = (1,)
    arguments: tuple[str, ...] = ()


PEERS = {
    "numpy": Peer("plain_numpy.py", None),
    "numpy-record": Peer("plain_numpy.py", None, arguments=("--form", "record")),
    "mesa": Peer("mesa_agents.py", "mesa", most=1_000_000, months=3),
    "mesa-frames": Peer("mesa_frames_set.py", "mesa-frames", threads=(1, 2)),
    "starsim": Peer("starsim_module.py", "starsim"),
    "vivarium": Peer("vivarium_component.py", "vivarium"),
    "numba": Peer("numba_loop.py", None, threads=(1, 2)),
}


def environments() -> Path:
    """Return the folder of the peers' environments."""
    return Path(os.environ.get("GLASSCITY_PEERS", HERE / "peers" / "env"))


def python_of(peer: str) -> Path | None:
    """Return a peer's interpreter, or None where its environment has not been made."""
    if peer not in PEERS:
        raise NotFound.among("peer", peer, tuple(PEERS))
    environment = PEERS[peer].environment
    if environment is None:
        return Path(sys.executable)
    python = environments() / environment / "bin" / "python"
    return python if python.exists() else None


class _Ours:
    """Glasscity in a process that waits."""

    def __init__(self, citizens: int, threads: int, months: int) -> None:
        self.threads = threads
        self.process = subprocess.Popen(
            [
                *(sys.executable, str(OURS), "--serve", "--citizens", str(citizens)),
                *("--threads", str(threads), "--months", str(months)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._line()

    def _line(self) -> str:
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise RuntimeError(f"Glasscity's own process ended with {self.process.wait()}")
        return line

    def months(self) -> dict:
        """Do the months; return the line it prints."""
        if self.process.stdin is not None:
            self.process.stdin.write("\n")
            self.process.stdin.flush()
        return json.loads(self._line())

    def close(self) -> None:
        """Let the process end."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait()


def peer_cases(
    names: list[str], citizens: int, *, threads: tuple[int, ...], months: int, repeats: int
) -> Iterator[dict]:
    """Yield a case for each peer and number of threads, and Glasscity's own last.

    A peer that fails or takes too long is left out, with the reason; the others go on.
    """
    asked = [
        (name, t)
        for name in names
        for t in PEERS[name].threads
        if t in threads and citizens <= PEERS[name].most and python_of(name) is not None
    ]
    for name in names:
        if python_of(name) is None:
            yield _left_out(name, citizens, "its environment has not been made")
        elif citizens > PEERS[name].most:
            yield _left_out(name, citizens, f"asked for up to {PEERS[name].most:,} citizens")
    if not asked:
        return
    ours = [_Ours(citizens, t, months) for t in threads]
    lines: dict[tuple[str, int], list[dict]] = {one: [] for one in asked}
    failed: dict[tuple[str, int], str] = {}
    own: dict[int, list[dict]] = {t: [] for t in threads}
    try:
        for _ in range(repeats):
            before = [one.months() for one in ours]
            for who in asked:
                if who in failed:
                    continue
                line = _go(*who, citizens, months)
                after = [one.months() for one in ours]
                if isinstance(line, str):
                    failed[who] = line
                else:
                    pair = {
                        str(t): _pair(line, a, b)
                        for t, a, b in zip(threads, before, after, strict=True)
                    }
                    lines[who].append(line | {"pairs": pair})
                for t, a in zip(threads, after, strict=True):
                    own[t].append(a)
                before = after
    finally:
        for one in ours:
            one.close()
    for (name, t), found in lines.items():
        if (name, t) in failed:
            yield _left_out(name, citizens, failed[name, t], threads=t)
        else:
            yield {"case": "peer", "peer": name, "threads": t, **_summary(found, citizens)}
    for t, found in own.items():
        yield {"case": "peer", "peer": "glasscity", "threads": t, **_summary(found, citizens)}


def _go(name: str, threads: int, citizens: int, months: int) -> dict | str:
    """Run a peer once; return its line, or why there is none."""
    peer = PEERS[name]
    python = python_of(name)
    command = [str(python), str(HERE / "peers" / peer.script), *peer.arguments]
    command += ["--citizens", str(citizens), "--months", str(min(months, peer.months))]
    if peer.environment is None and len(peer.threads) > 1:
        command += ["--threads", str(threads)]
    several = dict.fromkeys(
        ("OMP_NUM_THREADS", "POLARS_MAX_THREADS", "NUMBA_NUM_THREADS"), str(threads)
    )
    # A path of Glasscity's would put the wrong libraries before the peer's own.
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONPATH" or peer.environment is None}
    print(f"  {name} x{threads}, {citizens:,} citizens", file=sys.stderr, flush=True)
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE,
            env=kept | several,
        )
    except subprocess.TimeoutExpired:
        return f"not done within {_PATIENCE} seconds"
    if done.returncode < 0:
        return f"ended by signal {-done.returncode}, which is what happens without memory"
    if done.returncode:
        return "failed: " + (done.stderr.strip().splitlines() or ["no message"])[-1][:200]
    line = json.loads(done.stdout.strip().splitlines()[-1])
    # Glasscity's form has another shape (score_month/README.md).
    return _other_task(line) or line if "--form" not in peer.arguments else line


def _other_task(line: dict) -> str:
    """Return in what a peer's scores are not the task's; empty where they are."""
    for name, (value, off) in _TASK.items():
        if not abs(line[name] - value) <= off:
            return f"does another task: {name} {line[name]:.4g}, and not {value} within {off}"
    return ""


def _ns(line: dict, clock: str) -> float:
    return line[clock] / line["months"] / line["citizens"] * 1e9


def _pair(line: dict, before: dict, after: dict) -> dict:
    """Return the peer's time over Glasscity's around it, by the wall and of the processors."""
    return {
        name: _ns(line, clock) / statistics.mean((_ns(before, clock), _ns(after, clock)))
        for name, clock in (("wall", "seconds"), ("cpu", "cpu_seconds"))
    }


def _summary(found: list[dict], citizens: int) -> dict:
    """Return the quickest go's figures, and the pairs' ratios: median, least, most."""
    last = found[-1]
    summary = {
        "citizens": citizens,
        "version": last["version"],
        "format": last["format"],
        "wall_ns": round(min(_ns(line, "seconds") for line in found), 1),
        "cpu_ns": round(min(_ns(line, "cpu_seconds") for line in found), 1),
        "peak_bytes": max(line["peak_bytes"] for line in found),
        **{name: round(last[name], 4) for name in ("mean_score", "spread", "restricted_share")},
        "goes": len(found),
    }
    if "pairs" in last:
        summary["over_glasscity"] = {
            t: {
                clock: [
                    round(pick([line["pairs"][t][clock] for line in found]), 3)
                    for pick in (statistics.median, min, max)
                ]
                for clock in ("wall", "cpu")
            }
            for t in last["pairs"]
        }
    return summary


def _left_out(name: str, citizens: int, why: str, threads: int = 1) -> dict:
    return {
        "case": "peer",
        "peer": name,
        "threads": threads,
        "citizens": citizens,
        "left_out": why,
    }
