"""How a command ends: its exit code and, where something was refused, one plain last line."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from glasscity.errors import GlasscityError, Interrupted

__all__ = ["main", "seconds"]

DONE, BUG, REFUSED, STOPPED = 0, 1, 2, 130
_STOPPED_LINE = "stopped from the keyboard; nothing that looks whole was left behind."


# When the command began.
_began = time.perf_counter()


def seconds() -> float:
    """Return how long the command has been running."""
    return time.perf_counter() - _began


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        What follows ``glasscity`` on the command line; by default this process's own.

    Returns
    -------
    int
        0 done, 2 refused, 130 stopped from the keyboard, 1 a bug.
    """
    global _began
    _began = time.perf_counter()
    given = list(sys.argv[1:] if arguments is None else arguments)
    words = [word for word in given if word != "--debug"]
    debug = len(words) < len(given)
    with _interrupts() as stopped:
        try:
            code = _command(words)
            sys.stdout.flush()
        except BrokenPipeError:
            _forget_output()
            return DONE
        except BaseException as error:
            if debug and not isinstance(error, SystemExit):
                raise
            code, line = _last_words(error)
            if stopped.is_set() and not isinstance(error, Interrupted):
                # Libraries may turn the keyboard's exception into one of their own on its way up.
                code, line = STOPPED, _STOPPED_LINE
        else:
            # Typer turns the keyboard's exception into this code.
            line = _STOPPED_LINE if code == STOPPED else ""
    if line:
        _say_last(line)
    return code


def _command(words: list[str]) -> int:
    import typer.main

    from glasscity.cli.commands import app

    command = typer.main.get_command(app)
    result: Any = command.main(args=words, prog_name="glasscity", standalone_mode=False)
    return result if isinstance(result, int) else DONE


def _last_words(error: BaseException) -> tuple[int, str]:
    """Return the exit code and the line for whatever came up."""
    if isinstance(error, SystemExit):
        if isinstance(error.__context__, BrokenPipeError):
            # Whoever read the output has had enough: Typer met that before we did.
            return DONE, ""
        return (error.code if isinstance(error.code, int) else BUG), ""
    if isinstance(error, KeyboardInterrupt):
        return STOPPED, _STOPPED_LINE
    if isinstance(error, Interrupted):
        return STOPPED, str(error)
    if isinstance(error, GlasscityError):
        return error.exit_code, str(error)
    if isinstance(error, MemoryError):
        return REFUSED, "the memory of this machine is used up. Mend: ask for fewer --citizens."
    if isinstance(error, OSError) and error.errno is not None:
        return REFUSED, _from_the_system(error)
    usage = _usage(error)
    if usage is not None:
        return REFUSED, usage
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return BUG, (
        f"this is a bug in Glasscity, not in what you asked for ({said}). Please report it in the "
        "project's issue tracker, with the command and what it prints with --debug."
    )


def _usage(error: BaseException) -> str | None:
    """Return what is wrong with the arguments themselves, or None if that is not the matter."""
    from typer.exceptions import Abort, TyperException

    if isinstance(error, Abort):
        return "stopped."
    if not isinstance(error, TyperException):
        return None
    said = " ".join(error.format_message().split()).rstrip(".")
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "glasscity"
    return f"{said[:1].lower()}{said[1:]}. Mend: see '{path} --help'."


def _from_the_system(error: OSError) -> str:
    where = f"{error.filename}: " if isinstance(error.filename, str) else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"{where}no room is left to write. Mend: free some space, or choose another --out."
    reason = error.strerror or type(error).__name__
    return f"{where}the system refused: {reason[:1].lower()}{reason[1:]}."


@contextmanager
def _interrupts() -> Iterator[threading.Event]:
    """Remember that Ctrl-C was pressed, whatever becomes of the exception that it raises."""
    stopped = threading.Event()
    usual = signal.getsignal(signal.SIGINT)

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()
        signal.default_int_handler(number, frame)

    # Only where Python's own handler stands: a shell's background job has it ignored on purpose.
    ours = (
        threading.current_thread() is threading.main_thread()
        and usual is signal.default_int_handler
    )
    if ours:
        signal.signal(signal.SIGINT, stop)
    try:
        yield stopped
    finally:
        if ours:
            signal.signal(signal.SIGINT, usual)


def _say_last(line: str) -> None:
    with suppress(BrokenPipeError):
        sys.stderr.write(f"error: {line}\n")
        sys.stderr.flush()


def _forget_output() -> None:
    """Point standard output nowhere: its reader has gone, and Python would flush it once more."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
