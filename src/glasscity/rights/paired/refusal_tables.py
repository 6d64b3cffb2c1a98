"""Tables of a pair's refusals: gate by gate, cause by cause, and what is cause and what history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from glasscity.rights.decomposition import PARTS
from glasscity.rights.paired.beside import made, named
from glasscity.rights.paired.source import Paired
from glasscity.rights.tabulate import Rows, Table, share

__all__ = ["MAKERS"]

_CAUSE_WORDS = {"here": "own breach in the gate's sphere"}
_PARTS = ("total", "proximate", "simultaneity", "help", "crowding", "feedback")


def refusals(paired: Paired) -> Table:
    """Return how many refusals there are in both worlds, which vanish and which appear."""
    one = paired.comparison["denials"]
    row: dict[str, Any] = {"what": "all gates"}
    row |= {
        key: int(one[key]) for key in ("base", "other", "vanished", "appeared", "stayed", "net")
    }
    row |= {key: int(one[key]) for key in ("baseline_base", "baseline_other")}
    columns: dict[str, tuple[str, ...]] = {"what": ("refusals", "", "")}
    for side, world in zip(("base", "other"), paired.names, strict=True):
        columns[side] = (f"with a cause: {world}", "count", "whole run")
    columns |= {
        "vanished": ("vanished", "count", f"refused under {paired.names[0]} alone"),
        "appeared": ("appeared", "count", f"refused under {paired.names[1]} alone"),
        "stayed": ("stayed", "count", "refused in both: same citizen, gate and month"),
        "net": ("net", "count", "appeared less vanished"),
    }
    for side, world in zip(("base", "other"), paired.names, strict=True):
        about = "own screening would have refused anybody; whole run"
        columns[f"baseline_{side}"] = (f"without a cause: {world}", "count", about)
    about = "Refusals that have a cause, matched on citizen, gate and month; and those without one."
    return made(paired, "refusals", "Refusals, all gates", about, columns, [row])


def gates(paired: Paired) -> Table:
    """Return refusals gate by gate: rates in both worlds, and which vanish and appear."""
    both = [{row["gate"]: row for row in one.rows} for one in named(paired, "gates")]
    moved = paired.comparison["denials"]["by_gate"]
    rows: Rows = []
    for gate, here in both[0].items():
        there = both[1][gate]
        rates = here["denial_rate"], there["denial_rate"]
        counted = moved[gate]
        row: dict[str, Any] = {"gate": gate}
        for side, one in (("base", here), ("other", there)):
            row[f"{side}_applications"] = one["applications"]
            row[f"{side}_rate"] = one["denial_rate"]
            row[f"{side}_closed"] = one["closed_share"]
        row["difference"] = None if None in rates else rates[1] - rates[0]
        row |= {key: int(counted[key]) for key in ("vanished", "appeared", "stayed", "net")}
        row["baseline_net"] = int(counted["baseline_net"])
        rows.append(row | {"citizens": paired.base.citizens})
    columns: dict[str, tuple[str, ...]] = {"gate": ("gate", "", "")}
    for side, world in zip(("base", "other"), paired.names, strict=True):
        of = f"{side}_applications"
        columns[f"{side}_rate"] = (f"refused: {world}", "share", "of applications, whole run", of)
    columns["difference"] = ("difference", "difference", "second less first", "other_applications")
    columns |= {
        "vanished": ("vanished", "count", f"refused under {paired.names[0]} alone"),
        "appeared": ("appeared", "count", f"refused under {paired.names[1]} alone"),
        "stayed": ("stayed", "count", "refused in both: same citizen, gate and month"),
        "net": ("net", "count", "appeared less vanished"),
        "baseline_net": ("net of own screening", "count", "refusals that would meet anybody"),
    }
    for side, world in zip(("base", "other"), paired.names, strict=True):
        about = "share of citizens to whom the rule closes it, last month"
        columns[f"{side}_closed"] = (f"closed: {world}", "share", about, "citizens")
        columns[f"{side}_applications"] = (f"applications: {world}", "count", "whole run")
    columns["citizens"] = ("citizens", "count", "")
    about = (
        "Refusals of the whole run. One is the same in both worlds if it is the same citizen's at "
        "the same gate in the same month. One that vanishes was granted in the other world, or "
        "never asked for there."
    )
    title = "Refusals, gate by gate"
    return made(paired, "gates", title, about, columns, rows, named(paired, "gates"))


def causes(paired: Paired) -> Table:
    """Return what decided refusals in both worlds, and those that vanish and appear."""
    counted = paired.comparison["denials"]
    rows: Rows = []
    for group, one in counted["by_cause"].items():
        if not any(one.values()):
            continue
        row: dict[str, Any] = {"group": _CAUSE_WORDS.get(group, group)}
        for side in ("base", "other"):
            row[f"{side}_of"] = int(counted[side])
            for end in ("lower", "upper"):
                row[f"{side}_{end}"] = share(one[f"{side}_{end}"], counted[side])
        for moved in ("vanished", "appeared"):
            row |= {f"{moved}_{end}": int(one[f"{moved}_{end}"]) for end in ("lower", "upper")}
        rows.append(row)
    columns: dict[str, tuple[str, ...]] = {"group": ("what decided", "", "")}
    for side, world in zip(("base", "other"), paired.names, strict=True):
        of = "of refusals that have a cause"
        columns[f"{side}_lower"] = (f"{world}, at least", "share", f"{of}: undone", f"{side}_of")
        columns[f"{side}_upper"] = (f"{world}, at most", "share", f"{of}: touched", f"{side}_of")
    for moved, about in (
        ("vanished", f"refused under {paired.names[0]} alone"),
        ("appeared", f"refused under {paired.names[1]} alone"),
    ):
        columns[f"{moved}_lower"] = (f"{moved}, at least", "count", f"{about}: undone without it")
        columns[f"{moved}_upper"] = (f"{moved}, at most", "count", f"{about}: touched by it")
    for side, world in zip(("base", "other"), paired.names, strict=True):
        columns[f"{side}_of"] = (f"refusals with a cause: {world}", "count", "whole run")
    about = (
        "Each is a range: refusals that would not have happened without it, and those in which it "
        "played any part. Ranges overlap and do not add up."
    )
    title = "What decided the refusals, in both worlds"
    return made(paired, "causes", title, about, columns, rows, named(paired, "denial_groups"))


def decomposition(paired: Paired) -> Table:
    """Return total = proximate + simultaneity + feedback for each cause; empty if not made."""
    rows: Rows = []
    for world, known in zip(paired.names, paired.decompositions, strict=True):
        for one in (known or {}).get("causes", ()):
            if one["total"] is None or known is None:
                continue
            row: dict[str, Any] = {"world": world, "cause": one["cause"], "off": one["off"]}
            row |= {part: int(one[part]) for part in _PARTS}
            row |= {"of": int(known["denials"]), "total_share": one["shares"]["total"]}
            row["chance"] = int(known["chance"]["net"])
            rows.append(row)
    columns: dict[str, tuple[str, ...]] = {
        "world": ("world", "", ""),
        "cause": ("cause", "", ""),
        **{part: (part, "count", PARTS[part]) for part in _PARTS},
        "total_share": ("total", "share", "of all refusals", "of"),
        "chance": ("by chance", "count", "net refusals moved by one late payment alone"),
        "of": ("refusals", "count", "all, in that world"),
        "off": ("taken out by", "", ""),
    }
    about = (
        "What each cause does to refusals over the whole run, in parts that add up: total = "
        "proximate + simultaneity + feedback, simultaneity = help + crowding. A part may be "
        "negative: whoever rises in a rank pushes somebody else down. One seed: another would move "
        "every figure."
    )
    title = "Cause and consequence"
    return made(paired, "decomposition", title, about, columns, rows, named(paired, "gates"))


MAKERS: tuple[Callable[[Paired], Table], ...] = (refusals, gates, causes, decomposition)
