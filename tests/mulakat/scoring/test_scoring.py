"""Scores: their arithmetic, their intervals, and when there is none."""

from __future__ import annotations

from math import hypot, sqrt
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulakat import scoring
from mulakat.schema.base import TimeRange
from mulakat.schema.codes import Code
from mulakat.schema.language import Findings, VariantRating
from mulakat.schema.media import Audio
from mulakat.schema.reasons import Reason
from mulakat.schema.scores import AnswerScore, CompetencyScore, ComponentScore, Missing, Score, Scorecard, SourceName
from mulakat.scoring import delivery
from mulakat.scoring.uncertainty import COVERAGE, Estimate, estimate, over_answers, weighted
from tests.support.known import known
from tests.support.language_samples import NO_PROVENANCE, STRONG, transcript
from tests.support.reasons import inner
from tests.support.scored_answers import LEVELS, POLICY, RATED, RUBRIC, component, face, findings, score, voice

NO_PICTURE = Reason.of(Code.NO_PICTURE)
NO_SOUND = Reason.of(Code.NO_SOUND)
NOT_FETCHED = Reason.of(Code.RECORDING_NOT_FETCHED, message="404 Not Found")
SHARES = {"language": 0.78, "voice": 0.22}


def parts(scored: AnswerScore | Scorecard) -> list[ComponentScore | CompetencyScore]:
    return [*scored.components, *scored.competencies]


def interval(found: Score) -> tuple[float, float, float]:
    return known(found.low), known(found.value), known(found.high)


def test_a_level_becomes_points_and_components_add_up_by_the_policys_weights() -> None:
    answer = score()
    assert component(answer, "language").score.value == 75
    assert component(answer, "voice").score.value == 100
    assert component(answer, "visual").score.value == 100
    assert answer.overall.value == pytest.approx(0.7 * 75 + 0.3 * 100)
    low, value, high = interval(answer.overall)
    assert low < value < high
    assert answer.notes == []


def test_competencies_count_by_the_rubrics_weights() -> None:
    answer = score(analyse_language=findings(problem_solving=5.0, teamwork=1.0, ownership=3.0, learning=3.0))
    assert component(answer, "language").score.value == pytest.approx(100 * 0.3 + 50 * 0.25 + 50 * 0.2)


def test_every_score_points_at_moments() -> None:
    answer = score()
    for part in parts(answer):
        assert part.evidence, part
        assert all(e.answer_id == "a1" and known(e.start_s) <= known(e.end_s) for e in part.evidence)
    assert all(e.quote for e in component(answer, "language").evidence)
    assert all(e.note for e in component(answer, "voice").evidence)
    notes = [e.note for e in component(answer, "voice").evidence]
    assert Reason.of(Code.PACE, sps=5, low=3.8, high=7.9, source=delivery.PACE["en"].source) in notes
    pauses = [
        (e.start_s, e.note.values["seconds"])
        for e in component(answer, "voice").evidence
        if e.note and e.note.code == Code.PAUSE
    ]
    assert pauses == [(2, 0.4), (5, 1.5), (12, 0.9)]
    assert Reason.of(Code.LOOKS_AWAY, seconds=2.0) in [e.note for e in component(answer, "visual").evidence]


def test_a_competency_that_is_not_scorable_is_left_out_not_zero() -> None:
    answer = score(analyse_language=findings(problem_solving=4.0))
    assert component(answer, "language").score.value == 75
    assert [c.score.value for c in answer.competencies] == [75, None, None, None]
    assert answer.competencies[1].score.reason == Reason.of(Code.RATER_FOUND_NOTHING)


def test_a_level_without_evidence_is_no_score() -> None:
    bare = findings(problem_solving=4.0)
    ratings = [r.model_copy(update={"evidence": []}) for r in bare.ratings]
    answer = score(analyse_language=bare.model_copy(update={"ratings": ratings}))
    assert answer.competencies[0].score.value is None
    assert answer.competencies[0].score.reason == Reason.of(Code.NO_EVIDENCE)


