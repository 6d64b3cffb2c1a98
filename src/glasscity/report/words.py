"""Every sentence and label of the report, in one place.

Braces are filled with numbers from the findings.  The wording keeps to what a model can say: what
happened in this run, beside the same people and luck where nobody is scored, with either sign.
"""

from __future__ import annotations

__all__ = [
    "AXES",
    "CAPTIONS",
    "COLUMNS",
    "GRADES",
    "KINDS",
    "LABELS",
    "LEGEND",
    "LIMITS",
    "MARKS",
    "MONTHS",
    "PAGE",
    "PROMISES",
    "SECTIONS",
    "SENTENCES",
    "TITLES",
]

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

MARKS = {
    "fork": "another regime takes over",
    "lists": "lists are in force",
    "everywhere": "a breach in one place closes gates everywhere",
    "opt_in": "the score opens to volunteers",
    "mandate": "the score becomes mandatory",
    "penalties": "the score's penalties begin",
}

# What the press account or the documents behind it promised, by the rows of the project's table
# that a regime must name; a regime that names none of them is shown without a promise.
PROMISES = {
    "shut_out": (
        ("A25", "A26", "A14"),
        "The trustworthy may go everywhere; whoever breaks trust in one place finds it hard to "
        "take a step anywhere.",
    ),
    "refused": (
        ("A10", "A18", "A20", "A22"),
        "One score, open to all, helps to decide who gets a loan, a home, a job.",
    ),
    "listed": (
        ("A1",),
        "Sincerity in four spheres, and the government's own among them: lists that name those "
        "who break trust, and mistakes put right.",
    ),
    "voice": (
        ("A8",),
        "Posts with “positive energy” raise the score, and so does keeping company with those "
        "who write them.",
    ),
    "claimed": (
        ("A1", "A27", "B2"),
        "A climate in which keeping trust is honoured: fewer broken obligations, and credit for "
        "people nobody knew.",
    ),
}

TITLES = {
    "shut_out": "Shut out",
    "refused": "Refused, and why",
    "listed": "On a list, rightly or wrongly",
    "voice": "What people say, and what they think",
    "claimed": "What it is claimed to bring",
}

