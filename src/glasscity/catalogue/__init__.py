"""The catalogue: countries, regimes and behaviours as data, each value with its source or reason.

`reader` turns a file into plain values with their line numbers.  What the values mean is decided
one floor higher, in `glasscity.country`, `glasscity.regime` and `glasscity.behaviour`.
"""
