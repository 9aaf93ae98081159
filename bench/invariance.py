"""How far measures and scores move when an answer is changed in ways that must not matter.

    python bench/invariance.py

The words: names swapped, fillers removed, 5 % of words misheard, numbers written the other way (the answers of
`answers.tsv`, rated by the local scorer). The sound: quieter, louder, by telephone, at a low bit rate. The picture:
brighter, darker, mirrored, smaller, compressed. Each table shows how far a measure moves, the median and the worst of
the recordings, beside the uncertainty that the result states.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import log2
from pathlib import Path
from statistics import median
from typing import get_args

import wer
from answers import context, rated, written
from changed_recordings import PICTURE, SOUND, change_picture, change_sound
from mulakat import scoring
from mulakat.pipeline import stages
from mulakat.pipeline.local import LocalFile
from mulakat.pipeline.run import MemoryStore, Run
from mulakat.pipeline.workspace import Workspace
from mulakat.rubrics.packs import load
from mulakat.schema.base import Produced
from mulakat.schema.codes import Code
from mulakat.schema.contract import Request
from mulakat.schema.errors import MulakatError
from mulakat.schema.face import FaceTrack
from mulakat.schema.language import VariantKind
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.scores import AnswerScore, Score
from mulakat.schema.speech import Transcript
from mulakat.schema.voice import VoiceTrack
from report import ROOT, Bench, media_folder

SPOKEN = (
    "speech/en_learner_dogs.wav",
    "speech/en_us_jfk.flac",
    "speech/de_wavify.wav",
    "video/sadtalker_2.mp4",
    "video/retalking_1_interview_answer.mp4",
    "video/retalking_4.mp4",
)
SEEN = (
    "video/retalking_1_interview_answer.mp4",
    "video/retalking_4.mp4",
    "video/sadtalker_2.mp4",
    "video/liveportrait_d9_expressions.mp4",
    "video/liveportrait_d10_pt.mp4",
    "video/pyfeat_side_light_silent.mp4",
)
HEARD_STAGES = ("extract_audio", "analyse_voice", "analyse_language")
GOOD = 5.0  # points; a change that must not matter should move a score by no more

Results = Mapping[str, Produced]
Measure = Callable[[Results, Results], float | None]


@dataclass
class Moves:
    """Moves of scores, to be held against the intervals. inside: per score, whether the move stays in its interval."""

    inside: list[bool] = field(default_factory=list)
    lost: int = 0

    def add(self, before: Score, after: Score) -> float | None:
        """How far a score moved; None when one of the two is not scorable."""
        if before.value is None or after.value is None:
            self.lost += (before.value is None) != (after.value is None)
            return None
        assert before.low is not None and before.high is not None
        move = abs(after.value - before.value)
        self.inside.append(move <= half(before))
        return move


def half(score: Score) -> float:
    """Half the interval's width, on the side that the ends of the scale did not cut."""
    assert score.value is not None and score.low is not None and score.high is not None
    return max(score.high - score.value, score.value - score.low)


def main() -> None:
    """The benchmark."""
    bench = Bench("invariance", "Invariance: changes that must not matter")
    moves = Moves()
    words(bench, moves)
    with tempfile.TemporaryDirectory() as folder:
        sounds(bench, moves, Path(folder))
        pictures(bench, moves, Path(folder))
    bench.figure("scores_compared", len(moves.inside))
    bench.figure("scorable_only_before_or_after", moves.lost)
    bench.target("moves_inside_interval", sum(moves.inside) / len(moves.inside), at_least=0.95)
    bench.note(
        "A cell is the median of the recordings (the worst in brackets). Points are on a scale 0–100; ± is the median "
        "half width of the intervals that the results state (90 %). A score that only one of two recordings has "
        "is counted in `scorable_only_before_or_after` and in no cell."
    )
    bench.finish()


# --- words -------------------------------------------------------------------


def words(bench: Bench, moves: Moves) -> None:
    """Harmless changes of the words, as the product itself makes them."""
    answers = written()
    table = bench.table(
        f"Words changed, {len(answers)} answers: points of language", "change", "answers", "words", "moves", "stated ±"
    )
    found = [rated(answer) for answer in answers]
    badges = [score.sensitivity.badge for _, score in found if score.sensitivity is not None]
    everything = []
    for kind in get_args(VariantKind):
        rows = [
            (score.overall, v)
            for _, score in found
            if score.sensitivity
            for v in score.sensitivity.variants
            if v.kind == kind
        ]
        changed = [moves.add(before, before.model_copy(update={"value": v.points})) for before, v in rows]
        everything += [move for move in changed if move is not None]
        stated = median(half(before) for before, _ in rows)
        table.add_row(kind, str(len(rows)), str(sum(v.changed_words for _, v in rows)), shown(changed), f"{stated:.0f}")
    bench.figure("badges", {badge: badges.count(badge) for badge in ("steady", "moves", "unsteady")})
    bench.target("words_median", median(everything), at_most=GOOD)


