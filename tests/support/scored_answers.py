"""Results of stages, and answers scored from them."""

from __future__ import annotations

from typing import Any

from mulakat import scoring
from mulakat.rubrics.packs import load
from mulakat.schema.base import Produced, TimeRange
from mulakat.schema.codes import Code
from mulakat.schema.face import FaceTrack
from mulakat.schema.language import Evidence, Findings, Rating
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.scores import AnswerScore, ComponentScore
from mulakat.schema.voice import Pause, VoiceTrack
from tests.support.language_samples import NO_PROVENANCE, STRONG, context, transcript

RUBRIC = load(Rubric, "general-en")
POLICY = load(Policy, "multimodal")
RATED = Reason.of(Code.RATER_SAYS, text="why")
LEVELS = {c.id: 4.0 for c in RUBRIC.competencies}
QUOTE = Evidence(answer_id="a1", stage="analyse_language", start_s=1, end_s=3, quote="I went through the logs")


def findings(**levels: float | None) -> Findings:
    """The answer rated: competency → level."""
    ratings = [
        Rating(
            competency=c.id,
            level=levels.get(c.id),
            uncertainty=0.6 if levels.get(c.id) else None,
            reason=RATED if levels.get(c.id) else Reason.of(Code.RATER_FOUND_NOTHING),
            evidence=[QUOTE] if levels.get(c.id) else [],
        )
        for c in RUBRIC.competencies
    ]
    return Findings(provenance=NO_PROVENANCE, rater="llm:x", provisional=False, ratings=ratings)


def voice(**changes: object) -> VoiceTrack:
    """A voice in the middle of every band."""
    measured: dict[str, Any] = {
        "f0_hz": None,
        "pitch_range_semitones": 8.0,
        "speech_rate_wpm": 150.0,
        "articulation_rate_sps": 5.0,
        "pause_ratio": 0.2,
        "pauses": [Pause(start_s=s, end_s=s + d) for s, d in ((2, 0.4), (5, 1.5), (9, 0.3), (12, 0.9))],
        "fillers_per_min": 2.0,
        "loudness_dbfs": -20.0,
        "snr_db": 30.0,
        "track": {"t_s": []},
    }
    return VoiceTrack(provenance=NO_PROVENANCE, **{**measured, **changes})


def face(**changes: object) -> FaceTrack:
    """A face that is seen well."""
    measured: dict[str, Any] = {
        "visible_ratio": 0.98,
        "max_faces": 1,
        "on_camera_ratio": 0.7,
        "look_aways": [TimeRange(start_s=4, end_s=6)],
        "head_pose_deg": None,
        "expression": {},
        "sample_rate_hz": 10.0,
        "track": {"t_s": []},
    }
    return FaceTrack(provenance=NO_PROVENANCE, **{**measured, **changes})


def score(policy: str = "multimodal", missing: dict[str, Reason] | None = None, **results: Produced) -> AnswerScore:
    """An answer scored from these results of stages."""
    found: dict[str, Produced] = {
        "transcribe": transcript(STRONG),
        "analyse_language": findings(**LEVELS),
        "analyse_voice": voice(),
        "analyse_face": face(),
        **results,
    }
    for stage in missing or {}:
        del found[stage]
    return scoring.run(context(scoring.Options(), found, policy=policy, missing=missing or {}))


def component(answer: AnswerScore, name: str) -> ComponentScore:
    """One of its components."""
    return next(c for c in answer.components if c.name == name)
