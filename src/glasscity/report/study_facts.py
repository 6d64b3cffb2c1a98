"""What the report knows about a study: what was asked, and its summary row by row."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from glasscity.report import numbers
from glasscity.rights.findings import HEADLINES
from glasscity.rights.measures import MEASURES
from glasscity.rights.tabulate import Column, Table

__all__ = ["BENEFIT", "HARM", "Answer", "StudyFacts"]

HARM = (
    "restricted_share",
    "closed_gate_months",
    "association_share",
    "error_share",
    "speech_share",
    "error_denied_share",
    "chilled_of_critics",
    "falsified_share",
    "child_months_lost",
)
BENEFIT = (
    "unwilling_onsets",
    "breaches",
    "repayment",
    "arrears_share",
    "thin_grant_rate",
    "cooperation",
    "believed_trust",
)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """What the study says of one measure in one regime, against the first.

    Attributes
    ----------
    measure, regime : str
    value, base, seeds : row of the summary or None
        The regime's own, the first regime's, and the difference over seeds at the first point.
    over : row of the summary or None
        The difference over the matched set or, where there is none, over the study's points.
    """

    measure: str
    regime: str
    value: Row | None
    base: Row | None
    seeds: Row | None
    over: Row | None

    @property
    def verdict(self) -> str:
        """What may be said: a key of ``study_words.VERDICTS``."""
        one = self.seeds
        if one is None or one["estimate"] is None:
            return "unknown"
        if one["low"] is None:
            return "chance"
        error, wide = (one["high"] - one["low"]) / 2, self.over
        if wide is not None and wide["number"]:
            # A sign counts where it is larger than luck alone might make it.
            if wide["least"] < -error and wide["greatest"] > error:
                return "conditional"
            agree = wide["number"] if one["estimate"] > 0 else 0
            if not one["low"] <= 0.0 <= one["high"]:
                return "robust" if wide["above_zero"] == agree else "mixed"
            return "chance"
        return "chance" if one["low"] <= 0.0 <= one["high"] else "seeds"


@dataclass(frozen=True)
class StudyFacts:
    """A finished study, as its folder holds it.

    Parameters
    ----------
    folder : Path
    about : mapping
        What ``study.json`` says.
    summary : sequence of mapping
        The rows of ``summary.csv``.
    """

    folder: Path
    about: Mapping[str, Any]
    summary: Sequence[Row]

    @property
    def regimes(self) -> list[str]:
        """Names of the regimes, the first one first."""
        return list(self.about["regimes"])

    @property
    def citizens(self) -> float:
        """Citizens of a run; of the smallest where the study varies them."""
        points = [one.get("citizens") for one in self.about["points"]]
        known = [float(one) for one in points if one]
        base = self.about["study"].get("base", {}).get("citizens", 100_000)
        return min(known) if known else float(base)

    @cached_property
    def _at(self) -> dict[tuple[Any, ...], Row]:
        return {
            (row["measure"], row["regime"], row["versus"], row["over"], row["at"]): row
            for row in self.summary
        }

    @cached_property
    def first_point(self) -> str:
        """The point of the study at which intervals over seeds are given: its first."""
        return next((row["at"] for row in self.summary if row["over"] == "seeds"), "")

    def row(self, measure: str, regime: str, versus: str | None, over: str, at: str) -> Row | None:
        """Return a row of the summary."""
        return self._at.get((measure, regime, versus, over, at))

    def over(self, measure: str, regime: str, versus: str | None) -> Row | None:
        """Return the range over the matched set or, where there is none, over the points."""
        for basis in ("matched set", "points"):
            for key, row in self._at.items():
                if key[:4] == (measure, regime, versus, basis):
                    return row
        return None

    def answer(self, measure: str, regime: str) -> Answer:
        """Return what the study says of a measure in a regime, against the first."""
        first, at = self.regimes[0], self.first_point
        return Answer(
            measure,
            regime,
            self.row(measure, regime, None, "seeds", at),
            self.row(measure, first, None, "seeds", at),
            self.row(measure, regime, first, "seeds", at),
            self.over(measure, regime, first),
        )

    def answers(self, measures: Sequence[str]) -> Iterator[Answer]:
        """Yield what is said of measures in every regime but the first, where anything is known."""
        for measure in measures:
            for regime in self.regimes[1:]:
                one = self.answer(measure, regime)
                if one.seeds is not None and one.seeds["estimate"] is not None:
                    yield one

    def figures(self) -> Table:
        """Return every headline measure: over seeds at the first point, and over the set."""
        rows = []
        for measure in HEADLINES:
            about = MEASURES[measure]
            for regime in self.regimes:
                for versus in (None, self.regimes[0]):
                    if versus == regime:
                        continue
                    own = self.row(measure, regime, versus, "seeds", self.first_point)
                    if own is None or own["estimate"] is None:
                        continue
                    wide = self.over(measure, regime, versus) or {}
                    rows.append(
                        {
                            "measure": about.title,
                            "name": measure,
                            "regime": regime,
                            "versus": versus or "",
                            "estimate": own["estimate"],
                            "low": own["low"],
                            "high": own["high"],
                            "seeds": own["seeds"],
                            "over": wide.get("over") or "",
                            "number": wide.get("number"),
                            "least": wide.get("least"),
                            "greatest": wide.get("greatest"),
                            "above": wide.get("above_zero") if versus else None,
                            "unit": about.unit,
                            "of": about.denominator,
                        }
                    )
        heads = {
            "measure": ("measure", ""),
            "regime": ("regime", ""),
            "versus": ("less", "value alone where empty"),
            "estimate": ("mean", "over seeds, at the first point"),
            "low": ("from", "95 % interval over seeds"),
            "high": ("to", "95 % interval over seeds"),
            "seeds": ("seeds", ""),
            "over": ("over", "what the range is over"),
            "number": ("of them", ""),
            "least": ("least", "of their means over seeds"),
            "greatest": ("greatest", "of their means over seeds"),
            "above": ("above zero", "of differences"),
            "unit": ("unit", ""),
            "of": ("of", "the denominator"),
            "name": ("name", "as “glasscity explain measure NAME” takes it"),
        }
        numbers_in = ("estimate", "low", "high", "least", "greatest")
        counts = ("seeds", "number", "above")
        columns = tuple(
            Column(
                name=key,
                title=title,
                unit="mixed" if key in numbers_in else "count" if key in counts else "",
                definition=about,
            )
            for key, (title, about) in heads.items()
        )
        return Table(
            name="figures",
            title="Every figure",
            definition="Over seeds: luck. Over the set: what the facts leave open.",
            columns=columns,
            rows=tuple({key: row[key] for key in heads} for row in rows),
        )

    def ends(self) -> Table:
        """Return the differences to the first regime under each named vector of behaviour."""
        named = list(self.about["study"].get("axes", {}).get("vectors", {}).get("named") or ())
        rows = []
        for measure in (*HARM, *BENEFIT):
            for regime in self.regimes[1:] if named else ():
                row: dict[str, Any] = {
                    "measure": MEASURES[measure].title,
                    "regime": regime,
                    "unit": MEASURES[measure].unit,
                }
                for vector in named:
                    one = self.row(measure, regime, self.regimes[0], "seeds", vector) or {}
                    row |= {
                        f"{vector}": one.get("estimate"),
                        f"{vector}_low": one.get("low"),
                        f"{vector}_high": one.get("high"),
                    }
                rows.append(row)
        columns = [
            Column(name="measure", title="difference in", unit=""),
            Column(name="regime", title="regime", unit=""),
        ]
        for vector in named:
            about = f"less {self.regimes[0]}, mean over seeds"
            columns.append(Column(name=vector, title=vector, unit="mixed", definition=about))
            for end, word in (("low", "from"), ("high", "to")):
                interval = "95 % interval over seeds"
                columns.append(
                    Column(
                        name=f"{vector}_{end}",
                        title=f"{vector}, {word}",
                        unit="mixed",
                        definition=interval,
                    )
                )
        columns.append(Column(name="unit", title="unit", unit=""))
        return Table(
            name="ends",
            title="Differences under each vector that was named",
            definition="Each against the first regime, the same people with the same luck.",
            columns=tuple(columns),
            rows=tuple({c.name: row[c.name] for c in columns} for row in rows),
        )

    def text(self, measure: str, value: float | None, *, signed: bool, error: float | None) -> str:
        """Return a value of a measure with the digits that its error over seeds supports."""
        if value is None:
            return "not estimable"
        unit = MEASURES[measure].unit
        if unit == "share":
            if signed:
                return numbers.points_within(value, error)
            decimals = numbers.decimals_within(100 * error) if error else 1
            return f"{100 * value:.{decimals if value else 0}f}{numbers.GAP}%"
        sign = "+" if signed and value > 0 else ""
        name = " months" if unit == "months" else ""
        return sign + numbers.within(value, error) + name

    def error(self, row: Row | None) -> float | None:
        """Return half of a row's interval over seeds; None where there is none."""
        if row is None or row["low"] is None or math.isclose(row["low"], row["high"]):
            return None
        return (row["high"] - row["low"]) / 2