def test_what_is_missing_moves_its_weight_and_says_so() -> None:
    answer = score(missing={"analyse_face": NO_PICTURE})
    assert component(answer, "visual").score.reason == NO_PICTURE
    assert answer.overall.value == pytest.approx((0.7 * 75 + 0.2 * 100) / 0.9, abs=0.05)
    shares = [Reason.of(Code.COMPONENT_SHARE, part=part, share=share) for part, share in SHARES.items()]
    out = Reason.of(Code.OF_COMPONENTS, parts=["visual"], why=NO_PICTURE)
    assert answer.notes == [Reason.of(Code.LEFT_OUT, why=out, shares=shares)]


def test_without_language_voice_and_face_alone_make_no_overall_score() -> None:
    answer = score(missing={"analyse_language": NO_SOUND})
    assert answer.overall.value is None
    out = Reason.of(Code.OF_COMPONENTS, parts=["language"], why=NO_SOUND)
    assert answer.overall.reason == Reason.of(Code.NEEDS_WEIGHT, policy="multimodal", share=0.5, why=out)
    assert component(answer, "voice").score.value == 100


def test_nothing_at_all() -> None:
    stages = ("transcribe", "analyse_language", "analyse_voice", "analyse_face")
    answer = score(missing=dict.fromkeys(stages, NO_SOUND))
    assert answer.overall.value is None
    assert all(c.score.value is None and c.score.reason for c in parts(answer))


@pytest.mark.parametrize("policy", ["content", "eu"])
def test_some_policies_show_voice_and_face_and_score_only_language(policy: str) -> None:
    answer = score(policy)
    assert answer.overall.value == component(answer, "language").score.value
    assert component(answer, "voice").weight == 0
    assert component(answer, "voice").score.value == 100
    assert Reason.of(Code.SHOWN_NOT_SCORED, part="voice", policy=policy) in answer.notes
    worse = score(policy, analyse_voice=voice(pause_ratio=0.8, articulation_rate_sps=1.0))
    assert worse.overall == answer.overall


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"visible_ratio": 0.3},
            Reason.of(Code.FACE_SELDOM_VISIBLE, share=0.3, needed=0.5, policy="multimodal"),
        ),
        ({"on_camera_ratio": None}, Reason.of(Code.GAZE_NOT_MEASURED)),
    ],
)
def test_too_little_face_is_not_scorable(changes: dict[str, Any], reason: Reason) -> None:
    assert component(score(analyse_face=face(**changes)), "visual").score.reason == reason


def test_where_there_is_no_picture_nobody_is_said_to_have_hidden() -> None:
    seen, lost = (
        component(score(analyse_face=face(visible_ratio=ratio, not_visible=problems)), "visual").score
        for ratio, problems in ((1.0, {}), (0.6, {"no picture": 0.4}))
    )
    hidden = component(score(analyse_face=face(visible_ratio=0.6, not_visible={"no face": 0.4})), "visual").score
    assert lost.value == seen.value
    assert known(hidden.value) < known(seen.value)
    widths = [known(each.high) - known(each.low) for each in (seen, lost)]
    assert widths[0] < widths[1]


def test_too_little_speech_is_not_scorable() -> None:
    short = transcript("I fixed it then.")
    answer = score(transcribe=short)
    told = Reason.of(Code.TOO_LITTLE_SPEECH, speech_s=1.35, needed_s=5, policy="multimodal")
    assert component(answer, "voice").score.reason == told


def test_a_measure_without_value_or_reference_is_left_out_and_named() -> None:
    why = Reason.of(Code.NO_FILLER_LIST, language="tr")
    track = voice(fillers_per_min=None, reasons={"fillers_per_min": why})
    answer = score(analyse_voice=track, transcribe=transcript(STRONG, "tr"))
    left_out = Reason.of(Code.OF_MEASURE, measure="fillers", why=why)
    assert Reason.of(Code.VOICE_WITHOUT, why=left_out) in answer.notes
    other = score(transcribe=transcript(STRONG, "fi"))
    no_band = Reason.of(Code.NO_BAND, language="fi")
    unknown = [Reason.of(Code.OF_MEASURE, measure=measure, why=no_band) for measure in ("pace", "fillers")]
    assert Reason.of(Code.VOICE_WITHOUT, why=unknown) in other.notes
    nothing = voice(pause_ratio=None, fillers_per_min=None, articulation_rate_sps=None)
    told = component(score(analyse_voice=nothing), "voice").score.reason
    assert told is not None and told.code == Code.TOO_FEW_MEASURES and len(inner(told)) == 3


