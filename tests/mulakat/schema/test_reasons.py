"""Reasons: a closed set of codes, each with its values."""

from __future__ import annotations

import pickle
from typing import get_args

import pytest
from pydantic import ValidationError

from analyzers.face import visibility
from analyzers.language.features import STRUCTURE
from mulakat.pipeline.stages import STAGES
from mulakat.presentation.check import samples
from mulakat.schema.codes import WORDS, Code
from mulakat.schema.errors import (
    BadInput,
    MulakatError,
    NotMeasurable,
    SetupError,
    Superseded,
    TemporaryError,
    reason_of,
)
from mulakat.schema.language import VariantKind
from mulakat.schema.reasons import MAX_TEXT, Reason, together
from mulakat.schema.rubric import Modality
from mulakat.schema.scores import Component

EVERY = [reason for code in Code for reason in samples(code)]


@pytest.mark.parametrize("reason", EVERY, ids=lambda reason: str(reason)[:60])
def test_a_reason_is_json_and_comes_back_the_same(reason: Reason) -> None:
    again = Reason.model_validate_json(reason.model_dump_json())
    assert again == reason
    assert hash(again) == hash(reason)
    assert pickle.loads(pickle.dumps(reason)) == reason  # noqa: S301 (our own bytes)
    assert reason.code in str(reason) and "\n" not in str(reason)


@pytest.mark.parametrize(
    "document",
    [
        {"code": "nobody_knows_it"},
        {"code": "no_sound", "values": {"words": 3}},
        {"code": "too_few_words", "values": {"words": 3, "needed": 20}},
        {"code": "too_few_words", "values": {"words": "3", "needed": 20, "policy": "p"}},
        {"code": "too_few_words", "values": {"words": float("nan"), "needed": 20, "policy": "p"}},
        {"code": "too_few_words", "values": {"words": 3, "needed": 20, "policy": 7}},
        {"code": "stage_not_run", "values": {"stage": "guess"}},
        {"code": "tells", "values": {"parts": []}},
        {"code": "tells", "values": {"parts": "action"}},
        {"code": "several", "values": {"why": []}},
        {"code": "several", "values": {"why": ["because"]}},
        {"code": "several", "values": {"why": [{"code": "nobody_knows_it"}]}},
    ],
    ids=lambda document: str(document)[:60],
)
def test_what_is_not_declared_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Reason.model_validate(document)


def test_the_same_reason_is_the_same_document() -> None:
    one = Reason.of(Code.TOO_LITTLE_SPEECH, speech_s=1.2345, needed_s=5, policy="p")
    other = Reason.of(Code.TOO_LITTLE_SPEECH, policy="p", needed_s=5.0, speech_s=1.2)
    assert one.model_dump_json() == other.model_dump_json()
    assert one == other


def test_texts_from_outside_are_bounded() -> None:
    message = Reason.of(Code.UNEXPECTED, message="x" * 10_000).values["message"]
    assert isinstance(message, str) and len(message) == MAX_TEXT


def test_several_reasons_are_one_and_each_is_said_once() -> None:
    sound, picture = Reason.of(Code.NO_SOUND), Reason.of(Code.NO_PICTURE)
    assert together([]) is None
    assert together([sound, sound]) == sound
    assert together([sound, picture, sound]) == Reason.of(Code.SEVERAL, why=[sound, picture])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("component", get_args(Component)),
        ("modality", get_args(Modality)),
        ("stage", [stage.name for stage in STAGES]),
        ("story", STRUCTURE),
        ("variant", get_args(VariantKind)),
        ("unseen", [value for name, value in vars(visibility).items() if name.isupper() and isinstance(value, str)]),
    ],
)
def test_the_closed_lists_are_those_of_the_program(name: str, words: tuple[str, ...]) -> None:
    assert set(WORDS[name]) == set(words)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadInput("m"), Code.INPUT_REFUSED),
        (BadInput("m", Code.RECORDING_EMPTY), Code.RECORDING_EMPTY),
        (SetupError("m"), Code.MACHINE_LACKS),
        (TemporaryError("m"), Code.TROUBLE),
        (KeyError("m"), Code.UNEXPECTED),
    ],
)
def test_an_error_has_a_reason_that_keeps_its_message(error: Exception, code: Code) -> None:
    assert reason_of(error) == Reason.of(code, message=str(error))
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own bytes)
    assert reason_of(again) == reason_of(error)


def test_a_superseded_attempt_says_so_and_nothing_of_its_message() -> None:
    assert reason_of(Superseded("run 'a' has taken over")) == Reason.of(Code.SUPERSEDED)


def test_an_error_without_a_message_is_called_by_its_class() -> None:
    assert reason_of(TimeoutError()) == Reason.of(Code.UNEXPECTED, message="TimeoutError")


def test_nothing_to_measure_carries_its_reason() -> None:
    error = NotMeasurable(Code.TOO_MANY_CHANNELS, channels=70)
    assert isinstance(error, MulakatError)
    assert reason_of(pickle.loads(pickle.dumps(error))) == error.reason  # noqa: S301 (our own bytes)
    assert str(error) == "too_many_channels(channels=70)"
