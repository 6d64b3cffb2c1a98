"""What a pair showed, told in the terminal: who gains and who loses, and what is only luck."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from glasscity.cli.output import columns, heading, paragraph
from glasscity.cli.summary import percent
from glasscity.rights.measures import MEASURES
from glasscity.rights.persons import UNRANKED

if TYPE_CHECKING:
    from glasscity.study.pair_folder import Pair

__all__ = ["comparison_lines", "named", "pair_summary"]

# Measures told side by side, harm and claimed benefit alike, in the order of the story.
TOLD = (
    "restricted_share",
    "restricted_months_per_citizen",
    "listed_stock",
    "denial_rate",
    "chilled_share",
    "falsified_share",
    "child_months_lost",
    "breaches",
    "unwilling_breaches",
    "repayment",
    "thin_grant_rate",
    "cooperation",
)
# Measures whose variance ratio is told.
RATIOS = ("restricted_months_per_citizen", "denials", "chilled_share", "breaches")
# In a group with fewer people better or worse off, who leads is mostly luck.
FEW = 30


def pair_summary(found: Pair) -> list[str]:
    """Return the summary of a finished pair as lines of at most 80 columns."""
    lines = _head(found)
    for at, one in enumerate(found.comparisons, 1):
        if len(found.comparisons) > 1:
            lines += ["", heading(f"OTHER-{at}: {named(one['other'], one['base'])}")]
        lines += comparison_lines(one, found.placebo)
    return [*lines, *_foot(found)]


def comparison_lines(one: Mapping[str, Any], placebo: Mapping[str, Any] | None) -> list[str]:
    """Return what one comparison showed, beside the chaos floor, as lines."""
    lines: list[str] = []
    further = (_shut_out, _refused, _measures, _groups) if one["changed"]["counted"] else ()
    for part in (_lives, *further):
        lines += part(one)
    lines = [*_short(one, placebo), *lines]
    return [*lines, *_luck(one, placebo)]


def _head(found: Pair) -> list[str]:
    base = found.base
    scenario = base.scenario
    others = [named(one["other"], one["base"]) for one in found.comparisons]
    title = f"{found.comparisons[0]['base']['regime']} against {'; '.join(others)}"
    text = (
        f"The same {base.citizens:,} synthetic citizens with the same luck, {base.months} months "
    )
    text += f"from {scenario['start']}, seed {scenario['seed']}, over "
    text += f"{scenario['country']['name']}. Nobody in it is real. Differences are other less base."
    return [*_title(title), *paragraph(text)]


def _title(text: str) -> list[str]:
    return [heading(line) for line in paragraph(text)]


def named(other: Mapping[str, Any], base: Mapping[str, Any]) -> str:
    """Return a regime's name and the strengths that were given to it beside the base's."""
    if other["regime"] == base["regime"]:
        name, own = "itself", other["strengths"]
        changed = {key: own[key] for key in own if own[key] != base["strengths"].get(key)}
    else:
        name, changed = other["regime"], other["given"]
    apart = ", ".join(f"{key} {strength:g}" for key, strength in changed.items())
    return f"{name} with {apart}" if apart else name


def _short(one: Mapping[str, Any], placebo: Mapping[str, Any] | None) -> list[str]:
    """Return the whole story in a few sentences, harm and benefit alike."""
    found = one["people"]["months_shut_out"]
    text = [
        f"Of {found['of']:,} people, {found['better']:,} are shut out for fewer months, "
        f"{found['worse']:,} for more, {found['unchanged']:,} as long as before."
    ]
    by_income = found["by_group"]["quintile"]
    told = [
        f"of the {words} fifth {_share(by_income[group], 'better')} for fewer and "
        f"{_share(by_income[group], 'worse')} for more"
        for group, words in (("q1", "poorest"), ("q5", "richest"))
    ]
    text.append(f"That is {', '.join(told)}.")
    denials = one["denials"]
    text.append(
        f"{denials['vanished']:,} of {denials['base']:,} refusals that have a cause vanish; "
        f"{denials['appeared']:,} new ones appear."
    )
    text.append(
        f"Silenced by fear: {_sides(one, 'chilled_share')}. Children's school months lost: "
        f"{_sides(one, 'child_months_lost')}."
    )
    text.append(
        f"Of what was promised: obligations withheld {_sides(one, 'unwilling_breaches')}; withheld "
        f"debts repaid in a month {_sides(one, 'repayment')}; loans to people nobody knew "
        f"{_sides(one, 'thin_grant_rate')}; favours to strangers {_sides(one, 'cooperation')}."
    )
    if placebo is not None:
        text.append(
            f"For comparison, one payment made a month late changes "
            f"{_counted(placebo['changed_citizens'])}."
        )
    return ["", heading("IN SHORT"), *paragraph(" ".join(text), indent=2)]


def _share(row: Mapping[str, Any], side: str) -> str:
    return percent(row[side] / row["of"]) if row["of"] else "not estimable"


def _sides(one: Mapping[str, Any], name: str) -> str:
    """Return a measure in both runs: "14 %, now 15 %"."""
    sides = one["values"][name]
    before, after = (_value(name, sides[side]) for side in ("base", "other"))
    return f"{before} before and after" if before == after else f"{before}, then {after}"


def _counted(lives: int) -> str:
    return f"{lives:,} life" if lives == 1 else f"{lives:,} lives"


def _lives(one: Mapping[str, Any]) -> list[str]:
    changed = one["changed"]
    number, of = changed["counted"], changed["of"]
    if not number:
        return ["", heading("LIVES"), "  Nobody's life differs in anything."]
    text = f"{number:,} of {of:,} people's lives differ in something that is stored"
    text += f" ({_nearly(number, of)})"
    told = [
        f"{changed[key]:,} {words}"
        for key, words in (
            ("gates", "in when they are shut out"),
            ("denials", "in what they are refused"),
            ("listings", "in a listing"),
            ("voice", "in what they say"),
            ("savings", "in savings or debts"),
            ("final_score", "in the last score"),
        )
        if changed[key]
    ]
    text += f": {', '.join(told)}." if told else "."
    if changed["panel"] != "all":
        text += f" Counted among {of:,} ({changed['panel']}); of all, about "
        text += f"{changed['citizens']:,}."
    return ["", heading("LIVES"), *paragraph(text, indent=2)]


def _nearly(number: int, of: int) -> str:
    """Return a share in per cent that is 100 only where it is all."""
    text = percent(number / of)
    return "nearly all" if text == "100 %" and number < of else text


def _shut_out(one: Mapping[str, Any]) -> list[str]:
    found, seen = one["people"]["months_shut_out"], one["shut_out"]
    text = f"Better off: {found['better']:,} are shut out for fewer months ({found['gain']:,} "
    text += f"months in all). Worse off: {found['worse']:,} for more ({found['loss']:,} months). "
    text += f"Unchanged: {found['unchanged']:,}. "
    text += f"{seen['base_only']['citizens']:,} are ever shut out in the base alone, "
    text += f"{seen['other_only']['citizens']:,} in the other alone, {seen['both']:,} in both."
    lines = paragraph(text, indent=2)
    for side, words in (("base_only", "base"), ("other_only", "other")):
        lines += _through(seen[side], words)
    return ["", heading("SHUT OUT"), *lines]


_CAUSES = {
    "here": "a breach of the gate's own sphere",
    "spillover": "something outside its sphere",
    "association": "friends",
    "speech": "speech",
    "error": "an error of record",
    "means": "means",
    "profile": "profile",
    "favour": "an official",
}


def _through(side: Mapping[str, Any], words: str) -> list[str]:
    if not side["citizens"]:
        return []
    but_for = sorted(side["refused_but_for"].items(), key=lambda row: -row[1])
    told = [f"{number:,} but for {_CAUSES[group]}" for group, number in but_for if number][:3]
    text = f"of those in the {words} alone: {side['listed']:,} were on a list"
    wrong = side["listed_for"]["false_alarm"] + side["listed_for"]["mix_up"]
    text += f" ({wrong:,} entries by error)" if wrong else ""
    text += f"; {side['refused']:,} were refused something by the rule"
    text += f", {', '.join(told)} (these overlap)" if told else ""
    text += f"; {side['neither_refused_nor_listed']:,} lay under a cut-off alone."
    return paragraph(text, indent=2, hang=2)


def _refused(one: Mapping[str, Any]) -> list[str]:
    found = one["denials"]
    text = f"Of {found['base']:,} refusals that have a cause, {found['vanished']:,} vanish and "
    text += f"{found['appeared']:,} appear: net {found['net']:+,}."
    lines = paragraph(text, indent=2)
    rows = [
        [
            _CAUSES[group],
            f"{row['vanished_lower']:,} to {row['vanished_upper']:,}",
            f"{row['appeared_lower']:,} to {row['appeared_upper']:,}",
        ]
        for group, row in found["by_cause"].items()
        if row["vanished_upper"] or row["appeared_upper"]
    ]
    if rows:
        about = (
            "Through what, from those that hang on the cause to those in which it played a part:"
        )
        lines += paragraph(about, indent=2)
        told = columns(rows, ["cause", "vanish", "appear"], right=(1, 2))
        lines += [f"  {line}" for line in told]
    return ["", heading("REFUSED"), *lines]


def _measures(one: Mapping[str, Any]) -> list[str]:
    rows = []
    errors = one["variance"]["standard_error"]
    for name in TOLD:
        sides = one["values"][name]
        rows.append(
            [
                MEASURES[name].title,
                _value(name, sides["base"]),
                _value(name, sides["other"]),
                _difference(name, one["effects"][name]),
                _luck_of(name, errors),
            ]
        )
    head = ["", "base", "other", "difference", "luck"]
    told = columns(rows, head, right=(1, 2, 3, 4))
    text = "luck: about how much the difference would move with another seed, scaled from the "
    text += "smaller worlds below." if errors else "smaller worlds, which were left out."
    return [
        "",
        heading("HARM AND CLAIMED BENEFIT"),
        *(f"  {line}" for line in told),
        *paragraph(text, indent=2),
    ]


def _luck_of(name: str, errors: Mapping[str, float | None]) -> str:
    error = errors.get(name)
    # No spread in a few small worlds is no proof that there is none.
    return "none seen" if error == 0 else _difference(name, error).lstrip("+")


def _value(name: str, value: float | None) -> str:
    if value is None:
        return "not est."
    if MEASURES[name].unit == "share":
        return percent(value)
    return f"{value:,.0f}" if MEASURES[name].whole else f"{value:.3g}"


def _difference(name: str, value: float | None) -> str:
    if value is None:
        return "not est."
    if not value:
        return "0"
    if MEASURES[name].unit == "share":
        # Points of a per cent, with the sign: "+0.02".
        return f"{100 * value:+.2g} pp"
    return f"{value:+,.0f}" if MEASURES[name].whole else f"{value:+.2g}"


def _groups(one: Mapping[str, Any]) -> list[str]:
    found = one["people"]["months_shut_out"]
    if not (found["better"] or found["worse"]):
        return []
    rows = []
    for grouping in ("quintile", "area", "age", "camp", "base_score_decile"):
        for group, row in found["by_group"].get(grouping, {}).items():
            wanted = grouping != "base_score_decile" or group in ("d1", "d10")
            if not wanted or group == UNRANKED or row["better"] + row["worse"] < FEW:
                continue
            rows.append(
                [
                    f"{_GROUPINGS[grouping]} {group}",
                    f"{row['of']:,}",
                    percent(row["better"] / row["of"]),
                    percent(row["worse"] / row["of"]),
                    f"{row['loss'] - row['gain']:+,}",
                ]
            )
    if not rows:
        return []
    head = ["", "people", "better", "worse", "months, net"]
    told = columns(rows, head, right=(1, 2, 3, 4))
    text = f"Shut out for fewer or more months; groups with fewer than {FEW} such people left out."
    return [
        "",
        heading("WINNERS AND LOSERS"),
        *paragraph(text, indent=2),
        *(f"  {line}" for line in told),
    ]


_GROUPINGS = {
    "quintile": "income",
    "area": "area",
    "age": "age",
    "camp": "opinion",
    "base_score_decile": "base score",
}


def _luck(one: Mapping[str, Any], placebo: Mapping[str, Any] | None) -> list[str]:
    lines = []
    if placebo is not None:
        moved, months = (
            placebo["effects"][name] for name in ("denials", "restricted_months_per_citizen")
        )
        text = f"Chaos floor: one payment of citizen {placebo['citizen']} made a month late "
        text += (
            f"changes {_counted(placebo['changed_citizens'])}, the refusals by {moved:+,} and the "
        )
        text += f"months shut out by {_difference('restricted_months_per_citizen', months)} a "
        text += "citizen"
        if not placebo["changed_citizens"]:
            text += f" (something that is not stored differs in {placebo['months_apart']} months)"
        text += ". A difference between regimes of that size says nothing about them."
        lines += paragraph(text, indent=2)
    ratios, how = one["variance_ratio"], one["variance"]
    if how["seeds"]:
        told = [
            f"{MEASURES[name].title.lower()} {ratios[name]:.2g}"
            for name in RATIOS
            if ratios[name] is not None
        ]
        text = "What pairing leaves of the noise of unpaired runs, as a ratio of variances: "
        text += f"{', '.join(told) or 'not estimable'} (measured in {how['seeds']} worlds of "
        text += f"{how['citizens']:,}, so to about a factor of two). Pairing helps much for small "
        text += "safeguards and little where regimes are unlike."
        lines += paragraph(text, indent=2)
    return ["", heading("LUCK"), *lines] if lines else []


def _foot(found: Pair) -> list[str]:
    where = [["pair", str(found.path)]]
    if (found.path / "report.html").is_file():
        where.append(["report", str(found.path / "report.html")])
    for run in found.runs:
        where += [["run", str(run.path)], ["digest", run.digest]]
    return ["", *columns(where)]
