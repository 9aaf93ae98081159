"""Small documents for tests of the store: no analysis behind them."""

from __future__ import annotations

from datetime import datetime

from mulakat.interviews.documents import InterviewSpec, StoredStageResult, now
from mulakat.schema.base import Provenance
from mulakat.schema.scores import Score, Scorecard, Versioned


def spec(interview_id: str = "one", **changes: object) -> InterviewSpec:
    """An interview of one answer, `a`."""
    return InterviewSpec.parse(
        {
            "interview_id": interview_id,
            "candidate": {"reference": "somebody"},
            "consent": {"given": True},
            "answers": [{"answer_id": "a", "question": "Why?", "media_uri": "https://example.org/a.mp4"}],
            **changes,
        }
    )


def result(
    interview_id: str = "one", fingerprint: str = "f", *, started_at: datetime | None = None, **changes: object
) -> StoredStageResult:
    """A transcript of answer `a`."""
    moment = started_at or now()
    document = {
        "id": f"{interview_id}:a:transcribe:{fingerprint}",
        "interview_id": interview_id,
        "answer_id": "a",
        "stage": "transcribe",
        "fingerprint": fingerprint,
        "identity": fingerprint,
        "status": "ok",
        "payload": {"text": "first"},
        "seconds": 1.0,
        "started_at": moment,
        "written_at": moment,
    }
    return StoredStageResult.model_validate({**document, **changes})


def scorecard(interview_id: str = "one", value: float = 50.0) -> Scorecard:
    """An overall score and nothing else."""
    return Scorecard(
        provenance=Provenance(analyzer="analyzers.scoring", version="1"),
        interview_id=interview_id,
        rubric=Versioned(id="general-en", version="1"),
        policy=Versioned(id="multimodal", version="1"),
        overall=Score(value=value, low=value - 5, high=value + 5, reason=None),
        components=[],
        competencies=[],
        answers=[],
        missing=[],
        provisional=False,
    )
