"""How citizens behave: the rates, chances and weights of everything they do by themselves.

The facts do not fix most of these; each carries the range that they leave open.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator

from glasscity.catalogue.entry import Entry
from glasscity.catalogue.extend import read_entry
from glasscity.catalogue.reader import Refused
from glasscity.catalogue.shelf import CATALOGUE, catalogue_names, find, is_path
from glasscity.catalogue.translate import validated
from glasscity.quantity import Quantity, shaped

__all__ = ["Behaviour", "altered", "behaviours", "load_behaviour", "matched"]

Factor: TypeAlias = Annotated[Quantity, AfterValidator(shaped(least=0, most=100))]
Share: TypeAlias = Annotated[Quantity, AfterValidator(shaped(least=0, most=1))]
Signed: TypeAlias = Annotated[Quantity, AfterValidator(shaped(least=-1, most=1))]
Rate: TypeAlias = Annotated[Quantity, AfterValidator(shaped(least=0, most=1000))]
Months: TypeAlias = Annotated[Quantity, AfterValidator(shaped(least=0, most=24))]
Logits: TypeAlias = Annotated[Quantity, AfterValidator(shaped(least=-10, most=10))]
SharesByAge: TypeAlias = Annotated[Quantity, AfterValidator(shaped(length=5, least=0, most=1))]
ByQuintile: TypeAlias = Annotated[Quantity, AfterValidator(shaped(length=5, least=0, most=100))]


class Behaviour(Entry):
    """The behavioural parameters; see `Entry` for name, title, status and about.

    Attributes
    ----------
    separation : Quantity
        Chance a month to lose one's work.
    find_ratio : Quantity
        Chance a month to find work, over ``separation``.
    saving : Quantity
        Months of spending that a median earner saves a month at liquidity 0.
    saving_by_quintile : Quantity, five numbers
        Multipliers of ``saving`` from the poorest fifth to the richest.
    liquidity_target : Quantity
        Months of spending at which saving stops.
    spending_without_work : Quantity
        Share of normal spending that goes on without work.
    pooling : Quantity
        Share of the distance to the household's mean liquidity that is levelled each month.
    shock, shock_size : Quantity
        Chance a year of a shock; its mean size in months of spending.
    insured_share, insurance_softening : Quantity
        Share insured at the start; share of a shock that insurance bears.
    fee_share : Quantity
        Public fees as a share of a month's spending.
    slip, slip_fix : Quantity
        Chance a month that the median citizen forgets a payment; that it is paid next month.
    unwilling_onset : Quantity
        Chance a year that the median citizen begins to withhold a payment.
    catch_up : Quantity
        Chance a month that somebody not withholding pays what is owed as far as liquidity goes.
    repayment_before_order, repayment_after_order : Quantity
        Chance a month that withholding ends, before and after an order is ignored.
    repayment_gain : Quantity
        Effect of the value that performance would reopen, in the exponent, while listed.
    deterrence : Quantity
        Fall in onset at fear and stake 1; negative is resentment.
    write_off : Quantity
        Chance a month that a debt at its cap is written off.
    sue, spare, grace, contempt : Quantity
        Chance a month that the creditor sues; chance that the court spares an unable debtor; months
        after an order; chance a month of contempt by those who withhold under an ignored order.
    court_sanction : Quantity in [0, 1]
        The creditor's and the court's own sanctions, as a share of the value of all gates.
    onset_credit : Quantity in [0, 1]
        Chance that who has a credit withholds that, not the fee.
    traffic, train, care, rumour : Quantity
        Incidents a year for an adult; of ``rumour`` for one who speaks.
    refusal_cost : Quantity
        Months of spending that a refusal costs, times the gate's own cost.
    discouragement : Quantity
        Chance that a refused person does not try again.
    fear_phi_breach, fear_phi_speech : Quantity
        Fear that is there in every world.
    fear_learning, salience, crosstalk : Quantity
        Forgetting of observations a month; step of fear at the announcement; share of one fear
        that carries over to the other.
    kappa : Quantity
        Cost of criticism in logits at fear 1.
    expressive, silence, reward, conformity : Quantity
        Logits of speaking at opinion 1; of silence; of praise for its reward; weight of what
        ties say.
    opinion_drift : Quantity
        Share of the distance to what one says that opinion moves in a month.
    tie_drop, tie_reopen : Quantity
        Chance a month to drop a tie, per 100 points that it scores below; to take it up again.
    miss_factor, false_alarm_factor, mix_up_factor : Quantity
        How faulty registers are: multiples of what the regime says of its sources. Products are
        cut at 1.
    correction_factor : Quantity, at least 0.01
        Multiple of the regime's months until a mistake of record is corrected.
    reach_factor : Quantity
        Multiple of the share of providers that apply the regime's rule, cut at 1.
    appeal_rate, appeal_rate_justified : Quantity
        Chance a month that somebody wrongly, and rightly, listed appeals.
    display, display_slope, display_imitation : Quantity
        Chance a month to display a score one spread above the mean; its growth with the score in
        logits a spread; times the share of ties that displayed last month.
    single_share : Quantity, five numbers
        Share without a partner at the start, by age band.
    on_site, shown, couple : Quantity in [0, 1]
        Share of singles who look through the site in a month; share of these that is shown;
        chance that two who are shown to each other become a couple.
    single_again : Quantity, five numbers
        Chance a month to be without a partner again, by age band.
    favour_benefit : Quantity, above 0
        Benefit of a favour in units of its cost.
    gossip, imitation, innate : Quantity in [0, 1]
        Chance that hearsay tells a stranger's type; chances a month to look at another's success,
        and to return to one's own disposition.
    keeps_median, keeps_slope : Quantity
        Disposition to keep trust at conscientiousness one half, and its slope in logits.
    trust_memory : Quantity in [0, 1]
        Weight of the newest meeting in what is believed of strangers.
    perk_share, perk_pull : Quantity
        Value of all perks over that of all gates; rise of the chance to join.
    gaming_share, gaming_profile, gaming_ties, gaming_cost : Quantity
        Who games a score; what it adds to profile and ties' scores; what it costs.
    report_rate : Quantity in [0, 1]
        Chance a month that a tie who scores lower reports what never happened.
    official_points : Quantity
        What an official adds for the favoured, and takes from the punished.
    deeds : Quantity, four numbers
        Deeds a year of each kind (terms.DEEDS) of a citizen of median conscientiousness.
    deed_response : Quantity
        Rise of the chance of a deed where a scheme adds points for it; below zero: rewarding it
        crowds it out.
    """

    separation: Share
    find_ratio: Rate
    saving: Rate
    saving_by_quintile: ByQuintile
    liquidity_target: Months
    spending_without_work: Share
    pooling: Share
    shock: Share
    shock_size: Months
    insured_share: Share
    insurance_softening: Share
    fee_share: Share
    slip: Share
    slip_fix: Share
    unwilling_onset: Share
    catch_up: Share
    repayment_before_order: Share
    repayment_after_order: Share
    repayment_gain: Logits
    deterrence: Signed
    write_off: Share
    sue: Share
    spare: Share
    court_sanction: Share
    onset_credit: Share
    grace: Annotated[Quantity, AfterValidator(shaped(least=0, most=24, whole=True))]
    contempt: Share
    traffic: Rate
    train: Rate
    care: Rate
    rumour: Rate
    refusal_cost: Rate
    discouragement: Share
    fear_phi_breach: Share
    fear_phi_speech: Share
    fear_learning: Share
    salience: Share
    crosstalk: Share
    kappa: Logits
    expressive: Logits
    silence: Logits
    reward: Logits
    conformity: Logits
    opinion_drift: Share
    tie_drop: Share
    tie_reopen: Share
    miss_factor: Factor
    false_alarm_factor: Factor
    mix_up_factor: Factor
    correction_factor: Annotated[Quantity, AfterValidator(shaped(least=0.01, most=100))]
    reach_factor: Factor
    appeal_rate: Share
    appeal_rate_justified: Share
    display: Share
    display_slope: Logits
    display_imitation: Share
    single_share: SharesByAge
    on_site: Share
    shown: Share
    couple: Share
    single_again: SharesByAge
    favour_benefit: Annotated[Quantity, AfterValidator(shaped(least=0.01, most=30))]
    gossip: Share
    imitation: Share
    innate: Share
    keeps_median: Annotated[Quantity, AfterValidator(shaped(least=0.001, most=0.999))]
    keeps_slope: Logits
    trust_memory: Share
    perk_share: Share
    perk_pull: Rate
    gaming_share: Share
    gaming_profile: Share
    gaming_ties: Share
    gaming_cost: Share
    report_rate: Share
    official_points: Rate
    deeds: Annotated[Quantity, AfterValidator(shaped(length=4, least=0, most=100))]
    deed_response: Annotated[Quantity, AfterValidator(shaped(least=-1, most=10))]


def load_behaviour(name_or_path: str | Path = "central") -> Behaviour:
    """Return a behaviour of the catalogue, a matched one or one of a YAML file.

    Raises
    ------
    NotFound
        If the catalogue has no such name.
    BadFile
        With the first problem, if the file has any.
    """
    if not is_path(name_or_path):
        if str(name_or_path) in catalogue_names("behaviour"):
            return _shipped(str(name_or_path))
        if str(name_or_path) in _matched_rows():
            return _matched(str(name_or_path))
    return _load(find("behaviour", name_or_path), str(name_or_path))


@cache
def _shipped(name: str) -> Behaviour:
    return _load(find("behaviour", name), f"{name}.yaml")


def _load(path: Path, name: str) -> Behaviour:
    try:
        return validated(read_entry("behaviour", path, name=name), Behaviour)
    except Refused as refused:
        raise refused.problems[0].error() from None


def behaviours() -> list[dict[str, Any]]:
    """Return the behaviours of the catalogue: ``name``, ``title``, ``status``, ``sources``."""
    return [
        {
            "name": one.name,
            "title": one.title,
            "status": one.status,
            "sources": sorted(one.sources),
        }
        for one in map(_shipped, catalogue_names("behaviour"))
    ]


def altered(
    base: Behaviour, values: Mapping[str, float], *, name: str, title: str, about: str
) -> Behaviour:
    """Return a behaviour with some of its values changed, ranges and reasons kept.

    Parameters
    ----------
    values : mapping of parameter to number
        A dot and a number name one entry of a row: ``saving_by_quintile.0``.

    Raises
    ------
    ValidationError
        If a value lies outside its declared range.
    """
    data = base.model_dump(mode="json", by_alias=True, exclude_none=True)
    for key, value in values.items():
        parameter, _, index = key.partition(".")
        if index:
            row = list(data[parameter]["value"])
            row[int(index)] = value
            data[parameter] = {**data[parameter], "value": row}
        else:
            data[parameter] = {**data[parameter], "value": value}
    data |= {"name": name, "title": title, "about": about, "status": "provisional"}
    return Behaviour.model_validate(data)


def matched() -> tuple[Behaviour, ...]:
    """Return the vectors that agree with what is reported, each confirmed on a fresh seed.

    They were found by ``glasscity calibrate``; ``catalogue/matched/head.yaml`` says when and how.
    Findings are ranges over all of them.
    """
    return tuple(_matched(name) for name in _matched_rows())


@cache
def _matched(name: str) -> Behaviour:
    return altered(
        _shipped("central"),
        _matched_rows()[name],
        name=name,
        title="A vector that agrees with what is reported",
        about="Found by history matching, with nothing known of what regimes do with it.",
    )


@cache
def _matched_rows() -> dict[str, dict[str, float]]:
    """Return the parameters of every matched vector by its name."""
    file = CATALOGUE / "matched" / "vectors.csv"
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    # What the confirming simulation gave stands beside the parameters, in columns with a colon.
    return {
        row["name"]: {k: float(v) for k, v in row.items() if k != "name" and ":" not in k}
        for row in rows
    }
