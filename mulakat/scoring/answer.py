"""Stage `score_answer`: one answer's components, competencies and overall score."""

from __future__ import annotations

from math import fsum, sqrt
from typing import TYPE_CHECKING, get_args

from mulakat.schema.codes import Code
from mulakat.schema.face import FaceTrack
from mulakat.schema.language import Evidence, Findings, Rating, Sensitivity
from mulakat.schema.media import Audio, Media
from mulakat.schema.provenance import provenance
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Document, Policy, Rubric
from mulakat.schema.scores import AnswerScore, CompetencyScore, Component, ComponentScore, Score, SourceName
from mulakat.schema.speech import Transcript
from mulakat.schema.voice import VoiceTrack
from mulakat.scoring import delivery, flags, quality
from mulakat.scoring.combine import component, language, overall
from mulakat.scoring.sensitivity import POINTS_PER_LEVEL, judged, points, with_levels, wording_u
from mulakat.scoring.uncertainty import METHOD, Estimate, capture, not_scorable

if TYPE_CHECKING:
    from pydantic import BaseModel

    from mulakat.schema.contract import Context

VERSION = "7"
ANALYZER = "analyzers.scoring"
"""Its name in provenance. Stored with every result, so it stays when the module moves."""


class Options(Document):
    """Nothing to set: rubric and policy say it all. `interval` names the method, for the record."""

    interval: str = METHOD


def uses(options: BaseModel) -> dict[str, str | None]:
    """No model."""
    return {}


def run(context: Context) -> AnswerScore:
    """Score one answer on the results there are."""
    request, results = context.request, context.results
    rubric, policy, answer_id = request.rubric.asked(request.question)[0], request.policy, request.answer_id
    transcript, findings = results.get("transcribe"), results.get("analyse_language")
    voice, face, media = results.get("analyse_voice"), results.get("analyse_face"), results.get("fetch_media")
    assert isinstance(transcript, Transcript | None) and isinstance(findings, Findings | None)
    assert isinstance(voice, VoiceTrack | None) and isinstance(face, FaceTrack | None)
    audio = results.get("extract_audio")
    assert isinstance(media, Media | None) and isinstance(audio, Audio | None)
    checks = quality.checks(media, audio, face, voice)
    notes: list[Reason] = []
    if media is not None and media.damage.missing_start_s:
        notes.append(Reason.of(Code.START_MISSING, seconds=media.damage.missing_start_s))
    if media is not None and media.damage.cut_s:
        notes.append(Reason.of(Code.END_MISSING, seconds=media.damage.cut_s))
    if media is not None and media.audio is not None and media.audio.track > 1:
        notes.append(Reason.of(Code.OTHER_TRACK, track=media.audio.track, tracks=media.audio.tracks))

    unfit = {name: quality.unusable(checks, name) for name in get_args(Component)}
    capture_u = {name: capture(checks, name) for name in get_args(Component)}
    missing = context.missing.get("analyse_language")
    competencies = _competencies(rubric, policy, findings, transcript, capture_u["language"], missing)
    if unfit["language"]:
        competencies = [c.model_copy(update={"score": not_scorable(unfit["language"])}) for c in competencies]
    spoken, language_notes = language(competencies, policy)
    components = [spoken]
    if unfit["voice"] or voice is None:
        reason = unfit["voice"] or context.missing.get("analyse_voice") or Reason.of(Code.NOT_ANALYZED)
        components.append(component("voice", policy, reason, []))
    else:
        scored, evidence, left_out = delivery.voice(voice, transcript, policy, answer_id, capture_u["voice"])
        notes += [Reason.of(Code.VOICE_WITHOUT, why=left_out)] if left_out and isinstance(scored, Estimate) else []
        components.append(component("voice", policy, scored, evidence))
    if unfit["visual"] or face is None:
        reason = unfit["visual"] or context.missing.get("analyse_face") or Reason.of(Code.NOT_ANALYZED)
        components.append(component("visual", policy, reason, []))
    else:
        duration_s = (media.duration_s if media else None) or 0.0
        scored, evidence = delivery.visual(face, duration_s, policy, answer_id, capture_u["visual"])
        components.append(component("visual", policy, scored, evidence))

    score, weight_notes = overall(components, policy)
    return AnswerScore(
        provenance=provenance(ANALYZER, VERSION, context.options),
        answer_id=answer_id,
        question=request.question,
        overall=score,
        components=components,
        competencies=competencies,
        quality=checks,
        flags=flags.flags(transcript, face, media, audio),
        provisional=findings is not None and findings.provisional,
        notes=[*weight_notes, *language_notes, *notes, *(findings.notes if findings else [])],
        usage=findings.usage if findings is not None else None,
        sensitivity=_sensitivity(score, findings, competencies, components, policy),
    )


def _sensitivity(
    score: Score,
    findings: Findings | None,
    competencies: list[CompetencyScore],
    components: list[ComponentScore],
    policy: Policy,
) -> Sensitivity | None:
    """The overall score under each harmless change that the language stage rated."""
    spoken, *others = components
    if findings is None or findings.variants is None or spoken.score.value is None:
        return None
    found = []
    for variant in findings.variants:
        changed, _ = language(with_levels(competencies, variant.levels), policy)
        found.append(variant.model_copy(update={"points": overall([changed, *others], policy)[0].value}))
    return judged(score.value, found)


def _competencies(
    rubric: Rubric,
    policy: Policy,
    findings: Findings | None,
    transcript: Transcript | None,
    capture_u: float,
    missing: Reason | None,
) -> list[CompetencyScore]:
    ratings = {r.competency: r for r in findings.ratings} if findings else {}
    scores = []
    for competency in rubric.competencies:
        rating = ratings.get(competency.id)
        score, evidence = not_scorable(missing or Reason.of(Code.NO_RATING)), list[Evidence]()
        if rating is not None and findings is not None:
            evidence = rating.evidence
            found = _rated(rating, findings, transcript, policy, capture_u)
            score = not_scorable(found) if isinstance(found, Reason) else found.score()
        scores.append(
            CompetencyScore(
                id=competency.id,
                name=competency.name,
                weight=competency.weight,
                score=score,
                evidence=evidence,
                rationale=[rating.reason] if rating is not None and score.value is not None else [],
            )
        )
    return scores


def _rated(
    rating: Rating, findings: Findings, transcript: Transcript | None, policy: Policy, capture_u: float
) -> Estimate | Reason:
    """A rating as points, with what makes it uncertain."""
    if rating.level is None:
        return rating.reason
    if not rating.evidence:
        return Reason.of(Code.NO_EVIDENCE)
    words = transcript.words if transcript else []
    sure = [1.0 if w.probability is None else w.probability for w in words]  # what was typed is not in doubt
    levels: dict[SourceName, float] = {
        "rater": rating.uncertainty if rating.uncertainty is not None else 1.0,
        "wording": wording_u(rating.competency, rating.level, findings),
        "recogniser": 1.0 - fsum(sure) / len(sure) if sure else 0.5,
        "amount": 0.5 * sqrt(policy.min_words / len(words)) if words else 0.5,
    }
    sources = {name: POINTS_PER_LEVEL * u for name, u in levels.items()}
    return Estimate(points(rating.level), {**sources, "capture": capture_u})
