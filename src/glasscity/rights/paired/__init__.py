"""What a pair of runs shows, as figures and tables: each of them made from the two run folders.

A difference never stands alone: beside it stand what another seed might give, what one late payment
of one citizen moves (the chaos floor), and a verdict in words.
"""

from __future__ import annotations

from glasscity.rights.paired.findings import PairFindings, pair_findings
from glasscity.rights.paired.noise import Noise, Verdict
from glasscity.rights.paired.source import Paired

__all__ = ["Noise", "PairFindings", "Paired", "Verdict", "pair_findings"]
