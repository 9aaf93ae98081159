"""A page to look at: each development recording with its lanes over time.

    python bench/gallery.py OUT.html [FILE…]     # default: all videos and speech of the development set

Words, gaze, head pose, expression, pitch and loudness under pictures of the same moments,
with what the manifest says the recording shows. One self-contained HTML file; it holds
faces, so it is written where you say and never committed.
"""

from __future__ import annotations

import argparse
import base64
import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.progress import track

from mulakat.pipeline.local import Analysis, analyze
from mulakat.pipeline.options import stage_options
from mulakat.presentation.lanes import Lane, thinned
from mulakat.presentation.presenter import Presenter
from mulakat.report.content import Plot
from mulakat.report.plots import LANE_HEIGHT, LANE_WIDTH
from mulakat.report.plots import lane as draw
from mulakat.rubrics.packs import pack
from mulakat.schema.base import Column
from mulakat.schema.rubric import Policy, Rubric
from report import media_folder

PICTURES = 12
PICTURE_PX = 160
POSE = ("yaw_deg", "pitch_deg", "roll_deg")
GAZE = ("gaze_yaw_deg", "gaze_pitch_deg")
NOT_EXPRESSION = {"t_s", "visible", "faces", "on_camera", *POSE, *GAZE}


@dataclass(frozen=True)
class Entry:
    """One recording on the page."""

    name: str
    shows: str
    said: str
    analysis: Analysis
    pictures: list[tuple[float, str]]
    groups: list[tuple[str, list[tuple[Lane, Plot]]]]
    words: list[tuple[float, float, str]]


def entry(name: str, path: Path, known: dict[str, str]) -> Entry:
    """Analyse one recording and prepare what the page shows of it."""
    analysis = analyze(
        path, rubric=pack(Rubric, "general-en"), policy=pack(Policy, "multimodal"), jobs=2, options=stage_options()
    )
    duration_s = (analysis.media.duration_s if analysis.media else None) or 0.0
    words = analysis.transcript.spoken if analysis.transcript and duration_s else []
    scale = LANE_WIDTH / duration_s if duration_s else 0.0
    return Entry(
        name=name,
        shows="; ".join(filter(None, (known.get("shows"), known.get("label")))),
        said=known.get("transcript", ""),
        analysis=analysis,
        pictures=_pictures(path, duration_s) if analysis.media and analysis.media.video else [],
        groups=_groups(analysis, duration_s),
        words=[(w.start_s * scale, (w.end_s - w.start_s) * scale, w.text) for w in words],
    )


def _groups(analysis: Analysis, duration_s: float) -> list[tuple[str, list[tuple[Lane, Plot]]]]:
    """Lanes by heading, as far as there is something to draw."""
    voice: dict[str, Column] = analysis.voice.track if analysis.voice else {}
    face: dict[str, Column] = analysis.face.track if analysis.face else {}
    wanted = (
        ("pitch and loudness", voice, [key for key in voice if key != "t_s"]),
        ("gaze from the person's own baseline", face, [*GAZE, "on_camera"]),
        ("head pose", face, POSE),
        ("expression", face, [key for key in face if key not in NOT_EXPRESSION]),
    )
    groups = []
    for heading, columns, keys in wanted:
        found = [lane for key in keys if (lane := _lane(key, columns)) is not None]
        if found and duration_s > 0:
            groups.append((heading, [(lane, draw(lane, lane.key, duration_s, [], [])) for lane in found]))
    return groups


def _lane(key: str, track: dict[str, Column]) -> Lane | None:
    """A column on its own range; None when nothing was measured."""
    t_s, values = thinned(track.get("t_s", []), track.get(key, []))
    known = [value for value in values if value is not None]
    if not known:
        return None
    low, high = min(known), max(known)
    return Lane(key, stage="", low=low, high=max(high, low + 1e-9), t_s=tuple(t_s), values=tuple(values), measured=True)


def _pictures(path: Path, duration_s: float) -> list[tuple[float, str]]:
    """A few pictures of the recording: time, JPEG as a data address."""
    import cv2

    from analyzers.media.frames import frames

    found = []
    for frame in frames(path, rate_hz=max(PICTURES / duration_s, 0.01), max_side_px=PICTURE_PX):
        _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(frame.rgb, cv2.COLOR_RGB2BGR))
        found.append((frame.t_s, "data:image/jpeg;base64," + base64.b64encode(jpeg.tobytes()).decode()))
    return found[:PICTURES]


def _listed(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file, delimiter="\t")}


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("files", nargs="*", type=Path)
    arguments = parser.parse_args()
    known: dict[str, Any] = {}
    paths = {str(path): path for path in arguments.files}
    if not paths:
        folder = media_folder()
        known = _listed(folder)
        paths = {name: folder / name for name in known if name.startswith(("video/", "speech/"))}
    entries = [entry(name, path, known.get(name, {})) for name, path in track(paths.items(), "Analysing …")]
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    page = environment.get_template("gallery.html.j2").render(
        entries=entries, t=Presenter("en"), width=LANE_WIDTH, height=LANE_HEIGHT
    )
    arguments.out.write_text(page, encoding="utf-8")
    print(f"{len(entries)} recordings in {arguments.out}")  # noqa: T201


if __name__ == "__main__":
    main()
