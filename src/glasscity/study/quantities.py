"""The quantities that targets name, each read off a world at the end of a month.

Not a number means that the world has no such quantity, which is never zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from glasscity.month.ledger import ROWS, first_row
from glasscity.society import society_report
from glasscity.study.course import Stop
from glasscity.terms import SPHERES

__all__ = ["QUANTITIES", "Reading"]

# A world, and the names of the lists that are meant.
Reading: TypeAlias = Callable[[Stop, Sequence[str]], float]

_YEAR = 12
_PAY_APP, _CREDIT = 1, 128


def _over(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else math.nan


def _mean_share(part: str, whole: str, months: int) -> Reading:
    """Return the mean over months of one monthly count over another."""

    def share(stop: Stop, _: Sequence[str]) -> float:
        return _over(stop.monthly(part)[-months:].sum(), stop.monthly(whole)[-months:].sum())

    return share


def _a_year(measure: str, **labels: str) -> Reading:
    """Return a count of the last year over citizens."""

    def rate(stop: Stop, _: Sequence[str]) -> float:
        return _over(stop.monthly(measure, **labels)[-_YEAR:].sum(), stop.citizens)

    return rate


def _last_share(*measures: str) -> Reading:
    def share(stop: Stop, _: Sequence[str]) -> float:
        return _over(sum(int(stop.monthly(one)[-1]) for one in measures), stop.citizens)

    return share


def _late(stop: Stop, _: Sequence[str]) -> float:
    credit = (stop.society.traits.who & _CREDIT) > 0
    return _over(stop.late[credit].sum(), credit.sum())


def _gap(stop: Stop, _: Sequence[str]) -> float:
    says, holds = stop.monthly("would_say_yes")[-_YEAR:], stop.monthly("holds_yes")[-_YEAR:]
    return _over((says - holds).sum(), stop.monthly("citizens")[-_YEAR:].sum())


def _marriages(stop: Stop, _: Sequence[str]) -> float:
    months = min(2 * _YEAR, len(stop.totals))
    couples = stop.monthly("coupled")[-months:].sum() / 2 * _YEAR / months
    people = stop.citizens / float(stop.scenario.country.adult_share)
    return 1000 * _over(couples, people)


def _of_society(name: str) -> Reading:
    def value(stop: Stop, _: Sequence[str]) -> float:
        for row in society_report(stop.scenario.country, stop.society):
            if row["quantity"] == name:
                return math.nan if row["value"] is None else float(row["value"])
        return math.nan

    return value


def _on_lists(stop: Stop, lists: Sequence[str]) -> np.ndarray:
    """Return bool[citizens]: who is on at least one of the lists."""
    standing = stop.state.record.standing[:, list(stop.lists(lists))]
    return np.any((standing > 0) & (standing < 128), axis=1)


def _stock(stop: Stop, lists: Sequence[str]) -> float:
    return float(_on_lists(stop, lists).mean())


def _names(stop: Stop, lists: Sequence[str]) -> float:
    return _stock(stop, lists) * stop.scenario.country.adults


def _entries(stop: Stop, lists: Sequence[str]) -> float:
    several = (stop.monthly("entries", list=SPHERES[at])[-_YEAR:] for at in stop.lists(lists))
    return _over(sum(int(one.sum()) for one in several), stop.citizens)


def _opt_in(stop: Stop, _: Sequence[str]) -> float:
    traits = stop.society.traits
    young = ((traits.who & 7) == 0) & ((traits.misc & _PAY_APP) > 0)
    joined = (stop.state.face.now & np.uint32(2047)) > 0
    return _over((joined & young).sum(), young.sum())


def _listed_for(*causes: str) -> Reading:
    def share(stop: Stop, _: Sequence[str]) -> float:
        found = sum(int(stop.monthly("listed_for", cause=one)[-1]) for one in causes)
        return _over(found, stop.monthly("listed_for")[-1])

    return share


def _against(measure: str) -> Reading:
    """Return the whole run's count over that of the unscored twin, less one."""

    def ratio(stop: Stop, _: Sequence[str]) -> float:
        if stop.unscored is None or len(stop.unscored) < len(stop.totals):
            return math.nan
        twin = stop.unscored[: len(stop.totals), _rows_of(measure)].sum()
        return _over(stop.monthly(measure).sum(), twin) - 1

    return ratio


def _rows_of(measure: str) -> list[int]:
    at = first_row(measure)
    return [code for code in range(at, len(ROWS)) if ROWS[code].measure == measure]


def _chilled_against(stop: Stop, _: Sequence[str]) -> float:
    if stop.unscored is None or len(stop.unscored) < len(stop.totals):
        return math.nan
    twin = stop.unscored[len(stop.totals) - 1, first_row("chilled")]
    return _over(stop.monthly("chilled")[-1] - twin, stop.citizens)


def _not_held(stop: Stop, lists: Sequence[str]) -> float:
    """Return not a number: the model keeps no such thing."""
    return math.nan


QUANTITIES: dict[str, Reading] = {
    "unemployment": _mean_share("out_of_work", "labour_force", _YEAR),
    "arrears_90_days": _mean_share("arrears", "with_credit", 2 * _YEAR),
    "late_within_two_years": _late,
    "list_experiment_gap": _gap,
    "income_gini": _of_society("income_gini"),
    "household_mean": _of_society("household_mean"),
    "clustering": _of_society("clustering"),
    "flights": _a_year("applications", gate="flight"),
    "fast_trains": _a_year("applications", gate="fast_train"),
    "ever_flown": _not_held,
    "marriages": _marriages,
    "court_list_stock": _stock,
    "court_list_entries": _entries,
    "opt_in_young": _opt_in,
    "conduct_list_names": _names,
    "restricted_share": _last_share("restricted"),
    "restricted_share_without_rank": _last_share("restricted_without_rank"),
    "wrongly_listed_share": _listed_for("false_alarm", "mix_up"),
    "unable_listed_share": _listed_for("unable"),
    "chilled_share": _last_share("chilled"),
    "chilled_against_unscored": _chilled_against,
    "onsets_against_unscored": _against("unwilling_onsets"),
    "arrears_against_unscored": _against("arrears"),
    "breaches_against_unscored": _against("breaches"),
}
