"""Report: one page about a run, a pair of runs or a study, made from their findings alone.

The page is a single file that needs no network, no server and no other file.
"""

from __future__ import annotations

from glasscity.report.charts import CHARTS, chart
from glasscity.report.given import Safeguards, read_safeguards
from glasscity.report.html import render, write_report
from glasscity.report.pair_page import Link, render_pair, write_pair_report
from glasscity.report.study_facts import StudyFacts
from glasscity.report.study_page import write_study_page

__all__ = [
    "CHARTS",
    "Link",
    "Safeguards",
    "StudyFacts",
    "chart",
    "read_safeguards",
    "render",
    "render_pair",
    "write_pair_report",
    "write_report",
    "write_study_page",
]
