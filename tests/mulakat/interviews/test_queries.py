"""Every query that the store sends, as the server itself plans it: all by an index, lists without waste.

A listener writes down each command while a scenario calls every public method; a method
that it forgets fails the test. Each command is then explained by the real server.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import bson
import pytest

from mulakat.interviews.audit import AuditRepository
from mulakat.interviews.campaigns import Campaigns
from mulakat.interviews.documents import Attempt, AuditEntry, ReviewSpec, StageState, now
from mulakat.interviews.interviews import InterviewRepository
from mulakat.interviews.registration import register
from mulakat.interviews.reviews import ReviewRepository
from mulakat.interviews.rubrics import PolicyRepository, RubricRepository
from mulakat.interviews.scorecards import ScorecardRepository
from mulakat.interviews.stage_results import StageResultRepository
from mulakat.interviews.store import Store
from mulakat.interviews.submissions import SubmissionRepository
from mulakat.schema.codes import Code
from mulakat.schema.reasons import Reason
from tests.support.attempts import at_work, attempt, load
from tests.support.commands import listened_to
from tests.support.interview_data import result, scorecard, spec
from tests.support.known import known

QUERIES = ("find", "aggregate", "distinct", "count", "update", "delete", "findAndModify")
NOT_PLANNED = ("insert", "createIndexes")
INTERVIEWS = 60
CAMPAIGNS = ("autumn", "spring", "winter")
LIMIT = 7

REPOSITORIES = (
    AuditRepository,
    Campaigns,
    InterviewRepository,
    PolicyRepository,
    ReviewRepository,
    RubricRepository,
    ScorecardRepository,
    StageResultRepository,
    Store,
    SubmissionRepository,
)
PUBLIC = {
    (kind, name)
    for kind in REPOSITORIES
    for name in dir(kind)
    if not name.startswith("_") and callable(getattr(kind, name)) and not isinstance(getattr(kind, name), type)
} - {(Store, "connect"), (Store, "close")}  # these two say nothing to a collection


def fill(store: Store) -> None:
    """Interviews of several campaigns, scored and reviewed, three received at any one time."""
    moment = datetime(2025, 1, 1, tzinfo=UTC)
    for number in range(INTERVIEWS):
        name = f"i{number:02}"
        wanted = spec(
            name,
            campaign=CAMPAIGNS[number % len(CAMPAIGNS)],
            received_at=(moment + timedelta(hours=number // 3)).isoformat(),
        )
        store.submissions.put(wanted)
        _, loading = load(store, wanted, f"{name}.run")
        store.stage_results.put(result(name))
        state = StageState(state="ok", fingerprint="f", started_at=now())
        store.interviews.mark_stage(name, "a", "transcribe", state, loading)
        store.interviews.name_scorecard(name, store.scorecards.put(scorecard(name), "f"), {"a": "f"}, loading)
        store.reviews.add(ReviewSpec.parse({"interview_id": name, "reviewer": "Ayşe", "overall": 3}))


def use(store: Store, attempt_of_i00: Attempt) -> None:
    """Call every public method of the store at least once, lists in the middle."""
    store.ensure_indexes()
    wanted = spec("new", rubric="general-en", policy="multimodal")
    assert store.submissions.get(store.submissions.put(wanted)) == wanted
    assert store.submissions.any_of(wanted.interview_id)
    asked_at = now()
    interview = register(store, wanted, attempt(run_id="new.run", asked_at=asked_at))
    rubric, policy = store.rubrics.get(interview.rubric), store.policies.get(interview.policy)
    assert store.rubrics.named(f"{rubric.id}:{rubric.version}") == rubric
    assert store.policies.named(f"{policy.id}:{policy.version}") == policy
    store.rubrics.keep(rubric)
    store.policies.keep(policy)
    working = attempt("a:transcribe", "new.run", asked_at=asked_at)
    store.interviews.begin("new", working)
    store.interviews.check("new", working)
    store.interviews.mark_running("new", working)
    state = StageState(state="ok", fingerprint="f", seconds=1.0, started_at=now())
    store.interviews.mark_stage("new", "a", "transcribe", state, working)
    store.stage_results.put(result("new"))
    head = known(store.interviews.find("new")).known("a")["transcribe"]
    assert store.stage_results.head("new", "a", "transcribe", head.fingerprint) == head
    found = known(store.stage_results.get("new", "a", "transcribe", "f"))
    assert store.stage_results.payloads("new", {("a", "transcribe"): "f"}) == {("a", "transcribe"): found.payload}
    assert store.stage_results.texts(["new:a:transcribe:f"]) == {"new:a:transcribe:f": "first"}
    identity = store.scorecards.put(scorecard("new"), "f", run_id="new.run")
    store.interviews.name_scorecard("new", identity, {"a": "f"}, working)
    store.interviews.mark_reported("new", identity, [], working)
    store.interviews.mark_scored("new", working)
    store.interviews.mark_rescored(interview, interview, identity, {"a": "f"}, working)
    store.interviews.mark_failed("i00", Reason.of(Code.SEE_RUN), attempt_of_i00)
    store.interviews.mark_stopped("i00", attempt_of_i00)
    assert store.scorecards.get(identity) == scorecard("new")
    assert store.scorecards.overall([identity]).keys() == store.scorecards.summaries([identity]).keys()
    assert store.interviews.of_run("new.run") == store.interviews.get("new")
    cursor = None
    for _ in range(3):
        page = store.interviews.page(cursor=cursor, limit=LIMIT)
        assert len(page.items) == LIMIT
        cursor = page.cursor
    assert set(store.interviews.campaigns()) == {"default", *CAMPAIGNS}
    assert len(store.interviews.of_campaign("autumn")) == len(store.campaigns.interviews("autumn")) == 20
    assert len(store.campaigns.candidates("autumn")) == len(store.campaigns.scores("autumn")) == 20
    rating = ReviewSpec.parse({"interview_id": "new", "reviewer": "Ali", "overall": 4})
    store.reviews.check(rating)
    store.reviews.add(rating)
    assert len(store.reviews.of_campaign("autumn")) == 20
    store.audit.append(AuditEntry(actor="somebody", action="look"))
    store.erase("new")  # which erases in each repository


def noting(kind: type, name: str, called: set[tuple[type, str]]) -> Callable[..., Any]:
    """The method, which also says that it was called."""
    method = getattr(kind, name)

    @functools.wraps(method)
    def note(self: Any, *args: Any, **options: Any) -> Any:
        called.add((type(self), name))
        return method(self, *args, **options)

    return note


@pytest.fixture(scope="module")
def used(mongo: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, list[dict[str, Any]]]]:
    """A filled store, and the queries that all its public methods have sent."""
    with (
        listened_to(mongo, tmp_path_factory.mktemp("media")) as (store, recorder),
        pytest.MonkeyPatch.context() as patch,
    ):
        fill(store)
        called: set[tuple[type, str]] = set()
        for kind, name in PUBLIC:
            patch.setattr(kind, name, noting(kind, name, called))
        earlier = at_work(store, "i00")
        with recorder.listening() as commands:
            use(store, earlier)
        assert {(kind.__name__, name) for kind, name in PUBLIC - called} == set(), "call these in `use`"
        names = {next(iter(command)) for command in commands}
        assert names <= {*QUERIES, *NOT_PLANNED}, "explain these too"
        assert {"find", "aggregate", "update", "delete", "findAndModify"} <= names
        yield store, [command for command in commands if next(iter(command)) in QUERIES]


def stages(plan: Any) -> Iterator[dict[str, Any]]:
    """The steps of an explained plan, wherever the server nests them."""
    if isinstance(plan, list):
        for part in plan:
            yield from stages(part)
    elif isinstance(plan, dict):
        if isinstance(plan.get("stage"), str):
            yield plan
        for key, part in plan.items():
            if key not in ("rejectedPlans", "allPlansExecution"):
                yield from stages(part)


def explained(store: Store, command: dict[str, Any]) -> tuple[set[str], set[str], dict[str, Any]]:
    """Names of the plan's steps, of the indexes it uses, and what running it took."""
    plan = store.database.command("explain", command, verbosity="executionStats")
    found = list(stages(plan))
    names = {step["stage"] for step in found}
    indexes = {step["indexName"] for step in found if "indexName" in step}
    inner = plan["stages"][0]["$cursor"] if "stages" in plan else plan
    return names, indexes, inner["executionStats"]


