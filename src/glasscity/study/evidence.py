"""What results rest on: the grades behind a run, and which assumptions move each measure most.

One at a time, every assumed number (grade D) of the regime, the country and the behaviour is put at
its low and at its high end, everything else and all luck as they were, and the measures are taken
again.  For the behaviour the ends are those of the matched set, which the aggregates leave open;
elsewhere the declared ones.  One at a time sees no interplay: it says what to sweep first, never
how uncertain a finding is.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from glasscity._version import MODEL_VERSION
from glasscity.behaviour import matched
from glasscity.catalogue.entry import Entry, grade_shares, walk
from glasscity.errors import GlasscityError, OutputExists
from glasscity.scenario import Scenario
from glasscity.study.members import Member, run_members

__all__ = [
    "HEADLINES",
    "Assumption",
    "Moved",
    "assumptions",
    "grades",
    "matched_ends",
    "ranking",
    "sweep",
    "with_value",
]

# The measures that outside scripts and the report's first page speak of.
HEADLINES = (
    "restricted_share",
    "restricted_months_per_citizen",
    "closed_gate_months",
    "listed_stock",
    "wrongly_listed_share",
    "unable_listed_share",
    "denials",
    "spillover_share",
    "association_share",
    "speech_share",
    "error_share",
    "means_share",
    "chilled_share",
    "chilled_of_critics",
    "falsified_share",
    "visible_consensus",
    "breaches",
    "unwilling_breaches",
    "child_months_lost",
    "enrolled_share",
    "score_gini",
    "bottom_decile_escape",
    "tie_assortativity",
)
# How many other seeds say what luck alone would move.
SEEDS = 6
# Values that must add to one: moving one of them scales the others.
_SHARES_OF_ONE = ("weights", "relation_parts")

Entry_ = TypeVar("Entry_", bound=Entry)
Shown = Callable[[int, int], None]


@dataclass(frozen=True)
class Assumption:
    """One assumed number: which entry it stands in, its name there, and its two ends.

    ``low`` and ``high`` are numbers, or lists of them for a row of numbers.
    """

    where: str
    name: str
    unit: str
    low: Any
    high: Any

    @property
    def key(self) -> str:
        """What names it among all."""
        return f"{self.where}.{self.name}"


@dataclass(frozen=True)
class Moved:
    """A measure at the two ends of an assumption; None where it is not estimable there."""

    assumption: Assumption
    low: float | None
    high: float | None

    @property
    def by(self) -> float:
        """How far the measure moves from one end to the other."""
        if self.low is None or self.high is None:
            return 0.0
        return abs(self.high - self.low)


def _entries(scenario: Scenario) -> dict[str, Entry]:
    return {
        "regime": scenario.regime,
        "country": scenario.country,
        "behaviour": scenario.behaviour,
    }


def grades(scenario: Scenario) -> list[dict[str, Any]]:
    """Return the share of values of each grade, for each entry of a scenario and for all.

    Returns
    -------
    list of dict
        ``entry``, ``values`` (how many), ``A``, ``B``, ``C``, ``D`` (shares).
    """
    rows = []
    entries = _entries(scenario)
    for where, several in (
        *((f"{kind} {one.name}", [one]) for kind, one in entries.items()),
        ("all", list(entries.values())),
    ):
        number = sum(1 for entry in several for _ in walk(entry))
        number += sum(len(entry.further_rows()) for entry in several)
        rows.append({"entry": where, "values": number, **grade_shares(several)})
    return rows


def assumptions(
    scenario: Scenario, ends: Mapping[str, tuple[Any, Any]] | None = None
) -> list[Assumption]:
    """Return every assumed number of a scenario that has two ends.

    Parameters
    ----------
    ends : mapping of parameter to (lowest, highest), optional
        Ends of the behaviour's parameters over the matched set; declared ends elsewhere.
    """
    found = []
    for where, entry in _entries(scenario).items():
        for _, name, quantity in walk(entry):
            if quantity.grade != "D" or not quantity.numeric or quantity.low is None:
                continue
            row = isinstance(quantity.value, tuple)
            low: Any = list(quantity.lows) if row else quantity.lows[0]
            high: Any = list(quantity.highs) if row else quantity.highs[0]
            if where == "behaviour" and ends and name in ends:
                low, high = ends[name]
            if low != high:
                found.append(Assumption(where, name, quantity.unit, low, high))
    return found


def matched_ends() -> dict[str, tuple[Any, Any]]:
    """Return the ends of each parameter of behaviour that the matched vectors do not agree in."""
    values: dict[str, list[tuple[float, ...]]] = {}
    rows: set[str] = set()
    for vector in matched():
        for _, name, quantity in walk(vector):
            if quantity.numeric:
                values.setdefault(name, []).append(tuple(float(x) for x in quantity.numbers))
                if isinstance(quantity.value, tuple):
                    rows.add(name)
    ends: dict[str, tuple[Any, Any]] = {}
    for name, several in values.items():
        low = [min(column) for column in zip(*several, strict=True)]
        high = [max(column) for column in zip(*several, strict=True)]
        if low != high:
            ends[name] = (low, high) if name in rows else (low[0], high[0])
    return ends


def with_value(entry: Entry_, name: str, value: Any) -> Entry_:
    """Return an entry with one quantity at another value.

    Weights that must add to one are scaled around the one that moves.

    Raises
    ------
    KeyError
        If the entry has no quantity of that name.
    ValidationError
        If the entry then contradicts itself.
    """
    place = next((at for at, known, _ in walk(entry) if known == name), None)
    if place is None:
        raise KeyError(name)
    data = entry.model_dump(mode="json", by_alias=True, exclude_none=True)
    *above, last = place
    inner: Any = data
    for step in above:
        inner = inner[step]
    if above and above[-1] in _SHARES_OF_ONE:
        others = [key for key in inner if key != last]
        left = sum(float(inner[key]["value"]) for key in others)
        for key in others:
            part = float(inner[key]["value"]) / left if left else 1 / len(others)
            inner[key] = _moved(inner[key], (1 - float(value)) * part)
    inner[last] = _moved(inner[last], value)
    return type(entry).model_validate(data)


def _moved(quantity: dict[str, Any], value: Any) -> dict[str, Any]:
    # The ends go along, so that a neighbour that is scaled does not leave its own.
    moved = {**quantity, "value": value}
    if "low" in moved and not isinstance(value, list) and not isinstance(moved["low"], list):
        moved["low"], moved["high"] = min(moved["low"], value), max(moved["high"], value)
    return moved


def sweep(
    scenario: Scenario,
    folder: Path,
    *,
    ends: Mapping[str, tuple[Any, Any]] | None = None,
    jobs: int,
    show: Shown,
) -> dict[str, Any]:
    """Take the headline measures at both ends of every assumption; go on where it stopped.

    Parameters
    ----------
    folder : Path
        Made if it is not there; holds one file for each world that was run.
    jobs : int
        Processes.

    Returns
    -------
    dict
        ``base`` (measure to value), ``seeds`` (measure to the standard deviation over other
        seeds), ``worlds`` (key of an assumption and end to measures, or to why it failed).

    Raises
    ------
    OutputExists
        If the folder holds another study.
    Interrupted
        From the keyboard; what is done stays.
    """
    listed = assumptions(scenario, ends)
    worlds: dict[str, Scenario | str] = {"base": scenario}
    for k in range(SEEDS):
        worlds[f"seed {k + 1}"] = scenario.but(seed=(scenario.seed + k + 1) % 2**63)
    for one in listed:
        for end in ("low", "high"):
            worlds[f"{one.key} {end}"] = _moved_to(scenario, one, getattr(one, end))
    head = {
        "scenario": scenario.fingerprint(),
        "model": MODEL_VERSION,
        "citizens": scenario.citizens,
        "months": scenario.months,
        "seed": scenario.seed,
    }
    _same_study(folder, head)
    members = [Member(one, twin=False) for one in worlds.values() if isinstance(one, Scenario)]
    found = iter(run_members(members, store=folder / "members", workers=jobs, progress=show))
    done: dict[str, dict[str, Any]] = {}
    for key, one in worlds.items():
        if isinstance(one, str):
            done[key] = {"measures": None, "failed": one}
            continue
        result = next(found)
        if result.measures is None:
            done[key] = {"measures": None, "failed": result.failed}
        else:
            done[key] = {"measures": {name: result.measures[name] for name in HEADLINES}}
    seeds = [done[f"seed {k + 1}"]["measures"] or {} for k in range(SEEDS)]
    return {
        "base": done["base"]["measures"],
        "seeds": {name: _spread([one.get(name) for one in seeds]) for name in HEADLINES},
        "worlds": done,
    }


def _moved_to(scenario: Scenario, one: Assumption, value: Any) -> Scenario | str:
    """Return the scenario with an assumption at one of its ends, or why there is none."""
    try:
        entry = _entries(scenario)[one.where]
        return scenario.but(**{one.where: with_value(entry, one.name, value)})
    except ValidationError as error:
        return str(error.errors()[0]["msg"])
    except GlasscityError as error:
        return str(error)


def _spread(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.stdev(known) if len(known) > 1 else None


def _same_study(folder: Path, head: dict[str, Any]) -> None:
    """Make a folder, or refuse one that holds another study."""
    folder.mkdir(parents=True, exist_ok=True)
    about = folder / "study.json"
    if not about.exists():
        about.write_text(json.dumps(head, indent=1) + "\n", encoding="utf-8")
    elif json.loads(about.read_text(encoding="utf-8")) != json.loads(json.dumps(head)):
        raise OutputExists(
            "another study is kept here",
            where=str(folder),
            mend="give another --out, or remove the folder",
        )


def ranking(
    scenario: Scenario,
    found: Mapping[str, Any],
    *,
    ends: Mapping[str, tuple[Any, Any]] | None = None,
    top: int = 5,
) -> list[dict[str, Any]]:
    """Return, for each headline measure, the assumptions that move it most.

    Returns
    -------
    list of dict
        ``measure``, ``base``, ``luck`` (standard deviation over seeds) and ``assumptions``: a list
        of ``name``, ``unit``, ``ends``, ``low``, ``high`` (the measure there) and ``moves``
        (|high - low|), the greatest first.
    """
    listed = assumptions(scenario, ends)
    rows = []
    for name in HEADLINES:
        moved = sorted(
            (
                Moved(one, *(_at(found["worlds"], one, end, name) for end in ("low", "high")))
                for one in listed
            ),
            key=lambda one: (-one.by, one.assumption.key),
        )
        rows.append(
            {
                "measure": name,
                "base": found["base"][name],
                "luck": found["seeds"][name],
                "assumptions": [_row(one) for one in moved[:top] if one.by > 0],
            }
        )
    return rows


def _at(worlds: Mapping[str, Any], one: Assumption, end: str, measure: str) -> float | None:
    values = worlds[f"{one.key} {end}"]["measures"]
    return None if values is None else values[measure]


def _row(one: Moved) -> dict[str, Any]:
    known = asdict(one.assumption)
    return {
        "name": one.assumption.key,
        "unit": known["unit"],
        "ends": [known["low"], known["high"]],
        "low": one.low,
        "high": one.high,
        "moves": one.by,
    }
