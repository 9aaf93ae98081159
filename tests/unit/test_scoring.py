"""Scores: their arithmetic, their intervals, and when there is none."""

from __future__ import annotations

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st
from language_samples import NO_PROVENANCE, STRONG, context, transcript

from analyzers import scoring
from analyzers.results import (
    AnswerScore,
    Evidence,
    FaceTrack,
    Findings,
    Missing,
    Pause,
    Produced,
    Rating,
    TimeRange,
    VoiceTrack,
)
from analyzers.rubric import Policy, Rubric, load
from analyzers.scoring import delivery
from analyzers.scoring.uncertainty import COVERAGE, Estimate, estimate, over_answers, weighted

RUBRIC = load(Rubric, "general-en")
POLICY = load(Policy, "multimodal")
QUOTE = Evidence(answer_id="a1", stage="analyse_language", start_s=1, end_s=3, quote="I went through the logs")


def findings(*, provisional: bool = False, **levels: float | None) -> Findings:
    ratings = [
        Rating(
            competency=c.id,
            level=levels.get(c.id),
            uncertainty=0.6 if levels.get(c.id) else None,
            reason="why" if levels.get(c.id) else "nothing to rate",
            evidence=[QUOTE] if levels.get(c.id) else [],
        )
        for c in RUBRIC.competencies
    ]
    return Findings(provenance=NO_PROVENANCE, rater="llm:x", provisional=provisional, ratings=ratings)


def voice(**changes: object) -> VoiceTrack:
    measured = {
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
    measured = {
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


LEVELS = {c.id: 4.0 for c in RUBRIC.competencies}


def score(policy: str = "multimodal", missing: dict[str, str] | None = None, **results: Produced) -> AnswerScore:
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


def component(answer: AnswerScore, name: str):
    return next(c for c in answer.components if c.name == name)


def test_a_level_becomes_points_and_components_add_up_by_the_policys_weights() -> None:
    answer = score()
    assert component(answer, "language").score.value == 75
    assert component(answer, "voice").score.value == 100
    assert component(answer, "visual").score.value == 100
    assert answer.overall.value == pytest.approx(0.7 * 75 + 0.3 * 100)
    assert answer.overall.low < answer.overall.value < answer.overall.high
    assert answer.notes == []


def test_competencies_count_by_the_rubrics_weights() -> None:
    answer = score(analyse_language=findings(problem_solving=5.0, teamwork=1.0, ownership=3.0, learning=3.0))
    assert component(answer, "language").score.value == pytest.approx(100 * 0.3 + 50 * 0.25 + 50 * 0.2)


def test_every_score_points_at_moments() -> None:
    answer = score()
    for part in (*answer.components, *answer.competencies):
        assert part.evidence, part
        assert all(e.answer_id == "a1" and e.start_s <= e.end_s for e in part.evidence)
    assert all(e.quote for e in component(answer, "language").evidence)
    assert all(e.note for e in component(answer, "voice").evidence)
    notes = [e.note for e in component(answer, "voice").evidence]
    assert any("5 syllables/s; reference 3.8–7.2 (Coupé" in n for n in notes)
    pauses = [(e.start_s, e.note) for e in component(answer, "voice").evidence if "pause for" in (e.note or "")]
    assert pauses == [(2, "pause for 0.4 s"), (5, "pause for 1.5 s"), (12, "pause for 0.9 s")]
    assert any(e.note == "looks away for 2.0 s" for e in component(answer, "visual").evidence)


def test_a_competency_that_is_not_scorable_is_left_out_not_zero() -> None:
    answer = score(analyse_language=findings(problem_solving=4.0))
    assert component(answer, "language").score.value == 75
    assert [c.score.value for c in answer.competencies] == [75, None, None, None]
    assert answer.competencies[1].score.reason == "nothing to rate"


def test_a_level_without_evidence_is_no_score() -> None:
    bare = findings(problem_solving=4.0)
    ratings = [r.model_copy(update={"evidence": []}) for r in bare.ratings]
    answer = score(analyse_language=bare.model_copy(update={"ratings": ratings}))
    assert answer.competencies[0].score.value is None
    assert answer.competencies[0].score.reason == "rated without evidence"


def test_what_is_missing_moves_its_weight_and_says_so() -> None:
    answer = score(missing={"analyse_face": "no video stream"})
    assert component(answer, "visual").score.reason == "no video stream"
    assert answer.overall.value == pytest.approx((0.7 * 75 + 0.2 * 100) / 0.9, abs=0.05)
    assert answer.notes == ["left out: visual: no video stream; weights became language 78%, voice 22%"]


def test_without_language_voice_and_face_alone_make_no_overall_score() -> None:
    answer = score(missing={"analyse_language": "silence"})
    assert answer.overall.value is None
    assert "needs 50% of the weight scored" in answer.overall.reason and "silence" in answer.overall.reason
    assert component(answer, "voice").score.value == 100


def test_nothing_at_all() -> None:
    stages = ("transcribe", "analyse_language", "analyse_voice", "analyse_face")
    answer = score(missing=dict.fromkeys(stages, "no audio stream"))
    assert answer.overall.value is None
    assert all(c.score.value is None and c.score.reason for c in (*answer.components, *answer.competencies))


@pytest.mark.parametrize("policy", ["content", "eu"])
def test_some_policies_show_voice_and_face_and_score_only_language(policy: str) -> None:
    answer = score(policy)
    assert answer.overall.value == component(answer, "language").score.value
    assert component(answer, "voice").weight == 0
    assert component(answer, "voice").score.value == 100
    assert f"voice is shown, not scored, under policy {policy}" in answer.notes
    worse = score(policy, analyse_voice=voice(pause_ratio=0.8, articulation_rate_sps=1.0))
    assert worse.overall == answer.overall


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"visible_ratio": 0.3}, "face visible 30% of the time, policy multimodal needs 50%"),
        ({"on_camera_ratio": None}, "gaze was not measured"),
    ],
)
def test_too_little_face_is_not_scorable(changes: dict, reason: str) -> None:
    assert component(score(analyse_face=face(**changes)), "visual").score.reason == reason


