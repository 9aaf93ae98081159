"""The pages of the review app, run by Streamlit's own test driver against a real database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from mulakat.interviews.documents import Answer, StageState, now
from mulakat.interviews.events import Event, publish
from mulakat.interviews.registration import register
from mulakat.interviews.settings import settings
from mulakat.interviews.store import Store
from mulakat.presentation.catalog import CATALOGS
from mulakat.schema.codes import Code
from mulakat.schema.language import Evidence
from mulakat.schema.reasons import Reason
from mulakat.schema.scores import CompetencyScore, ComponentScore, Missing
from tests.support import review_data
from tests.support.reasons import refused
from tests.support.review_pages import MAIN, component, interview_page, shown, start, words
from tests.support.servers import free_port
from tests.support.stored_interviews import HOSTILE, add, finish, score, scorecard


def stage(state: str, **fields: Any) -> StageState:
    return StageState(state=state, started_at=now(), **fields)


def elements(at: AppTest, kind: str) -> list[Any]:
    """Of a kind; which attributes they have does not stand in Streamlit's types."""
    return list(at.get(kind))


def links(at: AppTest) -> list[str]:
    return [link.label.strip("*").replace("\\", "") for link in elements(at, "page_link")]


# --- the list ----------------------------------------------------------------


def test_an_empty_list_says_what_to_run(store: Store) -> None:
    at = start()
    assert "No interviews yet" in words(at)
    assert "mulakat demo" in words(at)


def test_the_list_is_newest_first_and_turns_pages(store: Store) -> None:
    for number in range(45):
        add(store, f"iv-{number:02d}", minutes=number)
    at = start()

    newest_first = [f"iv-{number:02d}" for number in reversed(range(45))]
    assert links(at) == newest_first[:20]
    at.button(key="older").click()
    shown(at)
    assert links(at) == newest_first[20:40]
    at.button(key="older").click()
    shown(at)
    assert links(at) == newest_first[40:]
    assert [button.key for button in at.button] == ["newer"]
    at.button(key="newer").click()
    shown(at)
    assert links(at) == newest_first[20:40]


def test_the_list_shows_state_progress_and_score(store: Store) -> None:
    add(store, "waiting", minutes=4)
    add(store, "half-done", minutes=3)
    store.interviews.mark_running("half-done")
    store.interviews.mark_stage("half-done", "a0", "fetch_media", stage("ok"))
    add(store, "good", minutes=2)
    finish(store, scorecard("good", score(62)))
    add(store, "silent", minutes=1)
    finish(store, scorecard("silent", score(None, reason=Reason.of(Code.NO_WORDS))))
    add(store, "broken", minutes=0)
    store.interviews.mark_failed("broken", refused("the file is empty"))
    at = start()
    assert links(at) == ["waiting", "half-done", "good", "silent", "broken"]
    text = words(at)
    assert "62 (52–72)" in text
    assert "Not scorable: no speech was found" in text
    assert "the file is empty" in text
    assert [(bar.value, bar.text) for bar in elements(at, "progress")] == [(0, "0 of 8 steps"), (12, "1 of 8 steps")]


def test_the_list_is_asked_for_anew_when_something_changed(store: Store) -> None:
    add(store, "iv")
    at = start()
    assert "queued" in words(at)
    store.interviews.mark_failed("iv", refused("it broke"))
    assert "it broke" in words(shown(at))


