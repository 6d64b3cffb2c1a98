"""The table of provinces beside a country pack."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import Any

from glasscity.catalogue.reader import Document, Problem, Refused, read_text
from glasscity.country.parts import COLUMNS

__all__ = ["with_table"]


def with_table(document: Document, folder: Path) -> Document:
    """Return the document with the province table that it names in place of its name."""
    table = document.data.get("provinces")
    if not isinstance(table, str):
        return document
    where = document.where(("provinces",))
    if Path(table).name != table or not table.endswith(".csv"):
        raise Refused(
            [
                Problem(
                    where, "provinces names no file beside this one", "a name such as provinces.csv"
                )
            ]
        )
    rows = _read_table(folder / table, table)
    lines = dict(document.lines)
    return Document(document.file, {**document.data, "provinces": rows}, lines)


def _read_table(path: Path, name: str) -> list[dict[str, Any]]:
    """Read provinces from CSV: ``province``, the six columns, and ``grade_`` of each."""
    wanted = ["province", *COLUMNS, *(f"grade_{column}" for column in COLUMNS)]
    reader = csv.reader(io.StringIO(read_text(path)), strict=True)
    rows: list[dict[str, Any]] = []
    try:
        head = [cell.strip() for cell in next(reader, [])]
        for column in wanted:
            if head.count(column) != 1:
                raise Refused(
                    [
                        Problem(
                            f"{name}:1",
                            f"the column '{column}' is missing or stands there twice",
                            ", ".join(wanted),
                            "add it once",
                        )
                    ]
                )
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            where = f"{name}:{reader.line_num}"
            if len(cells) != len(head):
                what = f"{len(cells)} cells stand where the head has {len(head)}"
                raise Refused([Problem(where, what, mend="complete the row")])
            rows.append(_row(dict(zip(head, cells, strict=True)), where))
    except csv.Error as error:
        what = f"this is not CSV: {error}"
        raise Refused([Problem(f"{name}:{reader.line_num}", what)]) from None
    return rows


def _row(cells: dict[str, str], where: str) -> dict[str, Any]:
    row: dict[str, Any] = {"name": cells["province"].strip(), "grades": {}}
    for column in COLUMNS:
        text = cells[column].strip()
        try:
            number = float(text)
            if not math.isfinite(number):
                raise ValueError
        except ValueError:
            what = f"'{text[:20]}' in column '{column}' is not a number"
            raise Refused([Problem(where, what, "a number", "correct the cell")]) from None
        row[column] = int(number) if column == "population" and number == int(number) else number
        grade = cells[f"grade_{column}"].strip()
        if grade not in ("A", "B", "C", "D"):
            what = f"'{grade[:20]}' in column 'grade_{column}' is not a grade"
            raise Refused([Problem(where, what, "A, B, C, D", "correct the cell")])
        row["grades"][column] = grade
    return row
