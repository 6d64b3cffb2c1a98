"""Every sentence and label that only the report of a pair has; the rest is in ``words``.

Braces are filled with numbers.  ``{here}`` and ``{there}`` are the names of the two worlds, base
and other; every difference is other less base.  The wording takes either sign.
"""

from __future__ import annotations

from glasscity.report import words

__all__ = ["CAPTIONS", "CAUSES", "PAGE", "SECTIONS", "SENTENCES", "TITLES", "VERDICTS"]

TITLES = {
    "shut_out": "Shut out in one world and not in the other",
    "refused": "By mistake, through others, for speech",
    "gained": "Who gains, who loses",
    "bottom": "Trapped at the bottom",
    "listed": "On a list, rightly or wrongly",
    "around": "Children and households",
    "voice": "What people say, and what they think",
    "claimed": "What it is claimed to bring",
}

# The causes that are taken apart, as the subject of a sentence.
CAUSES = {
    "association": "whom one knows",
    "speech": "what one said",
    "error": "an error on record",
    "spillover": "what lies outside the gate's own sphere",
}

# What a difference is called.
VERDICTS = {
    "clear": "beyond chance",
    "within error": "within the error over seeds",
    "within floor": "within the chaos floor",
    "same": "the same",
    "error not known": "error not known",
    "not estimable": "not estimable",
}

