"""Commands about single citizens: life and find."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasscity.cli.options import threads_of
from glasscity.cli.output import columns, heading, paragraph, say, show, show_json
from glasscity.cli.progress import ProgressBar
from glasscity.errors import BadArgument

if TYPE_CHECKING:
    from glasscity.results.run import Run
    from glasscity.rights.lives import Life

__all__ = ["citizen_of", "citizens_of", "find", "life", "month_lines", "who"]

# Score changes smaller than this are noise from month to month; JSON has them all.
_POINTS_TOLD = 3


def citizens_of(text: str | None) -> list[int]:
    """Return the citizens that ``--watch`` names.

    Raises
    ------
    BadArgument
        If it is not whole numbers with commas between them.
    """
    if text is None:
        return []
    return [_whole(part, "--watch", "citizens", "12 or 12,507") for part in text.split(",")]


def citizen_of(text: str) -> int:
    """Return the citizen that an argument names.

    Raises
    ------
    BadArgument
        If it is no whole number.
    """
    return _whole(text, "CITIZEN", "a citizen", "12")


def _whole(text: str, where: str, what: str, example: str) -> int:
    number = text.strip()
    if not (number.isascii() and number.isdigit()) or len(number) > 19:
        raise BadArgument(
            f"'{text[:40]}' is no whole number",
            where=where,
            allowed=f"{what} as whole numbers from 0 up",
            mend=f"write {example}",
        )
    return int(number)


def life(
    folder: str,
    citizen: str,
    *,
    chart: str | None,
    threads: str | None,
    as_json: bool,
) -> None:
    """Retell a citizen's life."""
    from glasscity import api

    number = citizen_of(citizen)
    file = None if chart is None else _chart_file(chart)
    workers = threads_of(threads)
    run = api.open_run(folder)
    if number in run.lives or number >= run.citizens:
        found = api.life(run, number)
    else:
        say(_cost(run))
        with ProgressBar() as progress:
            found = api.life(run, number, threads=workers, progress=progress)
    if file is not None:
        from glasscity.report.life_chart import save_life_chart

        save_life_chart(found, file)
    if as_json:
        drawn = {} if file is None else {"chart": str(file)}
        show_json({"run": str(run.path), **found.document, **drawn})
        return
    show(_text(run, found))
    if file is not None:
        show(paragraph(f"chart: {file}"))


def _chart_file(name: str) -> Path:
    """Return the chart's path, refused before anything is run if nothing can be written there."""
    from glasscity.report.life_chart import check_chart_file

    return check_chart_file(name)


def _cost(run: Run) -> str:
    """Return what watching a run again takes, from what the run itself took."""
    seconds = run.provenance.get("simulation_seconds")
    size = f"{run.citizens:,} citizens x {run.months} months"
    if seconds is None:
        return f"to watch this life, {size} are run again"
    about = "less than a second" if seconds < 1 else f"about {seconds:.0f} s"
    return f"to watch this life, {size} are run again: {about}, and a few seconds to start"


def _text(run: Run, found: Life) -> list[str]:
    document, totals = found.document, found.document["totals"]
    lines = [heading(f"The life of citizen {found.citizen:,}"), *paragraph(who(found.traits)), ""]
    rows = [
        ["months with a score", str(totals["months_scored"])],
        ["months on a list", str(totals["months_listed"])],
        ["months shut out of something", str(totals["months_shut_out"])],
        ["refusals", str(totals["refusals"])],
        ["errors put on record", str(totals["errors_on_record"])],
    ]
    lines += [*columns(rows, right=[1]), ""]
    points = bool(document.get("points"))
    for month in found.months:
        told = list(month_lines(month, points=points))
        if told:
            lines += [when(month), *told]
    lines += ["", *paragraph(_last(run, found))]
    quiet = sum(not list(month_lines(month, points=points)) for month in found.months)
    if quiet:
        lines += paragraph(
            f"Left out: {quiet} of {len(found.months)} months in which nothing happened and the "
            f"score moved by less than {_POINTS_TOLD} points. --json has every month with the "
            "exact parts of the score."
        )
    stored = columns([["digest of the run", document["digest"]["stored"]]])
    return [*lines, *stored]