def test_every_query_uses_an_index_and_no_list_reads_more_than_it_returns(
    used: tuple[Store, list[dict[str, Any]]],
) -> None:
    store, commands = used
    for command in commands:
        names, indexes, took = explained(store, command)
        assert "COLLSCAN" not in names, command
        assert indexes or names & {"IDHACK", "EXPRESS_IXSCAN"}, (command, names)
        assert "SORT" not in names, command
        if next(iter(command)) == "find":
            assert took["totalDocsExamined"] <= took["nReturned"] + 1, (command, took)


def test_campaigns_are_found_without_reading_an_interview(used: tuple[Store, list[dict[str, Any]]]) -> None:
    store, commands = used
    (command,) = [command for command in commands if "aggregate" in command]
    names, _, took = explained(store, command)
    assert "DISTINCT_SCAN" in names
    assert took["totalDocsExamined"] == 0
    assert took["totalKeysExamined"] <= 2 * (len(CAMPAIGNS) + 1)


def test_every_index_serves_a_query(used: tuple[Store, list[dict[str, Any]]]) -> None:
    store, commands = used
    serving = {(next(iter(command.values())), index) for command in commands for index in explained(store, command)[1]}
    made = {
        (collection, index)
        for collection in store.database.list_collection_names()
        for index in store.database[collection].index_information()
        if index != "_id_"
    }
    assert made
    assert made <= serving


def test_lists_carry_neither_answers_nor_progress(mongo: str, tmp_path: Path) -> None:
    """What comes over the wire for a page does not grow with what is in an interview."""
    with listened_to(mongo, tmp_path) as (store, recorder):
        sizes = []
        for answers in (1, 50):
            given = [
                {"answer_id": f"a{n}", "question": "Why? " * 50, "media_uri": "https://example.org/a.mp4"}
                for n in range(answers)
            ]
            _, loading = load(store, spec("one", answers=given))
            for n in range(answers):
                running = StageState(state="running", started_at=now())
                store.interviews.mark_stage("one", f"a{n}", "transcribe", running, loading)
            with recorder.listening() as commands:
                store.interviews.page()
            (command,) = [command for command in commands if command.get("find") == "interviews"]
            (document,) = store.database.command(command)["cursor"]["firstBatch"]
            assert not {"answers", "progress", "reports"} & set(document)
            sizes.append(len(bson.encode(document)))
        assert sizes[0] == sizes[1]
