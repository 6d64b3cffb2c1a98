"""The child process that makes one run: ``python -m glasscity.web.worker FOLDER THREADS``.

It goes on with the folder as ``glasscity resume`` does, and says in ``progress.json`` how far it
is, so that any explorer, also one that was started later, can show it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from pathlib import Path

from glasscity.errors import GlasscityError, Interrupted
from glasscity.web.shelf import PROGRESS, read_json

__all__ = ["Teller", "main"]

# Seconds between two notes of how far a run is.
_PAUSE = 0.2


class Teller:
    """Write down how far a run is, not more often than every fifth of a second.

    Parameters
    ----------
    folder : Path
        The run's folder.
    months : int
        Months of the run.
    twin : bool
        Whether the unscored world follows, which takes as long again.
    """

    def __init__(self, folder: Path, *, months: int, twin: bool) -> None:
        self.file = folder / PROGRESS
        self._whole = months * (2 if twin else 1)
        self._months = months
        self._stage, self._last, self._behind = "", 0.0, 0

    def __call__(self, stage: str, done: int, total: int | None, citizens: int) -> None:
        """Note a step, as ``glasscity.run`` tells it."""
        now = time.monotonic()
        if stage == self._stage and now - self._last < _PAUSE:
            return
        self._stage, self._last = stage, now
        if stage in ("months", "twin"):
            self._behind = done + (self._months if stage == "twin" else 0)
        elif stage in ("writing", "report"):
            self._behind = self._whole
        self.note(stage=stage, done=done, total=total, share=self._behind / self._whole)

    def note(self, **said: object) -> None:
        """Write a note; one that cannot be written is no reason to end a run."""
        part = self.file.with_name(f".{PROGRESS}.part")
        with contextlib.suppress(OSError):
            part.write_text(json.dumps(said) + "\n", encoding="utf-8")
            part.replace(self.file)

    def done(self) -> None:
        """Take the note away."""
        with contextlib.suppress(OSError):
            self.file.unlink(missing_ok=True)


def main(folder: str, threads: str) -> int:
    """Make a run.

    Parameters
    ----------
    folder : str
        A run folder that is not finished.
    threads : str
        A whole number from 1.

    Returns
    -------
    int
        0 done, 2 refused, 130 cancelled, 1 a bug.
    """
    # Whoever starts the explorer in the background has the keyboard's signal ignored: here it is
    # how a run is cancelled.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    path = Path(folder)
    scenario = read_json(path / "scenario.json")
    asked = read_json(path / "state.json").get("asked") or {}
    teller = Teller(path, months=int(scenario.get("months", 1)), twin=bool(asked.get("twin")))
    teller.note(stage="starting", done=0, total=None, share=0.0)
    from glasscity import api

    try:
        command = ["glasscity", "resume", folder]
        api.resume(path, threads=int(threads), progress=teller, command=command)
    except (KeyboardInterrupt, Interrupted):
        teller.done()
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
    teller.done()
    return 0


if __name__ == "__main__":
    # Lower than the pages: the explorer answers while runs go on.
    with contextlib.suppress(OSError, AttributeError):
        os.nice(5)
    raise SystemExit(main(*sys.argv[1:3]))
