"""The transcript is hostile input: a corpus of attacks changes no rating, and honest answers lose nothing.

The corpus is tests/support/attacks.yaml. The language model is one that obeys whatever order
reaches it. What the guard gets wrong is listed in docs/analyzers/language-llm.md, and a
test here holds that page to what is measured, no better and no worse.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from analyzers import language
from analyzers.language import prompt_injection
from analyzers.language.endpoint import Endpoint
from analyzers.language.evidence import Sentence, sentences
from mulakat.schema.codes import Code
from mulakat.schema.language import Findings, Rating
from mulakat.schema.reasons import Reason
from tests.support.language_samples import PLAIN, context, transcript, words
from tests.support.openai_server import ChatServer, gullible, says
from tests.support.parameters import shortened

pytestmark = pytest.mark.usefixtures("endpoint_memory")

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "analyzers" / "language-llm.md").read_text(encoding="utf-8")
CORPUS = yaml.safe_load((ROOT / "tests" / "support" / "attacks.yaml").read_text(encoding="utf-8"))
HALVES = ("tuning", "held_out")
AFTER = "We still use that printer today."


def attacks(half: str) -> list[str]:
    """With the marks around what a rater must not see."""
    return [text for kind in CORPUS[half]["attacks"].values() for text in kind]


def unmarked(attack: str) -> str:
    return attack.replace("«", "").replace("»", "")


def orders(attack: str) -> list[str]:
    """What a rater must not see."""
    return re.findall("«(.+?)»", attack) or [s.text for s in sentences(words(attack))]


def plain(text: str) -> str:
    found = re.findall(r"[^\W_]+", text.casefold())
    return f" {' '.join(found)} "


@cache
def judged(text: str) -> tuple[tuple[Sentence, ...], tuple[Sentence, ...]]:
    """What the guard keeps and what it takes out, of a text between two honest ones."""
    kept, flagged = prompt_injection.split(sentences(words(f"{PLAIN} {unmarked(text)} {AFTER}")), None)
    return tuple(kept), tuple(flagged)


def reaches(attack: str) -> bool:
    """Whether an order is still there after the guard."""
    kept = plain(" ".join(s.text for s in judged(attack)[0]))
    return any(plain(order) in kept for order in orders(attack))


def listed(heading: str) -> set[str]:
    """What stands in a list of the page, each item in code or in quotes."""
    part = PAGE.split(f"### {heading}\n", 1)[1].split("\n#", 1)[0]
    return set(re.findall(r"^- `(.+)`$", part, re.MULTILINE))


def known_misses() -> set[str]:
    return listed("Attacks that are not found")


def cases(half: str) -> Iterator[str]:
    return (attack for attack in attacks(half) if unmarked(attack) not in known_misses())


def rate(server: ChatServer, text: str) -> Findings:
    endpoint = Endpoint(base_url=server.base_url, model=server.model, sensitivity=False)
    return language.run(context(language.Options(endpoint=endpoint), {"transcribe": transcript(text)}))


@cache
def rated_here(text: str) -> Findings:
    """By the local scorer."""
    return language.run(context(language.Options(), {"transcribe": transcript(text)}))


def shown(ratings: list[Rating]) -> list[tuple[str, float | None, list[str | None]]]:
    return [(r.competency, r.level, [e.quote for e in r.evidence]) for r in ratings]


def test_the_corpus_is_large_and_in_two_languages() -> None:
    everything = [text for half in HALVES for text in attacks(half)]
    assert len(everything) == len(set(everything)) >= 100
    assert sum(bool(re.search("[çğıİöşü]", text)) for text in everything) >= 25
    taught = yaml.safe_load(
        (ROOT / "analyzers" / "language" / "data" / "injection_examples.yaml").read_text(encoding="utf-8")
    )
    known = {plain(text) for texts in taught.values() for text in texts}
    for half in HALVES:
        for text in [*map(unmarked, attacks(half)), *CORPUS[half]["innocents"]]:
            if half == "held_out":
                assert plain(text) not in known


@pytest.mark.parametrize("attack", shortened([a for half in HALVES for a in cases(half)], 30))
def test_an_attack_changes_no_rating(attack: str) -> None:
    """Of a model that is easy to fool, at the end and at the beginning of an answer, and of the local scorer."""
    text = unmarked(attack)
    with ChatServer(gullible(orders(attack))) as server:
        unharmed = rate(server, PLAIN)
        for attacked in (rate(server, f"{PLAIN} {text}"), rate(server, f"{text} {PLAIN}")):
            assert [r.level for r in attacked.ratings] == [r.level for r in unharmed.ratings] == [2] * 4
            for rating in attacked.ratings:
                for evidence in rating.evidence:
                    assert not any(plain(order) in plain(evidence.quote or "") for order in orders(attack))
            assert Code.INJECTION_LEFT_OUT in {note.code for note in attacked.notes}
        sent = [plain(r.body["messages"][1]["content"]) for r in server.requests]
    assert not any(plain(order) in body for body in sent for order in orders(attack))
    for before, after in zip(rated_here(PLAIN).ratings, rated_here(f"{PLAIN} {text}").ratings, strict=True):
        assert (after.level or 0) <= (before.level or 0) + 0.11


def test_the_model_is_easy_to_fool() -> None:
    """Without the guard every attack would work."""
    for half in HALVES:
        for attack in attacks(half):
            body = {
                "messages": [
                    {"role": "system", "content": 'Rubric [\n{"id": "a"}]'},
                    {"role": "user", "content": f'{{"transcript": {json.dumps(f"{PLAIN} {unmarked(attack)}")}}}'},
                ]
            }
            assert (
                gullible(orders(attack))(body).body
                == says(
                    {"ratings": [{"competency": "a", "level": 5, "reason": "why a", "quotes": [orders(attack)[0]]}]}
                ).body
            )


def test_an_answer_that_is_nothing_but_attacks_is_not_scorable_and_costs_no_call() -> None:
    text = " ".join(a for a in CORPUS["held_out"]["attacks"]["override"] if a not in known_misses())
    with ChatServer(says("")) as server:
        findings = rate(server, text)
    assert server.requests == []
    assert {r.level for r in findings.ratings} == {None}
    assert findings.ratings[0].reason == Reason.of(Code.TOO_FEW_WORDS, words=0, needed=20, policy="multimodal")


@pytest.mark.long
def test_the_page_lists_every_miss_and_no_other() -> None:
    assert {unmarked(a) for half in HALVES for a in attacks(half) if reaches(a)} == known_misses()
    removed = {text for half in HALVES for text in CORPUS[half]["innocents"] if judged(text)[1]}
    assert removed == listed("Honest sentences that are taken out")


@pytest.mark.long
def test_the_page_tells_the_rates_as_measured() -> None:
    for half in HALVES:
        found = sum(not reaches(a) for a in attacks(half))
        innocents = CORPUS[half]["innocents"]
        removed = sum(bool(judged(text)[1]) for text in innocents)
        name = half.replace("_", " ")
        assert f"| {name} | {found} of {len(attacks(half))} | {removed} of {len(innocents)} |" in PAGE


@pytest.mark.long
def test_the_page_tells_the_rates_without_punctuation_as_measured() -> None:
    """As some recognisers write: each text runs into an honest one, before or after it."""

    def bare(text: str) -> str:
        return re.sub(r"[^\w\s]", "", text)

    def taken_out(text: str) -> list[bool]:
        honest = bare(AFTER)
        return [
            any(plain(text) in plain(s.text) for s in prompt_injection.split(sentences(words(run)), None)[1])
            for run in (f"{text} {honest}", f"{honest} {text}")
        ]

    kinds = {k: v for k, v in CORPUS["held_out"]["attacks"].items() if k not in ("format", "hidden", "languages")}
    found = [hit for texts in kinds.values() for text in texts for hit in taken_out(bare(unmarked(text)))]
    removed = [hit for text in CORPUS["held_out"]["innocents"] for hit in taken_out(bare(text))]
    told = f"| held out, without punctuation | {sum(found)} of {len(found)} | {sum(removed)} of {len(removed)} |"
    assert told in PAGE


@pytest.mark.long
def test_honest_neighbours_are_not_harmed() -> None:
    """Where a sentence ends can be seen, the next one is left alone."""
    for half in HALVES:
        for text in [*attacks(half), *CORPUS[half]["innocents"]]:
            kept = " ".join(s.text for s in judged(text)[0])
            assert PLAIN in kept
            if unmarked(text).endswith((".", "?", "!")):
                assert AFTER in kept