SENTENCES = {
    # Shut out.
    "closed_none": "This regime closed nothing to anybody in this run.",
    "closed": "In {last}, the regime closed at least one thing to {share} of citizens{one_in}.",
    "closed_but_rank": (
        "Leaving out gates that admit by rank, which shut out a fixed share by construction, it "
        "was {share}."
    ),
    "closed_rank_adds_none": (
        "Gates that admit by rank, which shut out a fixed share by construction, add nobody here: "
        "whoever they refuse is shut out of something else as well."
    ),
    "closed_ever": "{share} of all citizens were shut out at some time during the run.",
    "closed_median": "Half of the spells of being shut out were over after {months}.",
    "closed_no_median": "Fewer than half of the spells of being shut out ended in the run.",
    "closed_poor": "In the poorest fifth it was {poor}, in the richest {rich}.",
    "closed_twin": (
        "Where nobody is scored nothing is closed by rule; lenders, landlords and employers refuse "
        "on their own account in both worlds."
    ),
    # Refused.
    "refused_none": "Nobody applied for anything in this run.",
    "refused": "Of {applications} applications, {share} were refused",
    "refused_twin": "; where nobody is scored, {twin} ({difference}).",
    "refused_own": (
        "{share} of the refusals would have met anybody: the lender, landlord or employer refuses "
        "even a person of whom nothing adverse is known."
    ),
    "refused_rule": "{share} were the regime's doing: own screening would have said yes.",
    "refused_causes": (
        "Of all refusals, something outside the gate's own sphere decided {spillover}; whom one "
        "knows, {association}; what one said, {speech}; an error on record, {error}; lack of "
        "means, {means}."
    ),
    "refused_overlap": (
        "Each is a range, from refusals that would not have happened without it to those in which "
        "it played any part; the ranges overlap and do not add up."
    ),
    # Listed.
    "listed_none": "This regime keeps no lists, or listed nobody.",
    "listed": "In {last}, {share} of citizens stood on a list{one_in}.",
    "listed_unable": "{share} of the listings rested on inability to pay, not on unwillingness.",
    "listed_wrong": "{share} rested on an error of the record: a false alarm or a namesake's file.",
    "listed_upheld": (
        "Of {appeals} appeals decided, {share} upheld a listing that rested on such an error."
    ),
    "listed_error": "{share} of citizens had an adverse record that was an error",
    "listed_error_twin": "; where nobody is scored, {twin}.",
    "listed_denied": (
        "{share} were refused something at least once that they would have got but for an error."
    ),
    "listed_children": (
        "For a parent's record, children lost {months} months at private schools in all."
    ),
    # Voice.
    "voice_none": "Nobody speaks in public in this run.",
    "voice": "Of those who would criticise if they were unafraid, {share} did not in {last}",
    "voice_twin": "; where nobody is scored, {twin} ({difference}).",
    "voice_falsified": "{share} of citizens praised in public against their own opinion",
    "voice_falsified_twin": "; where nobody is scored, {twin} ({difference}).",
    "voice_consensus": (
        "Of those who spoke, {visible} praised; without fear, reward and conformity it would have "
        "been {private}."
    ),
    "voice_consensus_twin": (
        "Most of that gap is not the regime's: where nobody is scored {twin} praised."
    ),
    "voice_consensus_regime": "Where nobody is scored {twin} praised.",
    # Claimed benefit.
    "claimed": "Over the whole run there were {value} broken obligations",
    "claimed_twin": "; where nobody is scored, {twin}: {compared}.",
    "claimed_unwilling": "By people who could have paid and would not: {value}",
    "claimed_unwilling_twin": ", against {twin}: {compared}.",
    "claimed_arrears": "{share} of those with a credit were three months behind or more at the end",
    "claimed_arrears_twin": ", against {twin}: {compared}.",
    "claimed_thin": (
        "Of loan and mortgage applications by people without a thick credit file, {share} were "
        "granted"
    ),
    "claimed_thin_twin": ", against {twin}: {compared}.",
    "claimed_included": "{share} of these applications were granted only because of a score.",
    "claimed_favours": "Strangers who met did each other a favour in {share} of cases",
    "claimed_favours_twin": ", against {twin}: {compared}.",
    # Who is hit.
    "lead_living_more": (
        "Among people with nothing adverse on record at all, the fifth whose way of living "
        "operators like least is shut out of something more often than the fifth they like best, "
        "by {gap}; where nobody is scored a way of living closes nothing."
    ),
    "lead_living_less": (
        "Among people with nothing adverse on record at all, the fifth whose way of living "
        "operators like least is shut out of something no more often than the fifth they like "
        "best ({gap}); where nobody is scored a way of living closes nothing."
    ),
    # What speech loses.
    "lead_voice": (
        "In {last}, {share} of citizens kept back criticism that they would have voiced had nobody "
        "ever feared"
    ),
    "lead_voice_twin": "; where nobody is scored, {twin} ({difference}).",
    "lead_voice_indirect": (
        "{share} of that silence comes through others: among friends who keep quiet, not even an "
        "unafraid voice would have spoken up."
    ),
    "lead_voice_consensus": (
        "Of those who spoke, {visible} praised; had nobody ever feared, it would have been "
        "{shadow}."
    ),
    # Scores of others.
    "lead_nobody_scored": (
        "Nobody has a score in this run, so nobody can show one off or sort by it."
    ),
    "lead_operators": (
        "Two operators that score the same person disagree: half of those people stand at least "
        "{distance} of the whole ranking apart."
    ),
    "lead_displays": "Counted over all citizens, a score was shown off in {displays} months.",
    "lead_displays_once": "Counted over all citizens, a score was shown off in {displays} month.",
    "lead_displays_none": "Nobody showed off a score.",
    "lead_dating": (
        "Of those who look for a partner through a site, the highest tenth of scores finds one "
        "{ratio} times as often as the lowest."
    ),
    "lead_others_twin": (
        "Where nobody is scored there is nothing to disagree about, to show off or to sort by."
    ),
    # Perks.
    "lead_perks_none": "Nobody is given a perk in this run.",
    "lead_perks": (
        "{share} of citizens hold a perk at the end, and perks left {gain} of spending in the "
        "average pocket over the whole run; where nobody is scored there are none."
    ),
    "lead_perks_ends": "In the poorest fifth it was {poor}, in the richest {rich}.",
    # Bands, deeds and points.
    "lead_deeds": (
        "People did {deeds} good deeds per 1,000 citizens and year, {induced} of which they would "
        "not have done without the points; {filed} came to be filed."
    ),
    "lead_taken": "Records took {points} points per 1,000 citizens and year",
    "lead_taken_wrongly": ", {share} of them for what one had not done.",
    "lead_bands": "How scores fall into the bands is the model's doing; it is fitted to nothing.",
    "lead_points_twin": "Where nobody is scored there is neither, and deeds are not counted.",
    # Households.
    "lead_households": (
        "{share} of citizens are shut out of nothing themselves but live with somebody who is"
    ),
    "lead_households_twin": "; where nobody is scored, {twin}.",
    "lead_households_unscored": "{share} have no score of their own.",
    "lead_loss": "Refusals of other members took {loss} of spending from the average citizen",
    "lead_loss_twin": ", against {twin} where nobody is scored.",
    "lead_children": "Children lost {months} months at private schools for a parent's record.",
    # Comparisons.
    "more": "{change} more",
    "fewer": "{change} fewer",
    "no_clear": "no difference beyond chance",
    "higher": "higher by {points}",
    "lower": "lower by {points}",
    "is_unscored": "This is the world in which nobody is scored.",
    "no_twin": (
        "No unscored world was run beside this one, so nothing can be said about what the regime "
        "changed."
    ),
    "full_stop": ".",
}