def test_pace_is_judged_by_the_languages_own_band() -> None:
    slow = voice(articulation_rate_sps=3.0)
    en = component(score(analyse_voice=slow), "voice").score.value
    tr = component(score(analyse_voice=slow, transcribe=transcript(STRONG, "tr")), "voice").score.value
    assert known(tr) < known(en) < 100


BANDS = [*delivery.PACE.values(), delivery.PAUSES, delivery.PITCH, delivery.ON_CAMERA, delivery.VISIBLE]


@pytest.mark.parametrize("band", BANDS, ids=lambda band: f"{band.low:g} {band.high:g} {band.source[:10]}")
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
    low, _, high = interval(component(answer, name).score)
    return high - low


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
    assert component.score.reason == Reason.of(Code.UNFIT_SNR, value=3, limit=5)
    assert drowned.overall.value is not None
    (note,) = [note for note in drowned.notes if note.code == Code.LEFT_OUT]
    assert note.values["why"] == [Reason.of(Code.OF_COMPONENTS, parts=["voice"], why=component.score.reason)]


def test_errors_of_one_source_that_go_together_add_linearly_and_others_in_quadrature() -> None:
    parts = [(0.5, Estimate(40, {"rater": 6})), (0.5, Estimate(60, {"rater": 8}))]
    assert weighted(parts, independent=False) == Estimate(50, {"rater": 7})
    assert weighted(parts, independent=True) == Estimate(50, {"rater": hypot(3, 4)})
    both = weighted(
        [(0.5, Estimate(40, {"rater": 6, "amount": 4})), (0.5, Estimate(60, {"rater": 6}))], independent=False
    )
    assert both.sources == {"rater": 6, "amount": 2}
    assert both.u == pytest.approx(hypot(6, 2))


def test_answers_that_disagree_widen_the_interval() -> None:
    alike = over_answers([Estimate(50, {"rater": 10}), Estimate(50, {"rater": 10})])
    apart = over_answers([Estimate(20, {"rater": 10}), Estimate(80, {"rater": 10})])
    assert alike == Estimate(50, {"rater": 10, "answers": 0})
    assert apart.value == 50 and apart.u > 20


def test_the_raters_error_stays_over_answers_and_chance_shrinks() -> None:
    answers = [Estimate(50, {"rater": 8, "capture": 4, "amount": 6, "wording": 6})] * 4
    assert over_answers(answers).sources == {"rater": 8, "capture": 4, "amount": 3, "wording": 3, "answers": 0}


@given(st.floats(0, 100), st.dictionaries(st.sampled_from(get_args(SourceName)), st.floats(0, 40)))
def test_an_interval_can_be_read_back(value: float, sources: dict[SourceName, float]) -> None:
    shown = Estimate(value, sources).score()
    low, middle, high = interval(shown)
    assert 0 <= low <= middle <= high <= 100
    back = known(estimate(shown))
    assert back.u == pytest.approx(Estimate(value, sources).u, abs=0.05)


def test_a_score_says_where_its_uncertainty_comes_from() -> None:
    answer = score(analyse_voice=voice(snr_db=10.0, fillers_per_min=None), analyse_face=face(visible_ratio=0.9))
    for part in parts(answer):
        low, value, high = interval(part.score)
        half = max(high - value, value - low)
        assert hypot(*(source.points for source in part.score.sources)) == pytest.approx(half, abs=0.1)
        assert part.score.sources == sorted(part.score.sources, key=lambda s: -s.points)
    assert {s.name for s in component(answer, "language").score.sources} == {"rater", "recogniser", "amount"}
    assert {s.name for s in component(answer, "voice").score.sources} == {
        "reference",
        "amount",
        "capture",
        "measurement",
    }
    assert sources(answer, "visual")["capture"] == pytest.approx(COVERAGE * 3, abs=0.01)
    assert {s.name for s in answer.overall.sources} >= {"rater", "reference", "capture"}


