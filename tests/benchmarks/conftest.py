"""The benchmarks are scripts beside the package: found by their folders."""

from __future__ import annotations

import sys
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"

for folder in (BENCHMARKS, BENCHMARKS / "peers", BENCHMARKS / "score_month"):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