SECTIONS = {
    "promise": (
        "What was promised, and what happened",
        "Five statements about this run. Each is made from its numbers; what they count, of whom, "
        "and on what evidence they rest stands under each.",
    ),
    "happened": (
        "What happened",
        "Five statements about this run. Each is made from its numbers; what they count, of whom, "
        "and on what evidence they rest stands under each.",
    ),
    "shut_out": (
        "Who is shut out, and for how long",
        "A gate is an opportunity that can be refused: a loan, a flight, a job. It is closed to a "
        "citizen while the regime's rules refuse him or her there: by a list, by a score under a "
        "threshold, or by a rank among the lowest.",
    ),
    "groups": (
        "Who is hit",
        "The same people, by income, age, area, opinion and province. Groups differ in what they "
        "owe, whom they know and what they say; nothing here says that a group is treated "
        "differently for being that group.",
    ),
    "refused": (
        "What is refused, and why",
        "Every gate has its own screening in both worlds; the regime's rule comes on top. A "
        "refusal is traced to its causes by asking what would have been decided had each of them "
        "been neutral, all else as it was that month.",
    ),
    "lists": (
        "The lists, and their errors",
        "The model knows what really happened, so it can tell a listing that rests on a broken "
        "obligation from one that rests on a mistake. The state's own sincerity was promised too.",
    ),
    "voice": (
        "What people say, and what speech loses",
        "Opinion and voice are abstract quantities here; nobody's posts are read. The unafraid "
        "voice is what the same person would say in the same month with fear at zero. Fear exists "
        "in both worlds: only the difference belongs to the regime.",
    ),
    "others": (
        "What others make of a score",
        "Several operators score the same people from different records; people show off their "
        "scores; a site for finding a partner shows high scores first.",
    ),
    "perks": (
        "What a high score gives",
        "Perks as the press named them: each makes something cheaper from so many points on. What "
        "one is worth was never published and is assumed.",
    ),
    "points": (
        "Bands, good deeds and points",
        "How scores fall into the bands that the regime names; and, where the score is an account, "
        "the good deeds that add points and the records that take them.",
    ),
    "households": (
        "Households and children",
        "Nobody is refused alone: a household pools part of its money, and a child's school asks "
        "for the parents' records.",
    ),
    "limits": (
        "Safeguards and manipulation",
        "What this scenario adds to the regime as it is written: rules that limit it, or people "
        "who bend it.",
    ),
    "score": (
        "The score",
        "Who has one, how it is spread, and who rises or falls.",
    ),
    "claimed": (
        "What it is claimed to bring",
        "Broken obligations, repayment and lending, counted as carefully as the harm, and against "
        "the same people and the same luck where nobody is scored.",
    ),
    "record": (
        "Sphere by sphere, and what was written down",
        "Government, commerce, society and judiciary; and for each kind of breach what happened "
        "beside what a source recorded.",
    ),
    "method": (
        "How this was made, and what it cannot say",
        "",
    ),
    "figures": (
        "Every figure",
        "All headline figures of this run with what they count, of whom, the same figure where "
        "nobody is scored, and the evidence of the values they hang on.",
    ),
    "remake": (
        "Make it again",
        "The same scenario and seed give the same bits on any machine, whatever the number of "
        "threads. The digest below is of the whole result.",
    ),
}