def who(traits: dict[str, Any]) -> str:
    """Return who somebody is, in a sentence."""
    adults = traits["adults_in_household"]
    have = [
        text
        for key, text in (
            ("instalment_credit", "an instalment credit"),
            ("thick_credit_file", "a thick credit file"),
            ("pay_app", "a payment app"),
            ("social_app", "a social app"),
        )
        if traits[key]
    ]
    home = "lives alone" if adults == 1 else f"lives with {adults - 1} other adults"
    home = home.replace("1 other adults", "1 other adult")
    has = f"; has {', '.join(have)}" if have else ""
    fifth = ("poorest", "second", "middle", "fourth", "richest")[int(traits["quintile"][1]) - 1]
    return (
        f"{traits['age']} years old, {traits['occupation'].replace('_', ' ')}, {traits['area']} "
        f"{traits['province']}, income in the {fifth} fifth, conscientiousness "
        f"{traits['conscientiousness']:.2f}; {home}{has}. Made up, as everybody here."
    )


def when(month: dict[str, Any]) -> str:
    """Return the heading of a month."""
    score = month["score"]
    if score is None:
        return heading(month["date"])
    return heading(f"{month['date']}  score {score}, rank {100 * month['rank']:.0f} %")


def month_lines(month: dict[str, Any], *, points: bool = False) -> Iterator[str]:
    """Yield what happened in a month, line by line."""
    for event in month["events"]:
        yield from paragraph(event["reason"], indent=2, hang=2)
    change = month["change"]
    if change is None:
        return
    first = change["causes"] == ["scored for the first time"]
    if first:
        moved = change["parts"].items()
        parts = ", ".join(f"{_part(k, points=points)} {v:.2f}" for k, v in moved if v)
        yield from paragraph(f"scored for the first time: {parts}", indent=2, hang=2)
    elif month["events"] or abs(change["score"]) >= _POINTS_TOLD:
        moved = "; ".join(change["causes"])
        yield from paragraph(f"score {change['score']:+d} = {moved}", indent=2, hang=2)


def _part(name: str, *, points: bool) -> str:
    from glasscity.rights.life_words import part

    return "low end of the range" if name == "base" else part(name, points=points)


def _last(run: Run, found: Life) -> str:
    if found.citizen in run.lives:
        return "Watched while the run itself went by (--watch): this is that run, bit for bit."
    if found.same:
        return "Run again to watch this life; this is the same run, bit for bit."
    return (
        "Run again to watch this life, and it gave ANOTHER result than the stored run: this is "
        f"not the life that the run counted (digest {found.document['digest']['again']})."
    )


def find(folder: str, wanted: str, *, limit: str, as_json: bool) -> None:
    """Find citizens whose lives are worth retelling."""
    from glasscity import api

    most = _whole(limit, "--limit", "how many", "10")
    if most < 1:
        raise BadArgument("limit 0 is outside its range", where="--limit", allowed="from 1 up")
    run = api.open_run(folder)
    found = api.find(run, wanted, limit=most)
    if as_json:
        show_json(found)
        return
    if not found:
        show([f"Nobody in this run is found by '{wanted}'."])
        return
    lines: list[str] = []
    for one in found:
        traits = one["traits"]
        who = [str(traits[key]) for key in ("province", "area", "age", "quintile") if key in traits]
        lines.append(heading(f"citizen {one['citizen']}") + (f"  {', '.join(who)}" if who else ""))
        for why in one["why"]:
            lines += paragraph(f"{why['filter']}: {why['reason']}", indent=2, hang=2)
    show([*lines, "", f"Retell a life: glasscity life {run.path} {found[0]['citizen']}"])
