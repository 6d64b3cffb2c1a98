"""The Python behind a view, as a reader can run it; tests run every one of them."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = [
    "COMPARE",
    "COURSE",
    "LIFE",
    "OWN",
    "PAIR",
    "REGIME",
    "WORLDS",
    "people_python",
]

# Names in << >> are filled in by the page's script as the view changes.
COURSE = """\
import glasscity
from glasscity.rights.course import course

run = glasscity.open_run({path!r})
found = course(run)
group = found.groups.index(("<<kind>>", "<<group>>"))
month = <<month>>  # <<date>>
count = found.counts["<<series>>"][group, month]
whole = found.counts["<<whole>>"][group, month]
print(count, whole, count / whole if whole else None)
"""


def people_python(path: str, asked: Mapping[str, object], groups: Mapping[str, str]) -> str:
    """Return the Python that finds the people of a view.

    Parameters
    ----------
    path : str
        The run's folder.
    asked : mapping
        Arguments of :func:`glasscity.rights.who.who`, those that were given.
    groups : mapping
        Its ``groups``.
    """
    given = [f"    {name}={value!r}," for name, value in asked.items()]
    if groups:
        given.append(f"    groups={dict(groups)!r},")
    return "\n".join(
        [
            "import glasscity",
            "from glasscity.rights.who import who",
            "",
            f"run = glasscity.open_run({path!r})",
            "found = who(",
            "    run,",
            *given,
            ")",
            "print(found.found)",
            "for one in found.people:",
            '    print(one["citizen"], one["traits"], one["why"])',
            "",
        ]
    )


LIFE = """\
import glasscity
from glasscity.rights.story import story

run = glasscity.open_run({path!r})
life = glasscity.life(run, {citizen})
told = story(life)
print(*told["lead"], told["quote"], sep="\\n")
month = life.months[-1]
print(month["date"], month["score"], month["parts"], month["closed_gates"])
"""

COMPARE = """\
import glasscity

base = glasscity.open_run({base!r})
other = glasscity.open_run({other!r})
found = glasscity.compare(base, other)
for name, effect in found.effects.nation.items():
    print(name, effect.base, effect.other, effect.difference)
print(found.changed_citizens)
"""

PAIR = """\
import glasscity
from glasscity.api import scenario_of

base = glasscity.open_run({base!r})
other = glasscity.run(
    scenario_of(base).but(
        regime={regime!r},
        strengths={strengths!r},
    ),
    twin=False,
)
print(glasscity.compare(base, other).changed_citizens)
"""

WORLDS = """\
import glasscity
from glasscity.rights.rescue import for_everybody

base = glasscity.open_run({base!r})
for path in {others!r}:
    other = glasscity.open_run(path)
    for name, one in for_everybody(base, other).items():
        print(other.path.name, name, one["base"], one["other"])
"""

REGIME = """\
from glasscity.regime import load_regime
from glasscity.regime.told import in_words

regime = load_regime({name!r})
for part, sentences in in_words(regime).items():
    print(part, *sentences, sep="\\n")
for rule in regime.rules():
    print(rule["name"], rule["value"], rule["unit"], rule["grade"], rule["source"])
"""

OWN = """\
import glasscity

# Save the text as a file first.
run = glasscity.run("{name}.yaml", country={country!r}, citizens={citizens})
print(run.path)
"""
