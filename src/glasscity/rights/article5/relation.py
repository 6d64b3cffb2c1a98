"""The relation table: from which context is a piece of data unrelated to a gate.

Two coders read the same code book and coded every pair of an input and a gate on their own, before
any result was there.  Both were sessions of one language model, each in a role of its own.  Their
answers ship as they gave them; what is used is derived here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from glasscity.catalogue.reader import Refused, quoted, read_text, read_yaml
from glasscity.catalogue.shelf import CATALOGUE
from glasscity.errors import BadFile
from glasscity.terms import GATES

__all__ = [
    "CODES",
    "INPUTS",
    "READINGS",
    "Agreement",
    "Coding",
    "Relation",
    "boundary",
    "code_book",
    "law",
    "load_coding",
    "relation_table",
]

CODES = ("same", "compatible", "unrelated")
# Strict: unrelated where either coder says so.  Lenient: only where both do.
READINGS = ("strict", "lenient")
FOLDER = CATALOGUE / "article5"

# Rows of the code book, in its order.
INPUTS: Mapping[str, str] = {
    "credit_payments": "late and defaulted instalments of credits",
    "app_payments": "late small credits and bills seen by a payment app",
    "fee_payments": "late or unpaid taxes, public fees, utility bills",
    "credit_orders": "ignored court orders on unpaid credits",
    "fee_orders": "ignored court orders on unpaid public fees",
    "contempt": "contempt of court",
    "traffic": "traffic offences",
    "train_conduct": "misconduct on trains",
    "care": "neglected care of parents, bad conduct among neighbours",
    "rumour": "spreading a rumour",
    "own_voice": "criticism, silence or praise in posts",
    "ties_voice": "friends' criticism or praise",
    "ties_scores": "friends' scores",
    "spending_profile": "what a person buys and does in free time",
    "personal_traits": "age, occupation, place, education, stability of address",
    "good_deeds": "volunteering, donations, honours",
}


@dataclass(frozen=True)
class Coding:
    """One coder's answers.

    Attributes
    ----------
    coder : str
    date : str
    notes : tuple of str
        How the coder read the code book where it was silent.
    cells : mapping of (input, gate) to (code, reason)
    missing : tuple of (input, gate)
        Pairs without an answer.
    """

    coder: str
    date: str
    notes: tuple[str, ...]
    cells: Mapping[tuple[str, str], tuple[str, str]]
    missing: tuple[tuple[str, str], ...]


def load_coding(path: Path) -> Coding:
    """Return a coder's file, checked against the code book's rows, columns and codes.

    Raises
    ------
    BadFile
        If it cannot be read, or has an input, gate or code that the code book does not know, or a
        cell that is not a code with a reason.  A missing cell is no error: it is listed.
    """
    try:
        document = read_yaml(path)
    except Refused as refused:
        raise refused.problems[0].error() from None
    data = document.data
    if not isinstance(data.get("cells"), dict):
        raise BadFile(
            "there are no cells", where=document.file, mend="see codebook.md, section Form"
        )
    cells: dict[tuple[str, str], tuple[str, str]] = {}
    for name, row in data["cells"].items():
        where = document.where(("cells", name))
        if name not in INPUTS:
            raise BadFile(f"there is no input {quoted(name)}", where=where, allowed=list(INPUTS))
        if not isinstance(row, dict):
            raise BadFile(f"the row {quoted(name)} is no mapping of gates", where=where)
        for gate, cell in row.items():
            where = document.where(("cells", name, gate))
            if gate not in GATES:
                raise BadFile(f"there is no gate {quoted(gate)}", where=where, allowed=list(GATES))
            if not (isinstance(cell, list) and len(cell) == 2 and str(cell[1]).strip()):
                raise BadFile(
                    f"the cell {name}, {gate} is not a code and a reason",
                    where=where,
                    allowed="[code, reason]",
                )
            if cell[0] not in CODES:
                raise BadFile(f"{quoted(cell[0])} is no code", where=where, allowed=list(CODES))
            cells[name, gate] = (cell[0], str(cell[1]))
    missing = tuple((i, g) for i in INPUTS for g in GATES if (i, g) not in cells)
    notes = tuple(str(note) for note in data.get("notes") or ())
    return Coding(str(data.get("coder")), str(data.get("date")), notes, cells, missing)


@dataclass(frozen=True)
class Agreement:
    """How far two coders agree.

    Attributes
    ----------
    cells : int
        Pairs that both coded: the denominator.
    equal : int
        Pairs with the same code.
    kappa : float or None
        Cohen's kappa over three codes, unweighted; None where chance alone agrees wholly.
    equal_unrelated : int
        Pairs on which they agree whether it is unrelated or not.
    kappa_unrelated : float or None
        Kappa of that, the distinction that the strict and the lenient table rest on.
    counts : mapping of (code, code) to int
    missing : int
        Pairs that one of them has left out.
    """

    cells: int
    equal: int
    kappa: float | None
    equal_unrelated: int
    kappa_unrelated: float | None
    counts: Mapping[tuple[str, str], int]
    missing: int


def _kappa(counts: Mapping[tuple[Any, Any], int]) -> float | None:
    """Return Cohen's kappa: (observed - expected) / (1 - expected) agreement.

    Source: J. Cohen (1960), A coefficient of agreement for nominal scales.
    """
    total = sum(counts.values())
    if not total:
        return None
    words = {word for pair in counts for word in pair}
    observed = sum(n for (a, b), n in counts.items() if a == b) / total
    expected = sum(
        sum(n for (a, _), n in counts.items() if a == word)
        * sum(n for (_, b), n in counts.items() if b == word)
        for word in words
    ) / (total * total)
    return None if expected == 1 else (observed - expected) / (1 - expected)


@dataclass(frozen=True)
class Relation:
    """Two codings, and what follows from them."""

    first: Coding
    second: Coding

    def unrelated(self, name: str, gate: str, reading: str) -> bool | None:
        """Return whether an input is unrelated to a gate; None where a coder left the cell out.

        Parameters
        ----------
        reading : {"strict", "lenient"}
            Strict: either coder says so.  Lenient: both do.
        """
        codes = [one.cells.get((name, gate)) for one in (self.first, self.second)]
        said = [cell[0] == "unrelated" for cell in codes if cell is not None]
        if len(said) < 2:
            return None
        return any(said) if reading == "strict" else all(said)

    @property
    def agreement(self) -> Agreement:
        """How far the two agree."""
        both = [pair for pair in self.first.cells if pair in self.second.cells]
        counts: dict[tuple[str, str], int] = {}
        apart: dict[tuple[bool, bool], int] = {}
        for pair in both:
            a, b = self.first.cells[pair][0], self.second.cells[pair][0]
            counts[a, b] = counts.get((a, b), 0) + 1
            split = (a == "unrelated", b == "unrelated")
            apart[split] = apart.get(split, 0) + 1
        return Agreement(
            cells=len(both),
            equal=sum(n for (a, b), n in counts.items() if a == b),
            kappa=_kappa(counts),
            equal_unrelated=sum(n for (a, b), n in apart.items() if a == b),
            kappa_unrelated=_kappa(apart),
            counts=counts,
            missing=len(INPUTS) * len(GATES) - len(both),
        )

    def disputed(self) -> list[tuple[str, str]]:
        """Return the pairs on which the coders differ."""
        return [
            pair
            for pair, (code, _) in self.first.cells.items()
            if pair in self.second.cells and self.second.cells[pair][0] != code
        ]


@cache
def relation_table() -> Relation:
    """Return the table that ships."""
    return Relation(*(load_coding(FOLDER / f"coding-{coder}.yaml") for coder in (1, 2)))


def code_book() -> str:
    """Return the text that both coders read."""
    return read_text(FOLDER / "codebook.md")


@cache
def law() -> dict[str, Any]:
    """Return the rule as cited: ``rule``, ``sources``, ``conditions``, ``caution``."""
    return read_yaml(FOLDER / "law.yaml").data


@cache
def boundary() -> list[dict[str, Any]]:
    """Return the examples inside and outside of the rule (catalogue/article5/boundary.yaml)."""
    return read_yaml(FOLDER / "boundary.yaml").data["cases"]
