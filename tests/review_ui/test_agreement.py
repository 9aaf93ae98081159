"""Review app, report and command line say the same things in the same words, of the same interview."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import pytest
from rich.console import Console
from streamlit.testing.v1 import AppTest

from mulakat import report
from mulakat.cli.show import print_analysis, print_scorecard
from mulakat.cli.watch import progress_table
from mulakat.interviews.documents import Interview
from mulakat.pipeline.local import Analysis
from mulakat.presentation import lanes, measures, scores
from mulakat.presentation.presenter import Presenter
from mulakat.report.content import Facts, Lanes, Report, ScoreRow
from mulakat.schema.scores import AnswerDetails, Scorecard
from mulakat.workflow.scorecard import details
from tests.support import review_data
from tests.support.report_samples import texts
from tests.support.review_pages import component, interview_page, shown, words

ANSWERS = ("introduction", "problem_solving")
T = Presenter("en")
B = TypeVar("B")


@dataclass(frozen=True)
class Sample:
    """The sample interview and all that is known of it."""

    interview: Interview
    card: Scorecard
    details: dict[str, AnswerDetails]

    def report(self, answer_id: str, language: str = "en") -> Report:
        """The reviewer's report, as if this were the only answer."""
        return report.build(self.card, details=[self.details[answer_id]], language=language)

    def printed(self, answer_id: str) -> str:
        """What the command line prints of an answer and its interview."""
        details = self.details[answer_id]
        analysis = Analysis(
            file=answer_id,
            media=details.media,
            transcript=details.transcript,
            face=details.face,
            voice=details.voice,
            scorecard=self.card,
            stages=[],
        )
        return console(lambda out: print_analysis(out, analysis))


def console(show: Callable[[Console], object]) -> str:
    """What is printed on a wide terminal."""
    text = io.StringIO()
    show(Console(file=text, width=400))
    return text.getvalue()


@pytest.fixture
def sample(analyzed: review_data.Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sample]:
    review_data.visit(analyzed, monkeypatch)
    store = analyzed.store()
    interview = store.interviews.get("sample-interview")
    card = store.scorecards.get(interview.scorecard_id or "")
    yield Sample(interview, card, {each.answer_id: each for each in details(store, interview)})
    store.close()
    review_data.forget()


def page(answer_id: str) -> AppTest:
    at = interview_page(id="sample-interview")
    at.segmented_control(key="answer").select(answer_id)
    return shown(at)


def blocks(content: Report, kind: type[B]) -> list[B]:
    return [block for section in content.sections for block in section.blocks if isinstance(block, kind)]


@pytest.mark.parametrize("answer_id", ANSWERS)
def test_measures(sample: Sample, answer_id: str) -> None:
    details, printed = sample.details[answer_id], sample.printed(answer_id)
    expected = measures.recording(T, details.media, None) | measures.speech(T, details.transcript)
    rows = {T.name("measure", key): value for key, value in expected.items() if value is not None}
    main = {
        measures.label(T, m): measures.written(T, m, result) or T("not-measured")
        for result, table in ((details.voice, measures.VOICE), (details.face, measures.FACE))
        for m in table
        if m.main and result is not None
    }
    assert len(rows) > 5 and len(main) > 2

    (table,) = page(answer_id).table
    on_page = {row["Measure"]: row["Value"].replace("\\", "") for row in table.value.to_dict("records")}
    in_report = {fact for facts in blocks(sample.report(answer_id), Facts) for fact in facts.items}
    for label, value in (rows | main).items():
        assert value in on_page[label]
        assert any(line.split() == [*label.split(), *value.split()] for line in printed.splitlines()), label
    for label, value in main.items():
        assert (label, value) in in_report
    for key in ("duration", "container", "picture", "sound"):
        assert (T.name("measure", key), expected[key]) in in_report


@pytest.mark.parametrize("answer_id", ANSWERS)
def test_lanes_and_their_ranges(sample: Sample, answer_id: str) -> None:
    details = sample.details[answer_id]
    given = component(page(answer_id), "player")
    in_player = {
        lane["label"]: (lane["scale"], lane["low"], lane["high"]) for lane in given["lanes"] if lane["reason"] is None
    }
    (drawn,) = blocks(sample.report(answer_id), Lanes)
    table = {lane.label: lane for lane in lanes.lanes(T, details.transcript, details.voice, details.face)}
    assert [row.label for row in drawn.rows] == list(in_player)
    for row in drawn.rows:
        lane = table[row.label]
        assert (row.scale, lane.low, lane.high) == in_player[row.label]
    assert [tick for _, tick in drawn.ticks] == [tick for _, tick in given["ticks"]]


def test_scores_weights_and_where_they_come_from(sample: Sample) -> None:
    card, at, printed = sample.card, interview_page(id="sample-interview"), sample.printed("problem_solving")
    content = sample.report("problem_solving")
    said, on_page = "\n".join(texts(content)), words(at)
    rows = {row.label: row for row in blocks(content, ScoreRow)}
    bars = {bar["label"]: bar for bar in component(at, "components")["bars"]}
    for part in card.components:
        label, about = T.name("component", part.name), scores.weight(T, card, part)
        assert (bars[label]["hint"], bars[label]["value"]) == (about, part.score.value)
        assert rows[label].about.startswith(about)
        assert label in printed and about in printed
        if part.score.value is not None:
            whole = scores.written(T, part.score, "")
            assert whole == f"{rows[label].value} ({rows[label].interval})"
            assert bars[label]["text"] == whole
            assert whole in printed
    assert any(part.score.value is not None for part in card.components)
    for text in (T("overall"), T("provisional"), scores.versioned(T, "policy", card.policy)):
        assert text in said and text in printed
    assert at.metric[0].label == T("overall")
    assert T("interval", interval=scores.interval(T, card.overall)) in on_page
    assert T("interval", interval=scores.interval(T, card.overall)) in said
    for item in card.missing:
        stage = T.name("stage", item.stage)
        assert stage in on_page and stage in said and stage in printed


def test_flags_and_quality_in_the_same_sentences(sample: Sample) -> None:
    for answer in sample.card.answers:
        said = "\n".join(texts(sample.report(answer.answer_id)))
        on_page = words(page(answer.answer_id))
        for check in answer.quality:
            if check.status != "good":
                assert scores.quality(T, check) in said and scores.quality(T, check) in on_page
        for flag in answer.flags:
            assert T.name("flag", flag.kind) in said and T.name("flag", flag.kind) in on_page
            assert T.span(flag.start_s, flag.end_s) in on_page


def test_moments_of_evidence_are_written_alike(sample: Sample) -> None:
    evidence = next(c.evidence[0] for c in sample.card.competencies if c.evidence)
    assert evidence.start_s is not None and evidence.end_s is not None
    moment = T.clock(evidence.start_s)
    assert moment in words(interview_page(id="sample-interview"))
    assert T.span(evidence.start_s, evidence.end_s) in "\n".join(texts(sample.report("problem_solving")))
    assert T.span(evidence.start_s, evidence.end_s) in console(lambda out: print_scorecard(out, sample.card))


def test_stages_are_called_the_same(sample: Sample) -> None:
    table = console(lambda out: out.print(progress_table(sample.interview, {})))
    on_page = words(interview_page(id="sample-interview"))
    for stage in ("fetch_media", "extract_audio", "transcribe", "analyse_face", "analyse_language", "score_answer"):
        assert T.name("stage", stage) in table
        assert T.name("stage", stage) in on_page
    assert T.name("interview-state", "scored") in table
