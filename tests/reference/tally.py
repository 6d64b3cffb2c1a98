"""What a month counts and logs, by the names of the ledger."""

from __future__ import annotations

from collections import Counter

import numpy as np

from glasscity.month.ledger import CELLS, ROWS
from glasscity.month.tables import COUPLE_COUNTS, DECILE_COUNTS
from glasscity.terms import CAUSES, GATES, SPHERES

DENIAL, ENTRY, EXIT, SHUT_OUT, LET_IN = range(5)
# How many columns a row of each kind fills; the rest means nothing.
LOG_COLUMNS = {DENIAL: 8, ENTRY: 4, EXIT: 4, SHUT_OUT: 2, LET_IN: 2}
EXITS = ("performance", "appeal", "expiry", "correction", "repair")
DECILES = (
    "scored",
    "displays",
    "searching",
    "shown",
    "coupled",
    "perks",
    "dropped",
    "closed",
)

_ROW = {
    (r.measure, r.gate or r.list or r.event or r.sphere, r.cause): k for k, r in enumerate(ROWS)
}


class Tally:
    """Counts by row and cell and by decile, the log, Shapley units, histogram and moments."""

    def __init__(self):
        self.counts = Counter()
        self.log = []
        self.shapley = Counter()
        self.histogram = Counter()
        self.moments = [0] * 5
        self.deciles = Counter()
        self.couples = [0] * COUPLE_COUNTS

    def add(self, c, measure, label="", by=1, cause=""):
        """Count something about a citizen."""
        self.counts[c.block_cell, _ROW[measure, label, cause], c.cube_cell] += by

    def entry(self, c, sphere, causes):
        self.log.append((ENTRY, c.number, SPHERES.index(sphere), causes))

    def exit(self, c, sphere, how):
        self.log.append((EXIT, c.number, SPHERES.index(sphere), EXITS.index(how)))

    def counts_array(self, cells):
        """Return the counts as int64[cells, rows, 75]."""
        array = np.zeros((cells, len(ROWS), CELLS), dtype=np.int64)
        for place, number in self.counts.items():
            array[place] = number
        return array

    def shapley_array(self):
        """Return the Shapley units as int64[18, 15]."""
        array = np.zeros((len(GATES), len(CAUSES)), dtype=np.int64)
        for (gate, cause), units in self.shapley.items():
            if units != int(units):
                raise ValueError(f"{units} units of {cause} at {gate} are no whole number")
            array[GATES.index(gate), CAUSES.index(cause)] = int(units)
        return array

    def deciles_array(self):
        """Return the counts by decile as int64[10, 8]."""
        array = np.zeros((10, DECILE_COUNTS), dtype=np.int64)
        for (decile, what), number in self.deciles.items():
            array[decile, DECILES.index(what)] = number
        return array

    def histogram_array(self):
        array = np.zeros(2048, dtype=np.int64)
        for score, number in self.histogram.items():
            array[score] = number
        return array


def log_rows(log):
    """Return the rows of a kernel's log as sorted tuples of the columns that mean something."""
    rows = [tuple(int(x) for x in row) for row in log]
    return sorted(row[: LOG_COLUMNS[row[0]]] for row in rows)
