"""The transcript of a written answer: its own words, which have no times.

The language is the one given, else the one that py3langid (Lui & Baldwin 2012, langid.py) finds in the text.
"""

from __future__ import annotations

from analyzers.text.language_id import detect
from mulakat.schema.codes import Code
from mulakat.schema.provenance import provenance
from mulakat.schema.reasons import Reason
from mulakat.schema.speech import Segment, Transcript, WrittenWord

ANALYZER = "analyzers.speech.written"
"""Its name in provenance. Stored with every result, so it stays when the module moves."""


def transcript(text: str, language: str | None, version: str) -> Transcript:
    """Words, paragraphs and language of a written answer.

    Args:
        text: as `analyzers.media.text.read` gives it.
        language: ISO 639-1 code, or None to detect it.
        version: of the stage, for the record.
    """
    paragraphs = [line.strip() for line in text.split("\n")]
    paragraphs = [line for line in paragraphs if any(map(str.isalnum, line))]
    probability, reasons = None, dict[str, Reason]()
    if language is None:
        language, probability = detect(text)
        if language is None:
            reasons["language"] = Reason.of(Code.TEXT_LANGUAGE_UNKNOWN)
    return Transcript(
        language=language,
        language_probability=probability,
        text="\n".join(paragraphs),
        segments=[Segment(text=line, start_s=None, end_s=None, language=language) for line in paragraphs],
        words=[
            WrittenWord(text=word, paragraph=number) for number, line in enumerate(paragraphs) for word in _words(line)
        ],
        speech_s=None,
        reasons=reasons,
        provenance=provenance(ANALYZER, version, None, libraries=("py3langid",)),
    )


def _words(line: str) -> list[str]:
    """Words, each with the signs that stand by themselves after it ("no – not yet"); without a list's bullet."""
    words: list[str] = []
    for token in line.split():
        if any(map(str.isalnum, token)):
            words.append(token)
        elif words:
            words[-1] += f" {token}"
    return words
