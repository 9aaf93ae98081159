"""The DAG in a real Airflow with real workers: what a platform engineer and an HR team rely on."""

from __future__ import annotations

import contextlib
import functools
import http.server
import itertools
import json
import shutil
import signal
import threading
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from mulakat.interviews.store import Store
from mulakat.pipeline.stages import STAGES
from mulakat.schema.codes import Code
from mulakat.schema.reasons import Reason
from mulakat.workflow.airflow_client import AirflowClient
from mulakat.workflow.queues import DAG_ID
from tests.support.known import known
from tests.support.runs import ended, interview, stage_states, states, trigger, wait
from tests.support.servers import RunningStack

pytestmark = pytest.mark.integration

NAMES = [stage.name for stage in STAGES]


# --- the sample interview ----------------------------------------------------


def test_every_stage_ran_on_its_queue_and_left_one_document(airflow: AirflowClient, store: Store, sample: str) -> None:
    assert wait(lambda: ended(airflow, sample)) == "success"
    found = store.interviews.get("sample-interview")
    assert found.state == "scored"
    tasks = states(airflow, sample)
    for index, answer in enumerate(found.answers):
        assert set(stage_states(found, answer.answer_id)) == set(NAMES)
        for name in NAMES:
            assert tasks[name, index]["state"] == "success"
            assert tasks[name, index]["rendered_map_index"] == answer.answer_id
    assert {tasks["transcribe", 0]["queue"], tasks["analyse_face", 0]["queue"]} == {"gpu"}
    assert (tasks["fetch_media", 0]["queue"], tasks["fetch_media", 0]["pool"]) == ("critical", "media")
    assert tasks["cleanup", -1]["queue"] == "low"
    assert {task["priority_weight"] for task in tasks.values()} == {10}
    documents = store.database.stage_results.count_documents({"interview_id": "sample-interview"})
    assert documents == len(NAMES) * len(found.answers)


def test_the_scorecard_has_evidence_in_the_recording(store: Store, sample: str) -> None:
    card = store.scorecards.get(known(store.interviews.get("sample-interview").scorecard_id))
    assert known(card.overall.low) <= known(card.overall.value) <= known(card.overall.high)
    scored = [competency for competency in card.competencies if competency.score.value is not None]
    assert scored
    found = store.interviews.get("sample-interview")
    fingerprint = found.known("problem_solving")["transcribe"].fingerprint
    payloads = store.stage_results.payloads(found.id, {("problem_solving", "transcribe"): fingerprint})
    text = payloads["problem_solving", "transcribe"]["text"]
    for competency in scored:
        quotes = [evidence for evidence in competency.evidence if evidence.quote]
        assert quotes, competency.id
        for evidence in quotes:
            assert known(evidence.quote).split()[0].strip(".,").lower() in text.lower()
            assert 0 <= known(evidence.start_s) < known(evidence.end_s)


def test_the_reports_are_in_the_media_store(stack: RunningStack, store: Store, sample: str, tmp_path: Path) -> None:
    found = store.interviews.get("sample-interview")
    kinds = itertools.product(("reviewer", "candidate"), ("en", "tr"), ("html", "pdf"))
    assert {(r.audience, r.language, r.format) for r in found.reports} == set(kinds)
    for each in found.reports:
        with store.media.open(each.uri) as file:
            data = file.read()
        assert data.startswith(b"%PDF-" if each.format == "pdf" else b"<!doctype html>")
        if each.format == "html":
            assert b"sample-interview" in data and b"<script" not in data
            assert (stack.conf.review_url.encode() in data) is (each.audience == "reviewer")
    written = tmp_path / "report.pdf"
    stack.mulakat("report", "sample-interview", "--audience", "candidate", "--language", "tr", "-o", written)
    with store.media.open(known(found.report("candidate", "tr", "pdf"))) as file:
        assert written.read_bytes() == file.read()
    refused = stack.mulakat("report", "sample-interview", "--language", "xx", check=False)
    assert refused.returncode == 1 and "'xx'" in refused.stderr


def test_scratch_files_are_gone(stack: RunningStack, sample: str) -> None:
    assert list(stack.conf.scratch_path.glob("sample-interview*")) == []


