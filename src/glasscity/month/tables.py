"""The flat tables that the month's kernels read, whatever the regime.

``engine.compile`` makes them once from country, regime and behaviour, as one vector of int64 in
which every table has its fixed place.  A kernel takes the vector, not a tuple of a hundred arrays:
tuples go by value at each call, and that was four fifths of the first kernels' time.

Chances are thresholds for 32-bit words (``word < threshold``), or for 16-bit lanes; points of a
score and logits are in 1/256; shares in [0, 1] are 0..65535 unless a field says otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

FIELDS: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("seed", ()),  # the world's seed
    # act
    ("separation", (8,)),  # [8 occupations] chance to lose one's work
    ("offer", ()),  # chance of an offer to those without work
    ("saving", (5,)),  # [5 quintiles] 1/256 month
    ("liquidity_target", ()),  # 1/256 month
    ("idle_spending", ()),  # 1/256 month
    ("pooling", ()),  # share of the distance to the household's mean, 0..65535
    ("shock", ()),  # chance of a shock
    ("shock_size", (16,)),  # quantiles, 1/256 month
    ("insured_shock", ()),  # 0..256: what a shock is multiplied by for the insured
    ("instalment", (4,)),  # [4 classes] 1/256 month
    ("fee", ()),  # 1/256 month
    ("slip", (256,)),  # [256 conscience] chance of a slip
    ("slip_fix", ()),  # chance that a slip is paid next month
    ("catch_up", ()),  # chance to pay what is owed
    ("onset", (256,)),  # [256 conscience] chance that withholding begins, without deterrence
    ("onset_credit", ()),  # threshold: the credit, not the fee, is what is withheld
    ("deterrence", (65,)),  # multiplier in 1/4096 by fear x stake in 1/64
    ("repay_before", ()),  # chance that withholding ends, before an ignored order
    ("repay_after", ()),  # the same from an ignored order on
    ("repay_gain", (65,)),  # multiplier in 1/4096 by the value reopened in 1/64
    ("write_off", ()),  # chance that a debt at its cap is written off
    ("sue", ()),  # chance of a suit
    ("spare", ()),  # chance that the court spares an unable debtor
    ("grace", ()),  # months of grace after an order
    ("contempt", ()),  # chance of contempt while withholding under an ignored order
    ("conduct", (4,)),  # thresholds at the median conscience: traffic, train, care, rumour
    ("careless", (256,)),  # [256 conscience] multiplier in 1/256
    ("court_stake", ()),  # the creditor's and the court's own sanctions, 0..65535
    ("stake_total", ()),  # denominator of the stake, in the same unit
    ("gate_value", (50, 18)),  # [50 classes, 18 gates], a class's values add to 65536
    ("deep_drop", ()),  # points that twelve months of the gravest breach take off a score
    ("phi_breach", ()),  # fear that is there in every world, 1/256
    ("phi_speech", ()),  # the same for speech
    ("crosstalk", ()),  # share of one fear that carries over, 0..65535
    ("learn", ()),  # 0..65535 a month
    ("kappa", ()),  # cost of criticism at fear 1, logits/256
    ("expressive", ()),  # logits/256 at |opinion| 1
    ("silence", ()),  # logits/256
    ("reward", ()),  # believed reward of praise, logits/256
    ("conformity", ()),  # weight of the ties' voices, logits/256
    ("gumbel", (4096,)),  # quantiles, 1/256
    ("life", (50, 9)),  # [50 classes, 9] cumulative thresholds
    # record
    (
        "detect",
        (11, 8),
    ),  # [11 events, 8] threshold by what one has: 1 pay app, 2 social app, 4 credit
    ("mix", (11,)),  # [11 events] threshold at risk 1
    ("mix_moves", ()),  # 1 the record moves, 0 it is copied
    ("name_risk", (4,)),  # [4 name groups] 1/256
    ("false_any", (8,)),  # threshold by what one has
    ("false_which", (8, 11)),  # cumulative thresholds
    ("corrected", ()),  # chance a month that a source finds its mistake
    ("gravity", (11,)),  # [11 events] 1..5
    ("event_sphere", (11,)),  # [11 events]
    ("memory", ()),  # of deficits, 0..65536 a month
    ("memory_means", ()),  # of signs of means
    ("means_income", (5,)),  # [5 quintiles] 0..65535
    ("means_work", ()),  # 0..65535
    ("means_liquidity", ()),  # at six months of savings or more
    ("means_needs", ()),  # bits: what a citizen must use for means to be seen
    # score
    ("low", ()),  # lowest score
    ("high", ()),  # highest score
    ("weights", (5,)),  # [5 categories] points/256 for a category at 1
    ("history", (4,)),  # [4 spheres] 0..256: how much of a sphere's deficit counts
    ("personal", (256,)),  # [256 who] 0..65535
    ("relation", (3,)),  # [3 parts] points/256
    ("relation_strength", (3,)),  # 0..65536: how far a part leaves its reference
    ("reference", (7,)),  # 0..65535: the categories but the last, then the three parts
    ("statistic", ()),  # 0 mean, 1 standardised, 2 below the bar
    ("visible", ()),  # 0..256: share of scores that others can look up
    # restrict
    ("list_on", (4,)),  # 1 where the sphere has a list
    ("list_gravity", (4,)),  # gravity from which a record lists, 7 never
    ("list_warning", (4,)),  # months between warning and entry
    ("list_term", (4,)),  # months, 127 none
    ("list_exits", (4,)),  # bits: 1 performance, 2 appeal, 4 expiry
    ("joint_here", (4,)),  # masks of the gates of the list's own sphere
    ("joint", (2, 4)),  # masks of gates of other spheres, before and once it is everywhere
    ("joint_strength", ()),  # 0..256: share of citizens that joint punishment reaches
    # decide
    ("everyday", (50, 8)),  # [50 classes, 8 gates] 16-bit thresholds
    ("gate_sphere", (18,)),  #
    ("reach", (18,)),  # thresholds: does this provider apply the rule
    ("screen_base", (18,)),  # logits/256; nobody is refused far below zero
    ("screen_arrears", (18,)),  # logits/256 at a deficit of 1
    ("screen_means", (18,)),  # logits/256 at a shortfall of 1
    ("screen_thin", (18, 2)),  # logits/256: without a score, with one
    ("screen_scale", (18,)),  # spread of the noise, 1/256
    ("logistic", (4096,)),  # quantiles of the standard logistic, 1/256
    ("middle", ()),  # 0..65535: the signs of means of an applicant in the middle
    ("spillover", (18,)),  # cause masks
    # respond
    ("cost", (18,)),  # 1/256 month
    ("adopt_alone", ()),  # chance to join by oneself
    ("adopt_ties", ()),  # times the share of ties enrolled in 1/15
    ("adopt_needs", ()),  # bits of traits.misc that joining needs
    ("tie_drop", ()),  # threshold per point of difference
    ("tie_reopen", ()),  # chance to take a tie up again
    ("appeal", (4, 2)),  # threshold a month, by list: rightly, wrongly listed
    ("evidence", (4, 2)),  # the evidence supports the entry: false, true
    ("drift", ()),  # chance that opinion moves a step toward one's voice and the ties'
    # voice: what speaking is worth to an operator
    ("own_voice", (3,)),  # [3 voices] 0..65535
    ("ties_voice", (2,)),  # what a tie's criticism takes, its praise adds, of 32767
    # perks
    ("perks", ()),  # how many
    ("perk_points", (8,)),  # score from which it is given
    ("perk_gate", (8,)),  # gate at whose grants it pays, -1 none
    ("perk_gain", (8,)),  # 1/256 month a grant
    ("perk_worth", (50, 8)),  # on the scale of gate_value
    ("perk_pull", (50,)),  # 1/256: by how much more perks make people join
    # safeguards: 0..256, the share of citizens that each covers, in the order of SAFEGUARDS
    ("guards", (9,)),
    ("guarded", ()),  # 1 where any of them covers somebody
    ("guard_warning", ()),  # months that notice adds
    ("guard_term", ()),  # months after which a record expires
    ("guard_cap", ()),  # months that no listing outlasts
    ("guard_memory", ()),  # of deficits, in a month without a record, where records expire
    ("guard_repair", ()),  # chance a month that a kept obligation ends a listing
    ("guard_fade", ()),  # of deficits, in a month without a record, where there is repair
    ("guard_appeal", (4, 2)),  # as appeal
    ("essential", ()),  # mask of the gates that a life cannot do without
    # manipulation
    ("officials", ()),  # 1 where officials favour or punish
    ("official_points", (64, 8)),  # [province, occupation] points/256
    ("gamers", ()),  # 0..256: share of citizens who game their score
    ("game_profile", ()),  # what staging adds to the profile, 0..255
    ("game_ties", ()),  # what bought friends add to the ties' scores, 0..65535
    ("game_cost", ()),  # 1/256 month
    ("report", ()),  # chance a month that a tie who scores lower reports falsely
    # company: display, couples, favours
    ("display", (16,)),  # chance by standing, in steps of half a spread around the mean
    ("display_ties", ()),  # times the share of ties that display in 1/15
    ("on_site", ()),  # 0..256: share of singles who look for a partner in a month
    ("shown", ()),  # 0..65536: share of them that the site shows in a month
    ("couple", ()),  # chance that two who are shown become a couple
    ("single_again", (5,)),  # [5 ages] chance a month
    ("prominence", (16,)),  # 1/256 by standing: weight of a profile in the order
    ("race", (4096,)),  # quantiles of the standard exponential, 1/4096
    ("gossip", ()),  # chance to know a stranger's type from hearsay
    ("by_score", ()),  # 1 where a stranger's score or listing is looked up
    ("favour_benefit", ()),  # in thousandths
    ("favour_cost", ()),  # in thousandths
    ("imitate", ()),  # chance a month to look at somebody else's success
    ("innate", ()),  # chance a month to return to one's own disposition
    ("keeps", (256,)),  # [256 conscience] chance that the disposition is to keep trust
    ("trust_memory", ()),  # 0..65536
    # points schemes: what records take and deeds add, 0..65535 of what can be lost, and won
    ("pointed", ()),  # 1 where the score is an account of points
    ("taken_once", (11,)),  # [11 events] when it begins or happens
    ("taken_monthly", (11,)),  # [11 events] each month that it is on file
    ("forgotten", ()),  # of what was taken, 0..65536 a month
    ("added", (4,)),  # [4 deeds]
    ("added_forgotten", ()),  # of what was added, 0..65536 a month
    ("deed", (4,)),  # [4 deeds] chance a month at the median conscience
    ("diligent", (256,)),  # [256 conscience] multiplier in 1/256
    ("deed_response", ()),  # multiplier of the chance where deeds are rewarded, 1/256
    ("deed_filed", ()),  # chance that a deed is put in the account
    ("points_lost", ()),  # points between the base and the lowest score
)

# The place of each field, so that a kernel can say ``tables[at.SLIP + conscience]``: constants,
# because that is what compiles fast.  ``make_tables`` refuses to go on if they do not fit FIELDS.
SEED = 0
SEPARATION = 1
OFFER = 9
SAVING = 10
LIQUIDITY_TARGET = 15
IDLE_SPENDING = 16
POOLING = 17
SHOCK = 18
SHOCK_SIZE = 19
INSURED_SHOCK = 35
INSTALMENT = 36
FEE = 40
SLIP = 41
SLIP_FIX = 297
CATCH_UP = 298
ONSET = 299
ONSET_CREDIT = 555
DETERRENCE = 556
REPAY_BEFORE = 621
REPAY_AFTER = 622
REPAY_GAIN = 623
WRITE_OFF = 688
SUE = 689
SPARE = 690
GRACE = 691
CONTEMPT = 692
CONDUCT = 693
CARELESS = 697
COURT_STAKE = 953
STAKE_TOTAL = 954
GATE_VALUE = 955
DEEP_DROP = 1855
PHI_BREACH = 1856
PHI_SPEECH = 1857
CROSSTALK = 1858
LEARN = 1859
KAPPA = 1860
EXPRESSIVE = 1861
SILENCE = 1862
REWARD = 1863
CONFORMITY = 1864
GUMBEL = 1865
LIFE = 5961
DETECT = 6411
MIX = 6499
MIX_MOVES = 6510
NAME_RISK = 6511
FALSE_ANY = 6515
FALSE_WHICH = 6523
CORRECTED = 6611
GRAVITY = 6612
EVENT_SPHERE = 6623
MEMORY = 6634
MEMORY_MEANS = 6635
MEANS_INCOME = 6636
MEANS_WORK = 6641
MEANS_LIQUIDITY = 6642
MEANS_NEEDS = 6643
LOW = 6644
HIGH = 6645
WEIGHTS = 6646
HISTORY = 6651
PERSONAL = 6655
RELATION = 6911
RELATION_STRENGTH = 6914
REFERENCE = 6917
STATISTIC = 6924
VISIBLE = 6925
LIST_ON = 6926
LIST_GRAVITY = 6930
LIST_WARNING = 6934
LIST_TERM = 6938
LIST_EXITS = 6942
JOINT_HERE = 6946
JOINT = 6950
JOINT_STRENGTH = 6958
EVERYDAY = 6959
GATE_SPHERE = 7359
REACH = 7377
SCREEN_BASE = 7395
SCREEN_ARREARS = 7413
SCREEN_MEANS = 7431
SCREEN_THIN = 7449
SCREEN_SCALE = 7485
LOGISTIC = 7503
MIDDLE = 11599
SPILLOVER = 11600
COST = 11618
ADOPT_ALONE = 11636
ADOPT_TIES = 11637
ADOPT_NEEDS = 11638
TIE_DROP = 11639
TIE_REOPEN = 11640
APPEAL = 11641
EVIDENCE = 11649
DRIFT = 11657
OWN_VOICE = 11658
TIES_VOICE = 11661
PERKS = 11663
PERK_POINTS = 11664
PERK_GATE = 11672
PERK_GAIN = 11680
PERK_WORTH = 11688
PERK_PULL = 12088
GUARDS = 12138
GUARDED = 12147
GUARD_WARNING = 12148
GUARD_TERM = 12149
GUARD_CAP = 12150
GUARD_MEMORY = 12151
GUARD_REPAIR = 12152
GUARD_FADE = 12153
GUARD_APPEAL = 12154
ESSENTIAL = 12162
OFFICIALS = 12163
OFFICIAL_POINTS = 12164
GAMERS = 12676
GAME_PROFILE = 12677
GAME_TIES = 12678
GAME_COST = 12679
REPORT = 12680
DISPLAY = 12681
DISPLAY_TIES = 12697
ON_SITE = 12698
SHOWN = 12699
COUPLE = 12700
SINGLE_AGAIN = 12701
PROMINENCE = 12706
RACE = 12722
GOSSIP = 16818
BY_SCORE = 16819
FAVOUR_BENEFIT = 16820
FAVOUR_COST = 16821
IMITATE = 16822
INNATE = 16823
KEEPS = 16824
TRUST_MEMORY = 17080
POINTED = 17081
TAKEN_ONCE = 17082
TAKEN_MONTHLY = 17093
FORGOTTEN = 17104
ADDED = 17105
ADDED_FORGOTTEN = 17109
DEED = 17110
DILIGENT = 17114
DEED_RESPONSE = 17370
DEED_FILED = 17371
POINTS_LOST = 17372
SIZE = 17373

# Places in guards: what protects a citizen.
NOTICE, APPEALS, CORRECTION, EXPIRY, REPAIR, FIREWALL, REVIEW, CAP, ESSENTIALS = range(9)

# A block of kernels' work: whole households and segments, and small enough for the second cache.
STRIDE = 1024

# luck[row, word, k]: the words that everybody needs every month.  A row has the number of its call
# (draws.CALLS), but for the last.
L_WORK = 0
L_PAYMENT = 1
L_RARE = 2
L_VOICE = 3
L_EVERYDAY = 4
L_LIFE = 5
L_RESPOND = 6
L_COMPANY = 7
LUCK_CALLS = 8
# Calls whose words are asked for one by one (draws.word).
C_LIFE = 5
C_RECORD = 7
C_RECORD_MORE = 8
C_REACH = 9
C_SUIT = 10
C_COURT = 11
C_EVIDENCE = 12
C_JOB = 13
C_COMPANY = 14
C_REPORT = 15
C_FAVOUR = 16
C_COUPLE = 17
C_GUARD = 18
C_DEED = 19
C_DEED_FILED = 20
# The call whose words each row of luck holds.
DRAWN = (*range(L_COMPANY), C_COMPANY)

# Counts of a stride are packed: five lanes of 12 bits, each at most STRIDE, in one addition.
LANE = 12
LANES = 5

# scratch[row, k]: what one stage hands to the next inside a stride.
S_TIES_SUM = 0  # sum of the scores of the scored ties
S_TIES_SCORED = 1  # scored ties
S_TIES_LOW = 2  # ties below the bar
S_TIES_OPEN = 3  # open ties
S_CRITICS = 4  # ties that criticise
S_PRAISERS = 5  # ties that praise
S_POOL = 6  # mean liquidity of the household
S_TWIN = 7  # the namesake's identifier less one's own, 0 none
S_TWIN_EVENT = 8  # 1 + the namesake's event put on record last month, 0 none
# Bits: in breach this month, by event; 11 a grave debt settled, 12 the event went to the namesake.
S_STATUS = 9
S_FRESH = 10  # bits: began or happened this month
# Bits 0-1, 2-3: this month's cause of the credit's, the fee's breach (0 unwilling, 1 unable,
# 2 slip); bits 4-5, 6-7: their spells' (1 unable seen, 2 unwilling seen).
S_BLAME = 11
S_VOICE = 12  # code of terms.VOICES
S_OWN_GRAVITY = 13  # three bits a sphere, of records of one's own
S_FALSE_GRAVITY = 14  # three bits a sphere, of false records
S_FALSE_KIND = 15  # 0 none, 1 false alarm, 2 mix-up
S_DENIED = 16  # gate mask
S_GRANTED = 17  # gate mask
S_DISPLAYS = 18  # ties that displayed their score last month
S_SHADOW_CRITICS = 19  # ties that criticise in the shadow where nobody fears
S_SHADOW_PRAISERS = 20  # ties that praise there
S_REPORTED = 21  # 1 where a tie makes a false report
S_FILED = 22  # bits: put on one's file this month and one's own, by event
S_FILED_FALSE = 23  # bits: put on one's file this month and not one's own
SCRATCH_ROWS = 24

# now[field]: what the month is, int64, made anew each month.
NOW_KEY = 0  # the luck's month
NOW_RUN_MONTH = 1  # months since the run began; negative in burn-in
NOW_LISTS_ON = 2
NOW_EVERYWHERE = 3  # 1: joint punishment is everywhere
NOW_PENALTIES = 4  # 1: gates may close on the score
NOW_MANDATE = 5  # 1: everyone is enrolled
NOW_OPT_IN = 6  # 1: joining is open
NOW_SALIENCE = 7  # of a regime's announcement, in 1/256
NOW_MEAN16 = 8  # national mean of last month's scores, in 1/16 point; 0 where nobody was scored
NOW_SPREAD16 = 9  # national standard deviation of them, in 1/16 point
NOW_BAR = 10  # ties below this score count as low
NOW_LOWEST = 11  # a visible score below this marks its holder as badly off
NOW_OPERATOR = 12  # 1: there is a score this month
NOW_LISTED_MONTHS = 13  # months since the lists began
NOW_SIZE = 14

# deciles[decile, column], int64[10, DECILE_COUNTS]: the scored, by the decile of their score last
# month.
D_SCORED, D_DISPLAYS, D_SEARCHING, D_SHOWN, D_COUPLED, D_PERKS, D_DROPPED, D_CLOSED = range(8)
DECILE_COUNTS = 8

# couples[column], int64[COUPLE_COUNTS], over couples in which both had a score last month: how
# many; sums over both partners of the score, its square and the product with the other's; and what
# these sums would be, in 1/256, for as many couples drawn at random in the same meeting cells.
P_COUPLES, P_X, P_XX, P_XY, P_BLIND_X, P_BLIND_XX, P_BLIND_XY = range(7)
COUPLE_COUNTS = 7

# log[row, column]: kind; citizen; gate or list; cause, reason or but-for mask; sufficient;
# involved; lower bits, and 32 where the regime alone refused; class.
LOG_WIDTH = 8
LOG_DENIAL, LOG_ENTRY, LOG_EXIT, LOG_SHUT_OUT, LOG_LET_IN = 0, 1, 2, 3, 4


def make_tables(values: Mapping[str, object]) -> np.ndarray:
    """Return int64[SIZE] with every field at its place.

    Parameters
    ----------
    values : mapping of field to whole number or array of the field's shape

    Raises
    ------
    ValueError
        If a field is missing, unknown or of another shape, or a place does not fit FIELDS.
    """
    names = [name for name, _ in FIELDS]
    if set(values) != set(names):
        raise ValueError(f"fields differ: {sorted(set(values) ^ set(names))}")
    tables = np.zeros(SIZE, dtype=np.int64)
    place = 0
    for name, shape in FIELDS:
        if globals()[name.upper()] != place:
            raise ValueError(f"field '{name}' is not at {place}")
        value = np.asarray(values[name], dtype=np.int64)
        if value.shape != shape:
            raise ValueError(f"field '{name}' has the shape {value.shape}, not {shape}")
        size = math.prod(shape)
        tables[place : place + size] = value.reshape(-1)
        place += size
    if place != SIZE:
        raise ValueError(f"the fields fill {place} of {SIZE} places")
    return tables


def new_luck() -> np.ndarray:
    """Return room for the words of one stride."""
    return np.zeros((LUCK_CALLS, 4, STRIDE), dtype=np.uint32)


def new_scratch() -> np.ndarray:
    """Return one thread's scratch."""
    return np.zeros((SCRATCH_ROWS, STRIDE), dtype=np.int32)
