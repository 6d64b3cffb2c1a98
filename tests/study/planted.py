"""A stand-in for running members: measures by planted formulas, so that answers are known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

from glasscity.rights import MEASURES
from glasscity.scenario import Scenario
from glasscity.study.members import Member, Result

Formula = Callable[[Scenario], dict[str, float]]


class Planted:
    """Gives members the measures that a formula says; counts the worlds that it was asked for."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula
        self.worlds: set[str] = set()

    def __call__(
        self, members: Sequence[Member], *, store, workers=None, progress=None
    ) -> list[Any]:
        return [self._result(one) for one in members]

    def _result(self, member: Member, *, twin: bool = True) -> Result:
        scenario = member.scenario
        measures: dict[str, Any] = dict.fromkeys(MEASURES, 0.0)
        measures |= {"denials": 1000, "unwilling_onsets": 1000, "breaches": 1000}
        measures |= {"arrears_months_share": 0.01}
        if scenario.regime.name != "unscored":
            measures |= self.formula(scenario)
        key = hashlib.sha256(
            (scenario.to_json() + json.dumps(dict(scenario.strengths))).encode()
        ).hexdigest()
        self.worlds.add(key)
        digest = hashlib.sha256(json.dumps(measures, sort_keys=True).encode()).hexdigest()
        beside = None
        if twin:
            unscored = Member(scenario.unscored(), member.labels, twin=False)
            beside = self._result(unscored, twin=False)
        return Result(member, key, measures, {}, digest, None, beside)


def luck(scenario: Scenario, size: float) -> float:
    """Return a number that looks random and hangs on the seed and the behaviour alone."""
    text = f"{scenario.seed} {scenario.behaviour.model_dump_json()}"
    byte = hashlib.sha256(text.encode()).digest()
    return size * (int.from_bytes(byte[:4], "big") / 2**32 - 0.5)