SENTENCES = {
    # Comparisons: half-sentences after both worlds' values.
    "higher": "higher by {points}{interval}",
    "lower": "lower by {points}{interval}",
    "more": "{change} more{interval}",
    "fewer": "{change} fewer{interval}",
    "months_more": "{months} more{interval}",
    "months_fewer": "{months} fewer{interval}",
    "interval": " ({low} to {high})",
    "within error": "no difference that these runs can show",
    "within floor": "a difference no larger than one late payment of one citizen makes",
    "same": "no difference",
    "error not known": "a difference of which the error is not known",
    "not estimable": "not to be compared",
    # Shut out.
    "closed_none": "Neither world closed anything to anybody by rule.",
    "closed": (
        "In {last}, {base} of citizens were shut out of something under {here}, {other} under "
        "{there}: {compared}."
    ),
    "closed_only": (
        "Over the whole run, {base_only} of all citizens were shut out at some time under {here} "
        "and never under {there}; {other_only} under {there} and never under {here}; {both} in "
        "both worlds."
    ),
    "closed_median": (
        "Half of the spells of being shut out were over after {base} under {here}, {other} under "
        "{there}."
    ),
    "closed_setting": (
        "How many a threshold or a rank shuts out depends on where the regime sets it. That is a "
        "setting of the scenario, no finding; who they are, for how long and why, is one."
    ),
    "closed_dates": (
        "The rules of the two worlds do not begin in the same months, so counts over the whole "
        "run compare that, too."
    ),
    # Refused.
    "refused_none": "No refusal with a cause differs between the two worlds.",
    "refused": (
        "Of the refusals under {here} that have a cause, {vanished} vanish under {there}, and "
        "{appeared} appear there that {here} did not make."
    ),
    "refused_causes": (
        "Of all refusals under {world}, an error on record decided {error}; whom one knows, "
        "{association}; what one said, {speech}; something outside the gate's own sphere, "
        "{spillover}."
    ),
    "refused_no_cause": "Under {world} nothing was refused for such a cause.",
    "refused_overlap": (
        "Each is a range, from refusals that would not have happened without it to those in which "
        "it played any part; the ranges overlap and do not add up."
    ),
    # Gains and losses.
    "gained_none": "Nobody was shut out for more or fewer months in one world than in the other.",
    "gained": (
        "Under {there}, {better} of citizens were shut out for fewer months than under {here}, "
        "{worse} for more; for {unchanged} it made no difference."
    ),
    "gained_spread": (
        "For nine in ten citizens the difference lies between {low} and {high}; the mean, {mean}, "
        "hides that."
    ),
    "gained_few": (
        "For at least nine in ten citizens it made no difference at all; the mean difference, "
        "{mean}, hides that."
    ),
    "gained_poor": (
        "In the poorest fifth {poor_better} gained and {poor_worse} lost, in the richest "
        "{rich_better} and {rich_worse}."
    ),
    "gained_savings": (
        "At the end {better} of citizens had more savings, {worse} fewer; for nine in ten the "
        "difference lies between {low} and {high} months of their own spending."
    ),
    "gained_perks": (
        "Under {world}, perks for high scores left {gain} of spending in the average pocket."
    ),
    # Bottom.
    "bottom_none": "Nobody was shut out for long enough to say who stays at the bottom.",
    "bottom": (
        "Of the spells of being shut out, {base} ({base_low} to {base_high}) lasted longer than "
        "two years under {here}, {other} ({other_low} to {other_high}) under {there}."
    ),
    "bottom_one": (
        "Of the spells of being shut out under {world}, {share} ({low} to {high}) lasted longer "
        "than two years; under the other world there were none."
    ),
    "bottom_short": (
        "The run is too short to say how many spells of being shut out last longer than two years."
    ),
    "bottom_again": (
        "Shut out again within a year of coming free: {base} under {here}, {other} under {there}: "
        "{compared}."
    ),
    "bottom_escape": (
        "Of those in the lowest tenth of scores, {base} had left it two years later under {here}, "
        "{other} under {there}: {compared}."
    ),
    "bottom_no_scores": "Without scores in both worlds, leaving the lowest tenth is not compared.",
    # Lists.
    "listed_none": "Neither world keeps lists, or listed anybody.",
    "listed": (
        "In {last}, {base} of citizens stood on a list under {here}, {other} under {there}: "
        "{compared}."
    ),
    "listed_unable": (
        "Of the listings that stood at the end, inability to pay lay behind {base} under {here}, "
        "{other} under {there}; an error of the record behind {base_wrong} and {other_wrong}."
    ),
    "listed_upheld": (
        "Of the appeals decided, {base} upheld a listing that rested on an error under {here}, "
        "{other} under {there}: the state's own sincerity."
    ),
    "listed_error": (
        "An adverse record that was an error stood against {base} of citizens under {here}, "
        "{other} under {there}: {compared}."
    ),
    # Children and households.
    "around": (
        "{base} of citizens are shut out of nothing themselves but live with somebody who is, "
        "under {here}; {other} under {there}: {compared}."
    ),
    "around_children": (
        "For a parent's record, children lost {base} months at private schools under {here}, "
        "{other} under {there}: {compared}."
    ),
    # Voice.
    "voice_none": "Nobody speaks in public in these runs.",
    "voice": (
        "Of those who would criticise if they were unafraid, {base} did not in {last} under "
        "{here}, {other} under {there}: {compared}."
    ),
    "voice_total": (
        "Of all citizens, {base} kept back criticism that they would have voiced had nobody ever "
        "feared, {other} under {there}: {compared}."
    ),
    "voice_falsified": (
        "{base} of citizens praised against their own opinion under {here}, {other} under "
        "{there}: {compared}."
    ),
    "voice_consensus": (
        "Of those who spoke, {base} praised under {here}, {other} under {there}: {compared}; "
        "without fear, reward and conformity it would have been {base_held} and {other_held}."
    ),
    # Claimed benefit: one sentence a measure.
    "claimed": (
        "Over the whole run there were {base} broken obligations under {here}, {other} under "
        "{there}: {compared}."
    ),
    "claimed_unwilling": (
        "By people who could have paid and would not: {base} and {other}: {compared}."
    ),
    "claimed_arrears": (
        "Three months behind or more at the end: {base} and {other} of those with a credit: "
        "{compared}."
    ),
    "claimed_repayment": (
        "Withheld debts repaid in a month: {base} and {other} of those withheld: {compared}."
    ),
    "claimed_thin": (
        "Of loan and mortgage applications by people without a thick credit file, {base} and "
        "{other} were granted: {compared}."
    ),
    "claimed_favours": (
        "Strangers who met did each other a favour in {base} and {other} of cases: {compared}."
    ),
    # Leads of sections.
    "lead_floor": (
        "Between the two worlds {pair} lives differ in something that is stored of them. When "
        "nothing but one payment of one citizen in the first month comes later, {placebo} do."
    ),
    "lead_no_floor": (
        "No placebo pair was run, so nothing can be said of how far a single event carries; "
        "“glasscity pair” runs one unless it is told not to."
    ),
    "lead_ratio": (
        "Pairing left {ratio} of the variance of the difference in months shut out, measured in "
        "{seeds} smaller worlds of {citizens} citizens; with other luck in each world the error "
        "would be so much larger."
    ),
    "lead_no_ratio": "What pairing is worth was not measured for this pair.",
    "lead_groups": (
        "Of {groups} groups, {clear} differ between the worlds beyond the interval of a group of "
        "their size."
    ),
    "lead_benefit": (
        "Of {counts} counts of the claimed benefit, {clear} differ between the worlds beyond what "
        "chance might do."
    ),
    "lead_decomposition": (
        "Under {world}, {cause} makes {total} refusals over the whole run: {proximate} are what "
        "the refusals' own causes say month by month, {simultaneity} what moves at once for "
        "others, {feedback} what history adds. This is one seed, without an interval; one late "
        "payment alone moves {chance} on balance."
    ),
    "lead_no_decomposition": (
        "This was not taken apart for this pair. {command} does it for the first world, FOLDER "
        "being the pair's, and “glasscity report” then shows it here."
    ),
}

