"""The exceptions, all of one family.

::

    Exception
    └── GlasscityError            anything Glasscity refuses or cannot go on with
        ├── BadInput (ValueError) the request was wrong; nothing was done
        │   ├── BadArgument       a value given on the command line or to a function
        │   ├── BadFile           a catalogue, scenario or study file; `where` names file and line
        │   ├── NotFound          an unknown name; `allowed` gives the nearest ones
        │   ├── CannotFit         more citizens or months than this machine can hold
        │   ├── OutputExists      results are never written over
        │   └── DamagedRun        a run folder that is incomplete or does not agree with itself
        ├── DiskFull              no room to write; what was half written is gone
        ├── ClusterLost           machines were lost again and again; the run was given up
        └── Interrupted           stopped from the keyboard

Each message is one line that says where, what, what is allowed and how to mend it::

    regime 'x': gate 'rail_hi_speed' is not declared. Allowed: flight, fast_train.
    Mend: correct the name or add it under gates.

The terminal prints it after ``error: `` and ends with the class's ``exit_code``.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import ClassVar

__all__ = [
    "GlasscityError",
    "BadInput",
    "BadArgument",
    "BadFile",
    "NotFound",
    "CannotFit",
    "OutputExists",
    "DamagedRun",
    "DiskFull",
    "ClusterLost",
    "Interrupted",
    "nearest",
]


class GlasscityError(Exception):
    """Anything Glasscity refuses or cannot go on with.

    Parameters
    ----------
    what : str
        What is wrong, with the offending value: ``"gate 'rail_hi_speed' is not declared"``.
    where : str, optional
        Where it was found: a file and line, a regime, an option.
    allowed : str or iterable of str, optional
        What would have been accepted: a sentence, or the names to choose from.
    mend : str, optional
        What to do about it, as an instruction.
    allowed_label : str, optional
        The word before the allowed values, ``"Allowed"`` unless another reads better, such as
        ``"Declared"``.
    """

    exit_code: ClassVar[int] = 2

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        allowed: str | Iterable[str] = "",
        mend: str = "",
        allowed_label: str = "Allowed",
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.allowed = allowed if isinstance(allowed, str) else ", ".join(allowed)
        self.mend = mend
        self.allowed_label = allowed_label

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        parts = [_sentence(head)]
        if self.allowed:
            parts.append(_sentence(f"{self.allowed_label}: {self.allowed}"))
        if self.mend:
            parts.append(_sentence(f"Mend: {self.mend}"))
        # One line, whatever the pieces were made of: scripts read the last line of standard error.
        return " ".join(" ".join(parts).split())

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only fields do not survive the default pickling, and studies run in child
        # processes whose errors must arrive whole.
        return _rebuild, (type(self), dict(self.__dict__))


class BadInput(GlasscityError, ValueError):
    """The request was wrong; nothing was done."""


class BadArgument(BadInput):
    """A value given on the command line or to a function is outside what is allowed."""


class BadFile(BadInput):
    """A file that describes something is malformed; ``where`` is ``file:line``."""


class NotFound(BadInput):
    """A name that nothing bears."""

    @classmethod
    def among(
        cls,
        kind: str,
        name: str,
        choices: Iterable[str],
        *,
        where: str = "",
        mend: str = "",
    ) -> NotFound:
        """Return the error for an unknown name, with the nearest of those that exist.

        Parameters
        ----------
        kind : str
            What the name should have named: ``"regime"``, ``"gate"``.
        name : str
            The name that was asked for.
        choices : iterable of str
            The names that exist.
        where : str, optional
            Where the name was found.
        mend : str, optional
            What to do; by default, to take the nearest name.
        """
        names = list(choices)
        close = nearest(name, names)
        if not mend and close:
            mend = f"did you mean '{close[0]}'?"
        return cls(
            f"there is no {kind} '{name}'",
            where=where,
            allowed=close or sorted(names),
            allowed_label="Nearest" if close else "Known",
            mend=mend,
        )


class CannotFit(BadInput):
    """More was asked for than this machine can hold; the message says what would fit."""


class OutputExists(BadInput):
    """The output folder is there already, and results are never written over."""


class DamagedRun(BadInput):
    """A run folder is incomplete, or its parts do not agree with each other."""


class DiskFull(GlasscityError):
    """No room to write; nothing that looks whole was left behind."""


class ClusterLost(GlasscityError):
    """Machines of a cluster were lost again and again, and the run was given up."""


class Interrupted(GlasscityError):
    """Stopped from the keyboard."""

    exit_code: ClassVar[int] = 130


def nearest(name: str, choices: Iterable[str], *, limit: int = 3) -> list[str]:
    """Return the choices that look most like a name, best first.

    Parameters
    ----------
    name : str
        What was asked for, in any case, with hyphens or underscores.
    choices : iterable of str
        The names that exist.
    limit : int
        How many to return at most.

    Returns
    -------
    list of str
        Empty where nothing is close.
    """
    plain = {choice: _plain(choice) for choice in choices}
    wanted = _plain(name)
    if not wanted:
        return []

    def likeness(choice: str) -> float:
        known = plain[choice]
        ratio = difflib.SequenceMatcher(None, wanted, known).ratio()
        # "citizen-score" stands for "citizen-score-2020" though much of the name is missing.
        return max(ratio, 0.9) if len(wanted) >= 3 and known.startswith(wanted) else ratio

    close = [choice for choice in plain if likeness(choice) >= 0.6]
    return sorted(close, key=lambda choice: (-likeness(choice), choice))[:limit]


def _plain(name: str) -> str:
    return name.casefold().replace("_", "-").strip()


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "?", "!")) else text + "."


def _rebuild(kind: type[GlasscityError], fields: dict[str, object]) -> GlasscityError:
    error = kind.__new__(kind, fields["what"])
    error.__dict__.update(fields)
    return error
