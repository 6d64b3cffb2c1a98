"""Files without wrong records, by what the audit knows of them: of everybody, or of one."""

from __future__ import annotations

import numpy as np

from glasscity.month.shared import ERROR_SHARE, FIRST_SHARE
from glasscity.society.state import State

__all__ = ["clear_errors"]

# Bits of audit.causes that stand for errors, among the five of a list.
_ERRORS, _LIVE = np.uint32(24), np.uint32(31)
_LINKED = 16


def clear_errors(state: State) -> None:
    """Take wrong records off every file of a state, with the listings that rest on them alone.

    Of a deficit the share that rests on errors goes and the other causes keep theirs; a listing
    that has another live cause stays for that one; files are unlinked from namesakes'.
    """
    book, audit = state.record, state.audit
    for whole, shares in ((book.deficits, audit.shares), (book.taken, audit.taken_shares)):
        if len(whole):
            for s in range(4):
                _clear_sphere(whole[:, s], shares, s)
    causes = audit.causes
    for s in range(4):
        place = np.uint32(5 * s)
        live = causes >> place & _LIVE
        causes &= ~(_ERRORS << place)
        book.standing[(live > 0) & (live & ~_ERRORS == 0), s] = 0
    np.bitwise_and(book.reference, np.uint8(255 - _LINKED), out=book.reference)


def _clear_sphere(whole: np.ndarray, shares: np.ndarray, s: int) -> None:
    error = ERROR_SHARE[s]
    some = np.flatnonzero(shares[:, error])
    old = whole[some].astype(np.int64)
    new = old - old * shares[some, error] // 255
    whole[some] = new
    for place in range(FIRST_SHARE[s], error + 1):
        kept = np.where(new > 0, shares[some, place] * old // np.maximum(new, 1), 0)
        shares[some, place] = 0 if place == error else np.minimum(255, kept)