# Heading, and what a chart shows in one sentence.
CAPTIONS = {
    "shut_out": ("Citizens shut out of something, month by month", "Share of all citizens."),
    "survival": (
        "How long a spell of being shut out lasts",
        "Share of spells that last longer than so many months; spells still running at the end "
        "are counted as far as they were seen (Kaplan-Meier).",
    ),
    "closed": (
        "Which gates are closed, and to how many",
        "Share of all citizens to whom the regime closes the gate in the last month.",
    ),
    "groups": (
        "Shut out of something, by group",
        "Share of each group in the last month; the thin line is twice the error that a group of "
        "its size would show by chance, the upright line the whole country.",
    ),
    "provinces": (
        "Shut out of something, by province",
        "Share of each province's citizens in the last month, with the chance error of a province "
        "of that size. Small samples: neighbours in this order may well change places.",
    ),
    "refused": (
        "What the regime adds to refusals",
        "Refused applications as a share of all, less the same where nobody is scored. To the "
        "right: refused more often.",
    ),
    "denials": (
        "Refused applications, by gate",
        "Share of applications refused in the whole run, here and where nobody is scored.",
    ),
    "causes": (
        "What decided the refusals",
        "Of refusals that have a cause at all. Left end: would not have happened without it. "
        "Right end: it played a part.",
    ),
    "causes_by_gate": (
        "{group}, by gate",
        "",
    ),
    "classes": (
        "One cause or several",
        "Each gate's refusals: by own screening alone, by a single cause, by several that were all "
        "needed, by several of which one would have been enough.",
    ),
    "shapley": (
        "How refusals divide among causes",
        "Shapley shares of the refusals that have a cause. These alone add up to 100 %.",
    ),
    "listings": (
        "What stands behind the entries on each list",
        "Share of each list's entries over the whole run.",
    ),
    "voices": (
        "Praise and criticism, month by month",
        "Share of all citizens; the rest stay silent.",
    ),
    "consensus": (
        "Approval as seen and as held",
        "Praise as a share of praise and criticism: as voiced, and as it would be without fear, "
        "reward and conformity.",
    ),
    "chilled": (
        "Criticism kept back, praise against one's opinion",
        "Share of all citizens.",
    ),
    "adoption": ("Who has a score", "Share of all citizens."),
    "scores": (
        "Distribution of scores",
        "Share of scored citizens in bins of 25 points, at selected months.",
    ),
    "breaches": (
        "Broken obligations, month by month",
        "Breaches of any kind that began or happened in the month.",
    ),
    "benefit": (
        "What changed against the unscored world",
        "Change of each count over the whole run, in percent of the unscored world.",
    ),
    "operators": (
        "The same people, placed by two operators",
        "Each line is a fifth of the people by the leading score; the squares say where the second "
        "private operator places them. Where two operators agree, only the diagonal is filled.",
    ),
    "displays": (
        "Scores shown off, month by month",
        "Share of all citizens who display their score in the month.",
    ),
    "dating": (
        "Odds of finding a partner, by tenth of the score",
        "Chance that a month of looking ends in a couple, against the average of all who look.",
    ),
    "perk_holders": (
        "What perks leave in the pocket, by income",
        "Months of one's own spending per citizen, over the whole run.",
    ),
    "households": (
        "What other members' refusals take, by income",
        "Months of one's own spending per citizen, over the whole run: for refusals of any kind, "
        "the gates' own screening included.",
    ),
    "chill_split": (
        "Criticism kept back, in all and through others",
        "Share of all citizens who would criticise had nobody ever feared, and do not; and the "
        "part of them whom the silence of others keeps from it.",
    ),
    "inclusion": (
        "Credit for people nobody knew",
        "Loan and mortgage applications of people with a thin credit file that were granted, by "
        "income.",
    ),
}

LEGEND = {
    "restricted": "at least one gate closed",
    "restricted_without_rank": "the same, by list or threshold alone",
    "listed": "on a list",
    "enrolled": "citizens with a score",
    "clear": "changed beyond chance",
    "unclear": "no more than chance might do",
    "run": "this regime",
    "twin": "nobody scored",
    "praise": "praise",
    "criticise": "criticise",
    "chilled": "would criticise if unafraid, and does not",
    "falsified": "praises against own opinion",
    "visible_consensus": "as seen",
    "private_consensus": "as held",
    "displays": "display their score",
    "chilled_total": "keeps back criticism, in all",
    "chilled_indirect": "of these, through others' silence",
}