def test_too_little_speech_is_not_scorable() -> None:
    short = transcript("I fixed it then.")
    answer = score(transcribe=short)
    assert component(answer, "voice").score.reason == "1.4 s of speech, policy multimodal needs 5 s"


def test_a_measure_without_value_or_reference_is_left_out_and_named() -> None:
    track = voice(fillers_per_min=None, reasons={"fillers_per_min": "the recogniser leaves them out"})
    answer = score(analyse_voice=track, transcribe=transcript(STRONG, "tr"))
    assert "voice without fillers: the recogniser leaves them out" in answer.notes
    assert "7 syllables/s" not in str(answer)
    other = score(transcribe=transcript(STRONG, "fi"))
    assert "voice without pace: no reference band for language 'fi'" in other.notes
    nothing = voice(pause_ratio=None, fillers_per_min=None, articulation_rate_sps=None)
    assert "fewer than two measures" in component(score(analyse_voice=nothing), "voice").score.reason


def test_pace_is_judged_by_the_languages_own_band() -> None:
    slow = voice(articulation_rate_sps=3.0)
    en = component(score(analyse_voice=slow), "voice").score.value
    tr = component(score(analyse_voice=slow, transcribe=transcript(STRONG, "tr")), "voice").score.value
    assert tr < en < 100


BANDS = [*delivery.PACE.values(), delivery.PAUSES, delivery.PITCH, delivery.ON_CAMERA, delivery.VISIBLE]


@pytest.mark.parametrize("band", BANDS, ids=lambda band: f"{band} {band.unit}")
def test_bands_give_full_points_inside_and_fall_to_zero(band: delivery.Band) -> None:
    inside = max(band.low, 0.0)
    assert band.points(inside) == 100
    if band.zero_high < float("inf"):
        assert band.points(band.zero_high) == 0
        assert 0 < band.points((band.high + band.zero_high) / 2) < 100
    if band.zero_low > float("-inf"):
        assert band.points(band.zero_low) == 0
        assert 0 < band.points((band.low + band.zero_low) / 2) < 100
    assert band.source


# --- intervals ---------------------------------------------------------------


def width(answer: AnswerScore, name: str = "language") -> float:
    found = component(answer, name).score
    return found.high - found.low


