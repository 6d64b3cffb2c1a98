"""The child process that works out one look: ``python -m glasscity.web.looker FOLDER KEY THREADS``.

Everything here is a call of the library; what it gives is kept in the run's folder
(:mod:`glasscity.web.looks`).
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasscity.errors import GlasscityError, Interrupted
from glasscity.web.looks import Look, keep, kept, progress_file

if TYPE_CHECKING:
    from glasscity.results.run import Run

__all__ = ["FIRST_OF", "main"]

# Watching one more citizen costs next to nothing: the first of each question come along.
FIRST_OF = ("wrongly-listed", "fell-through-friends", "silent-critic", "child-shut-out")
_PAUSE = 0.2


class Teller:
    """Say how far a look is, not more often than every fifth of a second.

    Parameters
    ----------
    file : Path
        Where it is said.
    passes : int
        Worlds that are run one after the other.
    """

    def __init__(self, file: Path, passes: int = 1) -> None:
        self.file, self.passes, self.behind = file, passes, 0
        self._stage, self._last, self._done = "", 0.0, 0

    def __call__(self, stage: str, done: int, total: int | None, citizens: int) -> None:
        """Note a step, as the library tells it."""
        if stage == "months" and self._stage == "months" and done < self._done:
            self.behind += 1
        self._done = done if stage == "months" else self._done
        now = time.monotonic()
        if stage == self._stage and now - self._last < _PAUSE:
            return
        self._stage, self._last = stage, now
        part = done / total if stage == "months" and total else 0.0
        share = min(1.0, (self.behind + part) / self.passes)
        self.note(stage=stage, done=done, total=total, share=share)

    def next(self) -> None:
        """Begin the next world."""
        self.behind += 1
        self._done, self._stage = 0, ""

    def note(self, **said: object) -> None:
        """Write a note; one that cannot be written is no reason to stop."""
        part = self.file.with_name(f".{self.file.name}.part")
        with contextlib.suppress(OSError):
            part.write_text(json.dumps(said) + "\n", encoding="utf-8")
            part.replace(self.file)


def _lives(run: Run, look: Look, threads: int, teller: Teller) -> None:
    from glasscity.api import find, lives
    from glasscity.study.around import around

    wanted = {look.citizen: None}
    for filter in FIRST_OF:
        with contextlib.suppress(GlasscityError):
            wanted |= {one["citizen"]: None for one in find(run, filter, limit=1)}
    wanted = {
        one: None
        for one in wanted
        if one == look.citizen or kept(run.path, Look(kind="life", citizen=one)) is None
    }
    found = lives(run, [*wanted], threads=threads, progress=teller)
    society = None
    if len(run.people) == run.citizens:
        from glasscity.api import scenario_of
        from glasscity.society import build_society

        scenario = scenario_of(run)
        society = build_society(scenario.country, scenario.citizens, scenario.seed)
    for life in found:
        # Of a nation the society is not made up again for one circle of acquaintances.
        circle = None if society is None else around(run, life.citizen, society=society)
        about = {"life": life.document, "around": circle}
        keep(run.path, Look(kind="life", citizen=life.citizen), run.digest, about)


def _what_if(run: Run, look: Look, threads: int, teller: Teller) -> None:
    from glasscity.api import what_if
    from glasscity.rights.lives import Life

    had = kept(run.path, Look(kind="life", citizen=look.citizen))
    lived = None if had is None else Life(had["life"])
    teller.passes = 1 if lived is not None and lived.same else 2
    found = what_if(
        run, look.citizen, look.month, look.change, lived=lived, threads=threads, progress=teller
    )
    document = {name: one for name, one in found.document.items() if name != "lived"}
    keep(run.path, look, run.digest, document)


def _floor(run: Run, look: Look, threads: int, teller: Teller) -> None:
    from glasscity.api import scenario_of
    from glasscity.study.placebo import chaos_floor

    def told(stage: str, done: int, total: int | None, citizens: int) -> None:
        teller("months" if stage == "placebo" else stage, done, total, citizens)

    found = chaos_floor(scenario_of(run), run, threads=threads, progress=told)
    keep(run.path, look, run.digest, found)


def _safeguards(run: Run, look: Look, threads: int, teller: Teller) -> None:
    from glasscity.api import prepare, resume, scenario_of
    from glasscity.web.shelf import Shelf
    from glasscity.web.variants import OFFERED, runs_of, variant_name

    shelf = Shelf(run.path.parent)
    base = scenario_of(run)
    wanted = {name: base.but(strengths={name: strength}) for name, strength in OFFERED.items()}
    there = runs_of(shelf, wanted)
    # A rule that the base has already changes nothing.
    missing = [
        name
        for name, scenario in wanted.items()
        if scenario.strengths != base.strengths
        and (name not in there or shelf.stored(there[name]).state not in ("finished", "running"))
    ]
    teller.passes = max(1, len(missing))
    for name in missing:
        if name in there:
            path = shelf.path(there[name])
        else:
            beginning = variant_name(run.path.name, {name: OFFERED[name]})
            path = prepare(
                wanted[name], base=shelf.folder, name=beginning, twin=False, report=False
            )
        resume(path, threads=threads, progress=teller)
        teller.next()
    keep(run.path, look, run.digest, {"tried": [*wanted]})


MADE: dict[str, Callable[[Any, Look, int, Teller], None]] = {
    "life": _lives,
    "what-if": _what_if,
    "floor": _floor,
    "safeguards": _safeguards,
}


def main(folder: str, key: str, threads: str) -> int:
    """Work out a look.

    Returns
    -------
    int
        0 done, 2 refused, 130 stopped, 1 a bug.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    path, look = Path(folder), Look.of(key)
    teller = Teller(progress_file(path, look))
    try:
        from glasscity.results.run import open_run

        MADE[look.kind](open_run(path), look, int(threads), teller)
    except (KeyboardInterrupt, Interrupted):
        teller.file.unlink(missing_ok=True)
        return 130
    except GlasscityError as error:
        teller.note(stage="failed", reason=str(error))
        return error.exit_code
    except MemoryError:
        teller.note(stage="failed", reason="the memory of this machine is used up.")
        return 2
    except Exception as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())
        teller.note(stage="failed", reason=f"this is a bug in Glasscity ({said}).")
        return 1
    teller.file.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    # Lower than the pages: the explorer answers while others are worked out.
    with contextlib.suppress(OSError, AttributeError):
        os.nice(5)
    raise SystemExit(main(*sys.argv[1:4]))
