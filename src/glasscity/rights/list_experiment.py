"""A list experiment on stored people: the gap as a survey would have measured it (model.md 7.4).

Half of the respondents, drawn by lot, are asked how many of four harmless statements they agree
with; the other half get the same four and the sensitive one.  Nobody says which, so the answers are
truthful, and the difference of the two means estimates the share that holds the sensitive opinion.
Everybody is also asked directly, in public.  The direct share less the estimate is the gap.

    share = mean(y_T) - mean(y_C),   error^2 = s_T^2 / n_T + s_C^2 / n_C

(difference in means; Blair and Imai, "Statistical analysis of list experiments", Political
Analysis 20, 2012).  With a fixed set of respondents the error is an upper bound: the true variance
is smaller by S^2 / n, S^2 the variance of the sensitive opinion among them.  The true gap is the
measure ``list_experiment_gap``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.errors import BadArgument
from glasscity.rates import threshold16

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasscity.rights.view import View

__all__ = [
    "CALL",
    "ITEMS",
    "ListExperiment",
    "estimated_gap",
    "estimated_gap_error",
    "list_experiment",
    "list_experiments",
]

# The call of luck that belongs to the experiment (see draws): word 0 the arm; words 1 and 2, in
# lanes of 16 bits, the four harmless items.  Word 3 is unused.
CALL = 0x190
# Shares that agree with each harmless item: an assumption.  They lie on both sides of one half, so
# that nine respondents in a hundred agree with all or with none of them, whom the list would not
# protect (ceiling and floor; the simulated respondents answer truthfully all the same).
ITEMS = (0.25, 0.4, 0.6, 0.75)
_HALF = 2**31
# Luck is drawn for so many people at a time: a bound on memory, no part of the result.
_AT_A_TIME = 1 << 20


@dataclass(frozen=True, kw_only=True)
class ListExperiment:
    """What one list experiment found.

    Attributes
    ----------
    treated, controls : int
        Respondents with the sensitive item on their list, and without.
    share, share_error : float
        Estimated share that holds the sensitive opinion, and its standard error; the estimate may
        lie outside [0, 1].
    direct : float in [0, 1]
        Share of all respondents who say yes when asked in public.
    gap, gap_error : float
        ``direct - share`` and its standard error, which is the estimate's: ``direct`` is counted
        from the same respondents and has none.

    Notes
    -----
    With fewer than two respondents in an arm all floats are not a number: not estimable.
    """

    treated: int
    controls: int
    share: float
    share_error: float
    direct: float
    gap: float
    gap_error: float


def list_experiment(
    holds: NDArray[Any],
    says: NDArray[Any],
    citizens: NDArray[Any],
    *,
    seed: int,
    repetition: int = 0,
) -> ListExperiment:
    """Run a list experiment on some people.

    Parameters
    ----------
    holds : bool[n]
        Whether they hold the sensitive opinion: their truthful answer to its item.
    says : bool[n]
        Their answer when asked directly and in public.
    citizens : whole numbers [n], at least 0
        Who they are.  Arm and answers depend on the citizen, ``seed`` and ``repetition`` alone, so
        that asking others as well changes nobody's.
    seed : int in [0, 2**63)
        Seed of the world.
    repetition : int in [0, 2**32)
        Which of many independent experiments on the same people.

    Returns
    -------
    ListExperiment

    Raises
    ------
    BadArgument
        If the arrays are not of one length, ``holds`` or ``says`` is not boolean, or
        ``repetition`` is out of range.
    """
    holds, says, citizens = (np.asarray(one) for one in (holds, says, citizens))
    _refuse(holds, says, citizens, repetition)
    luck = _words(citizens, seed, repetition)
    treated = luck[0] < _HALF
    answers = _harmless(luck) + (treated & holds)
    return _estimated(treated, answers, says)


def list_experiments(view: View) -> tuple[ListExperiment, ...] | None:
    """Run one list experiment in each group of a view, on the people that the run has stored.

    Parameters
    ----------
    view : View
        A stored run, by any grouping: all its people, or above ten million one in 129.

    Returns
    -------
    tuple of ListExperiment, one a group, or None
        None where the run has not stored what its people would answer in public: not estimable.
    """
    people = view.run.people
    if not {"opinion", "would_say_yes"} <= set(people.columns):
        return None
    citizens = people["citizen"].to_numpy()
    holds = people["opinion"].to_numpy() > 0
    says = people["would_say_yes"].to_numpy().astype(bool)
    group = view.group_of(people["citizen"])
    seed = int(view.run.scenario["seed"])
    among = (group == at for at in range(len(view.names)))
    return tuple(list_experiment(holds[w], says[w], citizens[w], seed=seed) for w in among)


def estimated_gap(view: View) -> NDArray[Any]:
    """Return the gap that a list experiment measures, by group; not a number where it cannot."""
    return _column(view, "gap")


def estimated_gap_error(view: View) -> NDArray[Any]:
    """Return the standard error of :func:`estimated_gap`, by group."""
    return _column(view, "gap_error")


def _column(view: View, name: str) -> NDArray[Any]:
    found = view.once(list_experiments)
    if found is None:
        return np.full(len(view.names), np.nan)
    return np.array([getattr(one, name) for one in found], dtype=np.float64)


def _refuse(
    holds: NDArray[Any], says: NDArray[Any], citizens: NDArray[Any], repetition: int
) -> None:
    where = "list experiment"
    lengths = [one.shape for one in (holds, says, citizens)]
    if len(set(lengths)) > 1 or citizens.ndim != 1:
        raise BadArgument(
            f"holds, says and citizens have the shapes {lengths}",
            where=where,
            allowed="three flat arrays of one length",
        )
    for name, one in (("holds", holds), ("says", says)):
        if one.dtype != np.bool_:
            raise BadArgument(
                f"'{name}' holds {one.dtype} values",
                where=where,
                allowed="true or false for each person",
                mend="compare first: opinion > 0",
            )
    if not 0 <= repetition < 2**32:
        raise BadArgument(
            f"repetition cannot be {repetition}", where=where, allowed="0 to 4294967295"
        )


def _words(citizens: NDArray[Any], seed: int, repetition: int) -> NDArray[np.uint32]:
    """Return uint32[4, n]: the experiment's luck."""
    # Here, because the generator's module loads the compiler, which reports mostly do without.
    from glasscity.draws import philox_numpy

    words = np.empty((4, len(citizens)), dtype=np.uint32)
    for first in range(0, len(citizens), _AT_A_TIME):
        some = citizens[first : first + _AT_A_TIME].astype(np.uint64)
        low, high = some & np.uint64(0xFFFFFFFF), some >> np.uint64(32)
        words[:, first : first + _AT_A_TIME] = philox_numpy(
            seed & 0xFFFFFFFF, seed >> 32, low, high, repetition, CALL
        )
    return words


def _harmless(luck: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return with how many harmless items each person agrees, 0 to 4."""
    lanes = (luck[1] & 0xFFFF, luck[1] >> 16, luck[2] & 0xFFFF, luck[2] >> 16)
    agreed = np.zeros(luck.shape[1], dtype=np.int64)
    for lane, share in zip(lanes, ITEMS, strict=True):
        agreed += lane < threshold16(share)
    return agreed


def _estimated(
    treated: NDArray[np.bool_], answers: NDArray[np.int64], says: NDArray[np.bool_]
) -> ListExperiment:
    arms = answers[treated], answers[~treated]
    sizes = {"treated": len(arms[0]), "controls": len(arms[1])}
    if min(sizes.values()) < 2:
        unknown = dict.fromkeys(("share", "share_error", "direct", "gap", "gap_error"), math.nan)
        return ListExperiment(**sizes, **unknown)
    share = float(arms[0].mean() - arms[1].mean())
    error = math.sqrt(sum(float(arm.var(ddof=1)) / len(arm) for arm in arms))
    direct = float(says.mean())
    return ListExperiment(
        **sizes,
        share=share,
        share_error=error,
        direct=direct,
        gap=direct - share,
        gap_error=error,
    )
