"""Interviews of a campaign with scorecards that were not worked out from recordings, and reviews of them."""

from __future__ import annotations

from mulakat.interviews.documents import InterviewSpec, ReviewSpec, StageState, StoredStageResult, now
from mulakat.interviews.registration import register
from mulakat.interviews.store import Store
from mulakat.schema.codes import Code
from mulakat.schema.provenance import provenance
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Rubric
from mulakat.schema.scores import AnswerScore, CompetencyScore
from mulakat.schema.speech import Transcript
from mulakat.scoring import score_interview
from mulakat.scoring.answer import Options
from mulakat.scoring.combine import component, language, overall
from mulakat.scoring.uncertainty import Estimate
from tests.support.calibration_data import Drawn


def spec(interview_id: str, **changes: object) -> InterviewSpec:
    """An interview of one answer, `a`, in the campaign `autumn`."""
    return InterviewSpec.parse(
        {
            "interview_id": interview_id,
            "candidate": {"reference": f"candidate of {interview_id}"},
            "campaign": "autumn",
            "policy": "content",
            "answers": [{"answer_id": "a", "question": "Why?", "media_uri": "https://example.org/a.mp4"}],
            **changes,
        }
    )


def score(store: Store, wanted: InterviewSpec, levels: list[float], words: int, voice: float = 80.0) -> None:
    """Register an interview and keep the scorecard that these levels give, and a transcript of so many words."""
    interview = register(store, wanted)
    rubric, policy = store.rubrics.get(interview.rubric), store.policies.get(interview.policy)
    competencies = [
        CompetencyScore(
            id=c.id,
            name=c.name,
            weight=c.weight,
            score=Estimate(25.0 * (level - 1), {"rater": 5.0}).score(),
            evidence=[],
        )
        for c, level in zip(rubric.competencies, levels, strict=True)
    ]
    components = [
        language(competencies, policy)[0],
        component("voice", policy, Estimate(voice, {"reference": 5.0}), []),
        component("visual", policy, Reason.of(Code.NO_PICTURE), []),
    ]
    made = provenance("test", "1", Options())
    answer = AnswerScore(
        provenance=made,
        answer_id="a",
        question="Why?",
        overall=overall(components, policy)[0],
        components=components,
        competencies=competencies,
        provisional=True,
    )
    identity = store.scorecards.put(score_interview(interview.id, [answer], [], rubric, policy), "f")
    store.interviews.name_scorecard(interview.id, identity)
    store.interviews.mark_scored(interview.id, [])
    transcript = Transcript(
        provenance=made,
        language="en",
        language_probability=1.0,
        text=" ".join(["word"] * words),
        segments=[],
        words=[],
        speech_s=60.0,
    )
    moment = now()
    store.stage_results.put(
        StoredStageResult(
            id=f"{interview.id}:a:transcribe:f",
            interview_id=interview.id,
            answer_id="a",
            stage="transcribe",
            fingerprint="f",
            status="ok",
            payload=transcript.model_dump(mode="json"),
            seconds=1.0,
            started_at=moment,
            written_at=moment,
        )
    )
    store.interviews.mark_stage(
        interview.id, "a", "transcribe", StageState(state="ok", fingerprint="f", started_at=moment)
    )


def review(interview_id: str = "one", reviewer: str = "Ayşe", **fields: object) -> ReviewSpec:
    """A review by one reviewer."""
    return ReviewSpec.parse({"interview_id": interview_id, "reviewer": reviewer, **fields})


def csv_of(drawn: Drawn) -> str:
    """The reviewers' overall levels of interviews i000, i001, …"""
    lines = ["interview,reviewer,competency,level"]
    lines += [f"{g.interview},{g.reviewer},overall,{g.value:g}" for g in drawn.given()]
    return "\n".join(lines) + "\n"


def keep(store: Store, drawn: Drawn, rubric: Rubric, **changes: object) -> None:
    """Score all drawn interviews."""
    for row, levels in enumerate(drawn.levels):
        score(store, spec(f"i{row:03}", rubric=rubric, **changes), list(map(float, levels)), int(drawn.words[row]))
