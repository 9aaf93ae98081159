"""Places of candidates: as far as their intervals allow."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mulakat import scoring
from mulakat.schema.scores import Score, Scorecard
from mulakat.scoring import ranking
from tests.support.known import known
from tests.support.scored_answers import POLICY, RUBRIC, score


def card(name: str, low: float, high: float) -> Scorecard:
    one = scoring.score_interview(name, [score()], [], RUBRIC, POLICY)
    interval = Score(value=(low + high) / 2, low=low, high=high, reason=None)
    return one.model_copy(update={"overall": interval})


def names(groups: list[list[ranking.Ranked[Scorecard]]]) -> list[list[str]]:
    return [[place.card.interview_id for place in group] for group in groups]


def bounds(place: ranking.Ranked[Scorecard]) -> tuple[float, float]:
    return known(place.card.overall.low), known(place.card.overall.high)


def test_candidates_whose_intervals_overlap_are_a_tie() -> None:
    groups = ranking.ranked([card("low", 20, 40), card("high", 60, 80), card("middle", 35, 55)])
    assert names(groups) == [["high"], ["middle", "low"]]
    (high,), (middle, low) = groups
    assert (high.best, high.worst, high.tied_with) == (1, 1, ())
    assert (middle.best, middle.worst, middle.tied_with) == (2, 3, ("low",))
    assert (low.best, low.worst, low.tied_with) == (2, 3, ("middle",))


def test_a_tie_is_not_handed_on() -> None:
    chain = [card("a", 60, 80), card("b", 45, 65), card("c", 30, 50)]  # a ties with b, b with c, a is above c
    groups = ranking.ranked(chain)
    assert names(groups) == [["a", "b"], ["c"]]
    places = {place.card.interview_id: place for group in groups for place in group}
    assert [(places[n].best, places[n].worst, places[n].tied_with) for n in "abc"] == [
        (1, 2, ("b",)),
        (1, 3, ("a", "c")),
        (2, 3, ("b",)),
    ]


def test_touching_intervals_are_a_tie_and_a_card_without_a_score_has_no_place() -> None:
    nobody = scoring.score_interview("nobody", [], [], RUBRIC, POLICY)
    assert names(ranking.ranked([card("a", 50, 60), nobody, card("b", 40, 50)])) == [["a", "b"]]
    assert ranking.ranked([nobody]) == []


@given(st.lists(st.tuples(st.floats(0, 99), st.floats(0, 50)), min_size=1, max_size=8))
def test_places_agree_with_the_pairs(intervals: list[tuple[float, float]]) -> None:
    cards = [card(str(i), low, min(100.0, low + width)) for i, (low, width) in enumerate(intervals)]
    places = [place for group in ranking.ranked(cards) for place in group]
    assert sorted(p.card.interview_id for p in places) == sorted(c.interview_id for c in cards)
    assert places[0].best == 1 and max(p.worst for p in places) == len(cards)
    for one in places:
        assert one.best <= one.worst
        for other in places:
            if one is not other:
                tied = other.card.interview_id in one.tied_with
                assert tied == (one.card.interview_id in other.tied_with)
                (low, high), (other_low, other_high) = bounds(one), bounds(other)
                overlap = low <= other_high and other_low <= high
                assert tied == overlap
                assert tied or (one.best < other.best) == (low > other_high)