def test_xcom_carries_ids_and_fingerprints_only(airflow: AirflowClient, sample: str) -> None:
    entries = airflow._get(f"/api/v2/dags/{DAG_ID}/dagRuns/{sample}/taskInstances/~/xcomEntries?limit=100")
    for entry in entries["xcom_entries"]:
        value = airflow._get(
            f"/api/v2/dags/{DAG_ID}/dagRuns/{sample}/taskInstances/{entry['task_id']}/xcomEntries/{entry['key']}"
            f"?map_index={entry['map_index']}"
        )["value"]
        assert len(json.dumps(value)) < 300, entry


def test_the_same_interview_twice_is_one_run(
    stack: RunningStack, airflow: AirflowClient, samples: Path, sample: str
) -> None:
    again = json.loads(stack.mulakat("submit", samples / "interview.json", "--json").stdout)
    assert again == {"interview_id": "sample-interview", "run_id": sample, "new": False}
    assert trigger(airflow, sample, {"interview_id": "sample-interview"}).status_code == 409


def test_show_and_watch_speak_json(stack: RunningStack, sample: str) -> None:
    card = json.loads(stack.mulakat("show", "sample-interview", "--json").stdout)
    assert card["interview_id"] == "sample-interview"
    stack.mulakat("watch", "sample-interview", "--json")


@pytest.mark.long
def test_another_run_executes_no_analyzer(
    stack: RunningStack, airflow: AirflowClient, store: Store, samples: Path, sample: str
) -> None:
    """After `sample` in this file's order or alone: everything is known already."""
    before = list(store.database.stage_results.find({"interview_id": "sample-interview"}).sort("_id"))
    card = store.interviews.get("sample-interview").scorecard_id
    stack.mulakat("submit", samples / "interview.json", "--again", "--watch")
    found = store.interviews.get("sample-interview")
    assert found.run_id != sample
    for answer in found.answers:
        assert set(stage_states(found, answer.answer_id).values()) <= {"reused", "skipped"}
    assert list(store.database.stage_results.find({"interview_id": "sample-interview"}).sort("_id")) == before
    assert found.scorecard_id == card


@pytest.mark.long
def test_clearing_one_task_runs_it_and_what_follows(airflow: AirflowClient, store: Store, sample: str) -> None:
    run_id = known(store.interviews.get("sample-interview").run_id)
    wait(lambda: ended(airflow, run_id))
    before = {key: task["try_number"] for key, task in states(airflow, run_id).items()}
    airflow.clear(run_id, "analyse_answer.analyse_voice", 0)
    wait(lambda: ended(airflow, run_id))
    after = {key: task["try_number"] for key, task in states(airflow, run_id).items()}
    again = {key for key in after if after[key] != before[key]}
    assert again == {
        ("analyse_voice", 0),
        ("score_answer", 0),
        ("score_interview", -1),
        ("build_report", -1),
        ("cleanup", -1),
    }
    assert store.interviews.get("sample-interview").state == "scored"


@pytest.mark.long
def test_a_killed_worker_does_not_lose_the_interview(
    stack: RunningStack, airflow: AirflowClient, store: Store, samples: Path
) -> None:
    """SIGKILL to the whole worker while `transcribe` runs."""
    long = shutil.copy(samples / "problem_solving.mp4", stack.recordings / "long.mp4")
    assert trigger(airflow, "killed-1", interview("killed", long=str(long))).is_success

    def transcribing() -> bool:
        found = store.interviews.find("killed")
        return bool(found and found.progress and stage_states(found, "long").get("transcribe") == "running")

    wait(transcribing)
    programs = json.loads(stack.mulakat("status", "--json", check=False).stdout)["programs"]
    process = psutil.Process(next(program["pid"] for program in programs if program["name"] == "worker-gpu"))
    for victim in [*process.children(recursive=True), process]:
        with contextlib.suppress(psutil.NoSuchProcess):  # children come and go
            victim.send_signal(signal.SIGKILL)
    assert wait(lambda: ended(airflow, "killed-1")) == "success"
    assert states(airflow, "killed-1")["transcribe", 0]["try_number"] > 1
    assert stage_states(store.interviews.get("killed"), "long")["transcribe"] == "ok"
    documents = store.database.stage_results.count_documents({"interview_id": "killed", "stage": "transcribe"})
    assert documents == 1


