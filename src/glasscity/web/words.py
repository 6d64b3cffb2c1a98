"""Every string that the explorer says, in one place.

Names of measures, their definitions and the words of the model come from the library itself; here
is only what the pages say around them.  ``SCRIPT`` goes to the browser with each page.
"""

from __future__ import annotations

from glasscity.web.words_more import (
    COMPARE,
    LIFE,
    LOOKS,
    REGIME,
    SCRIPT_COMPARE,
    SCRIPT_LIFE,
    SCRIPT_REGIME,
    TENTHS,
)

__all__ = [
    "BASE",
    "COMPARE",
    "ERRORS",
    "LIFE",
    "LOOKS",
    "NAV",
    "PEOPLE",
    "QUEUE",
    "REFUSED",
    "REGIME",
    "REPORT",
    "RUN",
    "SCRIPT",
    "SOCIETY",
    "STAGES",
    "START",
    "STATES",
    "TENTHS",
]

BASE = {
    "name": "Glasscity",
    "tagline": "a laboratory for societies that score their citizens",
    "skip": "Skip to the content",
    "pages": "Pages",
    "of_run": "Pages of this run",
    "footer": (
        "Every person here is made up from published aggregates. Figures are what a model gives "
        "under its stated assumptions: no forecast, and no measurement of any country."
    ),
    "made": "Glasscity {version}, model {model}. This page asks nobody but this machine.",
    "noscript": (
        "This page is drawn by scripts, and they are off. The same numbers come from the command "
        "line: glasscity report FOLDER."
    ),
    "reproduce": "Reproduce in Python",
    "reproduce_about": "These lines give what this view shows, as it stands now.",
    "command": "From the command line",
    "means": "What this means",
    "without": "no {name}",
    "loading": "Reading the run …",
}

NAV = {
    "start": "Start",
    "society": "Society",
    "people": "People",
    "life": "A life",
    "lives": "Lives",
    "report": "Report",
    "run": "Run",
    "compare": "Compare",
    "regimes": "Regimes",
}

STATES = {
    "waiting": "waiting",
    "running": "running",
    "finished": "finished",
    "stopped": "stopped",
    "failed": "failed",
    "killed": (
        "It ended without a word: it was killed, or the machine was switched off or out of memory. "
        "It can be gone on with."
    ),
}

# What the stages of a run are called while it goes on.
STAGES = {
    "starting": "starting",
    "compiling": "loading the model (the first time on a machine it is compiled: a minute or two)",
    "society": "making up the society",
    "people": "making up the people, part by part",
    "burn-in": "burn-in, before anybody is scored",
    "months": "months under the regime",
    "twin": "the same months, unscored",
    "stopping": "finishing the month, then stopping",
    "writing": "writing the results",
    "report": "writing the report",
}

START = {
    "title": "What does a score for every citizen do to people?",
    "lead": (
        "Glasscity plays it through with made-up people, beside the same people, with the same "
        "luck, where nobody is scored."
    ),
    "is": (
        "It is a laboratory: a model of people, records, scores and closed doors.",
        "It runs the system that the press described in 2017, and rules that were really "
        "documented, and keeps the two apart.",
        "It traces every refusal to its causes: one's own breach, friends, speech, a mistake.",
        "It is no description of how China works, no forecast, and no measurement.",
        "It knows no real person. It takes nobody's data and scores nobody.",
    ),
    "example": "An example, ready to look at",
    "example_making": "An example is being made",
    "example_about": ("{citizens} made-up people under “{regime}”, {months} months from {start}"),
    "example_wait": (
        "It takes about half a minute; on a machine that never ran Glasscity, two more to compile "
        "the model. The page answers meanwhile."
    ),
    "look": "Look at this society",
    "watch": "See how far it is",
    "people": "Two people of this society",
    "new": "Run one yourself",
    "new_about": "Everything has a value already. Change what you like, then press Run.",
    "regime": "Regime",
    "regime_about": "Who scores whom on what, and what a low score closes.",
    "country": "Country",
    "country_about": "Whose published aggregates the people are made from.",
    "citizens": "People",
    "citizens_about": "More people, finer numbers, longer wait.",
    "safeguards": "Safeguards",
    "safeguards_about": (
        "Each covers everybody when switched on. Rules that exist on paper only are off."
    ),
    "mechanisms": "Parts of the regime to leave out",
    "mechanisms_about": "On: as the regime has it. Off: the same world without it.",
    "more": "Months, seed, behaviour",
    "months": "Months",
    "months_about": "Empty: as long as the regime's own rules have it.",
    "seed": "Seed",
    "seed_about": "The same seed gives the same people and the same luck, to the bit.",
    "behaviour": "How people behave",
    "behaviour_about": "The facts leave a range open between a proponent's view and a critic's.",
    "run": "Run",
    "past": "Runs",
    "past_table": "Table of runs",
    "past_none": "There are no runs yet.",
    "past_about": "All runs of the folder {folder}, those of the command line included.",
    "kinds": {
        "press scenario": "The press's scenario, never how China works",
        "documented rule": "Rules as documented, not what they did to anybody",
        "comparison": "Worlds to compare with",
    },
    "columns": ("Run", "Regime", "People", "Months", "State"),
}

