"""A country, a behaviour and a regime turned into the flat tables that the kernels read.

Chances become integer thresholds here, made once in double precision; from here on a month is
integers only.  The same kernels serve every regime.
"""

from __future__ import annotations

import functools
import math

import numpy as np

from glasscity.behaviour import Behaviour
from glasscity.country import Country
from glasscity.engine.compile_company import company_fields, perk_fields
from glasscity.engine.compile_guards import guard_fields, manipulation_fields, voice_fields
from glasscity.engine.compile_points import (
    LEAST_SCORE,
    account_weights,
    deepest,
    point_fields,
    scale_of,
)
from glasscity.errors import CannotFit
from glasscity.month import tables as at
from glasscity.rates import threshold16, threshold32
from glasscity.regime import STATISTICS, Regime
from glasscity.terms import AGES, CATEGORIES, EVENT_SPHERES, EVENTS, GATES, RELATION_PARTS, SPHERES

__all__ = ["compile_offices", "compile_tables", "voluntary"]

_ONE = 2**32 - 1
_LIQUIDITY_UNIT = 256
_NOBODY = -(2**40)
# Bits of traits.misc.
_NEEDS = {"none": 0, "pay_app": 1, "social_app": 2}
# Traffic is careless; grave conduct on trains, towards family and in public is rarer.
_CONDUCT = ("traffic", "train", "care", "rumour")
_GRAVITY_OF = {
    "late": ("credit_late", "fee_late"),
    "default": ("credit_default", "fee_default"),
    "ignored": ("credit_ignored", "fee_ignored", "contempt"),
    "conduct": ("traffic", "train", "care", "rumour"),
}


def _q16(share: float) -> int:
    return round(max(0.0, min(1.0, share)) * 65535)


def _logit(p: float) -> float:
    return math.log(p / (1 - p))


def _logistic_quantiles(scale: float, size: int = 4096) -> np.ndarray:
    return np.array(
        [round(256 * scale * _logit((i + 0.5) / size)) for i in range(size)], dtype=np.int64
    )


@functools.cache
def _beta_median(a: float, b: float) -> float:
    """Return the median of a Beta distribution by bisection on its numerically integrated CDF."""
    steps = 20_000
    weights = [
        ((i + 0.5) / steps) ** (a - 1) * (1 - (i + 0.5) / steps) ** (b - 1) for i in range(steps)
    ]
    half = math.fsum(weights) / 2
    total = 0.0
    for i, weight in enumerate(weights):
        total += weight
        if total >= half:
            return (i + 0.5) / steps
    return 1.0


def _carefree(country: Country) -> list[float]:
    """Return carelessness by conscientiousness 0..255, over the median's."""
    median = _beta_median(float(country.beta_a), float(country.beta_b))
    return [(1 - c / 255) / (1 - median) for c in range(256)]


def _classes(country: Country) -> tuple[np.ndarray, np.ndarray]:
    """Return applications a year [50 classes, 18 gates] and the gates' weights [18]."""
    demand = np.zeros((50, len(GATES)))
    for g, gate in enumerate(country.gates):
        by_quintile = gate.demand_per_year.numbers
        by_age = gate.demand_age.numbers
        by_area = gate.demand_area.numbers
        for area in range(2):
            for quintile in range(5):
                for age in range(len(AGES)):
                    kind = (area * 5 + quintile) * 5 + age
                    demand[kind, g] = by_quintile[quintile] * by_age[age] * by_area[area]
    weights = np.array([float(gate.weight) for gate in country.gates])
    return demand, weights


