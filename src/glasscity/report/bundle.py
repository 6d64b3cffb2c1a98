"""The chart library as one script: made once from an installed package, kept in the cache."""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import tempfile
from functools import cache

from glasscity.cache import cache_folder

__all__ = ["chart_library"]


@cache
def chart_library() -> str:
    """Return the JavaScript of Vega, Vega-Lite and Vega-Embed, fit for an inline script.

    Making it takes about two seconds, reading it from the cache a few milliseconds.
    """
    version = importlib.metadata.version("vl-convert-python")
    stored = cache_folder() / f"vega-bundle-{version}.js"
    with contextlib.suppress(OSError, UnicodeDecodeError):
        text = stored.read_text(encoding="utf-8")
        if text.endswith(_END):
            return text
    import vl_convert

    # An inline script ends at the first "</script", wherever that stands.
    made = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    text = made.replace("</script", "<\\/script").replace("<!--", "<\\!--") + _END
    with contextlib.suppress(OSError):
        # Under a name of its own first: two commands may be making it at the same time.
        handle, name = tempfile.mkstemp(dir=stored.parent, suffix=".js")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, stored)
    return text


# Tells a whole file from one that was cut short.
_END = "\n/* end of the chart library */\n"