SECTIONS = {
    "happened": (
        "What happened in both worlds",
        "Eight statements about the same people under the same luck, twice. Each is made from the "
        "numbers of both runs, with the 95 % interval of the difference in brackets; a difference "
        "that these runs cannot show is called none.",
    ),
    "promise": (
        "What was promised, and what happened",
        "Eight statements about the same people under the same luck, twice. Each is made from the "
        "numbers of both runs, with the 95 % interval of the difference in brackets; a difference "
        "that these runs cannot show is called none.",
    ),
    "shut_out": (
        "Who is shut out in one world and not in the other",
        "A gate is an opportunity that can be refused: a loan, a flight, a job. It is closed to a "
        "citizen while the regime's rules refuse him or her there: by a list, by a score under a "
        "threshold, or by a rank among the lowest.",
    ),
    "gained": (
        "Winners and losers",
        "Each citizen is set against him- or herself in the other world. A mean would hide that "
        "some gain what others lose, so the whole distribution is shown.",
    ),
    "groups": (
        "Who is hit, by group",
        "The same people by income, age, area, opinion, province and tenth of the score. Groups "
        "differ in what they owe, whom they know and what they say; nothing here says that a group "
        "is treated differently for being that group.",
    ),
    "refused": (
        "What is refused, and why",
        "A refusal is the same in both worlds if it is the same citizen's at the same gate in the "
        "same month. It is traced to its causes by asking what would have been decided had each of "
        "them been neutral, all else as it was that month.",
    ),
    "bottom": (
        "Trapped at the bottom",
        "Whether people who are low come up again: how long they stay shut out, how soon they are "
        "shut out again, and who leaves the lowest tenth of scores. The lowest tenth is another in "
        "each world, and a tenth of those alone who had a score two years before the end.",
    ),
    "lists": (
        "The lists, and the state's own sincerity",
        "The model knows what really happened, so it can tell a listing that rests on a broken "
        "obligation from one that rests on a mistake, and say how mistakes were put right.",
    ),
    "around": (
        "Children and households",
        "Nobody is refused alone: a household pools part of its money, and a child's school asks "
        "for the parents' records.",
    ),
    "voice": (
        "What people say, and what speech loses",
        "Opinion and voice are abstract quantities here; nobody's posts are read. Fear exists in "
        "every world: only the difference belongs to the regimes. A reward for praise makes some "
        "who would criticise praise instead, and they no longer count among those kept back; so "
        "look at praise and approval, too.",
    ),
    "claimed": (
        "What it is claimed to bring",
        "Broken obligations, repayment, lending to people nobody knew, trust: counted as carefully "
        "as the harm, with the same errors and in the same size of type.",
    ),
    "causation": (
        "Cause and consequence",
        "What a refusal's causes say is about one refusal in one month. What a mechanism does over "
        "the years is more: others move at once, and history adds up. Total = proximate + "
        "simultaneity + feedback.",
    ),
    "article5": (
        "Article 5(1)(c) of the EU's AI Act, measured",
        "Whether detriment falls in a context unrelated to where the data were made, and whether "
        "it is out of proportion. A measurement to argue from, not legal advice.",
    ),
    "safeguards": (
        "Safeguards that would help",
        "",
    ),
    "floor": (
        "The chaos floor, and what pairing is worth",
        "Small causes travel. A placebo pair shows how far: one payment of one citizen comes a "
        "month later, and nothing else changes. A difference no larger than that says nothing "
        "about the regimes.",
    ),
    "rests": (
        "What it rests on",
        "",
    ),
    "figures": (
        "Every figure",
        "All headline figures of both worlds with what they count, of whom, the difference with "
        "its 95 % interval, how far the placebo moves them, and what pairing left of the variance.",
    ),
    "remake": (
        "Make it again",
        "The same scenario and seed give the same bits on any machine, whatever the number of "
        "threads. The digests below are of the whole results.",
    ),
}