def _act(country: Country, behaviour: Behaviour, demand: np.ndarray, weights: np.ndarray) -> dict:
    b = behaviour
    separation = float(b.separation)
    job = country.gate("job")
    # Offers are refused by the employers' own screening; finds are what is left.
    find = min(1.0, float(b.find_ratio) * separation)
    offer = min(1.0, find / max(1e-9, 1 - float(job.refusal)))
    carefree = _carefree(country)
    onset = 1 - (1 - float(b.unwilling_onset)) ** (1 / 12)
    deterrence = float(b.deterrence)
    quantiles = [-math.log(1 - (i + 0.5) / 16) for i in range(16)]
    mean = math.fsum(quantiles) / 16
    size = float(b.shock_size)
    # No shock is below half the mean: "three months' spending or more" has a heavy middle.
    shocks = [round(_LIQUIDITY_UNIT * size * (0.5 + 0.5 * q / mean)) for q in quantiles]
    low, high = float(country.instalment_low), float(country.instalment_high)
    gain = float(b.repayment_gain)
    value = demand * weights
    share = value / np.maximum(value.sum(axis=1, keepdims=True), 1e-12)
    gate_value = np.floor(share * 65536 + 0.5).astype(np.int64)
    court = _q16(float(b.court_sanction))
    return {
        "separation": np.full(8, threshold32(separation), dtype=np.int64),
        "offer": threshold32(offer),
        "saving": np.array(
            [round(_LIQUIDITY_UNIT * float(b.saving) * x) for x in b.saving_by_quintile.numbers],
            dtype=np.int64,
        ),
        "liquidity_target": round(_LIQUIDITY_UNIT * float(b.liquidity_target)),
        "idle_spending": round(_LIQUIDITY_UNIT * float(b.spending_without_work)),
        "pooling": _q16(float(b.pooling)),
        "shock": threshold32(1 - (1 - float(b.shock)) ** (1 / 12)),
        "shock_size": np.array(shocks, dtype=np.int64),
        "insured_shock": round(256 * (1 - float(b.insurance_softening))),
        "instalment": np.array(
            [
                max(1, round(_LIQUIDITY_UNIT * (low + (high - low) * (k + 0.5) / 4)))
                for k in range(4)
            ],
            dtype=np.int64,
        ),
        "fee": max(1, round(_LIQUIDITY_UNIT * float(b.fee_share))),
        "slip": np.array(
            [threshold32(min(1.0, float(b.slip) * x)) for x in carefree], dtype=np.int64
        ),
        "slip_fix": threshold32(float(b.slip_fix)),
        "catch_up": threshold32(float(b.catch_up)),
        "onset": np.array([threshold32(min(0.5, onset * x * x)) for x in carefree], dtype=np.int64),
        "onset_credit": threshold32(float(b.onset_credit)),
        "deterrence": np.array(
            [round(4096 * (1 - deterrence) ** (x / 64)) for x in range(65)], dtype=np.int64
        ),
        "repay_before": threshold32(float(b.repayment_before_order)),
        "repay_after": threshold32(float(b.repayment_after_order)),
        "repay_gain": np.array(
            [round(4096 * math.exp(gain * x / 64)) for x in range(65)], dtype=np.int64
        ),
        "write_off": threshold32(float(b.write_off)),
        "sue": threshold32(float(b.sue)),
        "spare": threshold32(float(b.spare)),
        "grace": min(7, int(b.grace)),
        "contempt": threshold32(float(b.contempt)),
        "conduct": np.array(
            [threshold32(min(1.0, float(getattr(b, name)) / 12)) for name in _CONDUCT],
            dtype=np.int64,
        ),
        "careless": np.array([round(256 * x) for x in carefree], dtype=np.int64),
        "court_stake": court,
        "stake_total": 65536 + court + _q16(float(b.perk_share)),
        "gate_value": gate_value,
        "phi_breach": round(256 * float(b.fear_phi_breach)),
        "phi_speech": round(256 * float(b.fear_phi_speech)),
        "crosstalk": _q16(float(b.crosstalk)),
        "learn": _q16(float(b.fear_learning)),
        "kappa": round(256 * float(b.kappa)),
        "expressive": round(256 * float(b.expressive)),
        "silence": round(256 * float(b.silence)),
        "conformity": round(256 * float(b.conformity)),
        "gumbel": np.array(
            [round(-256 * math.log(-math.log((i + 0.5) / 4096))) for i in range(4096)],
            dtype=np.int64,
        ),
    }


