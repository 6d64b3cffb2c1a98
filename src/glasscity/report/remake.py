"""The command and the lines of Python that make a run again, from its scenario."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from glasscity.terms import MECHANISMS

__all__ = ["command_line", "named", "options_of", "python_lines", "strengths_of"]


def command_line(scenario: Mapping[str, Any], *, twin: bool = True) -> str:
    """Return the shell command that makes the run again.

    Parameters
    ----------
    scenario : mapping
        The resolved description of the run.
    twin : bool
        Whether an unscored world was run beside it.
    """
    fork = scenario.get("fork")
    if isinstance(fork, Mapping):
        month = str(fork["month"])
        parts = ["glasscity", "fork", "history", "--month", month, named(scenario, "regime")]
        before = command_line(_before(scenario, fork), twin=twin)
        return (
            f"{before} --out history && {shlex.join([*parts, *options_of(strengths_of(scenario))])}"
        )
    parts = ["glasscity", "run", named(scenario, "regime")]
    for key in ("country", "citizens", "months", "start", "seed"):
        value = named(scenario, key)
        if value:
            parts += [f"--{key}", value]
    if (behaviour := _behaviour(scenario)) is not None:
        parts += ["--parameters", behaviour]
    parts += options_of(strengths_of(scenario))
    if not twin:
        parts.append("--no-twin")
    return shlex.join(parts)


def options_of(strengths: Mapping[str, float]) -> list[str]:
    """Return the options that give some strengths."""
    parts = []
    for name, strength in strengths.items():
        if strength == 0:
            parts += ["--without", name]
        else:
            parts += ["--with", name if strength == 1 else f"{name}:strength={strength:g}"]
    return parts


def _before(scenario: Mapping[str, Any], fork: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scenario of the history that a fork left."""
    rules = {"regime": fork["regime"], "strengths": fork["strengths"], "fork": fork.get("fork")}
    return {**scenario, **rules}


def python_lines(scenario: Mapping[str, Any], digest: str | None, *, twin: bool = True) -> str:
    """Return the Python that makes the run again and compares its digest, or names its folder."""
    last = "print(run.path)" if digest is None else f"print(run.digest == {digest!r})"
    return "\n".join(["import glasscity", "", *_made(scenario, twin=twin), last])


def _made(scenario: Mapping[str, Any], *, twin: bool) -> list[str]:
    """Return the lines that make a run, and the history that it forked from before it."""
    fork = scenario.get("fork")
    if isinstance(fork, Mapping):
        lines = _made(_before(scenario, fork), twin=twin)
        lines += ["run = glasscity.fork(", "    run,", f"    {named(scenario, 'regime')!r},"]
        lines.append(f"    month={fork['month']},")
        if strengths := strengths_of(scenario):
            lines.append(f"    strengths={strengths!r},")
        return [*lines, "    placebo=False,", "    variance_seeds=0,", ").runs[0]"]
    lines = ["run = glasscity.run(", f"    {named(scenario, 'regime')!r},"]
    if "country" in scenario:
        lines.append(f"    country={named(scenario, 'country')!r},")
    for key in ("citizens", "months", "start", "seed"):
        value = scenario.get(key)
        if isinstance(value, int | str):
            lines.append(f"    {key}={value!r},")
    if (behaviour := _behaviour(scenario)) is not None:
        lines.append(f"    behaviour={behaviour!r},")
    strengths = strengths_of(scenario)
    if strengths:
        lines.append(f"    strengths={strengths!r},")
    if not twin:
        lines.append("    twin=False,")
    return [*lines, ")"]


def named(scenario: Mapping[str, Any], key: str) -> str:
    """Return a part of a scenario by its name, or the value itself as text."""
    part = scenario.get(key, "")
    return str(part.get("name", "") if isinstance(part, Mapping) else part)


def _behaviour(scenario: Mapping[str, Any]) -> str | None:
    """Return the name of the parameters, None where they are the usual ones."""
    name = named(scenario, "behaviour")
    return None if name in ("", "central") else name


def strengths_of(scenario: Mapping[str, Any]) -> dict[str, float]:
    """Return the strengths that are not as usual."""
    given = scenario.get("strengths")
    return {
        str(name): float(strength)
        for name, strength in (given if isinstance(given, Mapping) else {}).items()
        if isinstance(strength, int | float) and strength != (1 if name in MECHANISMS else 0)
    }
