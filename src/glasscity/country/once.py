"""What follows from a country alone, made once: hundreds of worlds of a study share a few packs."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar

from glasscity.country.model import Country

__all__ = ["once_a_country"]

Made = TypeVar("Made")

# More packs than this at a time are made anew.
_KEPT = 4


def once_a_country(make: Callable[[Country], Made]) -> Callable[[Country], Made]:
    """Return a function of a country that keeps what it has made of the last few.

    Parameters
    ----------
    make : callable
        Its result must not be changed by anybody.
    """
    kept: list[tuple[Country, Made]] = []

    @functools.wraps(make)
    def known(country: Country) -> Made:
        # A pack that came from another process is another object and says the same.
        for same in (lambda one: one is country, lambda one: one == country):
            for one, made in tuple(kept):
                if same(one):
                    return made
        made = make(country)
        kept.append((country, made))
        del kept[:-_KEPT]
        return made

    return known
