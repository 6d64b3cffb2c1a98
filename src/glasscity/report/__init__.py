"""Report: one page about a run or a pair of runs, made from their findings alone.

The page is a single file that needs no network, no server and no other file.
"""

from __future__ import annotations

from glasscity.report.charts import CHARTS, chart
from glasscity.report.html import render, write_report
from glasscity.report.pair_page import Link, render_pair, write_pair_report

__all__ = [
    "CHARTS",
    "Link",
    "chart",
    "render",
    "render_pair",
    "write_pair_report",
    "write_report",
]
