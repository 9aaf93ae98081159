"""The page that compares the candidates of a campaign, run by Streamlit's own test driver."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from mulakat.interviews.store import Store
from mulakat.schema.codes import Code
from mulakat.schema.reasons import Reason
from mulakat.schema.scores import Versioned
from tests.support.review_pages import shown, start, words
from tests.support.stored_interviews import HOSTILE, add, finish, score, scorecard


def page(**query: str) -> AppTest:
    at = start(lang="en")
    at.switch_page("app_pages/compare.py")
    for key, value in query.items():
        at.query_params[key] = value
    return shown(at)


def test_overlapping_intervals_are_a_tie(store: Store) -> None:
    for minutes, (name, value) in enumerate({"Ada": 80.0, "Bora": 75.0, "Ceren": 20.0}.items()):
        add(store, name, minutes=minutes)
        finish(store, scorecard(name, score(value)))
    text = words(page())
    assert "**1–2**" in text and "**3**" in text
    assert "Tie with Bora" in text and "Tie with Ada" in text and "No tie" in text


def test_who_has_no_score_has_no_place(store: Store) -> None:
    add(store, "Ada")
    finish(store, scorecard("Ada", score(80.0)))
    add(store, "Bora", minutes=1)
    finish(
        store,
        scorecard("Bora", score(None, reason=Reason.of(Code.TOO_FEW_WORDS, words=3, needed=20, policy="multimodal"))),
    )
    text = words(page())
    assert "Not scorable: no place, not the last one" in text and "3 words to rate" in text
    assert "**1**" in text and "**2**" not in text


def test_scores_under_another_rubric_are_not_compared(store: Store) -> None:
    for minutes, name in enumerate(("Ada", "Bora", "Ceren")):
        add(store, name, minutes=minutes)
        rubric = Versioned(id="general-en", version="9" if name == "Ceren" else "1")
        finish(store, scorecard(name, score(50.0), rubric=rubric))
    text = words(page())
    assert text.count("**1–2**") == 2
    assert "Held against another rubric or policy: not comparable" in text and "Rubric general-en, version 9" in text


def test_campaigns_are_kept_apart_and_named_in_the_address(store: Store) -> None:
    add(store, "Ada", campaign="spring")
    finish(store, scorecard("Ada", score(80.0)))
    add(store, "Bora", minutes=1, campaign="autumn")
    at = page()
    assert at.selectbox[0].options == ["autumn", "spring"]
    assert "No interview of this campaign has been scored yet." in words(at)
    assert "Ada" in words(page(campaign="spring"))


def test_names_from_outside_are_never_markup(store: Store) -> None:
    for minutes, name in enumerate(("a", "b")):
        add(store, name, minutes=minutes, candidate={"reference": HOSTILE[:100] + name})
        finish(store, scorecard(name, score(50.0)))
    at = page()
    assert all("](http" not in element.value for element in at.caption)


def test_without_interviews(store: Store) -> None:
    assert "Nothing" in words(page()) or "No interview" in words(page())
