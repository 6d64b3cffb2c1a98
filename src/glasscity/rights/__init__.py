"""Rights: what a stored run did to people, as measures and findings.

Everything here is computed from run folders alone, so that any figure can be made again from them.
"""

from __future__ import annotations

from glasscity.rights.findings import Figure, Findings, findings
from glasscity.rights.measures import MEASURES, Measure, measure, measures
from glasscity.rights.tabulate import Column, Table

__all__ = [
    "MEASURES",
    "Column",
    "Figure",
    "Findings",
    "Measure",
    "Table",
    "findings",
    "measure",
    "measures",
]
