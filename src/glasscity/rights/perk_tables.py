"""Tables of perks: at which gates they help, and who gets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from glasscity.rights.definition import LIQUIDITY_ONE, SCORE, in_force
from glasscity.rights.tabulate import Pair, Rows, Table, share, table
from glasscity.terms import QUINTILES

__all__ = ["MAKERS"]

_GRADES = ("regime.perks", "country.gates", *SCORE)


def perks(pair: Pair) -> Table:
    """Return how often perks help, gate by gate."""
    view, known = pair.view, pair.run.meta.get("perks", ())
    rows: Rows = []
    for gate in dict.fromkeys(one["gate"] for one in known if one["gate"]):
        own = [one for one in known if one["gate"] == gate]
        used = int(view.total("perks_used", gate=gate)[0])
        granted = int(view.total("grants", gate=gate)[0])
        row: dict[str, Any] = {"gate": gate, "perks": ", ".join(one["name"] for one in own)}
        points = [int(one["points"]) for one in own if one["points"] is not None]
        row |= {"from": min(points, default=None), "used": used}
        rows.append(row | {"grants": granted, "share": share(used, granted)})
    columns = {
        "gate": ("gate", "", ""),
        "perks": ("perks", "", ""),
        "from": ("from", "points", "score from which the first is given, last month"),
        "used": ("used", "count", "granted applications that a perk made cheaper, whole run"),
        "grants": ("granted", "count", "applications granted in all, whole run"),
        "share": ("with a perk", "share", "of those granted"),
    }
    about = "What a high score makes cheaper, whole run."
    return table(pair.run, "perks", "Perks, gate by gate", about, columns, rows, _GRADES)


def perk_holders(pair: Pair) -> Table:
    """Return who holds perks and what they leave, by income quintile."""
    view, _ = pair.by("quintile")
    rows: Rows = []
    for at, quintile in enumerate(QUINTILES) if in_force(view, "perks") else ():
        people = int(view.citizens[at])
        used, gain = view.total("perks_used")[at], view.total("perk_gain_sum")[at]
        rows.append(
            {
                "quintile": quintile,
                "citizens": people,
                "holders": share(view.last("perk_holders")[at], people),
                "used": share(used, people),
                "gain": share(gain, LIQUIDITY_ONE * people),
            }
        )
    columns = {
        "quintile": ("income quintile", "", "q1 = poorest"),
        "citizens": ("citizens", "count", "last month"),
        "holders": ("with a perk", "share", "of citizens, last month"),
        "used": ("perks used", "uses", "per citizen, whole run"),
        "gain": ("left in the pocket", "months", "of own spending per citizen, whole run"),
    }
    about = "Who holds perks, who uses them, and what that leaves, by income."
    return table(pair.run, "perk_holders", "Who gets the perks", about, columns, rows, _GRADES)


MAKERS: tuple[Callable[[Pair], Table], ...] = (perks, perk_holders)
