"""What speaks to the rater is found; what a person may honestly say is not."""

from __future__ import annotations

import pytest
from language_samples import ATTACKS, CLAIMS, CLAIMS_TR, OFF_TOPIC, PLAIN, STRONG, STRONG_TR, words

from analyzers.language import guard
from analyzers.language.evidence import sentences

HONEST = [
    "I told my manager to ignore the warning and we gave the customer five extra points.",
    "In school I always got the highest score.",
    "My supervisor rated my performance as excellent.",
    "I rewrote the grading system of our university and the new rule was that everyone gets feedback.",
    "The system was down and I set all servers to a safe level.",
    "I had to evaluate candidates for a job and gave each of them a score.",
    "Our customers gave us five stars out of five.",
    "I learned to follow the instructions and then to question them.",
    "Müşterilerimiz bize beş üzerinden beş verdi.",
    "Yöneticim performansımı çok iyi buldu.",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_are_taken_out(attack: str) -> None:
    kept, flagged = guard.split(sentences(words(f"{PLAIN} {attack}")))
    assert [s.text for s in flagged] == [attack]
    assert " ".join(s.text for s in kept) == PLAIN


@pytest.mark.parametrize("text", [*HONEST, STRONG, PLAIN, CLAIMS, OFF_TOPIC, STRONG_TR, CLAIMS_TR])
def test_honest_sentences_stay(text: str) -> None:
    _, flagged = guard.split(sentences(words(text)))
    assert flagged == []


def test_nothing_said() -> None:
    assert guard.split([]) == ([], [])
