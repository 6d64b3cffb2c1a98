"""Start: what this is, an example, a form to run one's own, and the runs there are."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from glasscity.scenario import DEFAULT_SEED
from glasscity.terms import MECHANISMS, SAFEGUARDS
from glasscity.web.pages.render import page
from glasscity.web.shelf import Stored
from glasscity.web.variants import is_variant
from glasscity.web.words import START

__all__ = ["router", "warm"]

router = APIRouter(include_in_schema=False)

# What the form holds before anybody changes it.
DEFAULTS = {
    "regime": "citizen-score-2020",
    "country": "china-2020",
    "behaviour": "central",
    "citizens": "20000",
    "months": "",
    "seed": str(DEFAULT_SEED),
}
EXAMPLE = "example-"
PRESETS = (2_000, 20_000, 100_000, 1_000_000)


def warm() -> None:
    """Read the catalogue, so that whoever opens the first page need not wait for it."""
    from glasscity.behaviour import behaviours
    from glasscity.country import countries
    from glasscity.regime import regimes
    from glasscity.study.explained import explained

    for read in (regimes, countries, behaviours):
        read()
    explained("safeguard")


@router.get("/", name="page-start")
def start(request: Request) -> HTMLResponse:
    """Show the start page; the form's state is in the address."""
    from glasscity.behaviour import behaviours
    from glasscity.country import countries
    from glasscity.regime import regimes
    from glasscity.study.explained import explained

    queue = request.app.state.queue
    runs = queue.all()
    asked = request.query_params
    form: dict[str, Any] = {name: asked.get(name, usual) for name, usual in DEFAULTS.items()}
    form["with"] = [name for name in asked.getlist("with") if name in SAFEGUARDS]
    form["without"] = [name for name in asked.getlist("without") if name in MECHANISMS]
    example = _example(runs)
    by_kind = [
        (title, [one for one in regimes() if one["kind"] == kind])
        for kind, title in START["kinds"].items()
    ]
    return page(
        request,
        "start.html.j2",
        title=START["title"],
        script="start.js",
        here="start",
        data={"example": None if example is None else example.name, "form": form},
        form=form,
        runs=[one for one in runs if not is_variant(one.name)],
        variants=[one for one in runs if is_variant(one.name)],
        example=example,
        folder=str(queue.settings.runs),
        regimes=by_kind,
        countries=countries(),
        behaviours=[one for one in behaviours() if not one["name"].startswith("matched")],
        presets=PRESETS,
        safeguards=explained("safeguard"),
        mechanisms=explained("mechanism"),
    )


def _example(runs: list[Stored]) -> Stored | None:
    """Return the example, or the largest finished run of the usual regime in its place."""
    made = [one for one in runs if one.name.startswith(EXAMPLE) and one.state != "failed"]
    if made:
        return made[0]
    finished = [one for one in runs if one.state == "finished"]
    usual = [one for one in finished if one.regime == DEFAULTS["regime"] and not one.strengths]
    return max(usual or finished, key=lambda one: one.citizens, default=None)
