"""A life as a story: sentences with dates and reasons, fit to be quoted.

Nothing is added to what the life holds.  A month is a chapter; what goes on month after month for
the same reason is told once, with how long it went on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from glasscity.rights import life_words as words

if TYPE_CHECKING:
    from glasscity.rights.lives import Life

__all__ = ["MATTERS", "story", "when"]

# What the regime did to the citizen, or made the citizen do; all else is the rest of the life.
MATTERS = frozenset(
    (
        "error",
        "strayed",
        "warned",
        "listed",
        "left",
        "appeal",
        "correction",
        "review",
        "shut",
        "open",
        "child",
        "score",
        "fork",
        "what_if",
        "points",
        "perk",
    )
)
# fmt: off
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)
# fmt: on
_EVERY_GATE = "every gate"
# Gates that a quotation names; more are counted.
_NAMED = 3


def when(date: str) -> str:
    """Return ``September 2018`` of ``2018-09``."""
    year, month = date.split("-")
    return f"{_MONTHS[int(month) - 1]} {year}"


def story(life: Life) -> dict[str, Any]:
    """Return a life as sentences.

    Parameters
    ----------
    life : Life

    Returns
    -------
    dict, fit for JSON
        ``lead``: sentences on the whole life; ``quote``: the one sentence with the gravest thing
        that the regime did, "" where it did nothing; ``chapters``: array of ``month``, ``date``,
        ``when``, ``sentences``, ``kinds``, and ``matters``: whether the regime had a hand in it.
    """
    chapters = [*_chapters(life)]
    return {"lead": [*_lead(life)], "quote": _quote(life), "chapters": chapters}


def _chapters(life: Life) -> Iterator[dict[str, Any]]:
    told: dict[str, int] = {}
    for at, month in enumerate(life.months):
        sentences, kinds, matters = [], [], False
        for event in month["events"]:
            reason = event["reason"]
            lasts = _lasts(life.months, at, reason)
            if told.get(reason) == at - 1 and at:
                told[reason] = at
                continue
            told[reason] = at
            sentences.append(_sentence(reason, lasts, life.months[at + lasts - 1]["date"]))
            kinds.append(event["kind"])
            matters |= _matters(event)
        if sentences:
            yield {
                "month": month["month"],
                "date": month["date"],
                "when": when(month["date"]),
                "sentences": sentences,
                "kinds": kinds,
                "matters": matters,
            }


def _lasts(months: Sequence[Mapping[str, Any]], at: int, reason: str) -> int:
    """Return how many months in a row tell the same, from this one on."""
    end = at
    while end < len(months) and any(one["reason"] == reason for one in months[end]["events"]):
        end += 1
    return end - at


def _sentence(reason: str, lasts: int, until: str) -> str:
    text = reason[:1].upper() + reason[1:]
    if lasts > 1:
        text += f"; the same every month until {when(until)}"
    return f"{text}."


def _matters(event: Mapping[str, Any]) -> bool:
    if event["kind"] == "refused":
        # What own screening refuses even of a clean record is no regime's doing.
        return event.get("class") != "baseline"
    if event["kind"] == "voice":
        return event["voice"] != event["unafraid"]
    return event["kind"] in MATTERS


def _lead(life: Life) -> Iterator[str]:
    totals = life.document["totals"]
    first, last = (life.months[at]["date"] for at in (0, -1))
    span = f"From {when(first)} to {when(last)}"
    shut, listed = totals["months_shut_out"], totals["months_listed"]
    if shut:
        yield (
            f"{span}, citizen {life.citizen:,} was shut out of something in "
            f"{_months(shut)} and stood on a list in {_months(listed) if listed else 'none'}."
        )
    elif listed:
        yield f"{span}, citizen {life.citizen:,} stood on a list in {_months(listed)}."
    else:
        yield f"{span}, no gate was closed to citizen {life.citizen:,}."
    refused = [event for _, event in life.events("refused")]
    caused = [event for event in refused if event.get("class") != "baseline"]
    if refused:
        many = "1 application was" if len(refused) == 1 else f"{len(refused)} applications were"
        yield (
            f"{many} refused, {len(caused) or 'none'} of them for something in the person's "
            "record, score, means or ties; the rest by a screening that would have refused anybody."
            if len(caused) < len(refused)
            else f"{many} refused, for something in the person's record, score, means or ties."
        )
    errors = totals["errors_on_record"]
    if errors:
        yield (
            "1 entry on the file was about something this person never did."
            if errors == 1
            else f"{errors} entries on the file were about things this person never did."
        )
    silenced = sum(
        month["unafraid_voice"] == "criticise" and month["voice"] != "criticise"
        for month in life.months
    )
    if silenced:
        yield f"In {_months(silenced)} the person would have criticised in public, but for fear."
    lost = sum(1 for _ in life.events("child"))
    if lost:
        yield f"A child of the household was shut out of school in {_months(lost)}."


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"


def _quote(life: Life) -> str:
    """Return the longest time on a list or shut out, with what began it and what it closed."""
    best: tuple[int, int] | None = None
    at = 0
    while at < len(life.months):
        if not life.months[at]["closed_gates"]:
            at += 1
            continue
        end = at
        while end < len(life.months) and life.months[end]["closed_gates"]:
            end += 1
        if best is None or end - at > best[1] - best[0]:
            best = (at, end)
        at = end
    if best is None:
        return ""
    first, end = best
    month = life.months[first]
    gates = [one["gate"] for one in month["closed_gates"]]
    shut = next((e["reason"] for e in month["events"] if e["kind"] == "shut"), "")
    why = shut.partition(", because of ")[2]
    behind = [e["reason"] for e in month["events"] if e["kind"] in ("error", "listed")]
    refusals = [
        event["gate"]
        for one in life.months[first:end]
        for event in one["events"]
        if event["kind"] == "refused" and event.get("class") != "baseline"
    ]
    refused = len(refusals)
    if _EVERY_GATE in shut:
        closed = _EVERY_GATE
    elif len(gates) <= _NAMED:
        closed = words.joined(map(words.gate, gates))
    else:
        # Those that mattered first: where the citizen was refused in that time.
        first_of = dict.fromkeys([*(one for one in refusals if one in gates), *gates])
        named = [words.gate(one) for one in [*first_of][:_NAMED]]
        closed = f"{len(gates)} gates, {words.joined(named)} among them,"
    text = f"In {when(month['date'])}, {closed} closed to citizen {life.citizen:,}"
    if why:
        text += f", because of {why}"
    if behind:
        text += f" ({'; '.join(behind)})"
    text += f"; it stayed so for {_months(end - first)}"
    if end == len(life.months):
        text += ", to the end of the run"
    if refused:
        text += f", and {'1 application was' if refused == 1 else f'{refused} applications were'}"
        text += " refused in that time"
    return f"{text}."
