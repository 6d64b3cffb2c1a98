"""What happened to a citizen in a month, in the order in which it happens, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from glasscity.rights import life_words as words
from glasscity.terms import EVERYDAY_GATES, GATES

__all__ = ["events_of"]

Event = dict[str, Any]
Note = Mapping[str, Any]


def events_of(
    note: Note, before: Note | None, start: Note, lists: Mapping[str, str]
) -> list[Event]:
    """Return the events of a month.

    Parameters
    ----------
    note, before : mapping
        The month's note and last month's (engine.notes); None in the first month.
    start : mapping
        How the citizen stood before the first month.
    lists : mapping of sphere to str
        The names of the regime's lists.

    Returns
    -------
    list of dict
        ``kind``, ``reason`` and what belongs to the kind: ``event``, ``list``, ``gate``,
        ``but_for``, ``causes``, ``citizen``.
    """
    old = start if before is None else before["end"]
    counts = _counts(note)
    last = {} if before is None else _counts(before)
    return [
        *_truth(note, old),
        *_record(note, before, counts),
        *_lists(note, counts, lists),
        *_gates(note, before, lists),
        *_denials(note, lists),
        *_counted(counts, last),
        *_voice(note, old, before),
    ]


def _counts(note: Note) -> dict[tuple[str, str], int]:
    return {(measure, label): count for measure, label, count in note["ledger"]}


def _event(kind: str, reason: str, **more: Any) -> Event:
    return {"kind": kind, "reason": reason, **more}


def _truth(note: Note, old: Note) -> Iterator[Event]:
    end = note["end"]
    if end["months_without_work"] and not old["months_without_work"]:
        yield _event("work", "lost work")
    elif old["months_without_work"] and not end["months_without_work"]:
        yield _event("work", "found work", months=old["months_without_work"])
    if end["liquidity"] < 0 <= old["liquidity"]:
        yield _event("means", f"ran out of money: {old['liquidity']:.1f} months' spending are gone")
    elif old["liquidity"] < 0 <= end["liquidity"]:
        yield _event("means", "has money again")
    if end["single"] != old["single"]:
        yield _event("partner", "found a partner" if old["single"] else "is without a partner")
    withheld = end["withheld"]
    if withheld is not None and withheld != old["withheld"]:
        yield _event("breach", f"began to withhold the {withheld}, though able to pay it")
    for event in note["fresh"]:
        reason = words.EVENT[event] + words.blame_of(event, note["blame"])
        yield _event("breach", reason, event=event)
    for debt, months in old["owed"].items():
        if months and not end["owed"][debt]:
            what = "month owed is" if months == 1 else f"{months} months owed are"
            yield _event("debt", f"{debt}: the {what} settled")


def _record(note: Note, before: Note | None, counts: Mapping[tuple[str, str], int]) -> Iterator:
    known = set() if before is None else {label for m, label in _counts(before) if m == "recorded"}
    recorded = {label for measure, label in counts if measure == "recorded"}
    for event in note["happened"]:
        fresh = event in note["fresh"]
        if event in recorded and (fresh or event not in known):
            yield _event("record", f"{words.EVENT[event]} recorded by a source", event=event)
        elif fresh and event not in recorded and not note["strayed"]:
            yield _event("missed", f"{words.EVENT[event]}: no source recorded it", event=event)
    twin = note["namesake"]
    if note["strayed"]:
        reason = f"the record of it strayed to a namesake's file (citizen {twin})"
        yield _event("strayed", reason, citizen=twin)
    for measure, label in counts:
        if measure == "false_alarms":
            reason = f"false alarm: {words.EVENT[label]} recorded, and nothing had happened"
            yield _event("error", reason, event=label, cause="false_alarm")
        elif measure == "mix_ups":
            reason = f"record strayed from a namesake (citizen {twin}): {words.EVENT[label]}"
            yield _event("error", reason, event=label, cause="mix_up", citizen=twin)


def _lists(
    note: Note, counts: Mapping[tuple[str, str], int], lists: Mapping[str, str]
) -> Iterator[Event]:
    for measure, sphere in counts:
        if measure == "warnings":
            name = lists.get(sphere, sphere)
            months = note["end"]["warned"].get(sphere)
            when = f", to be listed in {months} months" if months else ""
            yield _event("warned", f"warned: {name}{when}", list=name)
    for row in note["log"]:
        if row["kind"] == "entry":
            name = lists.get(row["list"], row["list"])
            reason = f"listed: {name} ({words.listing_causes(row['causes'])})"
            yield _event("listed", reason, list=name, causes=row["causes"])
        elif row["kind"] == "exit":
            name = lists.get(row["list"], row["list"])
            reason = f"{name}: {words.EXIT[row['how']]}"
            yield _event("left", reason, list=name, how=row["how"])
    decided = counts.get(("appeals", ""), 0)
    upheld = sum(count for (measure, _), count in counts.items() if measure == "exits_appeal")
    if decided > upheld:
        wrongly = counts.get(("appeals_wrong", ""), 0) > 0
        told = "appeal rejected, though no obligation of one's own is behind the entry"
        reason = told if wrongly else "appeal decided, and nobody was taken off a list"
        yield _event("appeal", reason)


def _gates(note: Note, before: Note | None, lists: Mapping[str, str]) -> Iterator[Event]:
    closed, was = note["closed"], {} if before is None else before["closed"]
    shut: dict[str, list[str]] = {}
    for name, rules in closed.items():
        if name not in was:
            shut.setdefault(words.closer(rules, note["score"], lists), []).append(name)
    for why, names in shut.items():
        told = _all(names)
        yield _event("shut", f"shut out of {told}, because of {why}", gates=names)
    opened = [name for name in was if name not in closed]
    if opened:
        told = _all(opened)
        yield _event("open", f"open again: {told}", gates=opened)


def _all(gates: Sequence[str]) -> str:
    """Return gates in words."""
    every = len(gates) == len(GATES)
    return "every gate" if every else words.joined(words.gate(name) for name in gates)


def _denials(note: Note, lists: Mapping[str, str]) -> Iterator[Event]:
    attributed = {row["gate"]: row for row in note["log"] if row["kind"] == "denial"}
    for name in note["denied"]:
        row = attributed.get(name)
        rules = note["closed"].get(name, [])
        by = words.closer(rules, note["score"], lists) if name in note["closed"] else ""
        if row is None:
            reason = (
                f"refused: {words.gate(name)}, because of the gate's own screening; would have "
                "been refused with nothing adverse on record"
            )
            yield _event("refused", reason, gate=name, but_for=[], by=rules, **_no_cause())
            continue
        why = by if row["by_regime_alone"] else "the gate's own screening"
        if by and not row["by_regime_alone"]:
            why = f"the gate's own screening ({by} closes it as well)"
        reason = f"refused: {words.gate(name)}, because of {why}; {_but_for(row)}"
        more = {key: row[key] for key in ("sufficient", "involved", "but_for_groups", "class")}
        yield _event("refused", reason, gate=name, but_for=row["but_for"], by=rules, **more)
    for name in note["granted"]:
        if name not in EVERYDAY_GATES:
            yield _event("granted", f"granted: {words.gate(name)}", gate=name)


def _no_cause() -> dict[str, Any]:
    return {"sufficient": [], "involved": [], "but_for_groups": [], "class": "baseline"}


def _but_for(row: Mapping[str, Any]) -> str:
    """Return what would have had to be otherwise for a grant."""
    need = row["but_for"]
    if len(need) == 1:
        return f"would have been granted but for: {words.causes(need)}"
    if need:
        return f"would have been granted but for any one of: {words.causes(need)}"
    told = f"no single cause decided; played a part: {words.causes(row['involved'])}"
    if row["but_for_groups"]:
        told += f"; would have been granted without {words.causes(row['but_for_groups'], 'or')}"
    return told


def _counted(
    counts: Mapping[tuple[str, str], int], last: Mapping[tuple[str, str], int]
) -> Iterator[Event]:
    for (measure, label), count in counts.items():
        if measure in words.QUIET or count < 0:
            continue
        if measure in words.COUNTED:
            kind, reason = words.COUNTED[measure]
        elif (measure, label) in last:
            continue
        else:
            # A row that nobody has found words for yet is told by its name when it begins.
            kind, reason = words.BEGAN.get(measure, ("other", measure.replace("_", " ")))
        yield _event(kind, f"{words.gate(label)}: {reason}" if label else reason)


def _voice(note: Note, old: Note, before: Note | None) -> Iterator[Event]:
    """Yield what is said in public, and what would be said without fear, where either changes."""
    voice, unafraid = note["voice"], note["end"]["unafraid_voice"]
    last = None if before is None else before["voice"]
    if (voice, unafraid) == (last, old["unafraid_voice"]):
        return
    said = {"silent": "stays silent", "criticise": "criticises", "praise": "praises"}
    if last == voice:
        said = {"silent": "stays silent", "criticise": "goes on criticising"}
        said["praise"] = "goes on praising"
    elif last is not None:
        said = {"silent": "falls silent", "criticise": "now criticises", "praise": "now praises"}
    reason = f"{said[voice]} in public" if voice != "silent" else said[voice]
    if voice == "praise" and note["end"]["opinion"] < 0:
        reason += " against own opinion"
    if unafraid == voice and last == voice:
        reason += "; unafraid, would do so too"
    elif unafraid != voice:
        reason += f"; unafraid, would {'stay silent' if unafraid == 'silent' else unafraid}"
    yield _event("voice", reason, voice=voice, unafraid=unafraid)