RUN = {
    "title": "This run",
    "about": "{citizens} people, {country}, {months} months from {start}, seed {seed}",
    "cancel": "Cancel",
    "cancelling": "Cancelling: the month is finished and kept.",
    "go_on": "Go on with it",
    "see": "See the society",
    "reason": "Why",
    "changed": "Changed against the regime's own rules",
    "as_is": "Nothing: the regime as it is.",
    "share": "{share} of all months",
}

SOCIETY = {
    "whose": "{citizens} made-up people · {country}",
    "month": "Month",
    "play": "Play",
    "pause": "Pause",
    "first": "First month",
    "last": "Last month",
    "group": "Of whom",
    "everybody": "everybody",
    "crowd": "A thousand of them",
    "crowd_about": "Each figure stands for one in a thousand of {of}. Coloured: {what}.",
    "lines": "Month by month",
    "lines_about": (
        "Choose a line: the thousand, the groups and the map follow. Dashed: the same people with "
        "the same luck where nobody is scored. Dotted, in this order: the dates at which the "
        "rules change."
    ),
    "scores": "The scores of the month",
    "scores_about": "Citizens by score; each bar spans {width} of the scale.",
    "scores_none": "Nobody has a score in this month.",
    "scores_never": "This regime gives nobody a score.",
    "groups": "Who it is",
    "groups_about": "Share of each group in this month; the thin mark is the unscored world.",
    "map": "Where",
    "map_about": (
        "One tile a province, placed about as on a map, all of the same size. Dotted and without "
        "colour: fewer than {few} people, mostly chance."
    ),
    "gates": "What closes doors",
    "gates_about": (
        "Of all refusals at each gate in the whole run: from the share that would not have "
        "happened without the cause, to the share in which it played any part. Causes overlap, so "
        "these are intervals and do not add up."
    ),
    "gates_none": "At no gate did this cause play a part.",
    "cause": "Cause",
    "meet": "Meet some of them",
    "meet_about": "Found in the run, not chosen for drama: the first that each question finds.",
    "meet_none": "Nobody in this run.",
    "all": "all of them",
    "dates": "Dates of the rules",
    "caution": "What this must not be taken for",
    "groupings": {
        "area": "Area",
        "quintile": "Income",
        "age": "Age",
        "camp": "Opinion",
        "province": "Province",
    },
}

PEOPLE = {
    "title": "People behind a number",
    "about": "Citizens of this run who fit what you chose, as they stand in the last month.",
    "found": "{shown} of {found} people",
    "none": "Nobody in this run fits.",
    "change": "Choose others",
    "show": "Show them",
    "any": "any",
    "life": "This life",
    "life_command": "The whole life, month by month",
    "fields": {
        "filter": "Whose life is worth retelling",
        "province": "Province",
        "area": "Area",
        "quintile": "Income",
        "age": "Age",
        "camp": "Opinion",
        "voice": "Voice",
        "gate": "Refused at",
        "cause": "But for",
        "now": "Now",
        "score_from": "Score from",
        "score_to": "Score to",
    },
    "filters": {
        "wrongly-listed": "on a list for a mistake alone",
        "fell-through-friends": "refused for whom they know",
        "silent-critic": "silent, and would criticise",
        "child-shut-out": "whose child lost a school",
    },
    "no_score": "no score",
    "citizen": "Citizen {number}",
    "sentence": "{area}, {province}; {quintile}; {age}; {occupation}",
    "score": "score {score}, above {rank} of the scored",
}

