"""Combine the answers of one interview into a scorecard."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from mulakat.schema.codes import Code
from mulakat.schema.language import Sensitivity, VariantKind, VariantRating
from mulakat.schema.provenance import provenance
from mulakat.schema.reasons import Reason, together
from mulakat.schema.rubric import Competency, Policy, Rubric
from mulakat.schema.scores import (
    AnswerScore,
    CompetencyScore,
    Component,
    ComponentScore,
    Missing,
    Score,
    Scorecard,
    Versioned,
)
from mulakat.scoring import usage
from mulakat.scoring.answer import ANALYZER, VERSION, Options
from mulakat.scoring.combine import component, language, overall
from mulakat.scoring.sensitivity import judged, with_levels
from mulakat.scoring.uncertainty import estimate, not_scorable, over_answers

if TYPE_CHECKING:
    from collections.abc import Sequence


def score_interview(
    interview_id: str, answers: Sequence[AnswerScore], missing: Sequence[Missing], rubric: Rubric, policy: Policy
) -> Scorecard:
    """Score an interview on the answers that worked, and say what is missing.

    Args:
        answers: as many as could be scored, in the interview's order; may be empty.
        missing: what could not be analysed, and why.
    """
    unscored = list(dict.fromkeys(m.answer_id for m in missing if m.answer_id not in {a.answer_id for a in answers}))
    rated = [a for a in answers if a.competencies]
    asked = {c.id for a in rated for c in a.competencies}
    competencies, spoken, language_notes = _spoken(rated, unscored, rubric, policy)
    components = [spoken, _delivery("voice", rated, policy), _delivery("visual", rated, policy)]
    score, notes = overall(components, policy)
    notes += language_notes
    notes += [
        Reason.of(Code.OF_COMPETENCIES, parts=[c.name], why=c.score.reason)
        for c in competencies
        if c.score.reason is not None and rated and not unscored and c.id not in asked
    ]
    notes += [
        Reason.of(Code.OF_COMPONENT_IN_ANSWER, part=c.name, answer=a.answer_id, why=part.score.reason)
        for c in components
        if c.weight > 0 and c.score.value is not None
        for a in rated
        for part in a.components
        if part.name == c.name and part.score.reason is not None
    ]
    notes += [Reason.of(Code.ANSWER_NOT_SCORED, answer=a.answer_id) for a in answers if a not in rated]
    if unscored:
        notes.append(Reason.of(Code.SCORED_WITHOUT, answers=unscored))
    if not answers:
        score = not_scorable(nothing_scored(missing))
    return Scorecard(
        provenance=provenance(ANALYZER, VERSION, Options()),
        interview_id=interview_id,
        rubric=Versioned(id=rubric.id, version=rubric.version),
        policy=Versioned(id=policy.id, version=policy.version),
        overall=score,
        components=components,
        competencies=competencies,
        answers=list(answers),
        missing=list(missing),
        provisional=any(a.provisional for a in answers),
        notes=notes,
        usage=usage.total(answer.usage for answer in answers),
        sensitivity=_sensitivity(score, rated, unscored, components, rubric, policy),
    )


def nothing_scored(missing: Sequence[Missing]) -> Reason:
    """Why an interview has no score at all."""
    reasons = list(dict.fromkeys(Reason.of(Code.OF_ANSWER, answer=m.answer_id, why=m.reason) for m in missing))
    return Reason.of(Code.NO_ANSWER_SCORED_BECAUSE, why=reasons) if reasons else Reason.of(Code.NO_ANSWER_SCORED)


def _spoken(
    answers: Sequence[AnswerScore], unscored: Sequence[str], rubric: Rubric, policy: Policy
) -> tuple[list[CompetencyScore], ComponentScore, list[Reason]]:
    """The competencies over all answers, language as a whole, and what a reader must know about their weights."""
    competencies = [_competency(competency, answers, unscored) for competency in rubric.competencies]
    asked = {c.id for a in answers for c in a.competencies}
    # What an answer that is missing was asked for is not known.
    return competencies, *language([c for c in competencies if unscored or c.id in asked], policy)


def _sensitivity(
    score: Score,
    answers: Sequence[AnswerScore],
    unscored: Sequence[str],
    components: Sequence[ComponentScore],
    rubric: Rubric,
    policy: Policy,
) -> Sensitivity | None:
    """The overall score with all answers changed in the same way; those without such a variant stay as they are."""
    variants = {(a.answer_id, v.kind): v for a in answers if a.sensitivity for v in a.sensitivity.variants}
    found = []
    for kind in get_args(VariantKind):
        of_kind = {answer_id: v for (answer_id, k), v in variants.items() if k == kind}
        if not of_kind:
            continue
        changed = [
            a.model_copy(update={"competencies": with_levels(a.competencies, of_kind[a.answer_id].levels)})
            if a.answer_id in of_kind
            else a
            for a in answers
        ]
        _, spoken, _ = _spoken(changed, unscored, rubric, policy)
        points = overall([spoken, *components[1:]], policy)[0].value
        words = sum(v.changed_words for v in of_kind.values())
        found.append(VariantRating(kind=kind, changed_words=words, points=points))
    return judged(score.value, found)


def _competency(competency: Competency, answers: Sequence[AnswerScore], unscored: Sequence[str]) -> CompetencyScore:
    rated = [(a, c) for a in answers for c in a.competencies if c.id == competency.id]
    scored = [(a, c, e) for a, c in rated if (e := estimate(c.score)) is not None]
    if scored:
        score = over_answers([e for _, _, e in scored]).score()
    else:
        why = together(c.score.reason for _, c in rated if c.score.reason is not None)
        score = not_scorable(why or (_not_asked(unscored) if answers else Reason.of(Code.NO_RATED_ANSWER)))
    several = len(scored) > 1
    rationale = [
        Reason.of(Code.OF_ANSWER, answer=a.answer_id, why=why) if several else why
        for a, c, _ in scored
        for why in c.rationale
    ]
    return CompetencyScore(
        id=competency.id,
        name=competency.name,
        weight=competency.weight,
        score=score,
        evidence=[e for _, c, _ in scored for e in c.evidence],
        rationale=rationale,
    )


def _not_asked(unscored: Sequence[str]) -> Reason:
    return Reason.of(Code.PERHAPS_ASKED, answers=list(unscored)) if unscored else Reason.of(Code.NOT_ASKED)


def _delivery(name: Component, answers: Sequence[AnswerScore], policy: Policy) -> ComponentScore:
    found = [c for a in answers for c in a.components if c.name == name]
    scored = [e for c in found if (e := estimate(c.score)) is not None]
    if scored:
        return component(name, policy, over_answers(scored), [e for c in found for e in c.evidence])
    why = together(c.score.reason for c in found if c.score.reason is not None)
    return component(name, policy, why or Reason.of(Code.NO_RATED_ANSWER), [])