CAPTIONS = {
    "shut_out": (
        "Citizens shut out of something, month by month",
        "Share of all citizens, in both worlds.",
    ),
    "only": (
        "Shut out at some time: in which world",
        "Share of all citizens, whole run.",
    ),
    "through": (
        "Through what, where it is one world alone",
        "Share of the citizens ever shut out in that world and never in the other. One citizen "
        "may stand in several lines.",
    ),
    "survival": (
        "How long a spell of being shut out lasts",
        "Share of spells that last longer than so many months (Kaplan-Meier), in both worlds; the "
        "bands are 95 % intervals.",
    ),
    "histogram": (
        "Months shut out, citizen by citizen",
        "Citizens by the difference in months shut out, in bars of six months; those without any "
        "difference are left out. Left: shut out for less time under {there}.",
    ),
    "winners": (
        "Months shut out: better and worse off, by group",
        "Share of each group that is shut out for fewer months under {there} (right) and for more "
        "(left).",
    ),
    "savings": (
        "Savings at the end: better and worse off, by group",
        "Share of each group with more savings under {there} (right) and with fewer (left).",
    ),
    "groups": (
        "Shut out of something: the difference, by group",
        "Percentage points of each group, last month, {there} less {here}; the line is the 95 % "
        "interval of a group of its size.",
    ),
    "gates": (
        "Refused applications, by gate",
        "Share of applications refused in the whole run, in both worlds.",
    ),
    "moved": (
        "Refusals that vanish and that appear, by gate",
        "Left: refused under {here} alone. Right: refused under {there} alone.",
    ),
    "causes": (
        "What decided the refusals",
        "Of refusals that have a cause, in both worlds. Left end: would not have happened without "
        "it. Right end: it played a part.",
    ),
    "voices": ("Praise and criticism, month by month", "Share of all citizens, in both worlds."),
    "chilled": (
        "Criticism kept back, praise against one's opinion",
        "Share of all citizens, in both worlds.",
    ),
    "benefit": (
        "What changed in the claimed benefit",
        "Change of each count over the whole run in percent of {here}, with the 95 % interval.",
    ),
    "breaches": (
        "Broken obligations, month by month",
        "Breaches of any kind that began or happened in the month, in both worlds.",
    ),
    "inclusion": (
        "Credit for people nobody knew, by income",
        "Loan and mortgage applications of people with a thin credit file that were granted.",
    ),
    "touched": (
        "Living with somebody who is shut out, by income",
        "Share of citizens who are shut out of nothing themselves, last month.",
    ),
    "decomposition": (
        "Proximate, at once, and through history",
        "Refusals that each cause makes over the whole run, in three parts that add up.",
    ),
}

