"""The fourth finding: which three safeguards matter most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from findings_charts import bars
from findings_words import number, table

__all__ = ["safeguards"]


def safeguards(studies: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the answer to the fourth question and its chart."""
    kept = studies["frontier"]
    worth = {(row["goal"], row["player"]): row for row in kept["worth"]}
    order = [row["player"] for row in kept["first"]]
    closed = sorted(order, key=lambda one: worth["closed_gate_months", one]["average"] or 0.0)
    text = "\n".join(
        [
            "## 4. Which three safeguards matter most?\n",
            _safeguards_short(kept, worth, closed),
            _safeguards_table(kept, worth),
            "![What each safeguard takes off](images/findings-safeguards.svg)\n",
            _safeguards_why(kept, worth, order),
            f"Made again by `{kept['command']}` (digest `{kept['digest'][:16]}`).\n",
        ]
    )
    rows = []
    for name in order:
        for goal, told in (("harm", "harm index"), ("closed_gate_months", "closed-gate months")):
            row = worth[goal, name]
            rows.append((name, told, row["average"], row["average_low"], row["average_high"]))
    chart = bars(
        rows,
        title="What a safeguard takes off on average over sets of them",
        axis="change, % of the regime's own",
        about=["95 % over worlds: fresh seeds and matched vectors, orders of safeguards"],
    )
    return text, {"findings-safeguards.svg": chart}


def _part(row: Mapping[str, Any], name: str, scale: float = 100.0) -> str:
    """Return an estimate with the half of its interval."""
    value, low = row[name], row[f"{name}_low"]
    if value is None or low is None:
        return "not estimable"
    half = scale * (value - low)
    if abs(half) < 1e-6 and abs(value) < 1e-9:
        return "0"
    return f"{number(scale * value, half, signed=True)} ± {number(half, half)}"


def _safeguards_short(
    kept: Mapping[str, Any], worth: Mapping[tuple[str, str], Any], closed: list[str]
) -> str:
    first = kept["first"][:3]
    told = ", ".join(
        f"`{row['player']}` ({_part(worth['harm', row['player']], 'average')} %)" for row in first
    )
    sure = min(row["among_first"] for row in first)
    by_months = ", ".join(
        f"`{one}` ({_part(worth['closed_gate_months', one], 'average')} %)" for one in closed[:3]
    )
    least = kept["smallest"][0]
    share = _part(least, "left").lstrip("+")
    if least["enough_in_search"]:
        bought = (
            f"The smallest set that takes off half of the closed-gate months in the world of the search is "
            f"{least['levers']} ({least['size']} of {len(kept['first'])}); in the worlds that confirm it leaves {share} %."
        )
    else:
        bought = (
            f"No set that was tried takes off half of the closed-gate months; the best one, {least['levers']}, leaves "
            f"{share} % in the worlds that confirm."
        )
    return (
        f"**In short.** By the harm index (refused for what one did not breach, for an error, critics kept silent, children's "
        f"school months, equal weights) the three that take most off, on average over sets of them, are {told}. Over "
        f"resamples of the worlds the least certain of these three is among the first three in {100 * sure:.0f} % of cases. By months "
        f"of closed gates they are {by_months}: what matters most depends on which harm is meant. {bought}\n"
    )


def _safeguards_table(kept: Mapping[str, Any], worth: Mapping[tuple[str, str], Any]) -> str:
    rows = []
    for one in kept["first"]:
        name = one["player"]
        harm = worth["harm", name]
        rows.append(
            [
                f"`{name}`",
                _part(harm, "average"),
                _part(harm, "alone"),
                _part(harm, "missing"),
                f"{100 * one['among_first']:.0f} %",
                *(
                    _part(worth[goal, name], "average")
                    for goal in ("closed_gate_months", "wrongful", "groundless", "children")
                ),
                *(_part(worth[goal, name], "average") for goal in ("onsets_avoided", "inclusion")),
            ]
        )
    head = [
        "at full strength",
        "harm index, on average",
        "alone",
        "lost, if it alone is missing",
        "among the first three",
        "closed-gate months",
        "refused for an error",
        "refused for no breach of one's own",
        "children",
        "benefit: withholding avoided",
        "benefit: loans to people nobody knew",
    ]
    return table(head, rows) + (
        f"\nIn the press's calendar. Harms change in per cent of the regime's own, withholding avoided in per cent of the unscored world's spells, loans in points; negative is less. {kept['citizens']:,} citizens, "
        f"{kept['fresh']} fresh seeds and {kept['vectors']} matched vectors, each with a seed of its own; ± is 95 % over these "
        "worlds, luck and assumption together, because the frontier takes them so.\n"
    )


def _safeguards_why(
    kept: Mapping[str, Any], worth: Mapping[tuple[str, str], Any], order: list[str]
) -> str:
    idle = [f"`{row['lever']}` ({row['why']})" for row in kept["idle"]]
    silence = max((abs(worth["chill", one]["alone"] or 0.0) for one in order), default=0.0)
    review = worth["closed_gate_months", "review"]
    lines = [
        "**What to make of it.**\n",
        "- `review` lifts a refusal where nothing in the gate's own sphere is on record. It opens no gate beforehand, so closed-gate "
        f"months change by {_part(review, 'average')} % and refusals for no breach of one's own by {_part(worth['groundless', 'review'], 'average')} %. `firewall` keeps a breach in its sphere "
        "and opens gates. They meet the same refusals, so each is worth less where the other is there: compare *alone* with *lost, "
        "if it alone is missing*.",
        "- `correction` stops an error before it counts; `appeals` puts it right afterwards. For people refused for an error they "
        f"are worth {_part(worth['wrongful', 'correction'], 'average')} % and {_part(worth['wrongful', 'appeals'], 'average')} %. "
        "That is no verdict on appeals: every list of the scenario has them already, and what is "
        "measured is only more of them.",
        f"- Critics kept silent: the most that any of them changes alone is {100 * silence:.1g} % of the regime's own. Nothing in this "
        "list is about speech; what a score that does not look at it changes is in [the second question]"
        "(#2-how-much-exclusion-is-through-friends-mistakes-and-speech).",
        "- The index weighs four harms alike, and that is a choice. The columns stand beside it so that others can choose otherwise. "
        "[The frontier](frontier.md) says how all this is found, and has the same question in another country pack.",
    ]
    if idle:
        lines.append("- Alone, these show nothing: " + "; ".join(idle) + ".")
    return "\n".join(lines) + "\n"
