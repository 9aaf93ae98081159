"""What is made of a language model's replies, against a server that speaks the protocol."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from analyzers import language
from analyzers.language.endpoint import Endpoint, EndpointError
from analyzers.language.evidence import sentences
from analyzers.language.llm import Rater
from mulakat.rubrics.packs import pack
from mulakat.schema.codes import Code
from mulakat.schema.language import Findings, Rating, Usage
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Rubric
from tests.support.known import known
from tests.support.language_samples import CLAIMS, OFF_TOPIC, PLAIN, STRONG, context, transcript, words
from tests.support.openai_server import ChatServer, Reply, fails, ratings, refuses, says

pytestmark = pytest.mark.usefixtures("endpoint_memory")

KEY = "sk-secret-0123456789"
QUOTE = "I restarted it, then I checked the cables"
NOTHING: tuple[None, list[str]] = (None, [])
GOOD = ratings(problem_solving=(3, [QUOTE]), teamwork=NOTHING, ownership=(2, [QUOTE]), learning=NOTHING)
LYING = ratings(
    problem_solving=(5, ["I measured everything twice"]), teamwork=NOTHING, ownership=(2, [QUOTE]), learning=NOTHING
)


def endpoint(server: ChatServer, **more: object) -> Endpoint:
    settings = {"sensitivity": False, **more}
    return Endpoint(base_url=server.base_url, model=server.model, api_key=SecretStr(KEY), **settings)


def rate(server: ChatServer, text: str = PLAIN, **more: object) -> Findings:
    options = language.Options(endpoint=endpoint(server, **more))
    return language.run(context(options, {"transcribe": transcript(text)}))


def by_name(findings: Findings) -> dict[str, Rating]:
    return {r.competency: r for r in findings.ratings}


def told(findings: Findings) -> str:
    return "\n".join(map(str, findings.notes))


def changed(**problem_solving: object) -> dict[str, Any]:
    """A good reply with one rating changed."""
    return {"ratings": [{**GOOD["ratings"][0], **problem_solving}, *GOOD["ratings"][1:]]}


def test_levels_come_with_checked_quotes_and_times() -> None:
    with ChatServer(says(GOOD)) as server:
        findings = rate(server)
    assert findings.rater == f"llm:{server.model}"
    assert not findings.provisional
    assert not findings.stand_in
    rating = by_name(findings)["problem_solving"]
    assert (rating.level, rating.reason) == (3, Reason.of(Code.RATER_SAYS, text="why problem_solving"))
    (evidence,) = rating.evidence
    assert evidence.quote == "I restarted it, then I checked the cables,"
    assert known(evidence.start_s) < known(evidence.end_s)
    assert by_name(findings)["teamwork"].level is None
    assert [r.competency for r in findings.ratings] == ["problem_solving", "teamwork", "ownership", "learning"]
    assert findings.usage == Usage(requests=1, prompt_tokens=100, completion_tokens=20)
    assert len(server.requests) == 1


def test_the_request_is_reproducible_and_the_transcript_travels_as_data() -> None:
    with ChatServer(says(GOOD)) as server:
        rate(server, f'{PLAIN} He said "}}] now.')
    body = server.requests[0].body
    assert (body["temperature"], body["seed"]) == (0, 7)
    schema = body["response_format"]["json_schema"]
    assert schema["strict"] is True
    assert json.loads(body["messages"][1]["content"])["transcript"].endswith('He said "}] now.')
    assert "restarted" not in body["messages"][0]["content"]
    assert server.requests[0].authorization == f"Bearer {KEY}"


def test_nothing_travels_but_rubric_question_and_answer() -> None:
    """Every string of the request is the rubric's, the prompt's, the question's, the answer's or a setting's."""
    with ChatServer(says(GOOD)) as server:
        options = language.Options(endpoint=endpoint(server))
        asked = context(options, {"transcribe": transcript(PLAIN)})
        request = asked.request.model_copy(update={"answer_id": "jane-doe-4711"})
        language.run(replace(asked, request=request))
    (sent,) = server.requests
    assert set(sent.body) == {"model", "messages", "temperature", "seed", "response_format"}
    system, user = sent.body["messages"]
    assert json.loads(user["content"]) == {"question": request.question, "transcript": PLAIN}
    assert (system["role"], user["role"], set(system), set(user)) == (
        "system", "user", {"role", "content"}, {"role", "content"},
    )  # fmt: skip
    everything = json.dumps(sent.body) + json.dumps(sent.headers)
    for private in ("jane", "4711", request.policy.id, "0.35"):
        assert private not in everything


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{json.dumps(GOOD)}\n```",
        f"Here it is: {json.dumps(GOOD)} I hope that helps.",
        f'<think>{{"ratings": [5]}} or {{what}} fits?</think>\n{json.dumps(GOOD)}',
        json.dumps(changed(level="3")),
        json.dumps(changed(level=3.0)),
        json.dumps(GOOD | {"ratings": [*GOOD["ratings"], *GOOD["ratings"]]}),
        json.dumps(GOOD | {"ratings": [*GOOD["ratings"], {"competency": "charm", "level": 5}]}),
        json.dumps(GOOD | {"comment": "done"}),
        json.dumps(changed(confidence=0.8, id=7)),
        json.dumps(GOOD["ratings"]),
        f"[1] First I think. Then:\n```json\n{json.dumps(GOOD['ratings'])}\n```",
    ],
    ids=[
        "fences",
        "prose",
        "thinking",
        "string",
        "float",
        "each twice",
        "one more",
        "a comment",
        "fields in each",
        "a bare list",
        "a bare list in prose",
    ],
)
def test_what_is_clear_is_taken_as_it_is_meant(text: str) -> None:
    with ChatServer(says(text)) as server:
        findings = rate(server)
    assert by_name(findings)["problem_solving"].level == 3
    assert len(findings.ratings) == 4
    assert len(server.requests) == 1


UNUSABLE = {
    "prose": says("I would give a three."),
    "truncated": says('{"ratings": [{"competency": "problem_solving", "lev', finish_reason="length"),
    "filtered": says("", finish_reason="content_filter"),
    "refusing": refuses("I cannot rate people."),
    "other fields": says({"scores": {}}),
    "a list of numbers": says("[3, 2]"),
    "no list": says({"ratings": {"problem_solving": 3}}),
    "empty": says(""),
    "deep": says('{"a":' * 100_000),
    "half a letter": says('{"ratings": "\\ud800"}'),
}
WRONG = {
    "level 9": changed(level=9),
    "level 0": changed(level=0),
    "level 3.5": changed(level=3.5),
    "level true": changed(level=True),
    "level NaN": changed(level=float("nan")),
    "level as a word": changed(level="three"),
    "no level": {"ratings": [{"competency": "problem_solving", "reason": "", "quotes": [QUOTE]}, *GOOD["ratings"][1:]]},
    "a quote, no list": changed(quotes=QUOTE),
    "a quote in a quote": changed(quotes=[[QUOTE]]),
    "no reason": changed(reason=None),
    "no quote": changed(quotes=[]),
    "short quote": changed(quotes=["the cables"]),
    "invented quote": changed(quotes=["I measured everything twice"]),
    "the question": changed(quotes=["Tell us about a problem you solved at work."]),
    "the rubric": changed(quotes=["a problem was there and something was done"]),
    "an ellipsis": changed(quotes=["I restarted it ... and then I installed"]),
    "two levels": GOOD | {"ratings": [*GOOD["ratings"], {**GOOD["ratings"][0], "level": 5}]},
    "unknown competency": {"ratings": [{**GOOD["ratings"][0], "competency": "charm"}, *GOOD["ratings"][1:]]},
    "no competency": {"ratings": [3, *GOOD["ratings"][1:]]},
}


@pytest.mark.parametrize("bad", UNUSABLE.values(), ids=UNUSABLE)
def test_an_unusable_reply_is_asked_for_once_more(bad: Reply) -> None:
    with ChatServer(bad, says(GOOD)) as server:
        findings = rate(server)
    assert {n: r.level for n, r in by_name(findings).items()} == {
        "problem_solving": 3, "teamwork": None, "ownership": 2, "learning": None,
    }  # fmt: skip
    assert len(server.requests) == 2
    assert "Not usable in your answer" in server.requests[1].body["messages"][-1]["content"]


@pytest.mark.parametrize("bad", UNUSABLE.values(), ids=UNUSABLE)
def test_a_reply_that_stays_unusable_leads_to_the_local_scorer(bad: Reply) -> None:
    with ChatServer(bad) as server:
        findings = rate(server)
    assert len(server.requests) == 2
    assert (findings.rater, findings.provisional, findings.stand_in) == ("local", True, True)
    assert Code.FALLBACK_RATED in {note.code for note in findings.notes}
    assert "gave no usable reply" in told(findings)
    assert findings.usage is not None
    assert findings.usage.requests == 2
    assert Findings.model_validate_json(findings.model_dump_json()) == findings


@pytest.mark.parametrize("bad", WRONG.values(), ids=WRONG)
def test_one_wrong_rating_is_asked_for_once_more_and_alone(bad: dict[str, Any]) -> None:
    right = ratings(problem_solving=(4, [QUOTE]))
    with ChatServer(says(bad), says(right)) as server:
        findings = rate(server)
    assert by_name(findings)["problem_solving"].level == 4
    assert by_name(findings)["ownership"].level == 2  # as first given
    assert len(server.requests) == 2
    asked = server.requests[1].body["response_format"]["json_schema"]["schema"]
    assert "problem_solving" in json.dumps(asked)
    assert "ownership" not in json.dumps(asked)


@pytest.mark.parametrize("bad", WRONG.values(), ids=WRONG)
def test_one_rating_that_stays_wrong_is_dropped_with_the_reason(bad: dict[str, Any]) -> None:
    with ChatServer(says(bad)) as server:
        findings = rate(server)
    assert len(server.requests) == 2
    rating = by_name(findings)["problem_solving"]
    assert (rating.level, rating.uncertainty, rating.evidence) == (None, None, [])
    assert rating.reason.code == Code.RATER_GAVE_NO_RATING
    assert by_name(findings)["ownership"].level == 2
    assert {note.values.get("competency", "problem_solving") for note in findings.notes} == {"problem_solving"}
    assert not findings.provisional
    assert findings.model_dump_json()


def test_an_invented_quote_is_named_to_the_model_and_to_the_reviewer() -> None:
    with ChatServer(says(LYING)) as server:
        findings = rate(server)
    assert "I measured everything twice" in server.requests[1].body["messages"][-1]["content"]
    invented = ["I measured everything twice"]
    problem = Reason.of(Code.QUOTES_NOT_FOUND, competency="problem_solving", quotes=invented)
    assert by_name(findings)["problem_solving"].reason == Reason.of(Code.RATER_GAVE_NO_RATING, why=problem)
    assert "I measured everything twice" in told(findings)


def test_true_quotes_beside_an_invented_one_carry_the_rating_and_the_reviewer_is_told() -> None:
    mixed = changed(quotes=["I measured everything twice", QUOTE])
    with ChatServer(says(mixed)) as server:
        findings = rate(server)
    assert len(server.requests) == 2
    rating = by_name(findings)["problem_solving"]
    assert rating.level == 3
    assert [e.quote for e in rating.evidence] == ["I restarted it, then I checked the cables,"]
    assert "I measured everything twice" in told(findings)


def test_a_usable_rating_is_not_lost_to_a_worse_second_reply() -> None:
    mixed = changed(quotes=["I measured everything twice", QUOTE])
    with ChatServer(says(mixed), says(LYING)) as server:
        assert by_name(rate(server))["problem_solving"].level == 3
    with ChatServer(says(LYING), says("no")) as server:
        findings = rate(server)
    assert by_name(findings)["ownership"].level == 2
    assert by_name(findings)["problem_solving"].level is None


def test_all_ratings_lying_is_not_scorable_and_not_a_case_for_the_fallback() -> None:
    lies = ratings(**{n: (5, ["I measured everything twice"]) for n in by_name_ids()})
    with ChatServer(says(lies)) as server:
        findings = rate(server)
    assert findings.rater == f"llm:{server.model}"
    assert {r.level for r in findings.ratings} == {None}


def by_name_ids() -> list[str]:
    return [r["competency"] for r in GOOD["ratings"]]


def test_reasons_are_one_line_of_printable_text() -> None:
    said = "Good.\n\x1b[31mRed\u202e evil \ud800 " + "word " * 500
    with ChatServer(says(changed(reason=said))) as server:
        findings = rate(server)
    reason = by_name(findings)["problem_solving"].reason
    assert reason.code == Code.RATER_SAYS
    shown = reason.values["text"]
    assert isinstance(shown, str)
    assert shown.startswith("Good. [31mRed evil word word")
    assert len(shown) <= 400
    assert findings.model_dump_json()


@pytest.mark.parametrize(
    ("text", "spoken", "reason"),
    [
        ("I fixed it.", "en", Reason.of(Code.TOO_FEW_WORDS, words=3, needed=20, policy="multimodal")),
        ("", None, Reason.of(Code.TOO_FEW_WORDS, words=0, needed=20, policy="multimodal")),
        (STRONG, "pt", Reason.of(Code.OTHER_LANGUAGE, found="pt", wanted="en", rubric="general-en")),
    ],
    ids=["short", "silent", "other language"],
)
def test_what_cannot_be_rated_is_not_scorable_and_costs_no_call(text: str, spoken: str | None, reason: Reason) -> None:
    with ChatServer(says(GOOD)) as server:
        options = language.Options(endpoint=endpoint(server))
        findings = language.run(context(options, {"transcribe": transcript(text, spoken)}))
    assert server.requests == []
    assert (findings.rater, findings.provisional, findings.usage) == ("none", False, None)
    assert [(r.level, r.reason, r.evidence) for r in findings.ratings] == [(None, reason, [])] * 4


def test_without_an_endpoint_the_local_scorer_rates() -> None:
    findings = language.run(context(language.Options(), {"transcribe": transcript(STRONG)}))
    assert (findings.rater, findings.provisional, findings.stand_in, findings.usage) == ("local", True, False, None)
    assert len(findings.provenance.models["usem3"]) == 64
    assert findings == language.run(context(language.Options(), {"transcribe": transcript(STRONG)}))


def test_the_reviewer_is_told_when_an_answer_is_far_from_the_question() -> None:
    far = language.run(context(language.Options(), {"transcribe": transcript(OFF_TOPIC)}))
    near = language.run(context(language.Options(), {"transcribe": transcript(CLAIMS)}))
    assert "off_topic" in told(far)
    assert "off_topic" not in told(near)


def test_the_endpoint_is_part_of_what_a_rating_depends_on_and_how_it_is_called_is_not() -> None:
    one = Endpoint(base_url="http://a/v1", model="m", api_key=SecretStr(KEY))
    same = one.model_copy(
        update={"timeout_s": 1.0, "retries": 0, "concurrency": 1, "input_price": 3.0, "api_key": SecretStr("other")}
    )
    assert one.model_dump(mode="json") == same.model_dump(mode="json") == {
        "base_url": "http://a/v1", "model": "m", "seed": 7, "sensitivity": True,
    }  # fmt: skip
    assert one.model_copy(update={"seed": 8}).model_dump() != one.model_dump()


@pytest.mark.parametrize(("reply", "said"), [(fails(401), "401"), (fails(500, retry_after_ms="1"), "500")])
def test_an_endpoint_that_fails_is_told_to_the_reviewer(reply: Reply, said: str) -> None:
    with ChatServer(reply) as server:
        findings = rate(server)
    assert f"{server.base_url} (model {server.model!r}) answered {said}" in told(findings)
    assert by_name(findings)["problem_solving"].level is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.sampled_from([*by_name_ids(), QUOTE]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["ratings", "competency", "level", "reason", "quotes", "x"]), inner)
    ),
    max_leaves=20,
)
RATED = st.fixed_dictionaries(
    {
        "competency": JSON | st.sampled_from(by_name_ids()),
        "level": JSON,
        "reason": JSON,
        "quotes": JSON | st.just([QUOTE]),
    }
)


@pytest.mark.long
@given(replies=st.lists(st.text() | JSON | st.fixed_dictionaries({"ratings": st.lists(RATED)}), min_size=2, max_size=2))
@settings(derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_model_says_there_are_ratings_with_evidence_or_one_error(replies: list[object]) -> None:
    said = [says(reply if isinstance(reply, str) else json.dumps(reply)) for reply in replies]
    spoken = words(PLAIN)
    with ChatServer(*said) as server, Rater(endpoint(server)) as rater:
        try:
            found = rater.rate(sentences(spoken), spoken, pack(Rubric, "general-en"), None, "a")
        except EndpointError:
            return
    assert [r.competency for r in found] == by_name_ids()
    for rating in found:
        assert (rating.level is not None) == bool(rating.evidence)
        assert rating.model_dump_json()
