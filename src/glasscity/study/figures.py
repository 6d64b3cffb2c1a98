"""Pictures of a study: the report's visual language, written as SVG and PNG files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from glasscity.errors import DiskFull
from glasscity.report.drawing import CONFIG, LIGHT, PAPER, Spec, with_colours

__all__ = ["facets", "figure", "written"]

# Systems without the report's first choices must still find a font to measure text with.
_FONT = "DejaVu Sans, Liberation Sans, Arial, sans-serif"


def figure(spec: Spec, *, title: str, about: Sequence[str] = (), width: int = 460) -> Spec:
    """Return a specification that stands alone: light colours, a title, a width of its own."""
    whole: Spec = {
        **spec,
        "config": {**CONFIG, "background": PAPER, "font": _FONT},
        "padding": 12,
        "title": {
            "text": title,
            "subtitle": list(about),
            "anchor": "start",
            "fontSize": 14,
            "color": "var(--ink)",
            "subtitleColor": "var(--soft)",
            "subtitleFontSize": 12,
            "subtitlePadding": 6,
            "offset": 14,
        },
    }
    if whole.get("width") == "container":
        whole["width"] = width
        whole["autosize"] = {"type": "pad"}
    return with_colours(whole, LIGHT)


def facets(
    rows: Sequence[dict[str, Any]],
    *,
    by: str,
    layer: Sequence[Spec],
    columns: int,
    width: int,
    height: Any,
    share_x: bool = False,
    share_y: bool = True,
) -> Spec:
    """Return small charts of one kind, one for each value of a field, in the order of the rows."""
    order = list(dict.fromkeys(row[by] for row in rows))
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": [dict(row) for row in rows]},
        "facet": {
            "field": by,
            "type": "nominal",
            "sort": order,
            "title": None,
            "header": {"labelColor": "var(--ink)", "labelFontSize": 12, "labelAnchor": "start"},
        },
        "columns": columns,
        "spacing": 22,
        "resolve": {
            "scale": {
                "x": "shared" if share_x else "independent",
                "y": "shared" if share_y else "independent",
            }
        },
        "spec": {"width": width, "height": height, "layer": list(layer)},
    }


def written(folder: Path, name: str, spec: Spec) -> list[Path]:
    """Write a picture as ``NAME.svg`` and ``NAME.png``.

    Raises
    ------
    DiskFull
        If there is no room.
    """
    import vl_convert

    svg = vl_convert.vegalite_to_svg(spec)
    png = vl_convert.vegalite_to_png(spec, scale=2)
    files = [folder / f"{name}.svg", folder / f"{name}.png"]
    try:
        files[0].write_text(svg, encoding="utf-8")
        files[1].write_bytes(png)
    except OSError as error:
        raise DiskFull(
            f"the picture cannot be written ({error.strerror})", where=str(folder)
        ) from None
    return files
