"""``python -m glasscity`` is the command ``glasscity``."""

from __future__ import annotations

import sys

from glasscity.cli import main

if __name__ == "__main__":
    sys.exit(main())
