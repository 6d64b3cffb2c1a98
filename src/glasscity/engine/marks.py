"""What a run notes of each described citizen every month, in two bytes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from glasscity.month.shared import ERROR_SHARE
from glasscity.terms import EVENTS

__all__ = ["ON_FILE", "marks_of"]

# Instead of a gravity: no breach this month, but a record of an own one is on file from before.
ON_FILE = 7
# Where the share of inability stands among audit.shares; conduct and contempt have none.
_UNABLE_SHARE = (1, 4, None, None)
_IGNORED = 8
_CONDUCT_FROM = EVENTS.index("contempt")
_READ = ("truth.owed_credit", "truth.owed_fee", "truth.spell", "truth.case")


def marks_of(
    columns: Mapping[str, np.ndarray],
    rows: np.ndarray | slice,
    faces: np.ndarray,
    gravity: np.ndarray,
    *,
    on_file: bool,
) -> np.ndarray:
    """Return what is noted of some citizens at the end of a month.

    Parameters
    ----------
    columns : mapping of "group.name" to array
        The state, truth and audit included.
    rows : int64[n] or slice
        Their rows in these columns.
    faces : uint32[n]
        Their new faces.
    gravity : int64[11]
        Of each event, 1..5.
    on_file : bool
        Whether to look at what is on file from before; the first month of a run is enough, since
        what happens later is noted when it happens.

    Returns
    -------
    uint16[n]
        Bit 0: shut out of something.  Bit 1: a child of one's own is.  Bits 2-4: gravity of the
        gravest breach that is truly one's own this month, 0 none, or :data:`ON_FILE`; bits 5-7: the
        same leaving out debts that inability alone has made.  Bits 8, 9: three months or more of a
        credit, of public fees are owed.

    Notes
    -----
    Debts are told from truth, month by month as long as they are owed.  Conduct and contempt last a
    moment and leave no state: what a source has put on record of them counts, never what was moved
    in from a namesake.  A month in which one is put on a list hides them.
    """
    marks = (columns["audit.lost"][rows] >> 7 | columns["audit.inner"][rows] >> 4 & 2).astype(
        np.uint16
    )
    anything = columns["truth.owed_credit"][rows] | columns["truth.owed_fee"][rows]
    anything = (anything > 0) | (faces >= np.uint32(1 << 28))
    if on_file:
        anything |= columns["record.deficits"][rows].any(axis=1)
    some = np.flatnonzero(anything)
    if not len(some):
        return marks
    own = {name: columns[name][rows][some] for name in _READ}
    heard = (faces[some] >> np.uint32(28)).astype(np.int64)
    conduct = (heard > _CONDUCT_FROM) & (heard <= len(EVENTS))
    worst = np.where(conduct, gravity[np.where(conduct, heard - 1, 0)], 0)
    able = worst
    case = own["truth.case"]
    for debt, name in enumerate(("truth.owed_credit", "truth.owed_fee")):
        owed = own[name]
        marks[some] |= (owed >= 3).astype(np.uint16) << (8 + debt)
        level = (owed >= 3).astype(np.int64)
        level[(case & 15 == _IGNORED) & (case >> 4 & 1 == debt)] = 2
        found = np.where(owed > 0, gravity[3 * debt + level], 0)
        unable = own["truth.spell"] >> (2 + 2 * debt) & 3 == 1
        worst = np.maximum(worst, found)
        able = np.maximum(able, np.where(unable, 0, found))
    if on_file:
        filed, filed_able = _filed(columns["record.deficits"][rows][some], columns, rows, some)
        worst = np.where((worst == 0) & filed, ON_FILE, worst)
        able = np.where((able == 0) & filed_able, ON_FILE, able)
    marks[some] |= (worst << 2 | able << 5).astype(np.uint16)
    return marks


def _filed(
    deficits: np.ndarray,
    columns: Mapping[str, np.ndarray],
    rows: np.ndarray | slice,
    some: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return who has a record of an own breach on file, and one that is not of inability alone."""
    shares = columns["audit.shares"][rows][some].astype(np.int64)
    filed, able = np.zeros((2, len(some)), bool)
    for sphere, error in enumerate(ERROR_SHARE):
        there = deficits[:, sphere] > 0
        left = 255 - shares[:, error]
        filed |= there & (left > 0)
        unable = _UNABLE_SHARE[sphere]
        able |= there & (left > (0 if unable is None else shares[:, unable]))
    return filed, able
