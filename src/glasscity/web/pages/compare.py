"""Compare: the same people under other rules, from stored runs; what is missing can be run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from glasscity.errors import GlasscityError
from glasscity.report.remake import command_line
from glasscity.report.words import LABELS
from glasscity.terms import MECHANISMS, SAFEGUARDS
from glasscity.web.pages.remade import COMPARE as COMPARE_PYTHON
from glasscity.web.pages.remade import PAIR, WORLDS
from glasscity.web.pages.render import link, page
from glasscity.web.safeguards import of_same_people
from glasscity.web.words import COMPARE, TENTHS

if TYPE_CHECKING:
    from glasscity.scenario import Scenario

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/compare", name="page-compare")
def compare(request: Request) -> HTMLResponse:
    """Show what other rules change; base, regime and switches are in the address."""
    from glasscity.api import scenario_of
    from glasscity.regime import regimes
    from glasscity.study.explained import explained
    from glasscity.web.variants import other_world, runs_of

    queue, shelf = request.app.state.queue, request.app.state.shelf
    query = request.query_params
    finished = [one for one in queue.all() if one.state == "finished" and one.digest]
    names = [one.name for one in finished]
    usual = next((n for n in names if n.startswith("example-")), names[0] if names else "")
    base = query.get("base", "") or usual
    regime = query.get("regime", "")
    switched = {name: 1.0 for name in query.getlist("with") if name in SAFEGUARDS}
    switched |= {name: 0.0 for name in query.getlist("without") if name in MECHANISMS}
    context: dict[str, Any] = {"problem": "", "other": "", "state": "", "world": None}
    data: dict[str, Any] = {"base": base, "other": "", "labels": {**LABELS, **TENTHS}}
    python = command = ""
    if base:
        stored = shelf.stored(base)
        try:
            run = shelf.open(base)
            scenario = scenario_of(run)
            # A run of its own choosing, by its folder; else the world that the switches make.
            other = query.get("other", "")
            there = [str(shelf.path(one.name)) for one in of_same_people(shelf, base)]
            python = WORLDS.format(base=str(run.path), others=there)
            if other:
                shelf.path(other)
            elif regime or switched:
                world = other_world(scenario, regime, switched)
                other = runs_of(shelf, {"it": world}).get("it", "")
                context["world"] = world
                python = PAIR.format(
                    base=str(run.path),
                    regime=regime or scenario.regime.name,
                    strengths=switched,
                )
                command = command_line(_plain(world), twin=False)
            if other:
                context |= {"other": other, "state": queue.stored(other).state}
                data["other"] = other
                if context["state"] == "finished":
                    python = COMPARE_PYTHON.format(base=str(run.path), other=str(shelf.path(other)))
        except GlasscityError as error:
            context["problem"] = str(error)
        data |= {
            "regime": regime,
            "strengths": switched,
            "state": context["state"],
            "life": link(request, "lives", name=base),
            "floor": f"/api/runs/{base}/floor",
            "address": f"/api/runs/{base}/compare/{context['other']}" if context["other"] else "",
            "behaviours": f"/api/runs/{base}/behaviours",
        }
        context["stored"] = stored
    return page(
        request,
        "compare.html.j2",
        title=COMPARE["title"],
        script="compare.js",
        here="compare",
        base=base,
        runs=finished,
        regime=regime,
        switched=switched,
        regimes=regimes(),
        safeguards=explained("safeguard"),
        mechanisms=explained("mechanism"),
        asked=bool(base and (regime or switched or query.get("other"))),
        python=python,
        command=command,
        data=data,
        **context,
    )


def _plain(scenario: Scenario) -> dict[str, Any]:
    import json

    return json.loads(scenario.to_json())
