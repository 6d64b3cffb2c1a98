"""Every sentence and label that only the report of a study has; the rest is in ``words``."""

from __future__ import annotations

from glasscity.report import words

__all__ = ["CAPTION", "LIMITS", "PAGE", "SECTIONS", "SENTENCES", "VERDICTS"]

VERDICTS = {
    "robust": "The difference holds over the whole set.",
    "seeds": "The difference is beyond chance; no set was run.",
    "conditional": "The sign of the difference depends on what people are like.",
    "mixed": "The difference is beyond chance at the first point, and not over the whole set.",
    "chance": "No difference that these runs can show.",
    "unknown": "Not estimable.",
}

SECTIONS = {
    "answers": (
        "What the runs say",
        "Each regime against the first, measure by measure: what is taken from people and what is "
        "claimed for it, in the same size of type. The interval over seeds is luck alone. The "
        "range over the matched set is what the facts leave open about people; no probability "
        "stands behind it.",
    ),
    "harm": (
        "What is taken from people",
        "Differences to the first regime, the same people with the same luck.",
    ),
    "benefit": (
        "What is claimed for it",
        "Differences to the first regime, the same people with the same luck.",
    ),
    "ends": (
        "A proponent's and a critic's parameters",
        "The same regimes with the vectors of behaviour that were named: the middle of what the "
        "facts allow, and the two ends that were fixed before any result.",
    ),
    "failed": ("Runs that failed", "They are data: a failure is never left out silently."),
    "rests": ("What it rests on", ""),
    "figures": (
        "Every figure",
        "All headline measures of each regime and of each difference to the first, with the "
        "interval over seeds at the first point of the study and the range over its set.",
    ),
    "remake": (
        "Make it again",
        "The same file gives the same numbers on any machine, whatever the number of processes. "
        "Nothing is computed twice: every run is a small file named after what it is a result of.",
    ),
}

CAPTION = (
    "Dot and line: mean over {seeds} seeds with its 95 % interval. Bar: least to greatest over "
    "{number} {over}."
)
CAPTION_ALONE = "Dot and line: mean over {seeds} seeds with its 95 % interval."

SENTENCES = {
    "answer": "{value} under {regime}, {base} under {first}. {verdict}",
    "seeds": "The difference is {difference}, {low} to {high} over {seeds} seeds.",
    "no_interval": "The difference is {difference}; one seed gives no interval, and no claim.",
    "set": (
        "Over {number} {over} it lies between {least} and {greatest}, above zero in {above} of "
        "them."
    ),
    "matched set": "vectors of the matched set",
    "points": "points of the study",
}

LIMITS = (
    "Every person here is synthetic. The figures are what the model gives under its stated "
    "assumptions; they are no measurement of any real country.",
    "Nobody is born, dies, ages or moves during a run.",
    "An interval over seeds says what other luck would give at one point of the study. A range "
    "over the matched set says what else the facts allow. The two are never mixed here.",
    "Shares of causes are their lower ends: refusals that would not have happened but for the "
    "cause.",
    "Gates that close by rank or threshold shut out a share that is a setting of the regime, no "
    "finding; what becomes of people over time, and for which cause, is one.",
    "No single run's chaos floor is shown: a mean over seeds averages over such small causes, and "
    "the interval contains them.",
)

PAGE = words.PAGE | {
    "eyebrow": "Glasscity: report of a study",
    "lead": ("{members} in a model country (“{country}”), {span}: {regimes}, {points}, {seeds}."),
    "regimes": ("one regime", "{count} regimes"),
    "points": ("one set of parameters", "{count} sets of parameters"),
    "seeds": ("one seed", "{count} seeds, the same for all"),
    "runs": ("run", "runs"),
    "failed_runs": "{count} of them failed.",
    "question": "The question",
    "first": "The first regime, with which the others are compared, is {first}.",
    "file": "The study file",
    "study_digest": "Digest of all runs",
    "files": "Files beside this page, and their checksums",
    "command": "From the command line, with the file below as FILE.yaml",
    "as_data": (
        "Every figure of this page, with its unit, denominator and definition, stands in {name} "
        "beside it; every measure of every run in dataset.nc and members.parquet, whose column "
        "“key” names the run's own file under members."
    ),
    "no_chart": "Nothing differs here.",
}