# --- written answers, and recordings without a picture -----------------------


@pytest.mark.long
def test_a_spoken_and_a_written_answer_make_one_interview(
    stack: RunningStack, airflow: AirflowClient, store: Store, samples: Path
) -> None:
    sound = first_sentences(samples, stack.recordings / "answer.wav")
    text = stack.recordings / "answer.txt"
    shutil.copy(samples / "problem_solving.txt", text)
    html = stack.recordings / "page.txt"
    html.write_text("<!DOCTYPE html><p>Not found")
    question = "Tell us about a problem you solved at work"
    answers = ["--answer", f"{question}={sound}", "--text", f"{question}={text}", "--text", f"{question}={html}"]
    run_id = json.loads(stack.mulakat("submit", "--id", "written", "--consent", *answers, "--json").stdout)["run_id"]
    assert wait(lambda: ended(airflow, run_id)) == "success"
    found = store.interviews.get("written")
    assert found.state == "scored"
    said, written, page = found.answers
    assert (said.written, written.written, page.written) == (False, True, True)
    assert stage_states(found, written.answer_id) == dict.fromkeys(NAMES, "ok") | dict.fromkeys(
        ("extract_audio", "analyse_face", "analyse_emotion", "analyse_voice"), "skipped"
    )
    assert {found.progress[written.answer_id][name].reason for name in ("extract_audio", "analyse_voice")} == {
        Reason.of(Code.WRITTEN_ANSWER)
    }
    assert found.progress[said.answer_id]["analyse_face"].reason == Reason.of(Code.NO_PICTURE)
    assert known(found.progress[page.answer_id]["fetch_media"].reason).code == Code.NOT_PLAIN_TEXT
    card = store.scorecards.get(known(found.scorecard_id))
    assert [score.answer_id for score in card.answers] == [said.answer_id, written.answer_id]
    from_text = [e for c in card.competencies for e in c.evidence if e.answer_id == written.answer_id]
    assert from_text
    content = " ".join(text.read_text(encoding="utf-8").split())
    for evidence in from_text:
        assert evidence.start_s is evidence.end_s is None
        assert known(evidence.quote) in content
    assert found.report("reviewer", "en", "html") is not None


def first_sentences(samples: Path, target: Path) -> Path:
    """The beginning of the sample answer, sound alone."""
    from analyzers.media.audio import extract

    extract(samples / "problem_solving.mp4", target)
    with wave.open(str(target), "rb") as file:
        form, sound = file.getparams(), file.readframes(12 * file.getframerate())
    with wave.open(str(target), "wb") as file:
        file.setparams(form)
        file.writeframes(sound)
    return target


# --- bad input ---------------------------------------------------------------


