"""Tables of a pair's people: who is shut out in one world alone, through what, who gains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from glasscity.rights.changed import ASPECTS
from glasscity.rights.paired.beside import made, named
from glasscity.rights.paired.source import Paired
from glasscity.rights.persons import OUTCOMES
from glasscity.rights.tabulate import Rows, Table, share

__all__ = ["MAKERS", "SHOWN_QUANTILES"]

SHOWN_QUANTILES = ("0.05", "0.25", "0.5", "0.75", "0.95")
_WHERE = ("neither", "base_only", "both", "other_only")


def shut_out(paired: Paired) -> Table:
    """Return how many were shut out in neither world, in one alone, in both."""
    found = paired.comparison["shut_out"]
    people = int(found["of"])

    def counted(one: Any) -> int:
        return int(one["citizens"] if isinstance(one, dict) else one)

    here, there = paired.names
    words = {
        "neither": "in neither world",
        "base_only": f"only under {here}",
        "both": "in both worlds",
        "other_only": f"only under {there}",
    }
    rows: Rows = []
    for where in _WHERE:
        ever, last = counted(found[where]), int(found["last_month"][where])
        only = where.endswith("_only")
        rows.append(
            {
                "where": words[where],
                "key": where,
                "of": people,
                "ever": ever,
                "ever_share": share(ever, people),
                "last": last,
                "last_share": share(last, people),
                "months": int(found["months"][where]) if only else None,
            }
        )
    columns = {
        "where": ("shut out of something", "", ""),
        "ever": ("ever", "count", "citizens, whole run"),
        "ever_share": ("ever", "share", "of the citizens compared", "of"),
        "last": ("in the last month", "count", "citizens"),
        "last_share": ("in the last month", "share", "of the citizens compared", "of"),
        "months": ("months in this world alone", "count", "citizen-months, whole run"),
        "of": ("citizens compared", "count", ""),
        "key": ("key", "", ""),
    }
    about = (
        "The same citizens in both worlds. Months in one world alone are those in which a citizen "
        "is shut out there and not in the other world, whether or not he or she ever is there."
    )
    title = "Who is shut out in one world and not in the other"
    return made(paired, "shut_out", title, about, columns, rows, named(paired, "spells"))


# What stands behind being shut out in one world alone: key of the comparison, words, entry.
_THROUGH = (
    ("refused", "refused by the rule at least once", ""),
    ("refused_but_for", "refused, but for a breach in the gate's own sphere", "here"),
    ("refused_but_for", "refused, but for something outside the gate's sphere", "spillover"),
    ("refused_but_for", "refused, but for whom one knows", "association"),
    ("refused_but_for", "refused, but for what one said", "speech"),
    ("refused_but_for", "refused, but for an error on record", "error"),
    ("refused_but_for", "refused, but for lack of means", "means"),
    ("refused_but_for", "refused, but for one's way of living", "profile"),
    ("refused_but_for", "refused, but for an official's disfavour", "favour"),
    ("listed", "entered on a list at least once", ""),
    ("listed_for", "listed, through unwillingness or own conduct", "unwilling"),
    ("listed_for", "listed, through inability to pay", "unable"),
    ("listed_for", "listed, partly unable and partly unwilling", "mixed"),
    ("listed_for", "listed, through a false alarm", "false_alarm"),
    ("listed_for", "listed, through a namesake's record", "mix_up"),
    ("neither_refused_nor_listed", "never refused by the rule nor listed: never asked", ""),
)


def through(paired: Paired) -> Table:
    """Return through what people are shut out who are not in the other world."""
    found = paired.comparison["shut_out"]
    rows: Rows = []
    for key, words, entry in _THROUGH:
        row: dict[str, Any] = {"what": words, "kind": key, "entry": entry or key}
        for side in ("base", "other"):
            one = found[f"{side}_only"]
            count = int(one[key][entry] if entry else one[key])
            row |= {f"{side}_of": int(one["citizens"]), f"{side}_only": count}
            row[f"{side}_share"] = share(count, one["citizens"])
        rows.append(row)
    columns: dict[str, tuple[str, ...]] = {"what": ("through what", "", "")}
    for side, world in zip(("base", "other"), paired.names, strict=True):
        columns[f"{side}_only"] = (f"only under {world}", "count", "citizens, whole run")
        about = f"of the citizens ever shut out only under {world}"
        columns[f"{side}_share"] = (f"of those only under {world}", "share", about, f"{side}_of")
    for side, world in zip(("base", "other"), paired.names, strict=True):
        columns[f"{side}_of"] = (f"all only under {world}", "count", "citizens ever shut out")
    columns |= {"kind": ("kind", "", ""), "entry": ("entry", "", "")}
    about = (
        "Citizens ever shut out in one world and never in the other. One citizen may stand in "
        "several lines. Refused but for a cause: at least one refusal by the rule would not have "
        "happened had that cause alone been neutral."
    )
    title = "Through what people are shut out in one world alone"
    return made(paired, "through", title, about, columns, rows, named(paired, "gates"))


def people(paired: Paired) -> Table:
    """Return for each outcome how the difference is spread over people."""
    rows: Rows = []
    for outcome in OUTCOMES:
        one = paired.comparison["people"].get(outcome.name)
        if one is None or not one["of"]:
            continue
        row = {"what": outcome.title, "unit": outcome.unit, "of": int(one["of"])}
        row |= {key: share(one[key], one["of"]) for key in ("better", "unchanged", "worse")}
        row |= {f"{key}_count": int(one[key]) for key in ("better", "unchanged", "worse")}
        row["mean"] = one["mean_difference"]
        row |= {f"q{q}": one["quantiles"][q] for q in SHOWN_QUANTILES}
        rows.append(row)
    there = paired.names[1]
    columns: dict[str, tuple[str, ...]] = {
        "what": ("outcome", "", ""),
        "unit": ("unit", "", ""),
        "better": (f"better off under {there}", "share", "of the citizens compared", "of"),
        "unchanged": ("no difference", "share", "of the citizens compared", "of"),
        "worse": (f"worse off under {there}", "share", "of the citizens compared", "of"),
        "mean": ("mean difference", "number", "in the outcome's unit, over all compared"),
    }
    for q in SHOWN_QUANTILES:
        about = f"difference that {100 * float(q):g} in 100 do not exceed"
        columns[f"q{q}"] = (f"{100 * float(q):g} %", "number", about)
    for key in ("better", "unchanged", "worse"):
        columns[f"{key}_count"] = (f"{key}, citizens", "count", "")
    columns["of"] = ("citizens compared", "count", "who have such a value in both worlds")
    about = (
        "Each citizen's value in one world set against the same citizen's in the other. A mean "
        "hides that some gain what others lose; the quantiles show it."
    )
    return made(paired, "people", "Who gains, who loses", about, columns, rows)


def histogram(paired: Paired) -> Table:
    """Return how the difference in months shut out is spread over people."""
    one = paired.comparison["people"]["months_shut_out"]
    rows: Rows = [
        {**bar, "of": int(one["of"]), "share": share(bar["citizens"], one["of"])}
        for bar in one["histogram"]
    ]
    columns = {
        "from": ("months more, from", "number", "fewer where negative"),
        "to": ("to", "number", ""),
        "citizens": ("citizens", "count", ""),
        "share": ("share", "share", "of the citizens compared", "of"),
        "of": ("citizens compared", "count", ""),
    }
    about = f"Months shut out of something under {paired.names[1]} less under {paired.names[0]}."
    return made(paired, "histogram", "Months shut out, citizen by citizen", about, columns, rows)


def lives(paired: Paired) -> Table:
    """Return how many lives differ in what, in the pair and in the placebo pair."""
    pair = paired.comparison["changed"]
    placebo = None if paired.placebo is None else paired.placebo["changed"]
    rows: Rows = []
    for key, words in {"counted": "anything that is stored of them", **ASPECTS}.items():
        row: dict[str, Any] = {"what": words, "of": int(pair["of"]), "pair": pair[key]}
        row["pair_share"] = None if pair[key] is None else share(pair[key], pair["of"])
        moved = None if placebo is None else placebo[key]
        row["placebo"] = moved
        of = None if placebo is None else int(placebo["of"])
        row["placebo_share"] = None if moved is None or of is None else share(moved, of)
        rows.append(row)
    columns = {
        "what": ("lives differ in", "", ""),
        "pair": ("this pair", "count", "citizens"),
        "pair_share": ("this pair", "share", "of the citizens compared", "of"),
        "placebo": ("one late payment", "count", "citizens, in the placebo pair"),
        "placebo_share": ("one late payment", "share", "of the citizens compared", "of"),
        "of": ("citizens compared", "count", ""),
    }
    about = (
        "How many citizens' lives differ between the two worlds, and how many differ when nothing "
        "but one payment of one citizen in the first month is late (the placebo pair)."
    )
    return made(paired, "lives", "Whose life differs, and the chaos floor", about, columns, rows)


MAKERS: tuple[Callable[[Paired], Table], ...] = (shut_out, through, people, histogram, lives)
