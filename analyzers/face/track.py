"""One person's face through a whole recording: the work of the child process.

Frames are looked at one by one and dropped; what is kept is a row of numbers each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.errors import NotMeasurable
from analyzers.face import Options, gaze, visibility
from analyzers.face.geometry import CHANNELS, Pose
from analyzers.face.landmarks import Box, Face, Landmarker
from analyzers.results import Column

# How long the candidate's place and pose are remembered when the face is lost.
MEMORY_S = 2.0
# A face lost after it was turned further than this is taken to have turned away.
LOST_TURN_DEG = 40.0
# A face counts for `max_faces` when it is there for this many samples in a row.
STEADY_SAMPLES = 3


def follow(
    path: str, model: str, options: dict[str, Any], duration_s: float, *, progress: Callable[[float], None]
) -> dict[str, Any]:
    """Fields of a `FaceTrack`, without its provenance.

    Args:
        path: the recording.
        model: path of `face_landmarker.task`.
        options: fields of `Options`.
        duration_s: of the recording, for the progress.

    Raises:
        BadInput: the recording cannot be read.
        NotMeasurable: no picture in it can be decoded.
        RuntimeError: this process has network access.
    """
    from analyzers.media.frames import frames

    chosen = Options.model_validate(options)
    track = Track(chosen)
    percent = 0
    with Landmarker(model, chosen) as landmarker:
        for frame in frames(Path(path), rate_hz=chosen.sample_rate_hz, max_side_px=chosen.max_side_px):
            track.add(frame.t_s, frame.rgb, landmarker.faces(frame.rgb, frame.t_s))
            now = min(100, int(100 * frame.t_s / duration_s)) if duration_s > 0 else 0
            if now > percent:
                percent = now
                progress(percent / 100)
    if not track.samples:
        raise NotMeasurable("no picture of the video stream can be decoded")
    return track.summary()


# What is kept of each frame with a visible face.
_MEASURED = (*Pose._fields, "eye_yaw", "eye_pitch", *CHANNELS)


class Track:
    """Follows the candidate from frame to frame and sums the answer up."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._t_s: list[float] = []
        self._faces: list[int] = []
        self._rows: list[tuple[float, ...] | None] = []
        self._problems: Counter[str] = Counter()
        self._box: Box | None = None
        self._turn_deg = 0.0
        self._seen_s = -np.inf

    def add(self, t_s: float, rgb: NDArray[np.uint8], faces: Sequence[Face]) -> None:
        """Take in the frame at `t_s` and the faces found in it."""
        face = self._candidate(t_s, faces)
        problem = visibility.face_problem(face, rgb, self._options) if face else self._absence(t_s, rgb)
        if face:
            self._box, self._seen_s = face.box, t_s
            self._turn_deg = abs(face.pose.yaw)
        self._t_s.append(t_s)
        self._faces.append(len(faces))
        if problem or face is None:
            self._problems[problem or visibility.NO_FACE] += 1
            self._rows.append(None)
        else:
            self._rows.append((*face.pose, *face.eyes, *face.channels.values()))

    def _candidate(self, t_s: float, faces: Sequence[Face]) -> Face | None:
        """The face where the candidate was last seen; the largest when that is long ago."""
        if self._box is None or t_s - self._seen_s > MEMORY_S:
            return max(faces, key=lambda face: face.box.width * face.box.height, default=None)
        box = self._box
        nearest = max(faces, key=lambda face: face.box.overlap(box), default=None)
        return nearest if nearest and nearest.box.overlap(box) > 0 else None

    def _absence(self, t_s: float, rgb: NDArray[np.uint8]) -> str:
        if t_s - self._seen_s <= MEMORY_S and self._turn_deg > LOST_TURN_DEG:
            return visibility.TURNED_AWAY
        return visibility.frame_problem(rgb, self._options)

    @property
    def samples(self) -> int:
        """Frames taken in so far."""
        return len(self._t_s)

    def summary(self) -> dict[str, Any]:
        """Fields of a `FaceTrack`, without its provenance; at least one frame must have been added."""
        t_s = np.array(self._t_s)
        step_s = float(t_s[-1] - t_s[0]) / (len(t_s) - 1) if len(t_s) > 1 else 1 / self._options.sample_rate_hz
        visible = np.array([row is not None for row in self._rows])
        empty = (np.nan,) * len(_MEASURED)
        column = dict(zip(_MEASURED, np.array([row or empty for row in self._rows], dtype=float).T, strict=True))
        seen = gaze.against_baseline(
            column["yaw"] + column["eye_yaw"],
            column["pitch"] + column["eye_pitch"],
            column["blink"],
            step_s,
            self._options,
        )
        away = list(gaze.look_aways(t_s, seen.on_camera, step_s, self._options)) if seen else []
        unknown = np.full(len(t_s), np.nan)
        looked = seen or gaze.Gaze(unknown, unknown, unknown)
        return {
            "visible_ratio": round(float(visible.mean()), 4),
            "max_faces": self._most_faces(),
            "on_camera_ratio": round(float(np.nanmean(seen.on_camera)), 4) if seen else None,
            "look_aways": [{"start_s": round(start, 3), "end_s": round(end, 3)} for start, end in away],
            "head_pose_deg": {name: _spread(column[name][visible]) for name in Pose._fields} if visible.any() else None,
            "expression": _means(column, visible) if visible.any() else {},
            "not_visible": {reason: round(n / len(t_s), 4) for reason, n in sorted(self._problems.items())},
            "reasons": self._reasons(visible, has_gaze=seen is not None),
            "sample_rate_hz": round(1 / step_s, 2),
            "track": {
                "t_s": _column(t_s, 3),
                "visible": visible.astype(float).tolist(),
                "faces": [float(faces) for faces in self._faces],
                **{f"{name}_deg": _column(column[name], 1) for name in Pose._fields},
                "gaze_yaw_deg": _column(looked.yaw, 1),
                "gaze_pitch_deg": _column(looked.pitch, 1),
                "on_camera": _column(looked.on_camera, 0),
                **{name: _column(column[name], 3) for name in CHANNELS},
            },
        }

    def _reasons(self, visible: NDArray[np.bool_], *, has_gaze: bool) -> dict[str, str]:
        """Why what is None in the summary was not measured."""
        if not visible.any():
            shares = ", ".join(
                f"{reason} in {n} of {len(visible)} frames" for reason, n in self._problems.most_common()
            )
            return dict.fromkeys(("head_pose_deg", "on_camera_ratio", "expression"), f"face never visible: {shares}")
        if not has_gaze:
            need = f"gaze seen for less than {self._options.min_baseline_s:g} s, too short for a baseline"
            return {"on_camera_ratio": need}
        return {}

    def _most_faces(self) -> int:
        """Most faces at a time, flickers left out."""
        samples = min(STEADY_SAMPLES, len(self._faces))
        windows = zip(*(self._faces[i:] for i in range(samples)), strict=False)
        return max((min(window) for window in windows), default=0)


def _means(column: Mapping[str, NDArray[np.float64]], visible: NDArray[np.bool_]) -> dict[str, float]:
    return {name: round(float(column[name][visible].mean()), 4) for name in CHANNELS}


def _spread(values: NDArray[np.float64]) -> dict[str, float]:
    p05, median, p95 = np.percentile(values, (5, 50, 95))
    return {"median": round(float(median), 2), "p05": round(float(p05), 2), "p95": round(float(p95), 2)}


def _column(values: NDArray[np.float64], decimals: int) -> Column:
    return [None if np.isnan(value) else round(float(value), decimals) for value in values]
