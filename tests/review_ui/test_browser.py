"""The review app in a real browser: pages, player, evidence, languages; nothing asked of any other host."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

import review_ui
from mulakat.interviews.documents import Answer, now
from mulakat.interviews.sources import source
from mulakat.interviews.stage_results import AnswerResults
from mulakat.pipeline.run import Run
from mulakat.pipeline.workspace import Workspace
from mulakat.rubrics.packs import pack
from mulakat.schema.contract import Request
from mulakat.schema.rubric import Policy, Rubric
from tests.support import review_data
from tests.support.attempts import load
from tests.support.reasons import refused
from tests.support.servers import free_port

pytestmark = pytest.mark.browser

APP = Path(review_ui.__file__).parent / "app.py"
HOSTILE = "<img src=x onerror=\"document.title='owned'\"><b>bold</b> ![x](http://evil.example/x.png)"
TURKISH = """Geçen yıl gece aktarımı her birkaç günde bir bozuluyordu ve müşteriler eski fiyatları görüyordu. \
Önce günlük kayıtlarını inceledim ve hatanın hep tedarikçi bir sütunun adını değiştirince çıktığını buldum.

İki seçeneği karşılaştırdım ve dosyayı yüklemeden önce denetlemeyi seçtim, çünkü onlara bağlı kalamazdık. \
Bundan sonra aktarım altı ay boyunca bir kez bile bozulmadı.
"""
# The player lives in a shadow root.
VIDEO = "[...document.querySelectorAll('*')].map((e) => e.shadowRoot?.querySelector('video')).find(Boolean)"

LUMA = """video => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0, 8, 8);
  return pen.getImageData(4, 4, 1, 1).data[0];
}"""

expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def app(analyzed: review_data.Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the app, started as the embedded stack starts it, from a folder of its own."""
    folder = tmp_path_factory.mktemp("review")
    port = free_port()
    options = {"server.port": port, "server.address": "127.0.0.1", "server.headless": "true"}
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(APP),
        *(f"--{key}={value}" for key, value in options.items()),
    ]
    address = f"http://127.0.0.1:{port}"
    with (folder / "log").open("w+") as log:
        environment = os.environ | analyzed.environment()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            while not answers(f"{address}/_stcore/health"):
                assert process.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
            yield address
            assert "Traceback" not in (folder / "log").read_text()
        finally:
            process.terminate()
            process.wait()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