def sources(answer: AnswerScore, name: str) -> dict[str, float]:
    return {s.name: s.points for s in component(answer, name).score.sources}


def test_a_poor_recording_widens_what_it_affects() -> None:
    gaps = [TimeRange(start_s=1, end_s=1.7)]
    audio = Audio(
        provenance=NO_PROVENANCE,
        sample_rate_hz=16000,
        duration_s=30,
        sha256="0",
        peak_dbfs=-3,
        clipped_ratio=0,
        dropouts=gaps,
    )
    broken = score(extract_audio=audio)
    assert [c.name for c in broken.quality if c.status == "poor"] == ["dropouts"]
    assert "capture" in sources(broken, "language") and "capture" not in sources(score(), "language")
    assert width(broken) > width(score())
    assert sources(broken, "visual") == sources(score(), "visual")


def test_worse_within_poor_widens_more() -> None:
    widths = [width(score(analyse_voice=voice(snr_db=snr)), "voice") for snr in (20.0, 14.0, 10.0, 6.0)]
    assert widths == sorted(widths) and len(set(widths)) == 4


def test_gaze_that_was_measured_badly_widens_the_interval() -> None:
    sharp = score(analyse_face=face(on_camera_ratio=0.3, on_camera_low=0.28, on_camera_high=0.32))
    blurred = score(analyse_face=face(on_camera_ratio=0.3, on_camera_low=0.1, on_camera_high=0.5))
    assert sources(blurred, "visual")["measurement"] > sources(sharp, "visual")["measurement"] > 0


# --- sensitivity ---------------------------------------------------------------


def rated_again(found: Findings, **levels: dict[str, float | None]) -> Findings:
    """The findings with variants: kind → level of every competency that is named."""
    given = {r.competency: r.level for r in found.ratings}
    variants = [
        VariantRating(kind=kind, changed_words=3, levels={**given, **changed}) for kind, changed in levels.items()
    ]
    return found.model_copy(update={"variants": variants})


def test_the_overall_score_is_worked_out_under_every_harmless_change() -> None:
    again = rated_again(findings(**LEVELS), names={"problem_solving": 3.0}, numbers={})
    answer = score(analyse_language=again)
    moved = 0.7 * 0.3 * 25
    points, found = known(answer.overall.value), known(answer.sensitivity)
    assert [(v.kind, v.changed_words) for v in found.variants] == [("names", 3), ("numbers", 3)]
    assert [v.points for v in found.variants] == [pytest.approx(points - moved, abs=0.1), points]
    assert found.low == pytest.approx(points - moved, abs=0.1)
    assert found.high == points
    assert found.badge == "moves"


def test_the_spread_over_harmless_changes_widens_the_interval() -> None:
    still = score(analyse_language=rated_again(findings(**LEVELS), names={}))
    moved = score(analyse_language=rated_again(findings(**LEVELS), names={"problem_solving": 3.0}, fillers={}))
    (problem, *_), (same, *_) = moved.competencies, still.competencies
    wording = {s.name: s.points for s in problem.score.sources}["wording"]
    assert wording == pytest.approx(COVERAGE * 25 * sqrt(1 / 2), abs=0.01)
    assert "wording" not in {s.name for s in same.score.sources}
    assert width(moved) > width(still) == width(score())


@pytest.mark.parametrize(("level", "badge"), [(4.0, "steady"), (3.0, "steady"), (2.0, "moves"), (1.0, "unsteady")])
def test_the_badge_follows_the_spread_of_points(level: float, badge: str) -> None:
    again = rated_again(findings(**LEVELS), recogniser={"learning": level})
    assert known(score(analyse_language=again).sensitivity).badge == badge


