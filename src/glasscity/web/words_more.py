"""What the pages A life, Compare and Regimes say; part of :mod:`glasscity.web.words`."""

from __future__ import annotations

__all__ = [
    "COMPARE",
    "LIFE",
    "LOOKS",
    "REGIME",
    "SCRIPT_COMPARE",
    "SCRIPT_LIFE",
    "SCRIPT_REGIME",
    "TENTHS",
]

LOOKS = {
    "full": "{most} things wait to be worked out already",
    "full_mend": "wait until some are done",
    "killed": (
        "It ended without a word: it was killed, or the machine was out of memory. Ask again."
    ),
}

LIFE = {
    "title": "A life",
    "meet": "Meet somebody who was shut out",
    "meet_about": "And see which safeguard would have prevented it.",
    "meet_error": "Shut out by a mistake",
    "meet_friends": "Refused for their friends",
    "compare": "Compare with other rules",
    "variants": "The same worlds with rules switched ({count})",
    "lives": "Find a life",
    "lives_about": (
        "Every one of these people is made up. Their lives are what the model gives, month by "
        "month, with the reason for every change."
    ),
    "questions": "The first that each question finds",
    "random": "Anybody, at random",
    "by_number": "By number",
    "number_about": "From 0 to {last}.",
    "open": "Open this life",
    "more_like": "More like this",
    "another": "Somebody else, at random",
    "found_by": "Found by",
    "loading": "Looking for this life …",
    "again": (
        "Nobody watched this life while the run went by, so the run is made again, the same to the "
        "bit, with an eye on this person. It takes some seconds and is kept."
    ),
    "not_same": (
        "The run made again is not the stored one: its digest differs. What follows is the life in "
        "the new run."
    ),
    "story": "What happened",
    "in_short": "In short",
    "all": "Show everything, also what no regime had a hand in",
    "score": "The score, and what it was made of",
    "score_about": (
        "Each band is a part of the score, in points; together they are the score exactly. Shaded: "
        "months in which a door was closed. Move along the months to see each one."
    ),
    "score_none": "This regime gives nobody a score.",
    "score_never": "This person never had a score.",
    "table": "The same as a table, year by year",
    "month": "Month",
    "now": "In this month",
    "closed": "Closed to them",
    "closed_none": "No gate is closed.",
    "circle": "The people around",
    "circle_about": (
        "Everybody whom this person knows, as they stood in the last month; ties are those at the "
        "start, and some were dropped on the way. The lower the score, the more orange. Each is a "
        "life of its own."
    ),
    "circle_none": "In a run of this size the people around are not made up again.",
    "losses": "What others bear",
    "what_if": "What if?",
    "what_if_about": (
        "One thing is changed in this one life and everything else is lived again: the same "
        "people, the same luck. So each difference below has this one cause, under one stated "
        "coupling of luck."
    ),
    "what_if_from": "From",
    "what_if_try": "Live it again so",
    "kinds": {
        "error_corrected": "The error is corrected",
        "other_friends": "Other friends",
        "paid_on_time": "Everything is paid",
        "paid_late": "Something is paid late",
        "spoke": "The person speaks out",
        "kept_silent": "The person keeps silent",
    },
    "safeguards": "Which safeguard would have prevented it?",
    "safeguards_about": (
        "The whole run is made again with one rule changed, for everybody, with the same luck. For "
        "each rule: what it changes for this person, and what for everybody. Cut-offs that are a "
        "place among all move with the world, so what helps others need not help this person."
    ),
    "safeguards_try": "Try every safeguard",
    "safeguards_wait": "It takes a minute or two for all of them; what is done appears at once.",
    "python": "Reproduce in Python",
}