REPORT = {
    "title": "The rights report",
    "about": "The whole report is one file that needs no network: charts, definitions, evidence.",
    "promised": "Promised",
    "open": "Open the report",
    "pictures": "Pictures of the report",
    "picture": "Which",
    "only": "Only",
    "evidence": "Evidence",
    "trace": "To its source:",
    "download": "Take it with you",
    "again": "Make it again",
    "digest": "Digest of the result",
    "files": {
        "report.html": "The report, one HTML file",
        "scenario.json": "The whole scenario: regime, country, behaviour, seed",
        "numbers.json": "Every measure, as glasscity run --json prints them",
        "findings.json": "Every figure and table with definitions and evidence grades",
        "summary.nc": "Monthly series by group, labelled (netCDF)",
        "cube.parquet": "All counts by cell and month (Parquet)",
        "people.parquet": "The made-up people in the last month (Parquet)",
        "denials.parquet": "Refusals with their causes (Parquet)",
        "listings.parquet": "Entries on lists and exits (Parquet)",
        "provenance.json": "Versions, seeds, fingerprints, times",
    },
    "no_report": "This run has no report yet.",
    "write": "Write it",
}

REFUSED = {
    "host": "this server does not go by that name",
    "origin": "requests of other sites are not answered",
    "token": "this server asks for its token: open the address that it printed when it started",
    "size": "the request is larger than 1 MB",
    "kind": "a request that changes something must be application/json",
    "depth": "the JSON of the request is nested too deeply",
    "length": "the request cannot be read",
}

QUEUE = {
    "full": "{most} runs wait already",
    "full_mend": "wait until some have run, or cancel some",
    "still": "the run '{name}' neither waits nor goes on",
    "still_mend": "look at its state",
    "terminal": "the run '{name}' was started in a terminal",
    "terminal_mend": "stop it there with Ctrl-C",
    "nothing": "there is nothing to go on with in '{name}'",
    "nothing_mend": "only runs that were stopped or failed can be gone on with",
}

ERRORS = {
    "title": "That did not work",
    "missing": "There is no page at this address",
    "missing_mend": "go back to the start page",
    "bug": "this is a bug in Glasscity, not in what you asked for",
    "bug_mend": "please report it in the project's issue tracker, with what you did",
    "allowed": "Allowed",
    "mend": "What to do",
    "back": "Back to the start",
    "method": "this address does not take that kind of request",
}

# For the browser: said by scripts.
SCRIPT = {
    "a_life": SCRIPT_LIFE,
    "compare": SCRIPT_COMPARE,
    "regime": SCRIPT_REGIME,
    "means": BASE["means"],
    "states": STATES,
    "stages": STAGES,
    "people_of": "{count} of {whole} people",
    "count_of": "{count} of {whole}",
    "per_thousand": "{value} per 1,000 people",
    "unscored": "unscored: {value}",
    "not_estimable": "not estimable",
    "place": "number {place} in the queue",
    "no_answer": "The server does not answer. Is it still running?",
    "checking": "Looking whether it fits …",
    "fits": "About {memory} of memory.",
    "play": SOCIETY["play"],
    "pause": SOCIETY["pause"],
    "at_least": "at least {value}",
    "refusals": "{count} refusals",
    "between": "{low} to {high}",
    "of_gate": "of {count} refusals",
    "of_few": "of {count}: few, mostly chance",
    "highest": "highest {value}",
    "evidence": REPORT["evidence"],
    "trace": REPORT["trace"],
    "meet": "Meet them",
    "meet_like": "Meet people like them",
    "of": "Of {whole}.",
    "citizen": PEOPLE["citizen"],
    "life": PEOPLE["life"],
    "filters": PEOPLE["filters"],
    "meet_none": SOCIETY["meet_none"],
    "all": SOCIETY["all"],
    "everybody": SOCIETY["everybody"],
    "scores_none": SOCIETY["scores_none"],
    "scores_never": SOCIETY["scores_never"],
    "scores_about": SOCIETY["scores_about"],
    "gates_none": SOCIETY["gates_none"],
    "crowd_about": SOCIETY["crowd_about"],
    "crowd_alt": "A thousand figures, {count} of them coloured: {what}",
    "scored": "{count} people have a score, {none} have none; the average is {mean}.",
    "meet_last": "Choose a bar to meet the people behind it.",
    "meet_later": "The people behind a bar can be met in the last month.",
    "bar": "score {from} to {to}: {count} people",
    "group_row": "{group}: {value}",
    "few": "few people: mostly chance",
    "least": "least",
    "most": "most",
}