def test_less_speech_poorer_recognition_and_noise_widen_the_interval() -> None:
    clear = score()
    doubtful = transcript(STRONG)
    doubtful = doubtful.model_copy(
        update={"words": [w.model_copy(update={"probability": 0.3}) for w in doubtful.words]}
    )
    assert width(score(transcribe=doubtful)) > width(clear)
    assert width(score(transcribe=transcript(" ".join(STRONG.split()[:25])))) > width(clear)
    noisy = score(analyse_voice=voice(snr_db=8.0))
    assert width(noisy, "voice") > width(clear, "voice")


def test_a_recording_too_poor_to_measure_is_not_scored_but_says_why() -> None:
    drowned = score(analyse_voice=voice(snr_db=3.0))
    (component,) = [c for c in drowned.components if c.name == "voice"]
    assert component.score.value is None
    assert "Voice over noise: 3 dB" in (component.score.reason or "")
    assert drowned.overall.value is not None
    assert "left out: voice" in " ".join(drowned.notes)


def test_errors_that_go_together_add_linearly_and_others_in_quadrature() -> None:
    parts = [(0.5, Estimate(40, 6)), (0.5, Estimate(60, 8))]
    assert weighted(parts, independent=False) == Estimate(50, 7)
    assert weighted(parts, independent=True) == Estimate(50, hypot(3, 4))


def test_answers_that_disagree_widen_the_interval() -> None:
    alike = over_answers([Estimate(50, 10), Estimate(50, 10)])
    apart = over_answers([Estimate(20, 10), Estimate(80, 10)])
    assert alike == Estimate(50, 10)
    assert apart.value == 50 and apart.u > 20


@given(st.floats(0, 100), st.floats(0, 40))
def test_an_interval_can_be_read_back(value: float, u: float) -> None:
    shown = Estimate(value, u).score()
    assert 0 <= shown.low <= shown.value <= shown.high <= 100
    back = estimate(shown)
    if COVERAGE * u <= max(value, 100 - value):
        assert back.u == pytest.approx(u, abs=0.1)
    assert back.u <= u + 0.1


# --- interviews ----------------------------------------------------------------


def test_an_interview_takes_the_mean_over_the_answers_that_show_a_competency() -> None:
    first = score(analyse_language=findings(problem_solving=5.0, teamwork=3.0))
    second = score(analyse_language=findings(problem_solving=3.0), missing={"analyse_face": "no video"})
    second = second.model_copy(update={"answer_id": "a2"})
    card = scoring.score_interview("i1", [first, second], [], RUBRIC, POLICY)
    values = {c.id: c.score.value for c in card.competencies}
    assert values == {"problem_solving": 75, "teamwork": 50, "ownership": None, "learning": None}
    assert card.overall.value is not None
    assert len(card.competencies[0].evidence) == 2
    assert card.competencies[0].rationale == "a1: why; a2: why"
    assert "visual does not include a2: no video" in card.notes
    assert (card.rubric.id, card.policy.version) == ("general-en", POLICY.version)


def test_an_interview_says_which_answers_are_missing() -> None:
    lost = [Missing(answer_id="a2", stage="fetch_media", reason="404 Not Found")]
    card = scoring.score_interview("i1", [score()], lost, RUBRIC, POLICY)
    assert card.missing == lost
    assert "scored without a2" in card.notes
    assert card.overall == score().overall


def test_no_answer_no_score() -> None:
    lost = [Missing(answer_id="a1", stage="fetch_media", reason="404 Not Found")]
    card = scoring.score_interview("i1", [], lost, RUBRIC, POLICY)
    assert card.overall.value is None
    assert card.overall.reason == "no answer could be scored: a1: 404 Not Found"
    assert all(c.score.value is None for c in (*card.components, *card.competencies))


def test_provisional_answers_make_a_provisional_interview() -> None:
    sure, unsure = score(), score(analyse_language=findings(provisional=True, **LEVELS))
    assert not scoring.score_interview("i1", [sure], [], RUBRIC, POLICY).provisional
    assert scoring.score_interview("i1", [sure, unsure], [], RUBRIC, POLICY).provisional


def test_the_same_results_give_the_same_scores() -> None:
    assert score() == score()