def _applications(country: Country, demand: np.ndarray) -> dict:
    life = np.zeros((50, 9), dtype=np.int64)
    everyday = np.zeros((50, 8), dtype=np.int64)
    for kind in range(50):
        total = 0.0
        for g in range(9):
            total += min(1.0, demand[kind, 8 + g] / 12)
            life[kind, g] = threshold32(min(1.0, total))
        for g in range(8):
            everyday[kind, g] = threshold16(min(1.0, demand[kind, g] / 12))
    return {"life": life, "everyday": everyday}


def _sources(regime: Regime, behaviour: Behaviour, strengths: dict[str, float]) -> dict:
    # How faulty registers are: what the regime says, times the behaviour's factors.
    misses = strengths.get("misses", 1.0) * float(behaviour.miss_factor)
    false_alarms = strengths.get("false-alarms", 1.0) * float(behaviour.false_alarm_factor)
    mixups = strengths.get("mixups", 1.0) * float(behaviour.mix_up_factor)
    bits = {"none": 0, "pay_app": 1, "social_app": 2, "credit": 4}
    detect = np.zeros((len(EVENTS), 8), dtype=np.int64)
    false_rate = np.zeros((8, len(EVENTS)))
    mix = np.zeros(len(EVENTS), dtype=np.int64)
    true_support = {s: [] for s in SPHERES}
    false_support = {s: [] for s in SPHERES}
    months = []
    for e, event in enumerate(EVENTS):
        seers = [source for source in regime.record_sources if event in source.sees]
        if seers:
            rates = math.fsum(float(source.mix_up) for source in seers)
            mix[e] = threshold32(mixups * rates / len(seers))
        for has in range(8):
            unseen = 1.0
            for source in seers:
                if has & bits[source.needs] == bits[source.needs]:
                    unseen *= 1 - float(source.coverage) * (
                        1 - min(1.0, misses * float(source.miss))
                    )
                    # A source raises so many false alarms a month, shared by the kinds it sees.
                    false_rate[has, e] += (
                        false_alarms * float(source.false_alarm) / len(source.sees)
                    )
            detect[e, has] = threshold32(1 - unseen)
    for source in regime.record_sources:
        months.append(float(source.corrected_months))
        for event in source.sees:
            sphere = EVENT_SPHERES[EVENTS.index(event)]
            true_support[sphere].append(float(source.evidence_true))
            false_support[sphere].append(float(source.evidence_false))
    which = np.zeros((8, len(EVENTS)), dtype=np.int64)
    anything = np.zeros(8, dtype=np.int64)
    for has in range(8):
        total = float(false_rate[has].sum())
        anything[has] = threshold32(total)
        if total > 0:
            which[has] = [threshold32(min(1.0, x)) for x in np.cumsum(false_rate[has]) / total]
    mean = lambda values, other: math.fsum(values) / len(values) if values else other  # noqa: E731
    gravity = np.zeros(len(EVENTS), dtype=np.int64)
    for word, events in _GRAVITY_OF.items():
        value = int(getattr(regime.gravity, word))
        if value > 5:
            raise CannotFit(
                what=f"gravity '{word}' is {value}",
                where=f"regime '{regime.name}'",
                allowed="whole numbers from 1 to 5",
                mend="rescale the gravities so that the gravest is 5",
            )
        for event in events:
            gravity[EVENTS.index(event)] = value
    return {
        "detect": detect,
        "mix": mix,
        "mix_moves": int(regime.mix_up_mode.value == "moved"),
        "false_any": anything,
        "false_which": which,
        "corrected": threshold32(1 / (float(behaviour.correction_factor) * mean(months, 12.0))),
        "gravity": gravity,
        "event_sphere": np.array([SPHERES.index(s) for s in EVENT_SPHERES], dtype=np.int64),
        "evidence": np.array(
            [
                [
                    threshold32(mean(false_support[s], 0.5)),
                    threshold32(mean(true_support[s], 0.95)),
                ]
                for s in SPHERES
            ],
            dtype=np.int64,
        ),
    }


