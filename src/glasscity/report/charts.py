"""Charts by name: for the page as plain specifications, for notebooks as Altair charts."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from glasscity.errors import BadArgument, NotFound
from glasscity.report import words
from glasscity.report.drawing import CONFIG, DARK, LIGHT, PAPER, Spec, with_colours
from glasscity.report.facts import Facts, facts_of
from glasscity.report.pictures import PICTURES
from glasscity.terms import CAUSE_GROUPS

if TYPE_CHECKING:
    import altair as alt

    from glasscity.results.run import Run
    from glasscity.rights import Findings

__all__ = ["CHARTS", "chart", "specification"]

CHARTS = tuple(PICTURES)
# Width of a letter of the subtitle, in pixels.
_LETTER = 7


def specification(facts: Facts, name: str, **options: Any) -> Spec | None:
    """Return a chart as a Vega-Lite specification in the page's colours.

    Parameters
    ----------
    facts : Facts
        Of the run.
    name : str
        One of :data:`CHARTS`.
    **options
        ``group``, for ``causes_by_gate``: one of ``CAUSE_GROUPS``.

    Returns
    -------
    dict or None
        None where the run has nothing to show there.

    Raises
    ------
    NotFound, BadArgument
        If a name or option is unknown.
    """
    if name not in PICTURES:
        raise NotFound.among("chart", name, CHARTS)
    allowed = {"group"} if name == "causes_by_gate" else set()
    for option, value in options.items():
        if option not in allowed:
            raise BadArgument(
                f"the chart '{name}' has no option '{option}'", allowed=", ".join(sorted(allowed))
            )
        if value not in CAUSE_GROUPS:
            raise NotFound.among("group of causes", str(value), CAUSE_GROUPS)
    return PICTURES[name](facts, **options)


def chart(
    source: Run | Findings | Facts,
    name: str,
    *,
    theme: str = "light",
    width: int = 620,
    **options: Any,
) -> alt.TopLevelMixin:
    """Return a chart of a run.

    Parameters
    ----------
    source : Run or Findings
        A stored run, or its findings (which know nothing of the regime's dates).
    name : str
        One of :data:`CHARTS`.
    theme : {"light", "dark"}
        Colours.
    width : int
        In pixels.
    **options
        As :func:`specification` takes them.

    Returns
    -------
    altair chart
        To show, to save as PNG, SVG or HTML, or to change further.

    Raises
    ------
    NotFound, BadArgument
        If a name or option is unknown, or the run has nothing to show there.
    """
    themes = {"light": LIGHT, "dark": DARK}
    if theme not in themes:
        raise NotFound.among("theme", theme, themes)
    facts = facts_of(source)
    spec = specification(facts, name, **options)
    if spec is None:
        raise BadArgument(
            f"this run has nothing to show in the chart '{name}'", allowed="another chart"
        )
    import altair as alt

    heading, about = words.CAPTIONS[name]
    if "group" in heading or "{" in heading:
        heading = heading.format(group=words.LABELS[options.get("group", "spillover")].capitalize())
    spec.pop("usermeta", None)
    spec["width"] = width
    # A long line would take its room from the picture.
    lines = textwrap.wrap(about, max(width // _LETTER, 20))
    spec["title"] = {"text": heading, "subtitle": lines, "anchor": "start", "offset": 16}
    spec["config"] = {**CONFIG, "background": PAPER}
    spec["config"]["title"] = {"color": "var(--ink)", "subtitleColor": "var(--soft)"}
    return alt.Chart.from_dict(with_colours(spec, themes[theme]))