SCRIPT_LIFE = {
    "citizen": "Citizen {number}",
    "stage": "{stage}: {done} of {total}",
    "waiting": "number {place} in line",
    "starting": "starting",
    "failed": "That did not work: {reason}",
    "score_of": "Score {score}, above {rank} of the scored",
    "no_score": "No score",
    "nothing": "Nothing that anybody would note.",
    "part": "Part",
    "points": "Points",
    "parts": {
        "base": "low end of the range",
        "credit_history": "credit history",
        "fulfilment_capacity": "means shown",
        "behaviour_preference": "way of living",
        "personal_characteristics": "personal characteristics",
        "ties_scores": "scores of the people known",
        "ties_voice": "what they say",
        "own_voice": "own voice",
        "officials": "an official's favour",
        "remainder": "rounding",
    },
    "parts_of_points": {
        "base": "points to begin with",
        "credit_history": "points kept",
        "behaviour_preference": "points added",
    },
    "closed_by": "{gate}: {by}",
    "by_list": "the list {list}",
    "by_rank": "the rank of the score",
    "by_score": "a score below {below}",
    "doors": "{count} doors closed",
    "no_doors": "no door closed",
    "life_alt": (
        "The score from {from} to {to}: between {low} and {high} points; {shut} months shut out."
    ),
    "year": "Year",
    "year_score": "Score, last month",
    "year_shut": "Months shut out",
    "year_refused": "Refused",
    "layers": {
        "self": "this person",
        "household": "household",
        "colleague": "colleagues",
        "near": "friends nearby",
        "far": "contacts elsewhere",
    },
    "circle_node": "Citizen {number}, {layer}: {score}{shut}",
    "circle_shut": ", shut out in {months} months",
    "circle_score": "score {score}",
    "circle_no_score": "no score",
    "circle_list": "The same as a list",
    "circle_none": LIFE["circle_none"],
    "low": "lowest",
    "high": "highest",
    "lived": "As lived",
    "changed": "With the change",
    "differs": "From {when} on the life is another one.",
    "differs_not": (
        "Nothing in this life becomes another: what was changed was not what stood in the way."
    ),
    "others": "{count} of {of} other lives become another, too.",
    "others_none": "Nobody else's life changes.",
    "totals": {
        "months_shut_out": "Months shut out",
        "months_listed": "Months on a list",
        "refusals": "Refusals, all of them",
        "errors_on_record": "Errors on record",
        "months_scored": "Months with a score",
    },
    "verdict": {
        "all": "Prevents it",
        "refusals": "Prevents every refusal",
        "part": "Prevents a part",
        "none": "Changes nothing",
        "other": "Something else instead",
        "worse": "Makes it worse",
        "null": "Nothing had happened",
    },
    "looking": "Looking what has been tried …",
    "rule": "Rule",
    "this_person": "This person",
    "months_shut": "Months shut out",
    "refused": "Refusals with a cause",
    "everybody": "Everybody",
    "row_months": "{base} → {other}",
    "small_row": "{months} months; {refusals} refusals",
    "same": "The regime has it already",
    "none": "not tried yet",
    "prevented_by": "Prevented by: {names}.",
    "prevented_refusals": "Every refusal prevented by: {names}; the doors stay closed by rule.",
    "prevented_none": "No single one of these rules prevents it.",
    "prevented_open": "Not all of them have been tried yet.",
    "nothing_befell": (
        "In this run nothing was closed or refused to this person for a cause, so there is nothing "
        "to prevent."
    ),
    "without": "without {name}",
    "compare": "Compare for everybody",
    "household_shut": "Others of the household were shut out: {who}.",
    "household_one": "citizen {number} in {months} months",
    "households": {
        "child_months_shut_out": "Own children were shut out of school in {value} months.",
    },
    "play": "Play",
}

COMPARE = {
    "title": "Compare",
    "lead": "The same people, with the same luck, under other rules.",
    "about": (
        "Every difference is the other world less the base. Over all people it is what the rules "
        "do in the model, to one person it is what would have happened under one stated coupling "
        "of luck."
    ),
    "base": "Base",
    "base_about": "The run that the others are compared with.",
    "other": "Other regime",
    "other_none": "none: only switch safeguards",
    "switches": "Rules switched",
    "switches_about": (
        "Each switch changes one rule for everybody; together they make one other world. If it has "
        "not been run, it can be run here."
    ),
    "behaviour": "People's behaviour",
    "show": "Compare",
    "none": "There is no finished run yet.",
    "not_run": "This other world has not been run yet.",
    "run_it": "Run it",
    "going": "It is being run.",
    "see_run": "See how far it is",
    "effects": "What differs",
    "effects_about": (
        "A bar to the left: less of it in the other world; to the right: more. The grey mark is "
        "how far one late payment of one person moves the same figure: no smaller difference says "
        "anything."
    ),
    "floor": "Measure how far chance alone carries",
    "floor_is": (
        "Chaos floor: one payment of one person made a month later changed {lives} of {of} lives."
    ),
    "people": "Who gains, who loses",
    "people_about": (
        "Counted person by person, never as a mean alone. Sorted by the score in the base, those "
        "at its bottom gain partly by construction."
    ),
    "lives": "Lives that differ most",
    "lives_about": "Those whose months shut out differ most between the two worlds.",
    "worlds": "Every world of these people",
    "worlds_table": "Table of worlds",
    "worlds_about": (
        "All runs in this folder of the same people with the same luck, each beside the base."
    ),
    "same_people": "Only runs of the same people with the same seed and length can be compared.",
    "parameters_table": "Differences by parameters",
    "parameters": "Does it hinge on how people are assumed to behave?",
    "parameters_about": (
        "The facts leave a range open. The same comparison under a proponent's and a critic's "
        "parameters."
    ),
}