def _signs(country: Country) -> dict:
    """Return what signs of means and personal characteristics are made of, and the middle of means.

    The middle is what a provider takes for an applicant with the middle income, in work and with
    half of the savings that count in full: the same in every world, so that a gate's own screening
    does not hang on the regime.
    """
    income, work, savings = (float(x) for x in country.means_signs.numbers)
    by_occupation = country.personal_occupation.numbers
    personal = np.zeros(256, dtype=np.int64)
    for who in range(256):
        value = float(country.personal_base) + by_occupation[(who >> 3) & 7]
        personal[who] = _q16(value + (float(country.personal_thick) if who & 64 else 0.0))
    return {
        "means_income": np.array([_q16(income * q / 4) for q in range(5)], dtype=np.int64),
        "means_work": _q16(work),
        "means_liquidity": _q16(savings),
        "means_needs": 0,
        "middle": _q16(0.5 * income + work + 0.5 * savings),
        "personal": personal,
    }


def _operator(regime: Regime, strengths: dict[str, float]) -> dict:
    operator = regime.operator
    # Nobody is scored, or everybody has an account of points: lenders see arrears and signs of
    # means with the memory and the reference of an ordinary register.
    low, high = 0, 1
    weights = np.zeros(5, dtype=np.int64)
    relation = np.zeros(3, dtype=np.int64)
    reference = np.array([65535, 32768, 32768, 32768, 32768, 32768, 32768], dtype=np.int64)
    memory, memory_means, statistic = 1 / 24, 1 / 6, 0
    if operator is not None and operator.points is not None:
        low, _, high = scale_of(regime)
        weights = account_weights(regime)
        # Nothing adverse is known of somebody from whom nothing was taken; deeds are no duty.
        reference[CATEGORIES.index("behaviour_preference")] = 0
    elif operator is not None:
        low, high = (int(x) for x in operator.range.numbers)
        low = max(low, LEAST_SCORE)
        span = 256 * (high - low)
        weights = np.array([round(span * operator.weight(c)) for c in CATEGORIES], dtype=np.int64)
        relation = np.array(
            [round(span * operator.weight("relationships", p)) for p in RELATION_PARTS],
            dtype=np.int64,
        )
        reference = np.array(
            [_q16(operator.neutral(name)) for name in (*CATEGORIES[:4], *RELATION_PARTS)],
            dtype=np.int64,
        )
        memory, memory_means = operator.memories
        statistic = STATISTICS.index(operator.statistic_name)
    friends = strengths.get("friends", 1.0)
    speech = strengths.get("speech", 1.0)
    a = memory
    return {
        "memory": max(1, round(65536 * memory)),
        "memory_means": max(1, round(65536 * memory_means)),
        "low": low,
        "high": high,
        "weights": weights,
        "history": np.array(
            [256 if operator is None or s in operator.spheres else 0 for s in SPHERES],
            dtype=np.int64,
        ),
        "relation": relation,
        "relation_strength": np.array(
            [round(65536 * x) for x in (friends, speech, speech)], dtype=np.int64
        ),
        "reference": reference,
        "statistic": statistic,
        **voice_fields(regime, int(reference[6]), strengths),
        "visible": round(256 * strengths.get("visibility", 1.0))
        if regime.visibility.value == "public"
        else 0,
        "deep_drop": int(weights[0] * (1 - (1 - a) ** 12)) >> 8,
    }


