"""The Python behind a view, as a reader can run it; tests run every one of them."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["COURSE", "people_python"]

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