# --- recordings --------------------------------------------------------------


def results(path: Path, names: Iterable[str], language: str) -> dict[str, Produced]:
    """What the stages named, and those they need, find in a recording."""
    request = requested(language)
    with tempfile.TemporaryDirectory() as scratch:
        run = Run(request, Workspace(Path(scratch), LocalFile(path)), MemoryStore())
        wanted = stages.with_needs(*names)
        for name in wanted:
            try:
                run.stage(name)
            except MulakatError as error:
                run.failures[name] = error.reason
        return {name: found for name in wanted if (found := run.result(name)) is not None}


def requested(language: str) -> Request:
    """What is asked about a recording: the rubric of its language, or the English one."""
    rubric = load(Rubric, f"general-{language if language in ('en', 'tr') else 'en'}")
    return Request(answer_id="a1", rubric=rubric, policy=load(Policy, "multimodal"))


def scored(found: Results, language: str) -> AnswerScore:
    """The scores that follow from results."""
    missing = dict.fromkeys(set(stages.BY_NAME["score_answer"].needs) - set(found), Reason.of(Code.NOT_ANALYZED))
    return scoring.run(context(requested(language), scoring.Options(), found, missing))


def sounds(bench: Bench, moves: Moves, folder: Path) -> None:
    """Recordings whose sound was changed."""
    paths = [ROOT / "samples" / "problem_solving.mp4", *(media_folder() / name for name in SPOKEN)]
    columns: dict[str, list[tuple[Results, Results, AnswerScore, AnswerScore]]] = {name: [] for name in SOUND}
    for path in paths:
        language = path.name[:2] if path.name[:3] in ("de_", "en_") else "en"
        before = results(path, (*HEARD_STAGES, "analyse_face"), language)
        scores = scored(before, language)
        peak_dbfs = getattr(before["extract_audio"], "peak_dbfs", None) or 0.0
        for name, column in columns.items():
            changed = folder / f"{path.stem}-{list(SOUND).index(name)}.mov"
            change_sound(path, changed, name, peak_dbfs)
            after = {**before, **without_media(results(changed, HEARD_STAGES, language))}
            column.append((before, after, scores, scored(after, language)))
    measures: dict[str, Measure] = {
        "words, to the original's transcript": word_error_rate,
        "pace, syllables/s": voice(lambda v: v.articulation_rate_sps),
        "pauses, share of time": voice(lambda v: v.pause_ratio),
        "pitch median, semitones": voice(lambda v: 12 * log2(v.f0_hz.median) if v.f0_hz else None),
        "pitch range, semitones": voice(lambda v: v.pitch_range_semitones),
    }
    tell(bench, f"Sound changed, {len(paths)} recordings", moves, columns, measures, ("language", "voice"))
    gains = [moves_of(column, "voice") for name, column in columns.items() if name.startswith("gain")]
    bench.target("gain_moves_voice_worst", worst(move for column in gains for move in column), at_most=GOOD)
    errors = [word_error_rate(b, a) for name, c in columns.items() if name.startswith("gain") for b, a, _, _ in c]
    bench.target("gain_word_errors_median", median(e for e in errors if e is not None), at_most=0.02)


def pictures(bench: Bench, moves: Moves, folder: Path) -> None:
    """Recordings whose picture was changed."""
    paths = [ROOT / "samples" / "introduction.mp4", *(media_folder() / name for name in SEEN)]
    columns: dict[str, list[tuple[Results, Results, AnswerScore, AnswerScore]]] = {name: [] for name in PICTURE}
    for path in paths:
        before = results(path, ("analyse_face",), "en")
        scores = scored(before, "en")
        for name, column in columns.items():
            changed = folder / f"{path.stem}-{list(PICTURE).index(name)}.mp4"
            change_picture(path, changed, name)
            after = results(changed, ("analyse_face",), "en")
            after = unmirrored(after) if name == "mirror" else after
            column.append((before, after, scores, scored(after, "en")))
    measures: dict[str, Measure] = {
        "face visible, share": face(lambda f: f.visible_ratio),
        "looks to the camera, share": face(lambda f: f.on_camera_ratio),
        "yaw median, degrees": face(lambda f: f.head_pose_deg.yaw.median if f.head_pose_deg else None),
        "pitch median, degrees": face(lambda f: f.head_pose_deg.pitch.median if f.head_pose_deg else None),
        "roll median, degrees": face(lambda f: f.head_pose_deg.roll.median if f.head_pose_deg else None),
        "expression, mean over channels": expression,
    }
    tell(bench, f"Picture changed, {len(paths)} recordings", moves, columns, measures, ("visual",))
    for name in ("mirror", "half the size"):
        bench.target(f"{name.split()[0]}_moves_visual_worst", worst(moves_of(columns[name], "visual")), at_most=GOOD)


