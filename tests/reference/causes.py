"""The causes of a denial, by trying every subset of them.

Neutralising a cause replaces its input by the better of its value and the reference value; ``v(S)``
is the verdict with the causes of S actual and all others neutral.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from math import factorial

from glasscity.terms import CAUSES, SPHERES

from .formulas import closed_by_lists, covered
from .score import counted, officials_give, parts, points, score_of

UNIT = 360360  # lcm(1..15): Shapley values of up to 15 causes are whole numbers of 1/360360
OWN_WORDS = ("unwilling", "unable", "slip")


@dataclass
class Inputs:
    """What a gate sees of a denied citizen, by cause."""

    history: dict = field(default_factory=dict)  # counted deficit, 0..65535
    arrears: dict = field(default_factory=dict)  # the commerce deficit that a lender sees
    points: dict = field(default_factory=dict)  # points lost against the reference, in 1/256
    means: dict = field(default_factory=dict)  # shortfall that the screening sees
    lists: list = field(default_factory=list)  # sets of causes, each enough to close the gate
    raw: int = 0  # points in 1/256 with all causes actual, history apart
    index: int = 0  # screening index, arrears and shortfall of means apart
    cut: int = 0
    scored: bool = False  # a score, a cut-off, and a provider that applies it
    arrears_slope: int = 0
    means_slope: int = 0
    history_weight: int = 0
    tables: object = None
    # Where refusals by the regime are reviewed: the causes that are a reason of the gate's own.
    reasons: set | None = None

    def active(self):
        """The causes with any weight here."""
        found = set().union(*self.lists) if self.lists else set()
        found |= {c for c, x in self.points.items() if x > 0}
        if self.scored:
            found |= {c for c, x in self.history.items() if x > 0}
        if self.arrears_slope > 0:
            found |= {c for c, x in self.arrears.items() if x > 0}
        if self.means_slope > 0:
            found |= {c for c, x in self.means.items() if x > 0}
        if self.reasons is not None and (self.scored or self.lists):
            found |= self.reasons  # without any of them a review would lift the refusal
        return found

    def refused(self, actual):
        """v(S): whether the gate refuses with exactly the causes of S actual."""
        stands = self.reasons is None or bool(self.reasons & actual)
        if stands and any(condition <= actual for condition in self.lists):
            return True
        total = lambda by_cause: sum(x for cause, x in by_cause.items() if cause in actual)  # noqa: E731
        index = self.index + self.arrears_slope * total(self.arrears) // 65536
        index += self.means_slope * total(self.means) // 65536
        if index > 0:
            return True
        if not (self.scored and stands):
            return False
        restored = sum(self.points.values()) - total(self.points)
        history = 65535 - min(65535, total(self.history))
        raw = self.raw + restored + points(self.history_weight, history)
        return score_of(raw, self.tables) < self.cut


def split_deficit(shares, sphere, amount, error):
    """Split a deficit (or what counts of it) over its causes, without "here" or "elsewhere".

    By the shares of its provenance, rounded down; the rest is slips in the spheres of debts, and
    one's own conduct, which is one's own will, in the others.
    """
    split, rest = {}, amount
    for (where, word), share in shares.items():
        if where == sphere:
            part = min(rest, amount * share // 255)
            split[error if word == "error" else word] = part
            rest -= part
    split["slip" if sphere in ("government", "commerce") else "unwilling"] = rest
    return split


def behind(c, sphere, deficit, error):
    """The causes behind a gate's own sphere's deficit, however small their shares of it."""
    words = {
        error if word == "error" else own_cause(word, sphere, sphere)
        for (where, word), share in c.shares.items()
        if where == sphere and share > 0
    }
    rest = "slip" if sphere in ("government", "commerce") else "unwilling"
    if split_deficit(c.shares, sphere, deficit, error)[rest] > 0:
        words.add(own_cause(rest, sphere, sphere))
    return words if deficit > 0 else set()


def own_cause(word, sphere, gate_sphere):
    """The cause's name for a breach in a sphere, seen from a gate's own sphere."""
    if word not in OWN_WORDS:
        return word
    return f"{'here' if sphere == gate_sphere else 'elsewhere'}_{word}"


def _add(by_cause, cause, amount):
    by_cause[cause] = by_cause.get(cause, 0) + amount


def inputs_of(c, gate, t, now, cut, reaches, index):
    """Return what a gate saw of a denied citizen.

    ``reaches``: this provider applies the regime's rule; ``index``: the screening's base, noise and
    penalty for a thin file.
    """
    here = t.gate_sphere[gate]
    error = "mix_up" if c.last_error_mix_up else "false_alarm"
    found = Inputs(
        cut=cut,
        scored=c.next_face.score > 1 and cut > 0 and reaches,
        arrears_slope=t.screen_arrears[gate],
        means_slope=t.screen_means[gate],
        history_weight=t.weights["credit_history"],
        raw=t.low * 256,
        tables=t,
        reasons=set() if covered(c.number, "review", t) else None,
    )
    walled = covered(c.number, "firewall", t)

    for sphere in SPHERES:
        deficit = c.deficits[sphere]
        counts = 0 if walled and sphere != here else counted(c, sphere, t)
        if sphere == here and found.reasons is not None:
            found.reasons |= behind(c, sphere, deficit, error)
        # What a scheme took has a provenance of its own.
        shares = c.taken_shares if t.pointed else c.shares
        for word, amount in split_deficit(shares, sphere, counts, error).items():
            _add(found.history, own_cause(word, sphere, here), amount)
        if sphere == "commerce":
            for word, amount in split_deficit(c.shares, sphere, deficit, error).items():
                _add(found.arrears, own_cause(word, sphere, here), amount)

    # Means: what earlier denials made of the shortfall stands apart.
    short = t.middle - c.fulfilment
    if short > 0:
        found.means["means_denials"] = min(short, c.lost_means)
        found.means["means_own"] = short - found.means["means_denials"]
        found.index = index
    else:
        found.index = index + t.screen_means[gate] * short // 65536

    if found.scored:
        lost_points(c, found, t, now)
    for sphere in SPHERES:
        closes = c.on_list(sphere) and gate in closed_by_lists(c.number, {sphere}, t, now)
        if not (closes and reaches):
            continue
        for cause in c.causes[sphere]:
            if cause == "mixed":
                # A mixed spell needs both its parts.
                condition = {own_cause(word, sphere, here) for word in ("unwilling", "unable")}
            else:
                condition = {own_cause(cause, sphere, here)}
            if sphere == here and found.reasons is not None:
                found.reasons |= condition
            found.lists.append(frozenset(condition))
    return found


def lost_points(c, found, t, now):
    """Points with everything actual, and those lost by each cause against its reference."""
    weight = t.weights["fulfilment_capacity"]
    now_worth = points(weight, c.fulfilment)
    found.raw += now_worth
    gap = t.reference["fulfilment_capacity"] - c.fulfilment
    if gap > 0:
        whole = points(weight, c.fulfilment + gap) - now_worth
        by_denials = points(weight, c.fulfilment + min(gap, c.lost_means)) - now_worth
        found.points["means_denials"] = by_denials
        found.points["means_own"] = whole - by_denials
    for part, (weight, value, neutral) in parts(c, c.next_face.voice, t, now).items():
        found.raw += points(weight, value)
        cause = "profile" if part in ("personal", "behaviour") else part
        if value < neutral:
            _add(found.points, cause, points(weight, neutral) - points(weight, value))
    given = officials_give(c, t)
    found.raw += given
    if given < 0:
        found.points["favour"] = -given


def groups_of(spillover):
    """The groups of causes, by the gate's spillover."""
    return {
        "spillover": spillover,
        "association": frozenset({"ties_scores", "ties_voice"}),
        "speech": frozenset({"own_voice"}),
        "error": frozenset({"false_alarm", "mix_up"}),
        "means": frozenset({"means_own", "means_denials"}),
        "profile": frozenset({"profile"}),
        "favour": frozenset({"favour"}),
    }


