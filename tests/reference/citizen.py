"""A citizen as an object with named fields, unpacked from the columns and packed again."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from glasscity.society.state import COLUMNS, new_state
from glasscity.terms import AGES, EVENTS, LISTING_CAUSES, OCCUPATIONS, SPHERES, VOICES

from .fields import mask_of, words_of

DEBTS = ("credit", "fee")
SPHERE_OF_DEBT = {"credit": "commerce", "fee": "government"}
CLEAR, LISTED, WARNED, SPENT = "clear", "listed", "warned", "listed before"
# What others hear of a citizen: an event put on record, or one of these two.
NEWS = (*EVENTS, "put on a list", "settled unlisted")
# Where a share of a deficit may come from, in the order of audit.shares.
SHARES = (
    ("government", "unwilling"),
    ("government", "unable"),
    ("government", "error"),
    ("commerce", "unwilling"),
    ("commerce", "unable"),
    ("commerce", "error"),
    ("society", "error"),
    ("judiciary", "error"),
)
# What one did and met with among strangers, in the order of face.deed's bits.
DEEDS = ("keeps trust", "met one", "did a favour", "was done one", "kept trust then")
LEADS = (None, "critics", "praisers", None)
_NO_TERM = 127


@dataclass(frozen=True)
class Face:
    """What others see of a citizen."""

    score: int = 0  # 0 unscored, 1 joined but not yet scored
    voice: str = "silent"
    listed: bool = False
    displayed: bool = False
    single: bool = False
    willing: frozenset = frozenset()  # slots whose ties the citizen keeps
    news: str | None = None  # one of NEWS, of last month


@dataclass
class Citizen:
    """One citizen: traits, the five groups of state, and ``note``, what the stages hand on."""

    number: int
    block_cell: int
    province: int
    area: int
    # traits
    age: str
    occupation: str
    thick: bool
    has_credit: bool
    income: int
    conscience: int
    profile: int
    apps: frozenset
    name_group: int
    pupils: int
    place: int
    adults: int
    instalment_class: int
    slots: frozenset
    who: int  # the packed byte: personal characteristics are a table of it
    # truth
    opinion: int
    liquidity: int
    idle: int
    owed: dict
    withheld: str | None
    reasons: dict  # of each debt: what its months were, "unable", "unwilling"
    insured: bool
    court: str  # "none", "grace", "ignored", "spared"
    court_debt: str | None
    grace: int
    # record
    deficits: dict
    fulfilment: int
    standing: dict  # of each sphere: (word, months), months None without a term
    supported: dict  # the evidence supports the entry
    paid: dict  # the evidence says that the obligation is paid
    own: dict  # the entry names an obligation of the citizen's own
    linked: bool
    private: list  # the score at each private operator, 0 none
    taken: dict | None  # of each sphere, what records have taken; None where there is no scheme
    earned: int  # what deeds have added
    # face
    face: Face
    next_face: Face
    deed: frozenset  # of DEEDS, last month's
    next_deed: frozenset
    # belief
    speech: int
    breach: int
    speech_seen: int
    breach_seen: int
    trust: int
    # audit
    shares: dict
    causes: dict
    lost: int
    last_error_mix_up: bool
    was_shut_out: bool
    lost_means: int
    unafraid: str
    private_voice: str
    says_yes: bool
    child_shut_out: bool
    shadow: str  # the voice where nobody has feared, this month's
    last_shadow: str  # and last month's
    taken_shares: dict | None  # as shares, of what was taken
    # scratch
    dropped: int | None = None  # slot of the tie dropped this month
    enrolled_share: int = 0  # in 1/15
    life_gate: int | None = None
    job_offer: bool = False
    led_by: str | None = None  # "critics" or "praisers", where either lead among the ties
    note: dict = field(default_factory=dict)

    @property
    def has(self):
        """What makes one visible to sources: apps, a credit."""
        return self.apps | ({"credit"} if self.has_credit else frozenset())

    @property
    def quintile(self):
        return self.income * 5 // 256

    @property
    def in_labour_force(self):
        return self.occupation not in ("student_or_home", "retired")

    @property
    def kind(self):
        """Return the demand class."""
        return (self.area * 5 + self.quintile) * 5 + AGES.index(self.age)

    @property
    def cube_cell(self):
        """Return the cell of the cube: critical below -0.2, supportive above 0.2."""
        camp = 0 if 5 * self.opinion < -127 else 2 if 5 * self.opinion > 127 else 1
        return (self.quintile * 5 + AGES.index(self.age)) * 3 + camp

    def on_list(self, sphere):
        return self.standing[sphere][0] == LISTED


def read_face(word):
    news = word >> 28
    return Face(
        score=word & 2047,
        voice=VOICES[word >> 11 & 3],
        listed=bool(word >> 13 & 1),
        displayed=bool(word >> 14 & 1),
        single=bool(word >> 15 & 1),
        willing=words_of(word >> 16 & 4095, range(12)),
        news=NEWS[news - 1] if news else None,
    )


def pack_face(face):
    return (
        face.score
        | VOICES.index(face.voice) << 11
        | face.listed << 13
        | face.displayed << 14
        | face.single << 15
        | mask_of(face.willing, range(12)) << 16
        | (0 if face.news is None else 1 + NEWS.index(face.news)) << 28
    )


def _read_standing(code):
    if code == 0:
        return CLEAR, 0
    if code == 192:
        return SPENT, 0
    if code < 128:
        return LISTED, None if code == _NO_TERM else code
    return WARNED, code - 128


def _pack_standing(standing):
    word, months = standing
    if word == LISTED:
        return _NO_TERM if months is None else months
    return {CLEAR: 0, WARNED: 128 + months, SPENT: 192}[word]


def read_people(society, state):
    """Return all citizens of a society in a state."""
    where = {}
    for first, end, cell, province, area, _ in society.blocks.tolist():
        where.update((i, (cell, province, area)) for i in range(first, end))
    traits = {name: column.tolist() for name, column in society.traits._asdict().items()}
    columns = {name: column.tolist() for name, column in state.columns().items()}
    return [_read(i, *where[i], traits, columns) for i in range(society.citizens)]


def _read(i, cell, province, area, traits, columns):
    who, misc, home = traits["who"][i], traits["misc"][i], traits["home"][i]
    spell, case = columns["truth.spell"][i], columns["truth.case"][i]
    evidence, reference = columns["record.evidence"][i], columns["record.reference"][i]
    lost, causes = columns["audit.lost"][i], columns["audit.causes"][i]
    glimpse, filed = columns["scratch.glimpse"][i], columns["scratch.filed"][i]
    inner = columns["audit.inner"][i]
    status = case & 15
    schemed = len(columns["record.taken"]) > 0
    each = dict(enumerate(SPHERES)).items()
    return Citizen(
        number=i,
        block_cell=cell,
        province=province,
        area=area,
        age=AGES[who & 7],
        occupation=OCCUPATIONS[who >> 3 & 7],
        thick=bool(who >> 6 & 1),
        has_credit=bool(who >> 7),
        income=traits["income"][i],
        conscience=traits["conscience"][i],
        profile=traits["profile"][i],
        apps=words_of(misc & 3, ("pay_app", "social_app")),
        name_group=misc >> 4 & 3,
        pupils=misc >> 6,
        place=home & 7,
        adults=home >> 3 & 7,
        instalment_class=home >> 6,
        slots=words_of(traits["slots"][i], range(12)),
        who=who,
        opinion=columns["truth.opinion"][i],
        liquidity=columns["truth.liquidity"][i],
        idle=columns["truth.idle"][i],
        owed={"credit": columns["truth.owed_credit"][i], "fee": columns["truth.owed_fee"][i]},
        withheld=(None, "credit", "fee")[spell & 3],
        reasons={
            "credit": set(words_of(spell >> 2 & 3, ("unable", "unwilling"))),
            "fee": set(words_of(spell >> 4 & 3, ("unable", "unwilling"))),
        },
        insured=bool(spell >> 6 & 1),
        court={0: "none", 8: "ignored", 9: "spared"}.get(status, "grace"),
        court_debt=DEBTS[case >> 4] if status else None,
        grace=status if 0 < status < 8 else 0,
        deficits={s: columns["record.deficits"][i][k] for k, s in each},
        fulfilment=columns["record.fulfilment"][i],
        standing={s: _read_standing(columns["record.standing"][i][k]) for k, s in each},
        supported={s: bool(evidence >> k & 1) for k, s in each},
        paid={s: bool(evidence >> 4 + k & 1) for k, s in each},
        own={s: bool(reference >> k & 1) for k, s in each},
        linked=bool(reference >> 4),
        private=columns["record.private"][i],
        taken={s: columns["record.taken"][i][k] for k, s in each} if schemed else None,
        earned=columns["record.earned"][i] if schemed else 0,
        face=read_face(columns["face.now"][i]),
        next_face=read_face(columns["face.next"][i]),
        deed=words_of(columns["face.deed"][i], DEEDS),
        next_deed=words_of(columns["face.deed_next"][i], DEEDS),
        speech=columns["belief.speech"][i],
        breach=columns["belief.breach"][i],
        speech_seen=columns["belief.speech_seen"][i],
        breach_seen=columns["belief.breach_seen"][i],
        trust=columns["belief.trust"][i],
        shares=dict(zip(SHARES, columns["audit.shares"][i], strict=True)),
        causes={s: set(words_of(causes >> 5 * k & 31, LISTING_CAUSES)) for k, s in each},
        lost=lost & 63,
        last_error_mix_up=bool(lost >> 6 & 1),
        was_shut_out=bool(lost >> 7),
        lost_means=columns["audit.lost_means"][i],
        unafraid=VOICES[inner & 3],
        private_voice=VOICES[inner >> 2 & 3],
        says_yes=bool(inner >> 4 & 1),
        child_shut_out=bool(inner >> 5 & 1),
        shadow=VOICES[inner >> 6],
        last_shadow=VOICES[columns["audit.shadow"][i]],
        taken_shares=dict(zip(SHARES, columns["audit.taken_shares"][i], strict=True))
        if schemed
        else None,
        dropped=(glimpse & 15) - 1 if glimpse & 15 else None,
        enrolled_share=glimpse >> 4,
        life_gate=(filed & 15) - 1 if filed & 15 else None,
        job_offer=bool(filed >> 4 & 1),
        led_by=LEADS[filed >> 5 & 3],
    )


def _spell(c):
    return (
        (0 if c.withheld is None else 1 + DEBTS.index(c.withheld))
        | mask_of(c.reasons["credit"], ("unable", "unwilling")) << 2
        | mask_of(c.reasons["fee"], ("unable", "unwilling")) << 4
        | c.insured << 6
    )


def _case(c):
    if c.court == "none":
        return 0
    return {"grace": c.grace, "ignored": 8, "spared": 9}[c.court] | DEBTS.index(c.court_debt) << 4


def _inner(c):
    return (
        VOICES.index(c.unafraid)
        | VOICES.index(c.private_voice) << 2
        | c.says_yes << 4
        | c.child_shut_out << 5
        | VOICES.index(c.shadow) << 6
    )


def pack_citizen(c):
    """Return a citizen's value of every column."""
    bits = lambda flags, shift=0: sum(flags[s] << k + shift for k, s in enumerate(SPHERES))  # noqa: E731
    return {
        "truth.opinion": c.opinion,
        "truth.liquidity": c.liquidity,
        "truth.idle": c.idle,
        "truth.owed_credit": c.owed["credit"],
        "truth.owed_fee": c.owed["fee"],
        "truth.spell": _spell(c),
        "truth.case": _case(c),
        "record.deficits": [c.deficits[s] for s in SPHERES],
        "record.fulfilment": c.fulfilment,
        "record.standing": [_pack_standing(c.standing[s]) for s in SPHERES],
        "record.evidence": bits(c.supported) | bits(c.paid, 4),
        "record.reference": bits(c.own) | c.linked << 4,
        "record.private": c.private,
        "record.taken": [c.taken[s] for s in SPHERES] if c.taken is not None else [],
        "record.earned": c.earned if c.taken is not None else None,
        "face.now": pack_face(c.face),
        "face.next": pack_face(c.next_face),
        "face.deed": mask_of(c.deed, DEEDS),
        "face.deed_next": mask_of(c.next_deed, DEEDS),
        "belief.speech": c.speech,
        "belief.breach": c.breach,
        "belief.speech_seen": c.speech_seen,
        "belief.breach_seen": c.breach_seen,
        "belief.trust": c.trust,
        "audit.shares": [c.shares[key] for key in SHARES],
        "audit.causes": sum(
            mask_of(c.causes[s], LISTING_CAUSES) << 5 * k for k, s in enumerate(SPHERES)
        ),
        "audit.lost": c.lost | c.last_error_mix_up << 6 | c.was_shut_out << 7,
        "audit.lost_means": c.lost_means,
        "audit.inner": _inner(c),
        "audit.shadow": VOICES.index(c.last_shadow),
        "audit.taken_shares": []
        if c.taken_shares is None
        else [c.taken_shares[key] for key in SHARES],
        "scratch.glimpse": (0 if c.dropped is None else c.dropped + 1) | c.enrolled_share << 4,
        "scratch.filed": (0 if c.life_gate is None else c.life_gate + 1)
        | c.job_offer << 4
        | LEADS.index(c.led_by) << 5,
    }


def pack_people(people):
    """Return every column of the people, as arrays by "group.name"."""
    rows = [pack_citizen(c) for c in people]
    types = {f"{c.group}.{c.name}": c.dtype for c in COLUMNS}
    pointed = {f"{c.group}.{c.name}" for c in COLUMNS if c.pointed}
    if people[0].taken is None:
        # Accounts have no rows where there is no points scheme.
        empty = new_state(1).columns()
        accounts = {name: empty[name] for name in pointed}
    else:
        accounts = {}
    return accounts | {
        name: np.array([row[name] for row in rows], dtype=types.get(name, np.uint8))
        for name in rows[0]
        if name not in accounts
    }
