"""The command line.

Standard output carries a command's result and nothing else, as text or, with ``--json``, as one
JSON document; progress and messages go to standard error.  Whatever goes wrong ends in one plain
line.
"""

from __future__ import annotations

from glasscity.cli.ending import main

__all__ = ["main"]
