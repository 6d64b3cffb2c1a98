"""A citizen's life retold, month by month, from what was noted while the run went by.

The notes come from watching the run (engine.life), in the run itself or in one made again.  What is
told is plain data, fit for JSON: it is kept in run folders and printed by the terminal.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glasscity.rights import life_words as words
from glasscity.rights.life_events import events_of

__all__ = ["Life", "tell"]

_POINT = 256


@dataclass(frozen=True)
class Life:
    """A life, as :func:`glasscity.life` returns it.

    Attributes
    ----------
    document : dict, fit for JSON
        ``citizen``; ``traits``; ``start`` (first month, YYYY-MM); ``points`` (whether the score is
        an account of points); ``digest``: ``stored``, ``again``
        (of the run made again to watch; the stored one where the run itself was watched) and
        ``same``; ``totals`` (months listed, months shut out, refusals, errors on record); and
        ``months``, an array of:

        - ``month`` (from 0), ``date`` (YYYY-MM), ``score`` and ``rank`` (null without one);
        - ``parts``: points by part of the score, the range's low end as ``base``: whole 1/256
          points, which add up to the score exactly;
        - ``change``: ``score``, ``parts`` (points against last month, which add up to the change
          exactly; in the first scored month the parts themselves) and ``causes`` in words;
        - ``events``: each with ``kind`` and ``reason``;
        - ``closed_gates``: gates that the regime closes, each with what closes it;
        - ``recorded``, ``happened``: breaches written down, and in being, this month;
        - ``lists``, ``ties``, ``voice``, ``unafraid_voice``, ``liquidity``, ``owed``.
    """

    document: dict[str, Any]

    def __repr__(self) -> str:
        return f"Life(citizen {self.citizen:,}, {len(self.months)} months)"

    @property
    def citizen(self) -> int:
        """The citizen's number."""
        return int(self.document["citizen"])

    @property
    def traits(self) -> dict[str, Any]:
        """Who the citizen is."""
        return self.document["traits"]

    @property
    def months(self) -> list[dict[str, Any]]:
        """The months in order."""
        return self.document["months"]

    @property
    def same(self) -> bool:
        """Whether the run that was watched is the stored one, bit for bit."""
        return bool(self.document["digest"]["same"])

    def events(self, *kinds: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield (month, event), of some kinds or of all."""
        for month in self.months:
            for event in month["events"]:
                if not kinds or event["kind"] in kinds:
                    yield month["month"], event

    def chart(self, **options: Any) -> Any:
        """Return the life as an Altair chart (see ``glasscity.report.life_chart``)."""
        return importlib.import_module("glasscity.report.life_chart").life_chart(self, **options)


def tell(
    raw: Mapping[str, Any],
    *,
    start: str,
    lists: Sequence[Mapping[str, Any]],
    stored: str,
    again: str,
    points: bool = False,
) -> Life:
    """Retell a life.

    Parameters
    ----------
    raw : mapping
        What was seen (an entry of engine.life.Watch.lives).
    start : str
        First month, ``YYYY-MM``.
    lists : sequence of mapping
        The regime's lists, with ``name`` and ``sphere`` (as in a run's meta).
    stored, again : str
        Digests of the stored run and of the one that was watched.
    points : bool
        Whether the score is an account of points, whose parts have other names.
    """
    names = {entry["sphere"]: entry["name"] for entry in lists}
    # What the lists were called before the history forked, where it did.
    first = raw.get("list_names", names)
    told: list[dict[str, Any]] = []
    before: Mapping[str, Any] | None = None
    for note in raw["months"]:
        were, names = names, note.get("list_names", first)
        # After a fork the range of scores may begin elsewhere.
        parts = _points(note, note.get("low", raw["low"]))
        old = told[-1] if told else None
        end = note["end"]
        told.append(
            {
                "month": note["month"],
                "date": words.date_of(start, note["month"]),
                "score": note["score"],
                "rank": note["rank"],
                "parts": parts,
                "change": _change(note, before, parts, old, points=points),
                "events": [
                    *_fork(note, before, were),
                    *events_of(note, before, raw["start"], names),
                ],
                "closed_gates": [{"gate": gate, "by": by} for gate, by in note["closed"].items()],
                "happened": note["happened"],
                "recorded": [label for what, label, _ in note["ledger"] if what == "recorded"],
                "lists": [names.get(sphere, sphere) for sphere in end["lists"]],
                "voice": note["voice"],
                "unafraid_voice": end["unafraid_voice"],
                "ties": note["ties"],
                "liquidity": end["liquidity"],
                "owed": end["owed"],
            }
        )
        before = note
    return Life(
        {
            "citizen": raw["citizen"],
            "traits": raw["traits"],
            "start": start,
            "points": points,
            "digest": {"stored": stored, "again": again, "same": stored == again},
            "totals": _totals(told),
            "months": told,
        }
    )


def _taken_over(note: Mapping[str, Any]) -> str:
    return f"the regime '{note['regime']}' takes over"


def _fork(
    note: Mapping[str, Any], before: Mapping[str, Any] | None, were: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield what a month tells in which another regime takes over; ``were``: the lists' names."""
    if "ended" not in note:
        return
    yield {"kind": "fork", "reason": f"here the history forks: {_taken_over(note)}"}
    for sphere in [] if before is None else before["end"]["lists"]:
        if sphere in note["ended"]:
            name = were.get(sphere, sphere)
            reason = f"{name}: let go, the list is no more"
            yield {"kind": "left", "reason": reason, "list": name, "how": "the list ended"}


