"""What `benchmarks/bench.py` measures, a module for each kind of measurement.

================  ===============================================================
module            measures
================  ===============================================================
``month``         the full month of a regime of the catalogue
``bound``         the same bytes, ties and draws with nothing done to them
``peers``         the common task score-month, in turn with each peer
``step``          relationships and score against plain NumPy; the import
``instructions``  instructions a citizen and month, where the machine counts them
================  ===============================================================

``worlds`` makes societies, ``store`` keeps results case by case, ``machine`` says where.
"""