PAGE = words.PAGE | {
    "eyebrow": "Glasscity: report of a pair of worlds",
    "lead": (
        "The same people and the same luck, twice: {citizens} in a model country (“{country}”), "
        "{span}, once under {here} and once under {there}. What differs between the two worlds is "
        "what the rules do in the model."
    ),
    "worlds": "The two worlds",
    "side": "{name}: {title}{kind}{changed}",
    "changed": ", {changes}",
    "promised_by": "Promised by {names}.",
    "no_chart": "There is nothing to show here in either world.",
    "by_gate": "",
    "counted": (
        "Counts are those of these runs, as they were counted; another seed would give others."
    ),
    "verdict": "Verdict",
    "interval": "95 % interval",
    "floor": "Placebo",
    "ratio": "Variance left",
    "error_seeds": (
        "Intervals are 95 % over seeds: the standard deviation of the difference over {seeds} "
        "seeds, measured in paired worlds of {citizens} citizens and scaled to this size, times "
        "the quantile of Student's t. Where nothing moved in the smaller worlds, they are as if "
        "the two worlds were unrelated, which errs on the side of silence."
    ),
    "error_counted": (
        "No smaller worlds of other seeds were run beside this pair. Intervals come from citizens' "
        "own differences where the registers hold them, as if citizens were independent, and "
        "otherwise are as if the two worlds were unrelated, which errs on the side of silence. For "
        "some figures there is none, and nothing is claimed of them."
    ),
    "article5_how": (
        "What an input adds to a gate's own purpose needs further worlds: an ordinary credit "
        "bureau, the court's list, and the same people unscored for two years longer. This "
        "command runs them:"
    ),
    "article5_status": "In the first world",
    "article5_notes": "What could not be estimated, and why",
    "safeguards_given": (
        "From a search over safeguards of {regime}, confirmed on {worlds} worlds whose luck the "
        "search had not seen; “{command}” makes it again."
    ),
    "safeguards_how": (
        "No search over safeguards was given with this pair. Which smallest set of safeguards buys "
        "which reduction in harm, at what loss of the claimed benefit, is searched for by the "
        "first command; the second makes this report again with its answer. A single safeguard is "
        "tried by the third."
    ),
    "other_parameters": (
        "This pair used one value of each parameter (the vector “{behaviour}”). What people are "
        "like is known only within limits. The same pair with a proponent's and with a critic's "
        "parameters, the two ends that the facts allow, is made by these commands; a study over "
        "the whole matched set, by “glasscity study”."
    ),
    "other_ends": "A proponent's and a critic's parameters",
    "values_apart": (
        "Every value of the rules in which the two worlds differ, and every one of behaviour"
    ),
    "sensitivity": "Calibration and sensitivity",
    "sensitivity_how": (
        "The society was fitted where nobody is scored, and how many a rule reaches was set by its "
        "throughput; what a regime does to people was fitted to nothing (“glasscity calibrate "
        "--check”). Which assumptions move the effects most, and which findings hold over every "
        "vector that the facts allow, is told by:"
    ),
    "evidence_in": "In {name}:",
    "remake_pair": "The whole pair, with its comparison and this report",
    "folders": "Run folders",
    "as_data": (
        "Every figure and table of this page, with its unit, denominator, definition, run folder "
        "and digest, stands in {name} beside it."
    ),
    "others": "Other comparisons of this pair",
}
