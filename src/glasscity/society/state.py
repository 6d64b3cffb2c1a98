"""What changes in a society: the state, in five groups kept apart.

========  ==========================================================  ===========================
group     holds                                                       who may read it
========  ==========================================================  ===========================
truth     what really is: liquidity, work, debts, spells, opinion     own behaviour, the sources
record    what was written down: deficits, listings, evidence         operators, lists, gates
face      what others can see: score, voice, flags, willing ties      other citizens
belief    what a citizen has learned about punishment                 the citizen
audit     provenance: which share of a deficit, which cause of a      attribution and measures
          listing; scrambling it changes no fate
========  ==========================================================  ===========================

Every column is an integer with a fixed range and step.  Ranges and steps are part of the model:
storing a column in fewer bits never changes a result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

__all__ = [
    "COLUMNS",
    "MEANING",
    "Audit",
    "Belief",
    "Column",
    "Face",
    "Record",
    "State",
    "Truth",
    "from_columns",
    "new_state",
]


class Truth(NamedTuple):
    """What really is.

    ``opinion`` in -127..127 stands for -1..1.  ``liquidity`` is in 1/256 months of one's own normal
    spending, -3072..6144 (12 months of debt to 24 of savings).  ``idle`` is 0 with work or outside
    the labour force, else months without work (at most 255).  ``owed_credit`` and ``owed_fee`` are
    owed months, 0..36.

    ``spell``: bits 0-1 what is withheld (0 nothing, 1 the credit, 2 the fee); bits 2, 3 the
    credit's debt has months of inability, of unwillingness; bits 4, 5 the same for the fee; bit 6
    insured.

    ``case``: bits 0-3 the court case (0 none, 1-7 an order with so many months of grace left, 8 an
    ignored order, 9 closed because the debtor was unable); bit 4 its obligation (0 credit, 1 fee).
    """

    opinion: np.ndarray
    liquidity: np.ndarray
    idle: np.ndarray
    owed_credit: np.ndarray
    owed_fee: np.ndarray
    spell: np.ndarray
    case: np.ndarray


class Record(NamedTuple):
    """What was written down.

    ``deficits[:, sphere]`` is the running mean of the gravity on record, 0..65535 for 0..1.
    ``fulfilment`` is the running mean of the signs of means, 0..65535 for 0..1.
    ``standing[:, sphere]``: 0 clear; 1-120 months left on the list; 127 on it without a term;
    128+k warned, with k months left to put things right; 192 the order now in force has been listed
    before and cannot be listed again.
    ``evidence``: bit s: the evidence supports the entry on list s; bit 4+s: the obligation behind
    list s is marked paid.
    ``reference``: bit s: the entry on list s names an obligation of the citizen's own;
    bit 4: the file is linked with the namesake's.
    ``private[:, k]``: the score at the regime's k-th private operator, 0 none.
    In a points scheme, else without rows: ``taken[:, sphere]`` is what records have taken and not
    yet given back, 0..65535 of all that can be lost; ``earned`` what deeds have added, 0..65535 of
    all that can be won.
    """

    deficits: np.ndarray
    fulfilment: np.ndarray
    standing: np.ndarray
    evidence: np.ndarray
    reference: np.ndarray
    private: np.ndarray
    taken: np.ndarray
    earned: np.ndarray


class Face(NamedTuple):
    """What others can see, one 32-bit word a citizen, last month's and this month's.

    Bits 0-10 score (0 unscored); 11-12 voice; 13 listed; 14 displayed; 15 single; 16-27 willing to
    keep the tie in each near (16-21) and far (22-27) slot; 28-31 what others hear of: 0 nothing,
    1-11 the gravest breach put on record last month (1 + its code in terms.EVENTS), 12 put on a
    list, 13 a grave debt settled by one who was not listed.

    ``deed`` and ``deed_next``, last month's and this month's: bit 0 keeps trust with strangers from
    now on; bit 1 met one; bit 2 did a favour; bit 3 was done one; bit 4 kept trust at the time.
    """

    now: np.ndarray
    next: np.ndarray
    deed: np.ndarray
    deed_next: np.ndarray


class Belief(NamedTuple):
    """What a citizen has learned.

    ``speech`` and ``breach`` are running means of a signed contrast, -16384..16384 for -1..1;
    ``speech_seen`` and ``breach_seen`` count observations, forgotten at the same rate, in 1/4.
    ``trust`` is the running mean of favours done by strangers met, 0..65535 for 0..1.
    """

    speech: np.ndarray
    breach: np.ndarray
    speech_seen: np.ndarray
    breach_seen: np.ndarray
    trust: np.ndarray


class Audit(NamedTuple):
    """Provenance, read by attribution and measures alone.

    ``shares``: what shares (in 1/255) of the sphere's deficit come from unwilling and unable own
    breaches and from recording errors: government (unwilling, unable, error), commerce (the same),
    society (error), judiciary (error); the rest is slips, or the citizen's own conduct.
    ``causes``: bits 5s..5s+4: the live causes behind list s, in the order of terms.LISTING_CAUSES.
    ``lost``: bits 0-5 liquidity lost to denials and not yet made up, in 1/4 month; bit 6 the last
    error on record was a mix-up (else a false alarm); bit 7 restricted at the end of last month.
    ``lost_means``: the part of the shortfall in fulfilment that comes from denials, 0..65535.
    ``inner``: this month's bits 0-1 unafraid voice, 2-3 private voice, 4 would answer yes in
    public, 5 own child shut out of school, 6-7 shadow voice: the unafraid voice in a shadow of this
    world where nobody has feared.  ``shadow``: last month's shadow voice.
    ``taken_shares``: as ``shares``, of what a points scheme has taken; without rows elsewhere.
    """

    shares: np.ndarray
    causes: np.ndarray
    lost: np.ndarray
    lost_means: np.ndarray
    inner: np.ndarray
    shadow: np.ndarray
    taken_shares: np.ndarray


@dataclass(frozen=True)
class Column:
    """One column of the state: where it is, its type, width and allowed range."""

    group: str
    name: str
    dtype: type
    low: int
    high: int
    width: int = 1
    pointed: bool = False  # has rows in points schemes alone


COLUMNS = (
    Column("truth", "opinion", np.int8, -127, 127),
    Column("truth", "liquidity", np.int16, -3072, 6144),
    Column("truth", "idle", np.uint8, 0, 255),
    Column("truth", "owed_credit", np.uint8, 0, 36),
    Column("truth", "owed_fee", np.uint8, 0, 36),
    Column("truth", "spell", np.uint8, 0, 127),
    Column("truth", "case", np.uint8, 0, 31),
    Column("record", "deficits", np.uint16, 0, 65535, 4),
    Column("record", "fulfilment", np.uint16, 0, 65535),
    Column("record", "standing", np.uint8, 0, 192, 4),
    Column("record", "evidence", np.uint8, 0, 255),
    Column("record", "reference", np.uint8, 0, 31),
    Column("record", "private", np.uint16, 0, 2047, 2),
    Column("record", "taken", np.uint16, 0, 65535, 4, pointed=True),
    Column("record", "earned", np.uint16, 0, 65535, pointed=True),
    Column("face", "now", np.uint32, 0, 2**32 - 1),
    Column("face", "next", np.uint32, 0, 2**32 - 1),
    Column("face", "deed", np.uint8, 0, 31),
    Column("face", "deed_next", np.uint8, 0, 31),
    Column("belief", "speech", np.int16, -16384, 16384),
    Column("belief", "breach", np.int16, -16384, 16384),
    Column("belief", "speech_seen", np.uint8, 0, 255),
    Column("belief", "breach_seen", np.uint8, 0, 255),
    Column("belief", "trust", np.uint16, 0, 65535),
    Column("audit", "shares", np.uint8, 0, 255, 8),
    Column("audit", "causes", np.uint32, 0, 2**20 - 1),
    Column("audit", "lost", np.uint8, 0, 255),
    Column("audit", "lost_means", np.uint16, 0, 65535),
    Column("audit", "inner", np.uint8, 0, 255),
    Column("audit", "shadow", np.uint8, 0, 2),
    Column("audit", "taken_shares", np.uint8, 0, 255, 8, pointed=True),
)

# What one unit of a column stands for, and what it holds in a word; the groups above say it whole.
MEANING: dict[str, tuple[str, str]] = {
    "truth.opinion": ("1/127", "where one stands, critical to supportive"),
    "truth.liquidity": ("1/256 month", "savings; below zero debts"),
    "truth.idle": ("month", "months without work"),
    "truth.owed_credit": ("month", "owed instalments of the credit"),
    "truth.owed_fee": ("month", "owed months of public fees"),
    "truth.spell": ("bits", "what is withheld, what a debt is made of, insured"),
    "truth.case": ("bits", "court case: grace left, ignored, closed; which debt"),
    "record.deficits": ("1/65535", "by sphere: running mean of the gravity on record"),
    "record.fulfilment": ("1/65535", "running mean of the signs of means"),
    "record.standing": ("code", "by list: clear, months left, warned, listed before"),
    "record.evidence": ("bits", "by list: entry supported; obligation marked paid"),
    "record.reference": ("bits", "by list: names one's own obligation; file linked"),
    "record.private": ("point", "score at each private operator, 0 none"),
    "record.taken": (
        "1/65535 of all that can be lost",
        "by sphere: what records have taken and not given back",
    ),
    "record.earned": ("1/65535 of all that can be won", "what deeds have added"),
    "face.now": ("bits", "last month's face"),
    "face.next": ("bits", "this month's face"),
    "face.deed": ("bits", "last month's meeting with a stranger"),
    "face.deed_next": ("bits", "this month's meeting"),
    "belief.speech": ("1/16384", "contrast learned about criticism"),
    "belief.breach": ("1/16384", "contrast learned about breaches"),
    "belief.speech_seen": ("1/4 observation", "observations of it remembered"),
    "belief.breach_seen": ("1/4 observation", "observations of it remembered"),
    "belief.trust": ("1/65535", "believed chance of a favour"),
    "audit.shares": ("1/255", "shares of the deficits by cause"),
    "audit.causes": ("bits", "by list: the live causes behind it"),
    "audit.lost": ("bits", "lost to refusals; kind of the last error; shut out"),
    "audit.lost_means": ("1/65535", "shortfall in fulfilment that refusals made"),
    "audit.inner": ("bits", "unafraid, private, shadow voice; and more"),
    "audit.shadow": ("code", "last month's shadow voice"),
    "audit.taken_shares": ("1/255", "as shares, of what has been taken"),
}

_GROUPS = {"truth": Truth, "record": Record, "face": Face, "belief": Belief, "audit": Audit}


class State(NamedTuple):
    """The five groups and two scratch columns that live between the two passes of a month.

    ``glimpse``: bits 0-3 the slot of the tie dropped this month plus one (0 none), bits 4-7 the
    share of ties that are enrolled, in 1/15.  ``filed``: bits 0-3 the life gate applied to this
    month plus one (0 none), bit 4 an application for a job, bits 5-6 whether critics (1) or
    praisers (2) lead among the ties.  Both are rewritten each month before
    they are read.
    """

    truth: Truth
    record: Record
    face: Face
    belief: Belief
    audit: Audit
    glimpse: np.ndarray
    filed: np.ndarray

    @property
    def citizens(self) -> int:
        """Number of citizens."""
        return len(self.glimpse)

    @property
    def nbytes(self) -> int:
        """Bytes of all columns, scratch included."""
        return sum(a.nbytes for a in self.columns().values())

    def columns(self) -> dict[str, np.ndarray]:
        """Return every column by "group.name", scratch included (views, not copies)."""
        named = {f"{c.group}.{c.name}": getattr(getattr(self, c.group), c.name) for c in COLUMNS}
        return {**named, "scratch.glimpse": self.glimpse, "scratch.filed": self.filed}

    def copy(self) -> State:
        """Return a state of its own with the same contents."""
        groups = {g: kind(*(a.copy() for a in getattr(self, g))) for g, kind in _GROUPS.items()}
        return State(**groups, glimpse=self.glimpse.copy(), filed=self.filed.copy())

    def with_points(self) -> State:
        """Return the same state with room for the accounts of a points scheme, all of them new."""
        fresh = new_state(self.citizens, points=True)
        kept = self.columns()
        columns = fresh.columns()
        for column in COLUMNS:
            if column.pointed:
                name = f"{column.group}.{column.name}"
                kept[name] = columns[name]
        return from_columns(kept)


def from_columns(columns: Mapping[str, np.ndarray]) -> State:
    """Return the state of these columns, named as `State.columns` names them (not copied)."""
    groups = {
        group: kind(*(columns[f"{group}.{name}"] for name in kind._fields))
        for group, kind in _GROUPS.items()
    }
    scratch = {name: columns[f"scratch.{name}"] for name in ("glimpse", "filed")}
    return State(**groups, **scratch)


def new_state(citizens: int, *, points: bool = False) -> State:
    """Return a state of zeros for so many citizens, with accounts of points or without."""
    arrays: dict[str, list[np.ndarray]] = {group: [] for group in _GROUPS}
    for column in COLUMNS:
        rows = citizens if points or not column.pointed else 0
        shape = (rows,) if column.width == 1 else (rows, column.width)
        arrays[column.group].append(np.zeros(shape, dtype=column.dtype))
    groups = {group: kind(*arrays[group]) for group, kind in _GROUPS.items()}
    return State(
        **groups,
        glimpse=np.zeros(citizens, dtype=np.uint8),
        filed=np.zeros(citizens, dtype=np.uint8),
    )
