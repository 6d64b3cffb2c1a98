"""Results of a finished run: the numbers of the command line, the course, people, charts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from glasscity.errors import NotFound
from glasscity.web import made
from glasscity.web.api.runs import RunName
from glasscity.web.pages.citizens import described
from glasscity.web.pages.render import link
from glasscity.web.shelf import Shelf

__all__ = ["router", "shelf_of"]

router = APIRouter(prefix="/api/runs/{name}", tags=["results"])


def shelf_of(request: Request) -> Shelf:
    """Return the runs of the explorer."""
    return request.app.state.shelf


TheShelf = Annotated[Shelf, Depends(shelf_of)]
Grouping = Literal["province", "area", "quintile", "age", "camp"]
Text = Annotated[str, Query(max_length=200)]
Score = Annotated[int | None, Query(ge=0, le=100_000)]


@router.get("/numbers")
def numbers(name: RunName, shelf: TheShelf) -> dict[str, Any]:
    """Return the figures that ``glasscity run --json`` prints."""
    return made.numbers(shelf.open(name))


@router.get("/measures")
def measures(name: RunName, shelf: TheShelf, by: Grouping) -> dict[str, dict[str, float | None]]:
    """Return every measure by group (``glasscity.rights.measures``)."""
    from glasscity.rights import measures

    return measures(shelf.open(name), by=by)


@router.get("/findings")
def findings(name: RunName, shelf: TheShelf) -> Response:
    """Return every figure and table with its definition and grades."""
    return Response(made.findings_json(shelf.open(name)), media_type="application/json")


@router.get("/course")
def course(name: RunName, shelf: TheShelf) -> Response:
    """Return what the page Society draws: counts by month and group, scores, gates."""
    return Response(made.society_json(shelf.open(name)), media_type="application/json")


@router.get("/people")
def people(
    name: RunName,
    shelf: TheShelf,
    request: Request,
    filter: Text = "",
    province: Text = "",
    area: Text = "",
    quintile: Text = "",
    age: Text = "",
    camp: Text = "",
    voice: Text = "",
    now: Text = "",
    gate: Text = "",
    cause: Text = "",
    score_from: Score = None,
    score_to: Score = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
) -> dict[str, Any]:
    """Return citizens behind a number, as in the last month (``glasscity.rights.who``)."""
    from glasscity.rights.who import who

    given = {"province": province, "area": area, "quintile": quintile, "age": age, "camp": camp}
    found = who(
        shelf.open(name),
        filter=filter,
        groups={kind: group for kind, group in given.items() if group},
        voice=voice,
        now=now,
        gate=gate,
        cause=cause,
        score_from=score_from,
        score_to=score_to,
        limit=limit,
    )
    return {
        "found": found.found,
        "people": [
            {
                **one,
                "sentence": described(one["traits"]),
                "life": link(request, "life", name=name, citizen=one["citizen"]),
            }
            for one in found.people
        ],
    }


@router.get("/charts/{chart}")
def chart(name: RunName, chart: str, shelf: TheShelf, group: Text = "") -> dict[str, Any]:
    """Return a chart of the report as a Vega-Lite specification in the pages' colours."""
    from glasscity.report.charts import specification
    from glasscity.report.drawing import CONFIG

    options = {"group": group} if group else {}
    facts = made.facts(shelf.open(name))
    spec = specification(facts, chart, **options)
    if spec is None:
        raise NotFound(f"this run has nothing to show in the chart '{chart}'")
    dates = facts.marks if spec.get("usermeta", {}).get("dates") else ()
    told = [
        {"number": d.number, "when": facts.calendar.name(d.month), "label": d.label} for d in dates
    ]
    return {"spec": spec, "config": CONFIG, "dates": told}