def tell(
    bench: Bench,
    title: str,
    moves: Moves,
    columns: Mapping[str, list[tuple[Results, Results, AnswerScore, AnswerScore]]],
    measures: Mapping[str, Measure],
    components: Iterable[str],
) -> None:
    """A table: a row for each measure and score, a column for each change."""
    table = bench.table(title, "measure", *columns, "stated ±")
    for label, measure in measures.items():
        table.add_row(label, *(shown([measure(b, a) for b, a, _, _ in c], 3) for c in columns.values()), "–")
    for name in (*components, "overall"):
        found = {k: [moves.add(part(b, name), part(a, name)) for _, _, b, a in c] for k, c in columns.items()}
        if any(move is not None for column in found.values() for move in column):
            first = next(iter(columns.values()))
            stated = [half(part(b, name)) for _, _, b, _ in first if part(b, name).value is not None]
            table.add_row(f"{name}, points", *(shown(column) for column in found.values()), f"{median(stated):.0f}")


# --- measures ----------------------------------------------------------------


def voice(value: Callable[[VoiceTrack], float | None]) -> Measure:
    """How far a measure of the voice moves."""

    def move(before: Results, after: Results) -> float | None:
        one, other = before.get("analyse_voice"), after.get("analyse_voice")
        if not isinstance(one, VoiceTrack) or not isinstance(other, VoiceTrack):
            return None
        return distance(value(one), value(other))

    return move


def face(value: Callable[[FaceTrack], float | None]) -> Measure:
    """How far a measure of the face moves."""

    def move(before: Results, after: Results) -> float | None:
        one, other = before.get("analyse_face"), after.get("analyse_face")
        if not isinstance(one, FaceTrack) or not isinstance(other, FaceTrack):
            return None
        return distance(value(one), value(other))

    return move


def expression(before: Results, after: Results) -> float | None:
    """Mean distance over the expression channels that both have."""
    one, other = before.get("analyse_face"), after.get("analyse_face")
    if not isinstance(one, FaceTrack) or not isinstance(other, FaceTrack):
        return None
    moved = [distance(value, other.expression.get(name)) for name, value in one.expression.items()]
    known = [move for move in moved if move is not None]
    return sum(known) / len(known) if known else None


def word_error_rate(before: Results, after: Results) -> float | None:
    """Word error rate of the transcript, held against that of the original recording."""
    one, other = before["transcribe"], after["transcribe"]
    assert isinstance(one, Transcript) and isinstance(other, Transcript)
    clip = wer.Clip(Path(), "", one.language or "en", one.text, written_by_people=False)
    errors, count = wer.errors(clip, other.text)
    return errors / count if count else None


def distance(one: float | None, other: float | None) -> float | None:
    """How far apart two values are."""
    return None if one is None or other is None else abs(other - one)


def unmirrored(found: Results) -> dict[str, Produced]:
    """A mirrored recording's face with left and right put back: angles and the channels of either side."""
    track = found["analyse_face"]
    assert isinstance(track, FaceTrack)
    other_side = {"Left": "Right", "Right": "Left"}
    update: dict[str, object] = {
        "expression": {
            name.removesuffix(side) + other_side.get(side, "") if side else name: value
            for name, value in track.expression.items()
            for side in [next((s for s in other_side if name.endswith(s)), "")]
        }
    }
    if track.head_pose_deg is not None:
        pose = track.head_pose_deg
        update["head_pose_deg"] = pose.model_copy(
            update={
                angle: spread.model_copy(update={"median": -spread.median, "p05": -spread.p95, "p95": -spread.p05})
                for angle, spread in (("yaw", pose.yaw), ("roll", pose.roll))
            }
        )
    return {**found, "analyse_face": track.model_copy(update=update)}


def without_media(found: Results) -> dict[str, Produced]:
    """Results of the sound alone: the file itself has no picture any more, which was not the change."""
    return {name: result for name, result in found.items() if name != "fetch_media"}


def part(score: AnswerScore, name: str) -> Score:
    """A component's score, or the overall one."""
    return next((c.score for c in score.components if c.name == name), score.overall)


def moves_of(column: Iterable[tuple[Results, Results, AnswerScore, AnswerScore]], name: str) -> list[float]:
    """How far a component's score moved, where there are two."""
    moved = [distance(part(b, name).value, part(a, name).value) for _, _, b, a in column]
    return [move for move in moved if move is not None]


def worst(values: Iterable[float]) -> float:
    """The largest."""
    return max(values)


def shown(values: Iterable[float | None], digits: int = 1) -> str:
    """Median and worst."""
    known = [value for value in values if value is not None]
    return f"{median(known):.{digits}f} ({max(known):.{digits}f})" if known else "–"


if __name__ == "__main__":
    main()