SCRIPT_COMPARE = {
    "floor_is": COMPARE["floor_is"],
    "measure": "Measure",
    "base": "Base",
    "other": "Other world",
    "difference": "Difference",
    "picture": "Relative to the base",
    "chance": "chance alone: {value}",
    "changed": "{count} of {of} lives differ in something.",
    "outcome": "What",
    "group": "By",
    "groups": {
        "base_score_decile": "Tenth of scores in the base",
        "quintile": "Income",
        "area": "Area",
        "age": "Age",
        "camp": "Opinion",
        "province": "Province",
    },
    "better": "better off",
    "worse": "worse off",
    "unchanged": "the same",
    "row": "{group}: {better} better off, {worse} worse off, of {of}",
    "more": "Every other measure",
    "world": "World",
    "as_is": "as it is",
    "no_worlds": "There is no other yet: choose a regime or switch a rule above.",
    "pair_of": "{base} → {other}",
    "not_measured": "not measured yet",
    "working": "Working it out …",
    "run_missing": "Run what is missing",
    "life_row": "Citizen {number}: {base} → {other} months shut out",
    "no_lives": "Nobody's months shut out differ.",
}

TENTHS = {
    "d1": "lowest tenth",
    **{f"d{at}": f"{at}{ {2: 'nd', 3: 'rd'}.get(at, 'th') } tenth" for at in range(2, 10)},
    "d10": "highest tenth",
}

REGIME = {
    "title": "Regimes",
    "about": (
        "Rules as data: who scores whom on what, which lists there are, and what they close. Each "
        "value has its source and an evidence grade."
    ),
    "columns": ("Regime", "What it is", "Start", "Values by grade"),
    "table": "Table of regimes",
    "in_words": "Its rules in words",
    "parts": {
        "score": "The score",
        "lists": "The lists",
        "doors": "The doors",
        "dates": "The dates",
        "records": "The records",
    },
    "caution": "What this must not be taken for",
    "values": "Every value, with its source",
    "values_about": "Grades: {grades}.",
    "value_columns": ("Name", "Value", "Range", "Grade", "Where it is from"),
    "not_modelled": "What has no counterpart here",
    "sources": "Sources",
    "edit": "Edit a copy",
    "run": "Run it",
    "download": "Download it (YAML)",
    "command": "From the command line",
    "edit_title": "A copy to change",
    "edit_about": (
        "The numbers that most hangs on, and the whole text; either can be changed. A number that "
        "is changed loses its source: the source said the old one."
    ),
    "form": "The numbers that most hangs on",
    "form_none": (
        "This regime says only in what it differs from another one. Its few numbers are in the "
        "text; for a form, edit a copy of the one that it extends."
    ),
    "text": "The whole regime, as YAML",
    "upload": "Or open a file of your own",
    "citizens": "People",
    "start_over": "Start over",
    "ok": "It is well formed.",
    "grades": {
        "A": "A rule text or official statistic",
        "B": "B peer-reviewed estimate",
        "C": "C press",
        "D": "D assumption",
    },
    "open_range": "{low} to {high}",
}

SCRIPT_REGIME = {
    "checking": "Checking …",
    "ok": "It is well formed.",
    "problems": "{count} to mend",
    "problem": "Line {line}: {what}.",
    "allowed": "Allowed: {allowed}.",
    "mend": "To mend it: {mend}.",
    "go": "Go to line {line}",
    "too_large": "The file is larger than 400 kB.",
    "field": "{name}, {unit}",
    "parts": REGIME["parts"],
}