def _lists(regime: Regime, country: Country, strengths: dict[str, float]) -> dict:
    on = np.zeros(4, dtype=np.int64)
    gravity = np.full(4, 7, dtype=np.int64)
    warning = np.zeros(4, dtype=np.int64)
    term = np.full(4, 127, dtype=np.int64)
    exits = np.zeros(4, dtype=np.int64)
    here = np.zeros(4, dtype=np.int64)
    joint = np.zeros((2, 4), dtype=np.int64)
    bits = {"performance": 1, "appeal": 2, "expiry": 4}
    for entry in regime.lists:
        s = SPHERES.index(entry.sphere)
        if s < 2 and int(entry.min_gravity) < 3:
            raise CannotFit(
                what=f"list '{entry.name}' takes records of gravity {int(entry.min_gravity)}",
                where=f"regime '{regime.name}'",
                allowed="3 or more for lists of the spheres of debts, government and commerce",
                mend="raise min_gravity: conduct belongs on the list of the sphere society",
            )
        on[s] = 1
        gravity[s] = int(entry.min_gravity)
        warning[s] = min(60, int(entry.warning))
        if entry.months is not None:
            if entry.months > 120:
                raise CannotFit(
                    what=f"list '{entry.name}' has a term of {entry.months} months",
                    where=f"regime '{regime.name}'",
                    allowed="1 to 120 months, or none",
                    mend="shorten the term, or write none",
                )
            term[s] = entry.months
        exits[s] = sum(bits[name] for name in entry.exits)
        punished = regime.joint_punishment
        if punished is None:
            continue
        named = punished.matrix.get(entry.name, ())
        for g, gate in enumerate(country.gates):
            everywhere = bool(punished.everywhere.value)
            if gate.sphere == entry.sphere:
                if gate.name in named or everywhere:
                    here[s] |= 1 << g
            else:
                if gate.name in named:
                    joint[0, s] |= 1 << g
                    joint[1, s] |= 1 << g
                if everywhere:
                    joint[1, s] |= 1 << g
    return {
        "list_on": on,
        "list_gravity": gravity,
        "list_warning": warning,
        "list_term": term,
        "list_exits": exits,
        "joint_here": here,
        "joint": joint,
        "joint_strength": round(256 * strengths.get("joint-punishment", 1.0)),
    }


def _appeals(regime: Regime, behaviour: Behaviour) -> np.ndarray:
    """Return the chance a month that an appeal is filed and decided, by list and error.

    Filing takes 1/rate months on average and deciding 1/chance; one hazard with the same mean
    stands for both.
    """
    table = np.zeros((4, 2), dtype=np.int64)
    for entry in regime.lists:
        for wrongly, rate in enumerate((behaviour.appeal_rate_justified, behaviour.appeal_rate)):
            if float(rate) > 0 and float(entry.appeal) > 0:
                hazard = 1 / (1 / float(rate) + 1 / float(entry.appeal))
                table[SPHERES.index(entry.sphere), wrongly] = threshold32(hazard)
    return table


def _gates(country: Country, behaviour: Behaviour, regime: Regime) -> dict:
    base = np.full(18, _NOBODY, dtype=np.int64)
    arrears = np.zeros(18, dtype=np.int64)
    means = np.zeros(18, dtype=np.int64)
    thin = np.zeros((18, 2), dtype=np.int64)
    spread = np.zeros(18, dtype=np.int64)
    reach = np.zeros(18, dtype=np.int64)
    spillover = np.zeros(18, dtype=np.int64)
    # An account of points tells a lender nothing that stands for a file: no thin file is thicker.
    account = regime.operator is not None and regime.operator.points is not None
    for g, gate in enumerate(country.gates):
        rule = regime.gate_rule(gate.name)
        share = float(rule.reach if rule.reach is not None else gate.reach)
        reach[g] = threshold32(float(behaviour.reach_factor) * share)
        mask = 0b111000
        if gate.sphere != "society":
            mask |= 0b111000000
        if gate.sphere != "commerce":
            mask |= 1 << 13
        spillover[g] = mask
        refusal = float(gate.refusal)
        if gate.screening == "none" or refusal <= 0:
            continue
        scale = float(gate.noise) if float(gate.noise) > 0 else 1.0
        base[g] = round(256 * scale * _logit(min(0.999, refusal)))
        arrears[g] = round(256 * float(gate.arrears_slope))
        # The slope is given for twice the distance from the middle.
        means[g] = round(256 * 2 * float(gate.means_slope))
        penalty = float(gate.thin_penalty)
        thin[g] = (
            round(256 * penalty),
            round(256 * penalty * (1 - (0 if account else float(gate.score_informs)))),
        )
        spread[g] = round(256 * scale)
    return {
        "gate_sphere": np.array([SPHERES.index(g.sphere) for g in country.gates], dtype=np.int64),
        "reach": reach,
        "screen_base": base,
        "screen_arrears": arrears,
        "screen_means": means,
        "screen_thin": thin,
        "screen_scale": spread,
        "logistic": _logistic_quantiles(1.0),
        "spillover": spillover,
    }