@dataclass
class Found:
    """What attribution says of a denial."""

    sort: str
    needed: frozenset = frozenset()
    enough: frozenset = frozenset()
    involved: frozenset = frozenset()
    lower: frozenset = frozenset()  # groups without which it is no denial
    shapley: dict = field(default_factory=dict)  # units of 1/360360


def attribute(inputs, groups):
    """But-for, sufficient alone, involved, Shapley shares, groups and class of a denial."""
    if inputs.refused(frozenset()):
        return Found("baseline")
    everything = frozenset(inputs.active())
    causes = [c for c in CAUSES if c in everything]
    m = len(causes)
    subsets = [frozenset(s) for size in range(m + 1) for s in itertools.combinations(causes, size)]
    v = {s: inputs.refused(s) for s in subsets}
    needed = frozenset(c for c in causes if not v[everything - {c}])
    enough = frozenset(c for c in causes if v[frozenset({c})])
    shapley = {}
    for cause in causes:
        tipped = Counter(len(s) for s in subsets if cause not in s and v[s | {cause}] > v[s])
        # The chance that exactly S stands before the cause in a random order.
        value = sum(
            n * Fraction(factorial(size) * factorial(m - size - 1), factorial(m))
            for size, n in tipped.items()
        )
        if value > 0:
            shapley[cause] = value * UNIT  # a whole number, or no integer of the kernel equals it
    lower = frozenset(
        name
        for name, group in groups.items()
        if everything & group and not inputs.refused(everything - group)
    )
    if not needed:
        sort = "over_determined"
    elif len(needed) == 1 and needed <= enough:
        sort = "sole"
    else:
        sort = "jointly_necessary"
    return Found(sort, needed, enough, frozenset(shapley), lower, shapley)
