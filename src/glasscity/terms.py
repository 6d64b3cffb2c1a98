"""The words of the model, in the order of their codes.

A code is an index into one of these tuples.  Codes are written into state columns, run
folders and keyed luck, so a word may be appended but never moved or removed.
"""

from __future__ import annotations

__all__ = [
    "AGES",
    "AREAS",
    "CAMPS",
    "CATEGORIES",
    "CAUSES",
    "CAUSE_GROUPS",
    "CLASSES",
    "DEEDS",
    "EVENTS",
    "EVENT_SPHERES",
    "EVERYDAY_GATES",
    "GATES",
    "LAYERS",
    "LIFE_GATES",
    "LISTING_CAUSES",
    "MANIPULATIONS",
    "MECHANISMS",
    "MORE_CAUSE_GROUPS",
    "OCCUPATIONS",
    "QUINTILES",
    "RELATION_PARTS",
    "SAFEGUARDS",
    "SPHERES",
    "VOICES",
]

SPHERES = ("government", "commerce", "society", "judiciary")
AREAS = ("urban", "rural")
AGES = ("18-29", "30-44", "45-59", "60-64", "65+")
QUINTILES = ("q1", "q2", "q3", "q4", "q5")
CAMPS = ("critical", "neutral", "supportive")
# The last two are not in the labour force.
OCCUPATIONS = (
    "farm",
    "manual",
    "service",
    "office",
    "public",
    "self_employed",
    "student_or_home",
    "retired",
)
VOICES = ("silent", "criticise", "praise")

EVERYDAY_GATES = (
    "internet_speed",
    "restaurant",
    "nightclub",
    "golf",
    "travel_abroad",
    "holiday",
    "flight",
    "fast_train",
)
LIFE_GATES = (
    "rental",
    "insurance",
    "loan",
    "mortgage",
    "social_security",
    "civil_service",
    "journalism",
    "legal",
    "private_school",
)
GATES = (*EVERYDAY_GATES, *LIFE_GATES, "job")

EVENTS = (
    "credit_late",
    "credit_default",
    "credit_ignored",
    "fee_late",
    "fee_default",
    "fee_ignored",
    "contempt",
    "traffic",
    "train",
    "care",
    "rumour",
)
EVENT_SPHERES = (
    "commerce",
    "commerce",
    "commerce",
    "government",
    "government",
    "government",
    "judiciary",
    "government",
    "society",
    "society",
    "society",
)

# What a points scheme adds points for.
DEEDS = ("volunteering", "donation", "honour", "heroism")

CATEGORIES = (
    "credit_history",
    "fulfilment_capacity",
    "personal_characteristics",
    "behaviour_preference",
    "relationships",
)
RELATION_PARTS = ("ties_scores", "ties_voice", "own_voice")

# Bit k of a cause mask is CAUSES[k].
CAUSES = (
    "here_unwilling",
    "here_unable",
    "here_slip",
    "elsewhere_unwilling",
    "elsewhere_unable",
    "elsewhere_slip",
    "ties_scores",
    "ties_voice",
    "own_voice",
    "false_alarm",
    "mix_up",
    "means_own",
    "means_denials",
    "profile",
    "favour",
)
CAUSE_GROUPS = ("spillover", "association", "speech", "error", "means")
# Counted in rows of their own, which came later.
MORE_CAUSE_GROUPS = ("profile", "favour")
CLASSES = ("baseline", "sole", "jointly_necessary", "over_determined")
LISTING_CAUSES = ("unwilling", "unable", "mixed", "false_alarm", "mix_up")
LAYERS = ("household", "colleagues", "near", "far")

# What a regime does, at full strength unless a scenario says less.
MECHANISMS = (
    "friends",
    "speech",
    "misses",
    "mixups",
    "false-alarms",
    "joint-punishment",
    "visibility",
    "praise-reward",
    "criticism-cost",
    "perks",
    "dating",
)
# What limits it, absent unless a scenario says more.
SAFEGUARDS = (
    "notice",
    "appeals",
    "correction",
    "expiry",
    "repair",
    "firewall",
    "review",
    "duration-cap",
    "essentials",
)
# What officials, citizens and neighbours can do to it, absent unless a scenario says more.
MANIPULATIONS = ("officials", "gaming", "false-reports")
