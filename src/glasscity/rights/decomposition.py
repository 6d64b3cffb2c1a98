"""What each cause does over a run, taken apart, as it is kept in the run's folder.

``decomposition.json`` is made by ``glasscity fork FOLDER --decompose`` and can be made again at any
time.  It names the digest of the run that it belongs to, and readers refuse one that does not fit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from glasscity.errors import DamagedRun

if TYPE_CHECKING:
    from glasscity.results.run import Run

__all__ = ["DECOMPOSITION", "PARTS", "decomposition_of", "sealed"]

DECOMPOSITION = "decomposition.json"
FORMAT = 1

# The parts in the order in which they are told, with their definitions.
PARTS = {
    "total": "refusals of this run less those of the same people and luck without the cause from "
    "the first month on",
    "proximate": "refusals that would not have been, but for the cause: one person, one month, "
    "everybody else and every cut-off as they were",
    "help": "what it does in the same month, cut-offs as they were, that the cause is taken from "
    "those whom it helps, too; negative where help is lost",
    "crowding": "what it does in the same month that cut-offs by rank move with everybody's score; "
    "negative where others take the places of those let in",
    "simultaneity": "help and crowding together: all that a month without the cause does at once "
    "beyond the proximate",
    "feedback": "the rest: what the months before have made of people and of the record",
}


def decomposition_of(run: Run) -> dict[str, Any] | None:
    """Return what a run's causes do, taken apart; None where nobody has made that table.

    Returns
    -------
    dict
        ``digest`` of the run; ``unit``: ``denials``; ``denials``: all refusals of the run, and
        ``with_cause`` of them; ``definitions``: of :data:`PARTS`; ``chance``: ``net``,
        ``vanished``, ``appeared`` of the placebo; ``causes``: for each ``cause``, ``off`` (how it
        is taken out, in words), every part, ``shares``: every part over ``denials``, ``pair`` and
        ``month``: refusals ``vanished``, ``appeared`` and their ``net`` over the run and in the
        forks of one month; ``by_gate``: gate to parts.

    Raises
    ------
    DamagedRun
        If the table was changed, or belongs to another run.
    """
    path = run.path / DECOMPOSITION
    if not path.is_file():
        return None
    mend = f"make it again with 'glasscity fork {run.path} --decompose'"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        stored = document.pop("checksum")
    except (OSError, ValueError, KeyError, AttributeError):
        raise DamagedRun("this is no table of causes", where=str(path), mend=mend) from None
    if document.get("format") != FORMAT or stored != _checksum(document):
        raise DamagedRun("the table of causes was changed", where=str(path), mend=mend)
    if document["digest"] != run.digest:
        raise DamagedRun("the table of causes is another run's", where=str(path), mend=mend)
    return document


def sealed(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table as it is kept: with its format and checksum."""
    whole = {"format": FORMAT, **document}
    return {**whole, "checksum": _checksum(whole)}


def _checksum(document: Mapping[str, Any]) -> str:
    text = json.dumps(document, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