@pytest.fixture(scope="module")
def website(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A web server with nothing on it."""
    folder = tmp_path_factory.mktemp("website")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.long
def test_one_bad_answer_does_not_take_the_others_down(
    stack: RunningStack, airflow: AirflowClient, store: Store, samples: Path, website: str
) -> None:
    good = shutil.copy(samples / "introduction.mp4", stack.recordings / "Görüşme – Ayşe's #1 (50%) 'test'.mp4")
    html = stack.recordings / "page.mp4"
    html.write_text("<!DOCTYPE html><html><body>Not here</body></html>")
    empty = stack.recordings / "empty.mp4"
    empty.touch()
    secret = stack.recordings / "secret.txt"
    secret.write_text("nobody may read this")
    playlist = stack.recordings / "list.mp4"
    playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{secret}\n#EXT-X-ENDLIST\n")
    answers = {
        "good": str(good),
        "html": str(html),
        "empty": str(empty),
        "gone": str(stack.recordings / "gone.mp4"),
        "web": f"{website}/gone.mp4",
        "playlist": str(playlist),
        "outside": "/etc/hostname",
    }
    assert trigger(airflow, "mixed-1", interview("mixed", **answers)).is_success
    assert wait(lambda: ended(airflow, "mixed-1")) == "success"
    found = store.interviews.get("mixed")
    assert found.state == "scored"
    reasons = {answer: found.progress[answer]["fetch_media"].reason for answer in answers if answer != "good"}
    expected = {
        "html": (Code.NOT_A_RECORDING, "HTML"),
        "empty": (Code.RECORDING_EMPTY, "empty"),
        "gone": (Code.RECORDING_MISSING, "gone.mp4"),
        "web": (Code.RECORDING_NOT_FETCHED, "404"),
        "playlist": (Code.NOT_A_RECORDING, "playlist"),
        "outside": (Code.INPUT_REFUSED, "/etc/hostname"),
    }
    for answer, (code, pattern) in expected.items():
        reason = known(reasons[answer])
        assert reason.code == code
        message = reason.values["message"]
        assert isinstance(message, str)
        assert pattern in message
        assert "\n" not in message
    card = store.scorecards.get(known(found.scorecard_id))
    assert [score.answer_id for score in card.answers] == ["good"]
    assert {item.answer_id for item in card.missing if item.stage == "fetch_media"} == set(expected)
    # Nothing half-written, no try wasted on what cannot work, no scratch file left.
    assert store.database.stage_results.distinct("answer_id", {"interview_id": "mixed"}) == ["good"]
    tasks = states(airflow, "mixed-1")
    assert {tasks["fetch_media", index]["try_number"] for index in range(len(answers))} == {1}
    assert list(stack.conf.scratch_path.glob("mixed*")) == []


@pytest.mark.long
def test_an_interview_without_a_usable_answer_fails_and_says_why(
    stack: RunningStack, airflow: AirflowClient, store: Store
) -> None:
    conf = interview("nothing", only=str(stack.recordings / "no such file.mp4"))
    assert trigger(airflow, "nothing-1", {**conf, "priority": "high"}).is_success
    assert wait(lambda: ended(airflow, "nothing-1")) == "failed"
    assert {task["priority_weight"] for task in airflow.task_instances("nothing-1")} == {100}
    found = wait(lambda: (i := store.interviews.get("nothing")).state == "failed" and i)
    assert "no such file.mp4" in str(found.reason)
    assert store.database.stage_results.count_documents({"interview_id": "nothing"}) == 0
    watched = stack.mulakat("watch", "nothing", check=False)
    assert watched.returncode == 1
    assert "no such file.mp4" in watched.stdout


@pytest.mark.parametrize(
    ("conf", "problem"),
    [
        ({"interview_id": "../../etc/passwd"}, "does not match"),
        ({"interview_id": "x", "interview": {"interview_id": "x"}}, "required property"),
        (interview("x", **{"..": "a.mp4"}), "does not match"),
        ({"interview_id": "x", "priority": "urgent"}, "urgent"),
    ],
)
def test_airflow_refuses_bad_parameters(airflow: AirflowClient, conf: dict[str, Any], problem: str) -> None:
    reply = trigger(airflow, "refused", conf)
    assert reply.status_code == 400
    assert problem in reply.text


@pytest.mark.long
def test_an_unknown_parameter_fails_the_first_task(airflow: AirflowClient, store: Store) -> None:
    conf = {**interview("unknown-parameter", a="/a.mp4"), "polcy": "eu"}
    assert trigger(airflow, "unknown-parameter-1", conf).is_success
    assert wait(lambda: ended(airflow, "unknown-parameter-1")) == "failed"
    assert store.interviews.find("unknown-parameter") is None


@pytest.mark.long
def test_submit_says_in_one_line_what_is_wrong(stack: RunningStack, samples: Path) -> None:
    for arguments, problem in (
        (["submit", "missing.json"], "missing.json"),
        (["submit", "--id", "a/b", "--answer", f"q={samples / 'introduction.mp4'}"], "a/b"),
        (["submit", "--id", "ok", "--answer", "q=gone.mp4"], "gone.mp4"),
        (["submit", "--id", "ok", "--text", "q=gone.txt"], "gone.txt"),
        (["submit", "--id", "ok", "--text", "gone.txt"], "question=file"),
        (["submit", "--id", "ok"], "--text"),
        (["submit", samples / "interview.json", "--priority", "urgent"], "urgent"),
        (["show", "nobody"], "nobody"),
    ):
        done = stack.mulakat(*arguments, check=False)
        assert done.returncode == 1
        assert problem in done.stderr
        assert "Traceback" not in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
