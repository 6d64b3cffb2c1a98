"""All findings of a pair: figures, tables and notes, and which run folder each side comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from glasscity.rights.paired.figures import PairFigure, pair_figures
from glasscity.rights.paired.source import Paired, changes
from glasscity.rights.paired.tables import pair_tables
from glasscity.rights.tabulate import Table

if TYPE_CHECKING:
    from glasscity.results.run import Run

__all__ = ["PairFindings", "pair_findings"]


@dataclass(frozen=True, kw_only=True)
class PairFindings:
    """All findings of a pair.

    Attributes
    ----------
    about : mapping
        ``base`` and ``other``: run folder, digest, regime, its kind and title, strengths that are
        changed, name in the report; country, citizens, months, start, seed, behaviour, model; how
        the errors were had.
    figures : mapping of name to PairFigure
    tables : mapping of name to Table
    notes : tuple of str
        What every reader of the figures must know.
    """

    about: Mapping[str, Any]
    figures: Mapping[str, PairFigure]
    tables: Mapping[str, Table]
    notes: tuple[str, ...]

    def __getitem__(self, name: str) -> PairFigure:
        return self.figures[name]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain containers, fit for JSON."""
        found = _plain(asdict(self))
        for name, one in self.figures.items():
            found["figures"][name]["interval"] = one.interval
        return found


def pair_findings(paired: Paired) -> PairFindings:
    """Return the findings of a pair, from its run folders and what was stored of comparing them."""
    return PairFindings(
        about=_about(paired),
        figures=pair_figures(paired),
        tables=pair_tables(paired),
        notes=_notes(paired),
    )


def _about(paired: Paired) -> dict[str, Any]:
    here, there = paired.found
    shared = ("country", "citizens", "months", "start", "seed", "behaviour", "model", "panel")
    variance = paired.comparison.get("variance") or {}
    return {
        "base": _side(paired.base, here.about, paired.names[0]),
        "other": _side(paired.other, there.about, paired.names[1]),
        **{key: here.about[key] for key in shared},
        "error_seeds": int(variance.get("seeds") or 0),
        "error_citizens": int(variance.get("citizens") or 0),
        "placebo": paired.placebo is not None,
    }


def _side(run: Run, about: Mapping[str, Any], name: str) -> dict[str, Any]:
    regime = run.scenario["regime"]
    return {
        "run": str(run.path),
        "digest": run.digest,
        "regime": regime["name"],
        "title": regime.get("title") or regime["name"],
        "kind": about["kind"],
        "status": about["status"],
        "changed": changes(run.scenario),
        "name": name,
    }


def _notes(paired: Paired) -> tuple[str, ...]:
    here, _ = paired.found
    cautions = {str(run.scenario["regime"].get("caution") or "") for run in _runs(paired)}
    # A single run's notes on its seed and its twin are said of the pair in other words.
    left_out = ("This is one run", "No unscored twin", *cautions)
    kept = [one for one in here.notes if not one.startswith(left_out) and one not in cautions]
    return (*kept, *paired.comparison["notes"])


def _runs(paired: Paired) -> tuple[Run, Run]:
    return paired.base, paired.other


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
