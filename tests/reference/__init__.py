"""Plain-Python twins of the month's kernels, to be read line by line against the model.

One citizen is one object with named fields (``citizen``), tables are dictionaries by name
(``fields``), luck is asked for by name (``luck``).  Nothing here calls a compiled function, nothing
is fast, and every number is an ordinary Python integer or a Fraction.  The tests in ``tests/month``
hold that a kernel and its twin agree in every bit on small societies.
"""