@dataclass
class Visit:
    """A page and everything that went wrong on it."""

    page: Page
    address: str
    problems: list[str] = field(default_factory=list)
    messages: int = 0

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        self.page.on("websocket", lambda socket: socket.on("framesent", self._message))
        self.page.on("request", lambda request: self._request(request.url))

    def _message(self, payload: object) -> None:
        self.messages += 1

    def _console(self, message: ConsoleMessage) -> None:
        # Streamlit looks for itself below the page's own address first.
        if message.type == "error" and not re.search(r"/(interview|compare)/_stcore/", message.location["url"]):
            self.problems.append(f"console: {message.text} ({message.location['url']})")

    def _request(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self.problems.append(f"asked elsewhere: {url}")

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        expect(self.page.get_by_test_id("stMain").get_by_role("heading").first).to_be_visible()
        return self.page

    def check(self) -> None:
        expect(self.page.get_by_test_id("stException")).to_have_count(0)
        assert self.problems == []


@pytest.fixture
def visit(chromium: Browser, app: str) -> Iterator[Visit]:
    context = chromium.new_context(viewport={"width": 1440, "height": 1100}, locale="en-GB", color_scheme="light")
    context.set_default_timeout(30_000)
    visited = Visit(context.new_page(), app)
    yield visited
    visited.check()
    context.close()


def seconds(page: Page) -> float:
    return float(page.locator("video").evaluate("video => video.currentTime"))


def playable(page: Page) -> None:
    page.wait_for_function(f"() => {VIDEO}?.readyState >= 2")


def test_from_the_list_to_an_interview(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("/")
    page.get_by_role("link", name="sample-interview").click()
    expect(page.get_by_role("heading", name="sample-interview")).to_be_visible()
    playable(page)
    assert page.url.startswith(f"{visit.address}/interview?")
    assert "id=sample-interview" in page.url
    expect(page.get_by_role("link", name="Airflow run")).to_have_attribute(
        "href", "http://127.0.0.1:8080/dags/interview_analysis/runs/sample-interview.run"
    )
    assert len(page.screenshot(path=tmp_path / "interview.png")) > 20_000


def test_words_lanes_and_keys_move_the_player(visit: Visit) -> None:
    page = visit.open("/interview?id=sample-interview&answer=problem_solving")
    playable(page)
    word = page.locator(".word", has_text="December").first
    word.click()
    expect(word).to_have_class("word now")
    at_word = seconds(page)
    assert at_word > 3
    plot = page.locator(".lane[data-lane=words] .plot")
    box = plot.bounding_box()
    assert box is not None
    plot.click(position={"x": box["width"] / 2, "y": 5})
    duration = float(page.locator("video").evaluate("video => video.duration"))
    assert seconds(page) == pytest.approx(duration / 2, rel=0.02)
    before = seconds(page)
    page.locator(".lanes").press("ArrowRight")
    assert seconds(page) == pytest.approx(before + 2, abs=0.1)
    page.locator(".transcript p").nth(1).press("Enter")
    assert seconds(page) < before


def test_the_player_keeps_the_files_own_clock(visit: Visit, analyzed: review_data.Place, tmp_path: Path) -> None:
    """Here it begins at 5 s: what is white from 2 to 3 s of the recording is so at 7 s of the browser's."""
    import av

    path = tmp_path / "later.webm"
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libvpx", rate=10, options={"g": "5"})
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for index in range(50):
            picture = np.full((120, 160, 3), 255 if 20 <= index < 30 else 0, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = 50 + index
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    store = analyzed.store()
    answer = Answer(answer_id="a", media_uri=store.media.put(path))
    interview, attempt = load(store, review_data.spec("later", [answer]), "later.run")
    kept = AnswerResults(store.stage_results, interview.id, attempt)
    request = Request(answer_id="a", rubric=pack(Rubric, "general-en"), policy=pack(Policy, "multimodal"))
    run = Run(request, Workspace(tmp_path / "scratch", source(answer.uri, store=store.media)), kept)
    store.interviews.mark_stage("later", "a", "fetch_media", review_data._stage(run, "fetch_media", now()), attempt)
    store.interviews.mark_failed("later", refused("only its player is looked at"), attempt)
    store.close()

    page = visit.open("/interview?id=later&t=2.5")
    playable(page)
    page.wait_for_function(f"() => Math.abs({VIDEO}.currentTime - 7.5) < 0.1 && !{VIDEO}.seeking")
    assert page.locator("video").evaluate(LUMA) > 200
    page.locator(".lanes").press("ArrowLeft")
    page.wait_for_function(f"() => Math.abs({VIDEO}.currentTime - 5.5) < 0.1 && !{VIDEO}.seeking")
    assert page.locator("video").evaluate(LUMA) < 50
    expect(page.locator(".lanes")).to_have_attribute("aria-valuenow", "0.5")


@pytest.mark.long
def test_playing_lights_the_words_without_asking_the_server(visit: Visit) -> None:
    page = visit.open("/interview?id=sample-interview&answer=problem_solving")
    playable(page)
    page.wait_for_load_state("networkidle")
    messages = visit.messages
    page.locator("video").evaluate("video => { video.muted = true; return video.play(); }")
    lit = page.locator(".word.now")
    expect(lit).to_have_count(1)
    first = lit.text_content()
    expect(lit).not_to_have_text(first or "")
    page.locator("video").evaluate("video => video.pause()")
    assert visit.messages == messages


@pytest.mark.long
def test_evidence_of_another_answer_is_one_click_away(visit: Visit, analyzed: review_data.Place) -> None:
    store = analyzed.store()
    card = store.scorecards.get(store.interviews.get("sample-interview").scorecard_id or "")
    store.close()
    evidence = next(item.evidence[0] for item in card.competencies if item.evidence)
    assert evidence.answer_id == "problem_solving"
    page = visit.open("/interview?id=sample-interview")
    playable(page)
    expect(page.get_by_text("please read the sentence")).to_be_visible()
    page.get_by_text("Evidence (").first.click()
    page.locator("[class*=st-key-evidence-interview] button").first.click()
    expect(page.get_by_text("Tell us about a problem you solved at work")).to_be_visible()
    page.wait_for_function(f"t => Math.abs({VIDEO}.currentTime - t) < 0.05", arg=evidence.start_s)
    expect(page.locator(".word.cited").first).to_be_visible()


@pytest.mark.long
def test_both_languages_and_the_address_keeps_the_choice(visit: Visit) -> None:
    page = visit.open("/interview?id=sample-interview")
    page.get_by_text("Türkçe", exact=True).click()
    expect(page.get_by_text("Genel puan")).to_be_visible()
    expect(page).to_have_url(re.compile("lang=tr"))
    page.reload()
    expect(page.get_by_text("Genel puan")).to_be_visible()
    page.get_by_role("link", name="Tüm görüşmeler").click()
    expect(page.get_by_role("heading", name="Görüşmeler")).to_be_visible()
    expect(page).to_have_url(re.compile("lang=tr"))


@pytest.mark.long
def test_reports_are_downloaded_in_the_language_of_the_page(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("/interview?id=sample-interview&lang=tr")
    page.get_by_role("button", name="Rapor").click()
    beginnings = {"Değerlendiren için, HTML": b"<!doctype html>", "Aday için, PDF": b"%PDF-"}
    for label, beginning in beginnings.items():
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        content = path.read_bytes()
        assert content[: len(beginning)].lower() == beginning.lower()
        if path.suffix == ".html":
            assert "Görüşme raporu" in content.decode()
    assert {path.name for path in tmp_path.iterdir()} == {
        "sample-interview-reviewer.html",
        "sample-interview-candidate.pdf",
    }


@pytest.mark.long
def test_from_the_comparison_to_an_interview(visit: Visit) -> None:
    page = visit.open("/compare")
    page.get_by_test_id("stMain").get_by_role("link", name="sample-interview").click()
    expect(page.get_by_role("heading", name="sample-interview")).to_be_visible()
    playable(page)


def test_hostile_text_stays_text(visit: Visit, analyzed: review_data.Place) -> None:
    store = analyzed.store()
    spec = review_data.spec(
        "hostile",
        [Answer(answer_id="a1", question=HOSTILE, media_uri="https://example.org/a.mp4")],
        candidate={"reference": HOSTILE},
    )
    _, attempt = load(store, spec, "hostile.run")
    store.interviews.mark_failed("hostile", refused(HOSTILE), attempt)
    try:
        page = visit.open("/interview?id=hostile")
        expect(page.get_by_text("<b>bold</b>").first).to_be_visible()
        assert page.locator("img[src='x'], b").count() == 0
        visit.open("/")
        expect(page.get_by_text("<b>bold</b>").first).to_be_visible()
        assert page.title() != "owned"
    finally:
        store.database.interviews.delete_one({"_id": "hostile"})
        store.close()


@pytest.mark.long
def test_a_recording_the_browser_cannot_play_says_so(visit: Visit, analyzed: review_data.Place, tmp_path: Path) -> None:
    import av
    import numpy as np

    path = tmp_path / "old.mpg"
    with av.open(str(path), "w", format="mpeg") as container:
        stream = container.add_stream("mpeg1video", rate=25)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for shade in range(50):
            picture = np.full((240, 320, 3), 40 + shade, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    store = analyzed.store()
    answer = Answer(answer_id="a1", question="Old?", media_uri=store.media.put(path))
    review_data.analyse(store, review_data.spec("old-format", [answer]), tmp_path / "scratch")
    try:
        page = visit.open("/interview?id=old-format")
        note = page.locator(".note")
        expect(note).to_contain_text("cannot play the recording (mpeg1video)")
        page.locator(".lanes").press("ArrowRight")
        expect(page.locator(".lanes")).to_have_attribute("aria-valuenow", "2.0")
    finally:
        store.database.interviews.delete_one({"_id": "old-format"})
        store.close()


@pytest.fixture(scope="module")
def written(analyzed: review_data.Place, samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Two interviews: a recording of sound alone and an English text; a Turkish text."""
    from analyzers.media.audio import extract

    folder = tmp_path_factory.mktemp("written")
    extract(samples / "introduction.mp4", folder / "sound.wav")
    store = analyzed.store()
    english = (samples / "problem_solving.txt").read_text(encoding="utf-8")
    interviews = {
        "written": [
            Answer(answer_id="said", question="Introduce yourself.", media_uri=store.media.put(folder / "sound.wav")),
            Answer(answer_id="typed", question="Which problem did you solve?", text=english + HOSTILE),
        ],
        "yazili": [Answer(answer_id="yazili", question="Hangi sorunu çözdünüz?", text=TURKISH)],
    }
    for name, answers in interviews.items():
        rubric = "general-tr" if name == "yazili" else "general-en"
        review_data.analyse(store, review_data.spec(name, answers, rubric=rubric), folder / "scratch")
    yield
    store.database.interviews.delete_many({"_id": {"$in": list(interviews)}})
    store.close()


@pytest.mark.long
def test_a_written_answer_shows_its_text_and_marks_quotes_in_it(visit: Visit, written: None, tmp_path: Path) -> None:
    page = visit.open("/interview?id=written&answer=typed")
    expect(page.get_by_text("A written answer: there is nothing to play.")).to_be_visible()
    transcript = page.locator(".transcript")
    expect(transcript).to_contain_text("One Monday in December, the label printers stopped.")
    expect(transcript).to_contain_text("<b>bold</b>")
    for hidden in ("video", ".lanes", ".legend", ".transcript time"):
        expect(page.locator(hidden)).to_be_hidden()
    assert page.locator(".word.unsure, .word.cited, .transcript [role=button]").count() == 0
    page.get_by_text("Evidence (").first.click()
    evidence = page.locator("[class*=st-key-evidence-interview]").first
    evidence.get_by_role("button", name="In the text").first.click()
    expect(page.locator(".word.cited").first).to_be_visible()
    cited = " ".join(page.locator(".word.cited").all_text_contents())
    assert f"“{cited}”" in " ".join(page.get_by_test_id("stText").all_text_contents())
    assert len(page.screenshot(path=tmp_path / "written.png", full_page=True)) > 20_000
    page.get_by_text("Türkçe", exact=True).click()
    expect(page.get_by_text("Yazılı yanıt")).to_be_visible()
    expect(page.locator(".word.cited").first).to_be_visible()


@pytest.mark.long
def test_a_text_in_turkish(visit: Visit, written: None) -> None:
    page = visit.open("/interview?id=yazili&lang=tr")
    expect(page.locator(".transcript p")).to_have_count(2)
    expect(page.locator(".transcript")).to_contain_text("Önce günlük kayıtlarını inceledim")
    page.get_by_text("Kanıt (").first.click()
    page.get_by_role("button", name="Metinde").first.click()
    expect(page.locator(".word.cited").first).to_be_visible()
    page.get_by_text("Ölçümler").click()
    expect(page.get_by_text("Karakter sayısı")).to_be_visible()


@pytest.mark.long
def test_sound_alone_plays_and_an_answer_in_writing_is_one_click_away(visit: Visit, written: None) -> None:
    page = visit.open("/interview?id=written&answer=said")
    playable(page)
    expect(page.locator(".screen")).to_have_class(re.compile(r"\bsound\b"))
    expect(page.locator(".note")).to_be_hidden()
    expect(page.locator(".lane[data-lane=yaw_deg]")).to_contain_text("the recording has no picture")
    page.locator(".word").nth(1).click()
    assert seconds(page) > 0
    page.get_by_text("Answer 2", exact=True).first.click()
    expect(page.get_by_text("A written answer: there is nothing to play.")).to_be_visible()
    expect(page.locator("video")).to_be_hidden()
    page.get_by_text("Answer 1", exact=True).first.click()
    playable(page)
    expect(page.locator("video")).to_be_visible()


def test_an_address_of_a_recording_is_good_for_nothing_without_its_signature(visit: Visit) -> None:
    page = visit.open("/interview?id=sample-interview")
    playable(page)
    source = str(page.locator("video").evaluate("video => video.src"))
    with urllib.request.urlopen(source) as reply:
        assert reply.status == 200
        assert reply.headers["Content-Type"] == "video/mp4"
        assert reply.headers.get("Content-Encoding") is None
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(source.rsplit(".", 2)[0])


@pytest.mark.long
def test_an_expired_address_is_renewed_where_the_player_was(visit: Visit) -> None:
    page = visit.open("/interview?id=sample-interview&answer=problem_solving")
    playable(page)
    page.locator(".word", has_text="December").first.click()
    before = seconds(page)
    source = str(page.locator("video").evaluate("video => video.src"))
    expired = source.replace(source.split(".")[-2], "AAAAAQ")
    page.locator("video").evaluate("(video, address) => { video.src = address; }", expired)
    page.wait_for_function(f"() => !{VIDEO}.src.includes('.AAAAAQ.') && {VIDEO}.readyState >= 2")
    assert seconds(page) == pytest.approx(before, abs=0.1)
    visit.problems = [problem for problem in visit.problems if "403" not in problem]
