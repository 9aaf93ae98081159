"""Word error rate: ours beside a bare faster-whisper call, on labelled recordings.

    python bench/wer.py [--manifest TABLE]

TABLE is tab- or comma-separated with the columns `file` (relative to it), `transcript` and `language`, and optionally
`transcript_source`; a source that begins with "ASR" marks a transcript that no person wrote.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jiwer
import numpy as np

from analyzers.speech import Options, Recognizer
from mulakat.runtime import models
from recordings import decoded
from report import ROOT, Bench, media_folder

BY_CHARACTER = ("zh", "ja", "th")
FOLDERS = ("speech", "video", "emotion")


@dataclass(frozen=True)
class Clip:
    """A recording and what is said in it."""

    path: Path
    group: str
    language: str
    transcript: str
    written_by_people: bool


def main() -> None:
    """The benchmark."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--manifest", type=Path)
    manifest = arguments.parse_args().manifest
    clips = labelled(manifest) if manifest else development()
    bench = Bench("wer", "Word error rate: ours beside a bare faster-whisper call")
    counted = compare(bench, clips)
    for title, chosen in (
        ("Transcripts written by people", [clip for clip in clips if clip.written_by_people]),
        ("All labelled recordings", clips),
    ):
        table = bench.table(title, "group", "words", "ours", "bare faster-whisper")
        for group in [*dict.fromkeys(clip.group for clip in chosen), "total"]:
            of_group = [counted[clip] for clip in chosen if group in (clip.group, "total")]
            words, ours, bare = (sum(column) for column in zip(*of_group, strict=True))
            table.add_row(group, str(words), f"{ours / words:.1%}", f"{bare / words:.1%}")
    exact = [counted[clip] for clip in clips if clip.written_by_people]
    words, ours, bare = (sum(column) for column in zip(*exact, strict=True))
    bench.figure("words", words)
    bench.figure("bare_wer", bare / words)
    bench.target("ours_wer", ours / words, at_most=bare / words)
    bench.note(
        "Errors ÷ words (characters where words are not spaced), summed over the recordings; text normalised as in the "
        "Whisper paper. Bare: faster-whisper's `transcribe` with its default arguments, int8, language detected. Ours: "
        "default options, language detected. Transcripts that another recogniser wrote are left out of the target."
    )
    bench.finish()


def development() -> list[Clip]:
    """The labelled development recordings, and the sample with its text."""
    folder = media_folder()
    clips = [clip for clip in labelled(folder / "MANIFEST.tsv") if clip.group in FOLDERS]
    sample = ROOT / "samples" / "problem_solving.mp4"
    return [*clips, Clip(sample, "sample", "en", sample.with_suffix(".txt").read_text(encoding="utf-8"), True)]


def labelled(manifest: Path) -> list[Clip]:
    """The rows that have a transcript; parts in brackets, which the sound does not hold, are left out of it."""
    with manifest.open(encoding="utf-8", newline="") as file:
        first = file.readline()
        file.seek(0)
        rows = list(csv.DictReader(file, delimiter="\t" if "\t" in first else ","))
    return [
        Clip(
            manifest.parent / row["file"],
            row["file"].split("/")[0] if "/" in row["file"] else "all",
            row["language"][:2],
            re.sub(r"\[[^]]*\]|\.\.\.", "", row["transcript"]),
            not (row.get("transcript_source") or "").startswith("ASR"),
        )
        for row in rows
        if row["transcript"]
    ]


def compare(bench: Bench, clips: list[Clip]) -> dict[Clip, tuple[int, int, int]]:
    """Clip → words, our errors, the bare call's errors; a table of them."""
    from faster_whisper import WhisperModel

    bare = WhisperModel(str(models.locate("whisper-base")), device="cpu", compute_type="int8")
    table = bench.table("Each recording", "recording", "words", "ours", "bare")
    counted = {}
    with Recognizer(Options()) as recognizer:
        heard: list[Callable[[np.ndarray], str]] = [
            lambda audio: recognizer.transcribe(audio).text,
            lambda audio: "".join(segment.text for segment in bare.transcribe(audio)[0]),
        ]
        for clip in clips:
            audio = decoded(clip.path)
            found = [errors(clip, transcribe(audio)) for transcribe in heard]
            words = found[0][1]
            counted[clip] = words, found[0][0], found[1][0]
            mark = "" if clip.written_by_people else " (transcript by a recogniser)"
            table.add_row(f"{clip.path.name}{mark}", str(words), str(found[0][0]), str(found[1][0]))
    return counted


def errors(clip: Clip, heard: str) -> tuple[int, int]:
    """Errors and words."""
    return word_errors(normalised(clip.transcript, clip.language), normalised(heard, clip.language))


def word_errors(expected: str, found: str) -> tuple[int, int]:
    """Substitutions, deletions and insertions; and how many words were expected."""
    if not found:
        return len(expected.split()), len(expected.split())
    output = jiwer.process_words(expected, found)
    wrong = output.substitutions + output.deletions + output.insertions
    return wrong, output.hits + output.substitutions + output.deletions


@cache
def normaliser(language: str) -> Callable[[str], str]:
    """Whisper's normaliser for a language."""
    from whisper.normalizers import BasicTextNormalizer, EnglishTextNormalizer

    return EnglishTextNormalizer() if language == "en" else BasicTextNormalizer()


def normalised(text: str, language: str) -> str:
    """As it is compared; languages without spaces by character."""
    plain = normaliser(language)(text).strip()
    return " ".join(plain.replace(" ", "")) if language in BY_CHARACTER else plain


if __name__ == "__main__":
    main()