def compile_tables(
    country: Country,
    behaviour: Behaviour,
    regime: Regime,
    *,
    seed: int,
    strengths: dict[str, float] | None = None,
) -> np.ndarray:
    """Return the tables of a world, int64[month.tables.SIZE].

    Parameters
    ----------
    seed : int in [0, 2**63)
    strengths : mapping of mechanism to strength in [0, 1], optional
        Mechanisms that are not named have strength 1; at 0 one is absent, its input at the
        reference value, and nothing is renormalised.

    Raises
    ------
    CannotFit
        If a value lies outside what the engine's fixed ranges hold.
    """
    strengths = dict(strengths or {})
    b = behaviour
    demand, weights = _classes(country)
    rollout = regime.rollout
    cost = [
        round(_LIQUIDITY_UNIT * float(b.refusal_cost) * float(gate.cost)) for gate in country.gates
    ]
    risk = country.name_risk.numbers
    points = point_fields(regime, behaviour, _carefree(country))
    scored = _operator(regime, strengths)
    if points["pointed"]:
        scored["deep_drop"] = deepest(points)
    fields = {
        "seed": seed,
        **_act(country, behaviour, demand, weights),
        **_applications(country, demand),
        **_sources(regime, behaviour, strengths),
        **_signs(country),
        **scored,
        **points,
        **_lists(regime, country, strengths),
        **_gates(country, behaviour, regime),
        "name_risk": np.array([round(256 * x) for x in risk], dtype=np.int64),
        **perk_fields(regime, behaviour, demand, strengths),
        **company_fields(regime, behaviour, strengths),
        **guard_fields(country, regime, behaviour, strengths),
        **manipulation_fields(country, regime, behaviour, strengths),
        "reward": round(
            256
            * float(b.reward)
            * strengths.get("speech", 1.0)
            * strengths.get("praise-reward", 1.0)
        )
        if regime.operator is not None
        and bool(regime.operator.praise_counts.value)
        and regime.operator.weight("relationships", "own_voice") > 0
        else 0,
        "cost": np.array(cost, dtype=np.int64),
        "adopt_alone": threshold32(float(rollout.p)) if rollout else 0,
        "adopt_ties": threshold32(float(rollout.q)) // 15 if rollout else 0,
        "adopt_needs": _NEEDS[rollout.needs] if rollout else 0,
        # Per point below; only where the ties' scores count.
        "tie_drop": round(float(b.tie_drop) / 100 * 2**32 * strengths.get("friends", 1.0))
        if regime.operator is not None
        and regime.operator.weight("relationships", "ties_scores") > 0
        else 0,
        "tie_reopen": threshold32(float(b.tie_reopen)),
        "appeal": _appeals(regime, behaviour),
        "drift": threshold32(min(1.0, float(b.opinion_drift))),
    }
    return at.make_tables(fields)


def voluntary(regime: Regime) -> Regime:
    """Return the regime as it is until the mandate: the first private operator is the scorer."""
    if not regime.operators:
        return regime
    return regime.model_copy(update={"operator": regime.operators[0]})


def compile_offices(
    country: Country,
    behaviour: Behaviour,
    regime: Regime,
    *,
    seed: int,
    strengths: dict[str, float] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return what the private operators score by.

    Returns
    -------
    int64[operators, month.tables.SIZE]
        Each one's tables, as if it were the only scorer.
    int64[operators, 3]
        What its users have (bits of traits.misc), which of them it scores (0..256 by identifier,
        -1 those who joined), months between two scores.
    """
    tables = np.zeros((len(regime.operators), at.SIZE), dtype=np.int64)
    rules = np.zeros((len(regime.operators), 3), dtype=np.int64)
    for k, one in enumerate(regime.operators):
        alone = regime.model_copy(update={"operator": one})
        tables[k] = compile_tables(country, behaviour, alone, seed=seed, strengths=strengths)
        share = -1 if one.share.value == "joined" else round(256 * float(one.share))
        rules[k] = (1 if one.needs == "pay_app" else 2, share, int(float(one.every)))
    return tables, rules