def test_the_list_refreshes_often_only_while_something_is_at_work(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    fragment = streamlit.fragment

    def noting(function: Any = None, *, run_every: Any = None) -> Any:
        asked.append(run_every)
        return fragment(function, run_every=run_every)

    add(store, "iv")
    at = start()
    monkeypatch.setattr(streamlit, "fragment", noting)
    shown(at)
    assert asked[-1] == "2s"
    store.interviews.mark_failed("iv", refused("it broke"))
    shown(at)
    assert asked[-1] == "30s"
    register(store, review_data.spec("iv", [Answer(answer_id="a0", media_uri="media://" + "0" * 64)]))
    shown(at)
    assert asked[-1] == "2s"


# --- languages ---------------------------------------------------------------


def test_the_address_and_the_browser_choose_the_language(store: Store) -> None:
    assert start(lang="tr").title[0].value == "Görüşmeler"
    assert start(lang="xx").title[0].value == "Interviews"
    at = AppTest.from_file(MAIN, default_timeout=60)
    at.context = {"locale": "tr-TR"}
    assert shown(at).title[0].value == "Görüşmeler"
    at.segmented_control(key="lang").select("en")
    assert shown(at).title[0].value == "Interviews"


def plain_messages() -> list[str]:
    """Keys of the page's texts and the shared ones that stand without a value."""
    lines = [
        line
        for file in ("labels.ftl", "page.ftl")
        for line in CATALOGS.joinpath("en", file).read_text(encoding="utf-8").splitlines()
    ]
    return [line.split(" = ")[0] for line in lines if " = " in line and "{" not in line]


def test_turkish_pages_hold_no_english(analyzed: review_data.Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from mulakat.presentation.presenter import Presenter

    review_data.visit(analyzed, monkeypatch)
    at = interview_page(id="sample-interview", lang="tr")
    text = words(at)
    english, turkish = Presenter("en"), Presenter("tr")
    for key in plain_messages():
        if len(english(key)) > 8 and turkish(key) != english(key):
            assert english(key) not in text, key
    assert turkish("overall") in [metric.label for metric in at.metric]


def test_reasons_of_stages_are_said_in_the_language_of_the_page(store: Store) -> None:
    add(store, "iv")
    missing = [
        Missing(answer_id="a0", stage="analyse_voice", reason=Reason.of(Code.WRITTEN_ANSWER)),
        Missing(answer_id="a0", stage="fetch_media", reason=refused("HTTP 599 from a server nobody knows")),
    ]
    finish(store, scorecard("iv", score(50), missing=missing))
    assert "— the answer was given in writing" in words(interview_page(id="iv"))
    text = words(interview_page(id="iv", lang="tr"))
    assert "— yanıt yazılı verildi" in text and "given in writing" not in text
    assert "HTTP 599 from a server nobody knows" in text


# --- one interview -----------------------------------------------------------


def test_an_unknown_interview(store: Store) -> None:
    assert "There is no interview nobody" in words(interview_page(id="nobody"))


def test_no_interview_chosen(store: Store) -> None:
    assert "No interview chosen" in words(interview_page())


def test_hostile_ids_are_shown_as_they_are(store: Store) -> None:
    at = interview_page(id=HOSTILE)
    assert "\\<img" in at.warning[0].value
    assert "!\\[x" in at.warning[0].value


def test_four_reports_in_the_language_of_the_page(analyzed: review_data.Place, monkeypatch: pytest.MonkeyPatch) -> None:
    review_data.visit(analyzed, monkeypatch)
    for lang, labels in {
        "en": ["For reviewers, HTML", "For reviewers, PDF", "For the candidate, HTML", "For the candidate, PDF"],
        "tr": ["Değerlendiren için, HTML", "Değerlendiren için, PDF", "Aday için, HTML", "Aday için, PDF"],
    }.items():
        at = interview_page(id="sample-interview", lang=lang)
        assert [button.label for button in elements(at, "download_button")] == labels


def test_without_reports_there_is_no_menu_of_them(store: Store) -> None:
    add(store, "iv")
    finish(store, scorecard("iv", score(50)))
    assert len(interview_page(id="iv").get("download_button")) == 0


def test_an_airflow_run_leads_to_its_interview_and_back(store: Store) -> None:
    add(store, "iv")
    at = interview_page(run_id="iv.run")
    assert at.title[0].value == "iv"
    (link,) = elements(at, "link_button")
    assert link.url == "http://127.0.0.1:8080/dags/interview_analysis/runs/iv.run"
    assert "No interview belongs to the Airflow run other" in words(interview_page(run_id="other"))


def test_progress_and_then_the_results_by_themselves(store: Store, redis: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULAKAT_REDIS_URL", redis)
    settings.cache_clear()
    add(store, "live", answers=2)
    store.interviews.mark_running("live")
    store.interviews.mark_stage("live", "a0", "fetch_media", stage("ok"))
    store.interviews.mark_stage("live", "a0", "transcribe", stage("running"))
    store.interviews.mark_stage("live", "a1", "fetch_media", stage("failed", reason=refused("the file is empty")))
    assert publish(redis, Event(interview_id="live", answer_id="a0", stage="transcribe", state="progress", percent=42))
    at = interview_page(id="live")
    assert at.get("progress")[0].text == "1 of 16 steps"
    text = words(at)
    assert "Transcript 42%" in text
    assert "the file is empty" in text
    finish(store, scorecard("live", score(70)))
    assert at.metric == []
    assert shown(at).metric[0].value == "70"


def test_progress_without_redis(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULAKAT_REDIS_URL", f"redis://127.0.0.1:{free_port()}")
    settings.cache_clear()
    add(store, "live")
    store.interviews.mark_stage("live", "a0", "fetch_media", stage("running"))
    assert "Recording" in words(interview_page(id="live"))


def test_a_failed_interview_says_why_for_each_answer(store: Store) -> None:
    add(store, "broken", answers=2)
    store.interviews.mark_stage("broken", "a0", "fetch_media", stage("failed", reason=refused("the file is empty")))
    store.interviews.mark_stage(
        "broken", "a1", "fetch_media", stage("failed", reason=refused("the server answered 404"))
    )
    store.interviews.mark_failed("broken", refused("no answer could be analysed"))
    at = interview_page(id="broken")
    text = words(at)
    for reason in ("no answer could be analysed", "the file is empty", "the server answered 404"):
        assert reason in text
    recording = component(at, "player")["recording"]
    assert recording["src"] is None
    assert "the file is empty" in recording["note"]


def test_what_is_missing_looks_unlike_zero(store: Store) -> None:
    add(store, "partly")
    finish(
        store,
        scorecard(
            "partly",
            score(0),
            components=[
                ComponentScore(name="language", weight=0.7, score=score(0), evidence=[]),
                ComponentScore(
                    name="visual", weight=0.3, score=score(None, reason=Reason.of(Code.FACE_NOWHERE)), evidence=[]
                ),
            ],
            missing=[Missing(answer_id="a0", stage="analyse_face", reason=Reason.of(Code.NO_PICTURE))],
        ),
    )
    at = interview_page(id="partly")
    assert at.metric[0].value == "0"
    content, visual = component(at, "components")["bars"]
    assert (content["value"], content["text"]) == (0, "0 (0–10)")
    assert (visual["value"], visual["text"]) == (None, "Not scorable: the candidate’s face is nowhere visible")
    assert "Answer 1, Face** — the recording has no picture" in words(at)


def test_text_from_outside_is_never_markup(store: Store) -> None:
    add(store, "hostile", candidate={"reference": HOSTILE}, answers=1)
    spec = review_data.spec(
        "hostile",
        [Answer(answer_id="a0", question=HOSTILE, media_uri="https://example.org/a.mp4")],
        candidate={"reference": HOSTILE},
    )
    register(store, spec)
    evidence = Evidence(answer_id="a0", stage="transcribe", start_s=1, end_s=2, quote=HOSTILE, note=refused(HOSTILE))
    competency = CompetencyScore(
        id="x", name=HOSTILE, weight=1, score=score(50), evidence=[evidence], rationale=[refused(HOSTILE)]
    )
    finish(store, scorecard("hostile", score(50), competencies=[competency], notes=[refused(HOSTILE)]))
    for at in (interview_page(id="hostile"), start()):
        for kind in ("markdown", "caption", "title", "subheader", "info", "warning", "error"):
            for element in elements(at, kind):
                assert not element.proto.allow_html if hasattr(element.proto, "allow_html") else True
                assert "<img" not in element.value.replace("\\<", "")
                assert "](" not in element.value.replace("\\]", "")
        for kind in ("button", "page_link", "expander"):
            for element in elements(at, kind):
                assert "](" not in element.label.replace("\\]", "")


def test_a_recording_elsewhere_is_not_shown(store: Store) -> None:
    register(store, review_data.spec("web", [Answer(answer_id="a0", media_uri="https://example.org/a.mp4")]))
    store.interviews.mark_failed("web", refused("nothing"))
    recording = component(interview_page(id="web"), "player")["recording"]
    assert recording["src"] is None


def test_the_database_is_down(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setenv("MULAKAT_MONGO_URI", f"mongodb://user:secret@127.0.0.1:{port}/?serverSelectionTimeoutMS=200")
    settings.cache_clear()
    for at in (start(), interview_page(id="iv")):
        (error,) = at.error
        assert f"127.0.0.1:{port}" in error.value.replace("\\", "")
        assert "mulakat up" in error.value
        assert "secret" not in words(at)


def test_what_another_version_stored_is_told_in_a_sentence(store: Store) -> None:
    add(store, "iv")
    store.database.interviews.update_one({"_id": "iv"}, {"$set": {"state": "failed", "reason": "no video stream"}})
    for at in (start(), interview_page(id="iv")):
        (error,) = at.error
        assert "written by another version" in error.value


def test_no_database_is_set(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MULAKAT_MONGO_URI")
    settings.cache_clear()
    assert "MULAKAT_MONGO_URI" in start().error[0].value


# --- a really analysed interview ---------------------------------------------


@pytest.fixture
def sample(analyzed: review_data.Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    review_data.visit(analyzed, monkeypatch)
    yield interview_page(id="sample-interview")
    review_data.forget()


def test_the_player_gets_recording_lanes_and_words(sample: AppTest) -> None:
    given = component(sample, "player")
    assert given["recording"]["id"] == "sample-interview/introduction"
    assert given["recording"]["src"].startswith("/recording/sample-interview/introduction.")
    assert given["recording"]["codec"] == "h264 + aac"
    lanes = {lane["key"]: lane for lane in given["lanes"]}
    assert lanes["on_camera"]["reason"] is None
    assert lanes["on_camera"]["spans"]
    assert len(lanes["smile"]["t_s"]) == len(lanes["smile"]["values"]) > 10
    assert "".join(word["w"] for line in given["sentences"] for word in line["words"]).strip()


def test_an_answer_without_a_face_says_so(sample: AppTest) -> None:
    sample.segmented_control(key="answer").select("problem_solving")
    given = component(shown(sample), "player")
    lanes = {lane["key"]: lane for lane in given["lanes"]}
    assert lanes["smile"]["values"] == []
    assert "no face" in lanes["smile"]["reason"]
    assert lanes["words"]["reason"] is None


def test_evidence_takes_the_player_to_its_moment(sample: AppTest, analyzed: review_data.Place) -> None:
    store = analyzed.store()
    card = store.scorecards.get(store.interviews.get("sample-interview").scorecard_id or "")
    store.close()
    competency = next(item for item in card.competencies if item.evidence)
    evidence = competency.evidence[0]
    assert component(sample, "player")["seek"] is None
    sample.button(key=f"evidence interview {competency.id} 0").click()
    shown(sample)
    given = component(sample, "player")
    assert given["recording"]["id"] == f"sample-interview/{evidence.answer_id}"
    assert (given["seek"]["t"], given["seek"]["end"]) == (evidence.start_s, evidence.end_s)
    first = given["seek"]["id"]
    sample.button(key=f"evidence interview {competency.id} 0").click()
    shown(sample)
    assert component(sample, "player")["seek"]["id"] > first


def test_a_moment_in_the_address(analyzed: review_data.Place, monkeypatch: pytest.MonkeyPatch) -> None:
    review_data.visit(analyzed, monkeypatch)
    at = interview_page(id="sample-interview", answer="problem_solving", t="12.5")
    given = component(at, "player")
    assert given["recording"]["id"] == "sample-interview/problem_solving"
    assert given["seek"]["t"] == 12.5
    assert component(interview_page(id="sample-interview", t="soon"), "player")["seek"] is None


def test_each_result_says_what_produced_it(sample: AppTest) -> None:
    text = words(sample)
    assert "analyzers.face" in text
    assert "analyzers.speech" in text
    shown_json = "\n".join(element.value for element in elements(sample, "json"))
    assert "faster-whisper" in shown_json
    assert "mediapipe" in shown_json
    assert "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff" in shown_json


def test_measurements_have_values_or_reasons(sample: AppTest) -> None:
    sample.segmented_control(key="answer").select("problem_solving")
    (table,) = shown(sample).table
    rows = {row["Measure"]: row for row in table.value.to_dict("records")}
    assert rows["Words"]["Value"].isdecimal()
    assert "not measured" in rows["Gaze near the camera"]["Value"]
    assert "no face" in rows["Gaze near the camera"]["Why not measured"]
    for row in rows.values():
        assert ("not measured" in row["Value"]) == bool(row["Why not measured"]), row
