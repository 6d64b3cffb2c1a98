"""Where the package keeps what can be made again: kernels, burn-ins, the chart bundle."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

__all__ = ["cache_folder"]


def cache_folder() -> Path:
    """Return the folder for what can be made again.

    ``GLASSCITY_CACHE`` overrides the user's cache folder.  Where that cannot be written (a
    read-only home), a folder under the system's temporary one serves for this machine.
    """
    override = os.environ.get("GLASSCITY_CACHE")
    if override:
        folder = Path(override)
    else:
        from platformdirs import user_cache_dir

        folder = Path(user_cache_dir("glasscity", appauthor=False))
    for choice in (folder, Path(tempfile.gettempdir()) / f"glasscity-cache-{os.getuid()}"):
        try:
            choice.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(choice, os.W_OK):
            return choice
    return Path(tempfile.mkdtemp(prefix="glasscity-cache-"))
