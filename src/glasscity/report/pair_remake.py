"""The commands and the lines of Python that make a pair again, from its scenarios."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from glasscity.report.remake import named, options_of, strengths_of

if TYPE_CHECKING:
    from glasscity.rights.paired import Paired

__all__ = ["decompose_command", "pair_command", "pair_python", "with_parameters"]


def pair_command(paired: Paired, *, parameters: str = "") -> str:
    """Return the shell command that makes the pair, its comparison and its report again.

    Parameters
    ----------
    paired : Paired
        The two runs.
    parameters : str, optional
        Another vector of behaviour.
    """
    base, other = paired.base.scenario, paired.other.scenario
    parts = ["glasscity", "pair", named(base, "regime")]
    same = base["regime"] == other["regime"]
    if not same:
        parts.append(named(other, "regime"))
    parts += _shared(base, parameters)
    return shlex.join(parts + options_of(_apart(base, other)))


def _shared(base: Mapping[str, Any], parameters: str) -> list[str]:
    parts: list[str] = []
    for key in ("country", "citizens", "months", "start", "seed"):
        if value := named(base, key):
            parts += [f"--{key}", value]
    behaviour = parameters or named(base, "behaviour")
    if behaviour not in ("", "central"):
        parts += ["--parameters", behaviour]
    return parts


def _apart(base: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, float]:
    """Return the strengths of the other world that were asked for beside its regime."""
    if base["regime"] == other["regime"]:
        usual = base["strengths"]
        return {k: v for k, v in other["strengths"].items() if v != usual.get(k)}
    return strengths_of(other)


def pair_python(paired: Paired) -> str:
    """Return the Python that makes the pair again and compares the digests."""
    base, other = paired.base.scenario, paired.other.scenario
    same = base["regime"] == other["regime"]
    lines = ["import glasscity", "", "pair = glasscity.pair("]
    lines.append(f"    {named(base, 'regime')!r},")
    if not same:
        lines.append(f"    {named(other, 'regime')!r},")
    lines.append(f"    country={named(base, 'country')!r},")
    numbered = ("citizens", "months", "start", "seed")
    lines += [f"    {key}={base[key]!r}," for key in numbered if base.get(key) is not None]
    if named(base, "behaviour") not in ("", "central"):
        lines.append(f"    behaviour={named(base, 'behaviour')!r},")
    if apart := _apart(base, other):
        lines.append(f"    strengths={apart!r},")
    lines += [")", f"print(pair.base.digest == {paired.base.digest!r})"]
    lines.append(f"print(pair.others[0].digest == {paired.other.digest!r})")
    return "\n".join(lines)


def with_parameters(paired: Paired) -> list[str]:
    """Return the commands that make the pair with a proponent's and with a critic's parameters."""
    return [pair_command(paired, parameters=name) for name in ("proponent", "critic")]


def decompose_command(paired: Paired) -> str:
    """Return the command that tells cause from consequence in the base's refusals."""
    return f"glasscity fork FOLDER/{shlex.quote(paired.base.path.name)} --decompose"
