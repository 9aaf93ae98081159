"""A rating is paid for once, and a stand-in is kept no longer than needed: real stages, MongoDB and server."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from analyzers import language
from analyzers.language.endpoint import Endpoint
from mulakat.interviews.documents import InterviewSpec
from mulakat.interviews.registration import register
from mulakat.interviews.stage_results import AnswerResults
from mulakat.interviews.store import Store
from mulakat.pipeline.local import LocalFile
from mulakat.pipeline.run import Run
from mulakat.pipeline.stages import STAGES
from mulakat.pipeline.workspace import Workspace
from mulakat.rubrics.packs import pack
from mulakat.schema.contract import Request
from mulakat.schema.errors import NotMeasurable
from mulakat.schema.language import Findings, Usage
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.scores import AnswerScore, Scorecard
from mulakat.scoring import score_interview
from tests.support.attempts import attempt
from tests.support.language_samples import PLAIN
from tests.support.openai_server import Body, ChatServer, Reply, fails, ratings, says

pytestmark = pytest.mark.usefixtures("endpoint_memory")

KEY = "sk-secret-0123456789"
RUBRIC, POLICY = pack(Rubric, "general-en"), pack(Policy, "content")
GOOD = says(ratings(**{c.id: (4, ["I restarted it, then I checked the cables"]) for c in RUBRIC.competencies}))
ONE_CALL = Usage(requests=1, prompt_tokens=100, completion_tokens=20, cost=0.0007, currency="USD")


@dataclass(frozen=True)
class Done:
    """An answer taken through all stages."""

    run: Run
    statuses: dict[str, str]


Analyse = Callable[..., Done]


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer(GOOD) as running:
        yield running


@pytest.fixture
def analyse(store: Store, server: ChatServer, tmp_path: Path) -> Analyse:
    """Take a written answer through all stages, each time as a new attempt would."""
    path = tmp_path / "answer.txt"
    path.write_text(PLAIN, encoding="utf-8")

    def run(*, force: bool = False, question: str | None = None, **settings: object) -> Done:
        given = {"retries": 0, "sensitivity": False, "input_price": 3, "output_price": 20, **settings}
        endpoint = Endpoint(base_url=server.base_url, model=server.model, api_key=SecretStr(KEY), **given)
        request = Request(answer_id="a", question=question, written=True, rubric=RUBRIC, policy=POLICY)
        again = Run(
            request,
            Workspace(tmp_path / "scratch", LocalFile(path)),
            AnswerResults(store.stage_results, "one", attempt()),
            options={"analyse_language": language.Options(endpoint=endpoint)},
            force=force,
        )
        statuses: dict[str, str] = {}
        for stage in STAGES:
            try:
                statuses[stage.name] = again.stage(stage.name).status
            except NotMeasurable as error:
                again.failures[stage.name] = error.reason
        shutil.rmtree(tmp_path / "scratch", ignore_errors=True)
        return Done(again, statuses)

    return run


def findings(done: Done) -> Findings:
    result = done.run.result("analyse_language")
    assert isinstance(result, Findings)
    return result


def score(done: Done) -> AnswerScore:
    result = done.run.result("score_answer")
    assert isinstance(result, AnswerScore)
    return result


def test_a_second_run_costs_no_call(analyse: Analyse, server: ChatServer) -> None:
    first, second = analyse(), analyse()
    assert len(server.requests) == 1
    assert second.statuses["analyse_language"] == second.statuses["score_answer"] == "reused"
    assert findings(second) == findings(first)
    assert findings(first).rater == f"llm:{server.model}"
    assert findings(second).usage == ONE_CALL


def test_how_the_endpoint_is_called_is_no_reason_to_call_it_again(analyse: Analyse, server: ChatServer) -> None:
    analyse()
    analyse(timeout_s=5.0, retries=2, concurrency=1, input_price=None, output_price=None)
    assert len(server.requests) == 1
    analyse(seed=8)
    analyse(question="Why?")
    assert len(server.requests) == 3


def test_what_stood_in_is_used_until_the_endpoint_answers_again(analyse: Analyse, server: ChatServer) -> None:
    server.replies = [fails(500)]
    failed = analyse()
    assert (findings(failed).rater, findings(failed).stand_in, score(failed).provisional) == ("local", True, True)
    assert score(failed).usage is None
    again = analyse()
    assert len(server.requests) == 2  # asked again without being forced
    assert findings(again).stand_in
    assert again.statuses["score_answer"] == "reused"  # nothing has changed for it
    server.replies = [GOOD]
    good = analyse()
    assert findings(good).rater == f"llm:{server.model}"
    assert not score(good).provisional
    assert score(good).competencies[0].score.value == 75
    after = analyse()
    assert len(server.requests) == 3
    assert after.statuses["analyse_language"] == after.statuses["score_answer"] == "reused"
    assert score(after) == score(good)


def test_a_rating_is_not_lost_to_a_forced_run_while_the_endpoint_is_down(analyse: Analyse, server: ChatServer) -> None:
    good = analyse()
    server.replies = [fails(500)]
    forced = analyse(force=True)
    assert len(server.requests) == 2
    assert forced.statuses["analyse_language"] == "reused"
    assert findings(forced) == findings(good)
    assert findings(analyse()) == findings(good)


def test_cost_adds_up_to_the_scorecard(analyse: Analyse) -> None:
    answer = score(analyse())
    assert answer.usage == ONE_CALL
    other = answer.model_copy(update={"answer_id": "b"})
    card = score_interview("one", [answer, other], [], RUBRIC, POLICY)
    assert card.usage == Usage(requests=2, prompt_tokens=200, completion_tokens=40, cost=0.0014, currency="USD")
    assert Scorecard.model_validate_json(card.model_dump_json()).usage == card.usage
    local = answer.model_copy(update={"usage": None})
    assert score_interview("one", [local], [], RUBRIC, POLICY).usage is None


@pytest.mark.parametrize(
    "reply",
    [GOOD, fails(401, f"Incorrect API key provided: {KEY}"), says(f"I was given {KEY}")],
    ids=lambda r: r.status,
)
def test_no_document_holds_the_key_and_no_request_an_id(
    analyse: Analyse, store: Store, server: ChatServer, reply: Reply
) -> None:
    spec = {
        "interview_id": "interview-4711", "candidate": {"reference": "Jane Doe"}, "consent": {"given": True},
        "answers": [{"answer_id": "a", "question": "Why?", "media_uri": "https://example.org/jane-doe.txt"}],
    }  # fmt: skip
    register(store, InterviewSpec.parse(spec))
    server.replies = [reply]
    analyse(question="Why?")
    documents = [
        document for name in store.database.list_collection_names() for document in store.database[name].find()
    ]
    assert any(document.get("stage") == "analyse_language" for document in documents)
    assert KEY not in repr(documents)
    for request in server.requests:
        sent = json.dumps([request.body, {k: v for k, v in request.headers.items() if k != "authorization"}]).lower()
        for private in ("jane", "4711", "example.org", KEY):
            assert private not in sent


def test_an_endpoint_that_fails_in_between_is_told(analyse: Analyse, server: ChatServer) -> None:
    def broken(body: Body) -> Reply:
        return says("no") if len(server.requests) == 1 else fails(503)

    server.replies = [broken]
    done = analyse()
    assert findings(done).stand_in
    assert findings(done).usage == ONE_CALL  # the first reply was paid for
    assert any("answered 503" in str(note) for note in findings(done).notes)
