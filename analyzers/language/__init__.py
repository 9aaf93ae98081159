"""Stage `analyse_language`: hold an answer against the rubric, with quotes as evidence.

A language model rates when an endpoint is given; otherwise, or when it fails for
good, the local scorer does, marked provisional. The same rater then rates the answer
with harmless changes, to see whether its levels move.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from pydantic import BaseModel, Field

from analyzers.language import local, other_voices, prompt_injection
from analyzers.language.endpoint import Endpoint, EndpointError
from analyzers.language.evidence import Sentence, sentences
from analyzers.language.llm import Rater
from analyzers.language.perturbations import variants
from analyzers.text import embeddings
from mulakat.runtime import models
from mulakat.schema.codes import Code
from mulakat.schema.language import Findings, Rating, Usage, VariantRating
from mulakat.schema.provenance import provenance
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Document, Rubric
from mulakat.schema.speech import AnyWord, Transcript

if TYPE_CHECKING:
    from mulakat.schema.contract import Context

__all__ = ["VERSION", "Endpoint", "EndpointError", "Findings", "Options", "Rater", "Result", "run"]

VERSION = "11"
ANALYZER = "analyzers.language"
"""Its name in provenance. Stored with every result, so it stays when the module moves."""
Result = Findings
Rate = Callable[[Sequence[Sentence], Sequence[AnyWord]], list[Rating]]

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


def uses(options: BaseModel) -> dict[str, str | None]:
    """Digest of its model; which endpoint rates is one of its options."""
    return models.digests(embeddings.MODEL)


def run(context: Context) -> Findings:
    """Rate every competency that the question asks for, or say why it is not scorable."""
    options, request = context.options, context.request
    transcript = context.results["transcribe"]
    assert isinstance(options, Options) and isinstance(transcript, Transcript)
    said, foreign = other_voices.split(sentences(transcript.words), transcript)
    kept, flagged = prompt_injection.split(said, transcript.language)
    notes = [Reason.of(Code.OTHER_VOICE_LEFT_OUT, quote=s.text) for s in foreign]
    notes += [Reason.of(Code.INJECTION_LEFT_OUT, quote=s.text) for s in flagged]
    rubric, note = request.rubric.asked(request.question)
    notes += [note] if note is not None else []
    context.progress(0.2)

    if not rubric.competencies:
        return _findings(options, "none", [], notes)
    reason = _not_scorable(transcript, kept, rubric, request.policy.min_words, request.policy.id)
    if reason is not None:
        return _findings(options, "none", _none(rubric, reason), notes)
    if request.question and local.relevance_to(request.question, kept) < OFF_TOPIC:
        notes.append(Reason.of(Code.OFF_TOPIC))
    answer = _Answer(kept, transcript.words, transcript.language or rubric.language)
    if options.endpoint is not None:
        try:
            with Rater(options.endpoint) as rater:

                def ask(said: Sequence[Sentence], words: Sequence[AnyWord]) -> list[Rating]:
                    return rater.rate(said, words, rubric, request.question, request.answer_id)

                ratings = ask(kept, transcript.words)
                notes += rater.notes
                context.progress(0.5)
                again = options.endpoint.concurrency if options.endpoint.sensitivity else 0
                changed, failed = answer.changed(ask, at_once=again)
        except EndpointError as error:
            notes.append(Reason.of(Code.FALLBACK_RATED, message=str(error)))
            usage, stand_in = rater.usage, True
        else:
            rated_by = f"llm:{options.endpoint.model}"
            return _findings(options, rated_by, ratings, [*notes, *failed], rater.usage, variants=changed)
    else:
        usage, stand_in = None, False

    def compare(said: Sequence[Sentence], words: Sequence[AnyWord]) -> list[Rating]:
        return local.rate(list(said), words, rubric, request.answer_id)

    ratings = compare(kept, transcript.words)
    changed, _ = answer.changed(compare, at_once=1)
    return _findings(options, "local", ratings, notes, usage, stand_in=stand_in, variants=changed)


@dataclass(frozen=True)
class _Answer:
    """What was rated: the sentences kept, all words and the language."""

    kept: list[Sentence]
    words: Sequence[AnyWord]
    language: str

    def changed(self, rate: Rate, *, at_once: int) -> tuple[list[VariantRating] | None, list[Reason]]:
        """The same rater on harmless changes of the answer, and a note for each that it could not rate.

        Args:
            at_once: how many may be rated at a time; 0 = the changes are not rated.
        """
        changes = variants(self.words, self.kept, self.language) if at_once else []
        if not changes:
            return None, []
        found: list[VariantRating] = []
        notes: list[Reason] = []
        with ThreadPoolExecutor(at_once, thread_name_prefix="variant") as pool:
            running = [(variant, pool.submit(rate, variant.sentences, variant.words)) for variant in changes]
        for variant, future in running:
            try:
                levels = {r.competency: r.level for r in future.result()}
            except EndpointError as error:
                notes.append(Reason.of(Code.VARIANT_NOT_RATED, variant=variant.kind, message=str(error)))
                continue
            found.append(VariantRating(kind=variant.kind, changed_words=variant.changed_words, levels=levels))
        return found, notes


def _not_scorable(
    transcript: Transcript, kept: list[Sentence], rubric: Rubric, min_words: int, policy: str
) -> Reason | None:
    if (doubt := other_voices.doubt(transcript)) is not None:
        return doubt
    count = sum(s.stop - s.start for s in kept)
    if count < min_words:
        return Reason.of(Code.TOO_FEW_WORDS, words=count, needed=min_words, policy=policy)
    if transcript.language is not None and transcript.language != rubric.language:
        return Reason.of(Code.OTHER_LANGUAGE, found=transcript.language, wanted=rubric.language, rubric=rubric.id)
    return None


def _none(rubric: Rubric, reason: Reason) -> list[Rating]:
    return [
        Rating(competency=c.id, level=None, uncertainty=None, reason=reason, evidence=[]) for c in rubric.competencies
    ]


def _findings(
    options: Options,
    rater: str,
    ratings: list[Rating],
    notes: list[Reason],
    usage: Usage | None = None,
    *,
    stand_in: bool = False,
    variants: list[VariantRating] | None = None,
) -> Findings:
    return Findings(
        provenance=provenance(
            ANALYZER,
            VERSION,
            options,
            libraries=(*embeddings.LIBRARIES, "openai"),
            models={embeddings.MODEL: models.digest(embeddings.MODEL)},
        ),
        rater=rater,
        provisional=rater == "local",
        ratings=ratings,
        notes=notes,
        usage=usage,
        stand_in=stand_in,
        variants=variants,
    )
