"""What `benchmarks/bench.py` measures beside months and their bound (`glasscity.bench`).

================  ===============================================================
module            measures
================  ===============================================================
``peers``         the common task score-month, in turn with each peer
``step``          relationships and score against plain NumPy; the import
``instructions``  instructions a citizen and month, where the machine counts them
================  ===============================================================

``store`` keeps results case by case.
"""
