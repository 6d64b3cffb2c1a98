"""Work shared among processes, so that a study stopped anywhere keeps what is done.

Processes are spawned, since threads and compiled code do not survive a fork.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from glasscity.errors import GlasscityError, Interrupted

__all__ = ["told_how_to_go_on", "work_through"]

Task = TypeVar("Task")
Done = TypeVar("Done")


def work_through(
    work: Callable[[Task], Done],
    tasks: Iterable[Task],
    take: Callable[[Task, Done], object],
    *,
    jobs: int,
    where: str,
    kept: Callable[[], str],
    begin: Callable[..., object] | None = None,
    given: tuple[Any, ...] = (),
) -> None:
    """Do tasks in processes of their own and take in each as it is done, in any order.

    Parameters
    ----------
    work : callable
        A module's own function, ``work(task)``.
    take : callable
        Called in this process as ``take(task, result)``.
    jobs : int
        Processes, from 1.
    where : str
        The folder in which the work is kept, for messages.
    kept : callable
        Returns what is kept so far, as ``"12 of 40 worlds are kept"``.
    begin : callable, optional
        Called first in every process, as ``begin(*given)``.

    Raises
    ------
    Interrupted
        After Ctrl-C; the processes are ended at once.
    GlasscityError
        If a process was ended from outside.
    """
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(
        jobs, mp_context=context, initializer=_begin, initargs=(begin, given)
    )
    try:
        with told_how_to_go_on(where, kept):
            waiting = iter(tasks)
            running: dict[Future[Done], Task] = {}
            while True:
                # A few at a time, so that ten thousand tasks are not all sent at once.
                while len(running) < 2 * jobs + 2 and (task := next(waiting, _END)) is not _END:
                    running[pool.submit(work, task)] = task  # pyright: ignore[reportArgumentType]
                if not running:
                    return
                ready, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in ready:
                    take(running.pop(future), future.result())
    except BaseException:
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_END: Any = object()


@contextlib.contextmanager
def told_how_to_go_on(where: str, kept: Callable[[], str]) -> Iterator[None]:
    """Say of a study that is stopped what is kept of it, and how it goes on."""
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(
            f"stopped from the keyboard; {kept()}",
            where=where,
            mend="the same command goes on there",
        ) from None
    except BrokenProcessPool:
        raise GlasscityError(
            f"a process of the study was ended from outside; {kept()}",
            where=where,
            mend="the same command goes on there; fewer --jobs need less memory",
        ) from None


def _begin(begin: Callable[..., object] | None, given: tuple[Any, ...]) -> None:
    # Ctrl-C reaches every process of a terminal; only the first one answers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # And nobody simulates for a first process that is gone.
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=lambda: (parent.join(), os._exit(1)), daemon=True).start()
    if begin is not None:
        begin(*given)
