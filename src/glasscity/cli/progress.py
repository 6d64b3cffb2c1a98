"""Progress on standard error: a bar on a terminal, one line a stage anywhere else."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

from glasscity.cli.output import say

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["ProgressBar"]

# What the stages of a run are called to its user.
STAGES = {
    "compiling": "loading the model (compiled the first time)",
    "society": "making up the society",
    "people": "making up the people, part by part",
    "burn-in": "burn-in, before anybody is scored",
    "history": "months before the fork",
    "apart": "months, each once more without each cause",
    "months": "months under the regime",
    "twin": "the same months, unscored",
    "stopping": "finishing the month, then a checkpoint (Ctrl-C again stops at once)",
    "writing": "writing the results",
    "report": "writing the report",
    "worlds": "running the worlds of the study",
    "comparing": "comparing the runs, citizen by citizen",
    "placebo": "the same again with one payment a month late",
    "variance": "smaller worlds of other seeds: what pairing is worth",
}


# Stages whose steps are months of a whole society.
_PACED = ("burn-in", "history", "months", "twin", "placebo")


class ProgressBar:
    """Show the stages of a run; call it as ``progress(stage, done, total, citizens)``.

    Used as a context manager, so that the terminal is as it was before any last words.
    """

    def __init__(self) -> None:
        self._stage = ""
        self._began = 0.0
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> ProgressBar:
        if sys.stderr.isatty():
            self._bar = _bar()
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, stage: str, done: int, total: int | None, citizens: int) -> None:
        """Note how far a stage is.

        Parameters
        ----------
        stage : str
            ``compiling``, ``society``, ``burn-in``, ``months``, ``twin``, ``writing``, ``report``.
        done, total : int, int or None
            Steps, which are months wherever months are run.
        citizens : int
            Citizens that each step is for.
        """
        if stage != self._stage:
            self._begin(stage, total)
        if self._bar is None or self._task is None:
            return
        count = f"{done}/{total}" if total else str(done or "")
        self._bar.update(
            self._task, completed=done, total=total, count=count, pace=self._pace(done, citizens)
        )

    def _begin(self, stage: str, total: int | None) -> None:
        self._stage, self._began = stage, time.perf_counter()
        words = STAGES.get(stage, stage)
        if self._bar is None:
            say(f"{words} ...")
            return
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task(words, total=total, count="", pace="")

    def _pace(self, done: int, citizens: int) -> str:
        seconds = time.perf_counter() - self._began
        if done < 1 or seconds <= 0 or self._stage not in _PACED:
            return ""
        return f"{done * citizens / seconds / 1e6:.1f} M citizens/s"


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=16),
        TextColumn("{task.fields[count]}"),
        TextColumn("{task.fields[pace]}"),
        TimeRemainingColumn(compact=True),
        console=Console(stderr=True),
        transient=True,
    )