def test_an_answer_that_is_not_scorable_under_a_change_is_unsteady() -> None:
    nothing = dict.fromkeys(LEVELS)
    answer = score(analyse_language=rated_again(findings(**LEVELS), fillers=nothing))
    assert answer.sensitivity is not None
    assert answer.sensitivity.badge == "unsteady"
    assert answer.sensitivity.variants[0].points is None


def test_without_variants_nothing_is_said_about_sensitivity() -> None:
    assert score().sensitivity is None
    assert score(missing={"analyse_language": NO_SOUND}).sensitivity is None
    assert scoring.score_interview("i1", [score()], [], RUBRIC, POLICY).sensitivity is None


def test_an_interviews_sensitivity_changes_all_its_answers_in_the_same_way() -> None:
    first = score(analyse_language=rated_again(findings(**LEVELS), names={"problem_solving": 2.0}))
    second = score(analyse_language=rated_again(findings(**LEVELS), names={"problem_solving": 4.0}, numbers={}))
    second = second.model_copy(update={"answer_id": "a2"})
    card = scoring.score_interview("i1", [first, second], [], RUBRIC, POLICY)
    found = known(card.sensitivity)
    (names, numbers) = found.variants
    assert (names.kind, names.changed_words, numbers.kind, numbers.changed_words) == ("names", 6, "numbers", 3)
    points = known(card.overall.value)
    assert names.points == pytest.approx(points - 0.7 * 0.3 * 25, abs=0.1)  # from 4.0 to a mean of 3.0
    assert numbers.points == points
    assert found.badge == "moves"


# --- interviews ----------------------------------------------------------------


def test_an_interview_takes_the_mean_over_the_answers_that_show_a_competency() -> None:
    first = score(analyse_language=findings(problem_solving=5.0, teamwork=3.0))
    second = score(analyse_language=findings(problem_solving=3.0), missing={"analyse_face": NO_PICTURE})
    second = second.model_copy(update={"answer_id": "a2"})
    card = scoring.score_interview("i1", [first, second], [], RUBRIC, POLICY)
    values = {c.id: c.score.value for c in card.competencies}
    assert values == {"problem_solving": 75, "teamwork": 50, "ownership": None, "learning": None}
    assert card.overall.value is not None
    assert len(card.competencies[0].evidence) == 2
    assert card.competencies[0].rationale == [Reason.of(Code.OF_ANSWER, answer=a, why=RATED) for a in ("a1", "a2")]
    assert Reason.of(Code.OF_COMPONENT_IN_ANSWER, part="visual", answer="a2", why=NO_PICTURE) in card.notes
    assert (known(card.rubric).id, card.policy.version) == ("general-en", POLICY.version)


def test_an_interview_says_which_answers_are_missing() -> None:
    lost = [Missing(answer_id="a2", stage="fetch_media", reason=NOT_FETCHED)]
    card = scoring.score_interview("i1", [score()], lost, RUBRIC, POLICY)
    assert card.missing == lost
    assert Reason.of(Code.SCORED_WITHOUT, answers=["a2"]) in card.notes
    assert card.overall == score().overall


def test_no_answer_no_score() -> None:
    lost = [Missing(answer_id="a1", stage="fetch_media", reason=NOT_FETCHED)]
    card = scoring.score_interview("i1", [], lost, RUBRIC, POLICY)
    assert card.overall.value is None
    of_answer = Reason.of(Code.OF_ANSWER, answer="a1", why=NOT_FETCHED)
    assert card.overall.reason == Reason.of(Code.NO_ANSWER_SCORED_BECAUSE, why=of_answer)
    assert all(c.score.value is None for c in parts(card))


def test_provisional_answers_make_a_provisional_interview() -> None:
    unsure_ratings = findings(**LEVELS).model_copy(update={"provisional": True})
    sure, unsure = score(), score(analyse_language=unsure_ratings)
    assert not scoring.score_interview("i1", [sure], [], RUBRIC, POLICY).provisional
    assert scoring.score_interview("i1", [sure, unsure], [], RUBRIC, POLICY).provisional


def test_the_same_results_give_the_same_scores() -> None:
    assert score() == score()
