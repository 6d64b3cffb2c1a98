"""Report: one page about one run, made from its findings alone.

The page is a single file that needs no network, no server and no other file.
"""

from __future__ import annotations

from glasscity.report.charts import CHARTS, chart
from glasscity.report.html import render, write_report

__all__ = ["CHARTS", "chart", "render", "write_report"]