AXES = {
    "share": "share of citizens",
    "spells": "share still shut out",
    "months": "months since it began",
    "applications": "share of applications",
    "points": "percentage points",
    "refusals": "share of refusals with a cause",
    "gate_refusals": "share of the gate's refusals",
    "entries": "share of entries",
    "speakers": "share of those who speak",
    "scored": "share of scored citizens",
    "score": "score",
    "breaches": "breaches in the month",
    "change": "change against the unscored world",
    "second": "fifth by the second private operator, 1 = lowest",
    "leading": "fifth by the leading score",
    "of_the_fifth": "share of the line",
    "odds": "odds of a match, the average being 1",
    "spending": "months of own spending per citizen",
}

# Words that stand in tables and on axes instead of the model's names.
LABELS = {
    "internet_speed": "fast internet",
    "restaurant": "restaurant",
    "nightclub": "nightclub",
    "golf": "golf",
    "travel_abroad": "travel abroad",
    "holiday": "holiday area",
    "flight": "flight",
    "fast_train": "fast train",
    "rental": "renting a home",
    "insurance": "insurance",
    "loan": "loan",
    "mortgage": "mortgage",
    "social_security": "social security",
    "civil_service": "civil service",
    "journalism": "journalism",
    "legal": "legal work",
    "private_school": "private school",
    "job": "job",
    "all": "all gates",
    "volunteering": "volunteering",
    "donation": "gift of money or blood",
    "honour": "honour",
    "heroism": "act of heroism",
    "q1": "poorest fifth",
    "q2": "second fifth",
    "q3": "middle fifth",
    "q4": "fourth fifth",
    "q5": "richest fifth",
    "urban": "urban",
    "rural": "rural",
    "critical": "critical",
    "neutral": "neutral",
    "supportive": "supportive",
    **{f"d{tenth}": f"tenth {tenth} of the score" for tenth in range(2, 10)},
    "d1": "lowest tenth of the score",
    "d10": "highest tenth of the score",
    "quintile": "income",
    "age": "age",
    "area": "area",
    "camp": "opinion",
    "province": "province",
    "spillover": "outside the gate's sphere",
    "association": "whom one knows",
    "speech": "what one said",
    "error": "an error on record",
    "means": "lack of means",
    "here_unwilling": "unwilling, in the gate's sphere",
    "here_unable": "unable, in the gate's sphere",
    "here_slip": "slip, in the gate's sphere",
    "elsewhere_unwilling": "unwilling, in another sphere",
    "elsewhere_unable": "unable, in another sphere",
    "elsewhere_slip": "slip, in another sphere",
    "ties_scores": "scores of people one knows",
    "ties_voice": "voice of people one knows",
    "own_voice": "own voice",
    "false_alarm": "false alarm",
    "mix_up": "a namesake's record",
    "means_own": "own lack of means",
    "means_denials": "means lost by earlier refusals",
    "profile": "way of living",
    "favour": "an official's disfavour",
    "baseline": "own screening alone",
    "sole": "a single cause",
    "jointly_necessary": "several, all needed",
    "over_determined": "several, one enough",
    "unwilling": "unwilling, or own conduct",
    "unable": "unable to pay",
    "mixed": "partly unable, partly unwilling",
    "credit_late": "credit paid late",
    "credit_default": "credit in default",
    "credit_ignored": "court order on a credit ignored",
    "fee_late": "fee or tax paid late",
    "fee_default": "fee or tax in default",
    "fee_ignored": "court order on a fee ignored",
    "contempt": "contempt of court",
    "traffic": "traffic offence",
    "train": "conduct on trains",
    "care": "neglect of parents",
    "rumour": "rumour",
}

# Beside the regime's name, so that the name alone is never taken for a description.
KINDS = {
    "press scenario": "the press's scenario, never how China works",
    "documented rule": "a rule as documented, not what it did to anybody",
    "comparison": "a world to compare with",
}

GRADES = {
    "A": "rule text or official statistic",
    "B": "peer-reviewed estimate",
    "C": "press",
    "D": "assumption of this project, with a stated range",
}