def _points(note: Mapping[str, Any], low: int | None) -> dict[str, float]:
    """Return the parts of a score in points; whole 1/256 points are exact in binary."""
    if note["score"] is None or low is None:
        return {}
    return {"base": float(low), **{name: part / _POINT for name, part in note["parts"].items()}}


def _change(
    note: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    parts: Mapping[str, float],
    old: Mapping[str, Any] | None,
    *,
    points: bool,
) -> dict[str, Any] | None:
    """Return the change of the score since last month; None where it did not change."""
    score, last = note["score"], None if old is None else old["score"]
    if score is None:
        return None
    if last is None or old is None or before is None:
        return {"score": score, "parts": dict(parts), "causes": ["scored for the first time"]}
    moved = {
        name: now - old["parts"][name] for name, now in parts.items() if now != old["parts"][name]
    }
    if not moved:
        return None
    if note.get("regime") != before.get("regime"):
        # Another regime: parts have other weights, and maybe another range.
        return {"score": score - last, "parts": moved, "causes": [_taken_over(note)]}
    causes = [cause for name in moved for cause in _why(name, moved[name], note, before, points)]
    if note["rules"] != before["rules"]:
        causes.insert(0, "the score becomes mandatory, and its rules change")
    return {"score": score - last, "parts": moved, "causes": causes}


def _why(
    name: str, moved: float, note: Mapping[str, Any], before: Mapping[str, Any], points: bool
) -> Iterator[str]:
    """Yield what moved a part of the score."""
    if name == "credit_history":
        for sphere, lost in note["history"].items():
            gained = (before["history"].get(sphere, 0) - lost) / _POINT
            if gained:
                what = "fades" if gained > 0 else "weighs more"
                if points:
                    what = "is given back" if gained > 0 else "takes points"
                yield f"{sphere} record {what}: {_signed(gained)}"
        return
    ties, were = note["ties"], before["ties"]
    why = words.part(name, points=points)
    if name == "ties_scores" and ties["scored"] and were["scored"]:
        why += (
            f", mean {were['mean_score']:.1f} to {ties['mean_score']:.1f} of {ties['scored']} "
            f"(national {before['national_mean']:.1f} to {note['national_mean']:.1f})"
        )
    elif name == "ties_voice":
        why += (
            f", critics {were['critics']} to {ties['critics']}, praisers {were['praisers']} to "
            f"{ties['praisers']} of {ties['open']}"
        )
    elif name == "own_voice":
        why += f", {before['voice']} to {note['voice']}"
    yield f"{why}: {_signed(moved)}"


def _signed(points: float) -> str:
    text = f"{points:+.2f}"
    return f"{points:+.4f}" if float(text) == 0 else text


def _totals(months: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    kinds = [event["kind"] for month in months for event in month["events"]]
    return {
        "months": len(months),
        "months_scored": sum(month["score"] is not None for month in months),
        "months_listed": sum(bool(month["lists"]) for month in months),
        "months_shut_out": sum(bool(month["closed_gates"]) for month in months),
        "refusals": kinds.count("refused"),
        "errors_on_record": kinds.count("error"),
    }
