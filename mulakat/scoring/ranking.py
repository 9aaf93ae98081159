"""Order candidates, as far as their intervals allow.

Two candidates whose intervals overlap are a tie. Being tied is not transitive: A may tie
with B and B with C while C is below A. So nobody gets one place in a list, but the places
that are possible: 1 + those who are surely above, to the number of all less those who are surely
below (rank intervals: Goldstein & Spiegelhalter 1996, "League tables and their limitations";
confidence sets for ranks: Chetverikov, Mogstad et al. 2024, arXiv:2401.15205). Candidates with
the same best possible place form a group.

Intervals that do not overlap are a stricter test than one of the difference at the same
coverage (Schenker & Gentleman 2001, doi:10.1198/000313001317097960): a tie is called more often
than it must be, which is the safer error here. The coverage holds for each pair, not
for all pairs of a long list at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, Protocol, TypeVar

from mulakat.schema.scores import Score


class Rankable(Protocol):
    """What is ranked: a scorecard, or a summary of one."""

    @property
    def interview_id(self) -> str: ...

    @property
    def overall(self) -> Score: ...


C = TypeVar("C", bound=Rankable)


@dataclass(frozen=True)
class Ranked(Generic[C]):
    """One candidate's possible places, `best` to `worst` (1 = first), and with whom there is a tie."""

    card: C
    best: int
    worst: int
    tied_with: tuple[str, ...]


def ranked(cards: Sequence[C]) -> list[list[Ranked[C]]]:
    """Groups of candidates with the same best possible place, best first; by score, then id, within a group.

    Scorecards without an overall score are left out: they have no place, not the last one.
    """
    scored = [card for card in cards if card.overall.value is not None]
    places = [
        Ranked(
            card,
            best=1 + sum(above(other, card) for other in scored),
            worst=len(scored) - sum(above(card, other) for other in scored),
            tied_with=tuple(
                other.interview_id
                for other in scored
                if other is not card and not above(other, card) and not above(card, other)
            ),
        )
        for card in scored
    ]
    places.sort(key=lambda place: (place.best, -(place.card.overall.value or 0.0), place.card.interview_id))
    return [list(group) for _, group in groupby(places, key=lambda place: place.best)]


def above(one: Rankable, other: Rankable) -> bool:
    """Whether one candidate's whole interval lies above the other's."""
    low, high = one.overall.low, other.overall.high
    return low is not None and high is not None and low > high
