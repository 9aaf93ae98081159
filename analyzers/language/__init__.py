"""Stage `analyse_language`: hold an answer against the rubric, with quotes as evidence.

A language model rates when an endpoint is given; otherwise, or when it fails for
good, the local scorer does, marked provisional.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import Field

from analyzers.language import encoder, guard, local, own
from analyzers.language.evidence import Sentence, sentences
from analyzers.language.llm import Endpoint, EndpointError, Rater
from analyzers.provenance import provenance
from analyzers.results import Findings, Rating, Transcript
from analyzers.rubric import Document, Rubric

if TYPE_CHECKING:
    from analyzers.pipeline import Context

VERSION = "3"
Result = Findings

OFF_TOPIC = 0.05  # cosine with the question; below it the reviewer is told


class Options(Document):
    """endpoint: who rates; None = the local scorer."""

    endpoint: Endpoint | None = Field(None)

    @classmethod
    def from_environment(cls, model: str | None = None) -> Self:
        """With the endpoint of `OPENAI_BASE_URL`, `OPENAI_API_KEY` and `model` (default `OPENAI_MODEL`).

        Raises:
            BadInput: a model is named, but its endpoint cannot be used.
        """
        return cls(endpoint=Endpoint.from_environment(model))


def run(context: Context) -> Findings:
    """Rate every competency that the question asks for, or say why it is not scorable."""
    options, request = context.options, context.request
    transcript = context.results["transcribe"]
    assert isinstance(options, Options) and isinstance(transcript, Transcript)
    said, foreign = own.split(sentences(transcript.words), transcript)
    kept, flagged = guard.split(said)
    notes = [f"left out, another voice says it: {s.text!r}" for s in foreign]
    notes += [f"left out, it speaks to the rater: {s.text!r}" for s in flagged]
    rubric, note = request.rubric.asked(request.question)
    notes += [note] if note is not None else []
    context.progress(0.2)

    if not rubric.competencies:
        return _findings(options, "none", [], notes)
    reason = _not_scorable(transcript, kept, rubric, request.policy.min_words, request.policy.id)
    if reason is not None:
        return _findings(options, "none", _none(rubric, reason), notes)
    if request.question and local.relevance_to(request.question, kept) < OFF_TOPIC:
        notes.append("no sentence comes near the question; does the answer belong to it?")
    if options.endpoint is not None:
        try:
            with Rater(options.endpoint) as rater:
                ratings = rater.rate(kept, transcript.words, rubric, request.question, request.answer_id)
        except EndpointError as error:
            notes.append(f"rated by the local fallback, because {error}; analyse again with force to ask it again")
            usage = rater.usage
        else:
            notes += rater.notes
            return _findings(options, f"llm:{options.endpoint.model}", ratings, notes, rater.usage)
    else:
        usage = {}
    ratings = local.rate(kept, transcript.words, rubric, request.answer_id)
    return _findings(options, "local", ratings, notes, usage)


def _not_scorable(
    transcript: Transcript, kept: list[Sentence], rubric: Rubric, min_words: int, policy: str
) -> str | None:
    if (doubt := own.doubt(transcript)) is not None:
        return doubt
    count = sum(s.stop - s.start for s in kept)
    if count < min_words:
        return f"{count} words to rate, policy {policy} needs {min_words}"
    if transcript.language is not None and transcript.language != rubric.language:
        return f"the answer is in {transcript.language!r}, rubric {rubric.id} is for {rubric.language!r}"
    return None


def _none(rubric: Rubric, reason: str) -> list[Rating]:
    return [
        Rating(competency=c.id, level=None, uncertainty=None, reason=reason, evidence=[]) for c in rubric.competencies
    ]


def _findings(
    options: Options, rater: str, ratings: list[Rating], notes: list[str], usage: dict[str, int] | None = None
) -> Findings:
    from analyzers import models

    return Findings(
        provenance=provenance(
            "analyzers.language",
            VERSION,
            options,
            libraries=(encoder.LIBRARY, "openai"),
            models={encoder.MODEL: models.digest(encoder.MODEL)},
        ),
        rater=rater,
        provisional=rater == "local",
        ratings=ratings,
        notes=notes,
        usage=usage or {},
    )