LIMITS = (
    "Numbers are written with the digits that a group of that size would support. A difference is "
    "called one only beyond twice the error of two unrelated worlds; the worlds of a pair share "
    "their luck, so this errs on the side of silence. No placebo pair was run.",
    "Difference to the unscored world means the same people and the same luck with nobody scored. "
    "In the model that is the regime's effect, knock-on effects included; it says nothing about "
    "another country, behaviour or set of rules. The fairer comparison, with an ordinary credit "
    "bureau, is a run of its own.",
    "Many values that decide who is hurt were never published. They are assumptions (grade D) with "
    "a range, and one value of each range was used here. Error rates of sources, the cut-off of "
    "each gate and the wilful share of breaches matter most.",
    "Causes of a refusal are measured against a person of whom nothing adverse is known (the "
    "reference value of each input). Another reference gives other shares. They are proximate: one "
    "refusal, one month. What a regime changes over the years is the difference between worlds.",
)

PAGE = {
    "eyebrow": "Glasscity: report of one run",
    "lead": (
        "What does a society that scores its citizens do to them? This page reports one run of a "
        "model: {citizens} in a model country (“{country}”), {span}, under the "
        "regime “{regime}”"
    ),
    "lead_fork": " Until {month} its regime was '{regime}'.",
    "lead_twin": ", beside the same people with the same luck where nobody is scored.",
    "span": "{months} from {first} to {last}",
    "span_of_one": "one month, {first}",
    "adults": ("made-up adult", "made-up adults"),
    "citizens": ("citizen", "citizens"),
    "caution": "What this must not be taken for",
    "synthetic": (
        "Every person here is made up from published aggregates; nobody real is scored, looked up "
        "or read. The figures say what the model gives under its stated assumptions."
    ),
    "fifths": "{here} by the leading score, {there} by the second operator",
    "tenths": {"1": "lowest tenth", "10": "highest tenth"},
    "few": (
        "This run has only {citizens}. That is enough to try the tool, and too few to say "
        "anything about a society."
    ),
    "skip": "Skip to the findings",
    "contents": "On this page",
    "promised": "Promised",
    "by_gate": (
        "The same gate by gate, as a share of all refusals at the gate: the left end would not "
        "have happened without it, at the right end it played a part. Scales differ."
    ),
    "means": "What these numbers mean",
    "evidence": "Evidence",
    "trace": "To its source:",
    "no_chart": "This run has nothing to show here.",
    "numbers": "The numbers behind it",
    "noscript": (
        "Charts are drawn by a script inside this file, and scripts are off. The tables under each "
        "chart hold the same numbers."
    ),
    "failed": "The chart could not be drawn; its numbers stand in the table below.",
    "table": "Table",
    "download": "Download as CSV",
    "counted": (
        "Counts are those of this run, as they were counted; another seed would give others, "
        "typically within about twice the square root."
    ),
    "lower_ends": " (lower ends)",
    "limits": "Limits",
    "evidence_about": (
        "Every value that the run rests on carries a grade. Letters beside a figure are the grades "
        "of the values that it hangs on most."
    ),
    "grade_count": "{count} of the {all} graded values of this scenario",
    "status": "Status of what the run rests on",
    "provisional": "provisional: no second reader has rebuilt its values from the sources alone",
    "values": "Every value of the regime and of people's behaviour in this run",
    "digest": "Digest of the result",
    "twin_digest": "Digest of the unscored world",
    "command": "From the command line",
    "python": "From Python",
    "folder": (
        "From the run folder, whatever the regime's file was: the folder holds the whole scenario."
    ),
    "provenance": "Provenance",
    "keys": {
        "peak_memory_bytes": "peak memory",
        "wall_seconds": "seconds in all",
        "simulation_seconds": "seconds for the months",
        "catalogue": "fingerprints of the catalogue",
        "burn_in_months": "months of burn-in",
        "burn_in_stored": "burn-in read from the cache",
        "state_bytes_per_citizen": "state per citizen",
    },
    "no_provenance": "No provenance was stored with this run.",
    "footer": (
        "Made by Glasscity {version}, model {model}. This page is a single file: it asks no server "
        "for anything."
    ),
}

COLUMNS = {
    "figure": "Figure",
    "value": "This run",
    "twin": "Nobody scored",
    "difference": "Difference",
    "of": "Of",
    "grades": "Evidence",
    "not": "Only",
}
