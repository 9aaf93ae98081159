"""One person's face through a whole recording: the work of the child process.

Frames are looked at one by one and dropped; what is kept is a row of numbers each.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.face import Options, gaze, visibility
from analyzers.face.flags import FlagCollector
from analyzers.face.geometry import CHANNELS, Pose
from analyzers.face.landmarks import Box, Face, Landmarker
from analyzers.face.mask import MaskDetector
from analyzers.face.reidentification import FaceMatcher
from analyzers.media.damage import PAUSE_S, loss
from analyzers.media.frames import Frame, frames
from analyzers.media.repetitions import Repetitions
from analyzers.signals.spread import spread
from mulakat.schema.base import Column
from mulakat.schema.codes import Code
from mulakat.schema.errors import NotMeasurable
from mulakat.schema.ranges import Span
from mulakat.schema.reasons import Reason

# How long the candidate's place and pose are remembered when the face is lost.
MEMORY_S = 2.0
# A face lost after it was turned further than this is taken to have turned away.
LOST_TURN_DEG = 40.0
# A face counts for `max_faces` when it is there for this many samples in a row.
STEADY_SAMPLES = 3


def follow(
    path: str,
    models: Mapping[str, str],
    options: dict[str, Any],
    duration_s: float,
    holes: Sequence[Span] = (),
    *,
    progress: Callable[[float], None],
) -> dict[str, Any]:
    """Fields of a `FaceTrack`, without its provenance.

    Args:
        path: the recording.
        models: paths of the files of `face.MODELS`.
        options: fields of `Options`.
        duration_s: of the recording.
        holes: of `Media.damage`.

    Raises:
        BadInput: the recording cannot be read.
        NotMeasurable: no picture in it can be decoded.
        RuntimeError: this process has network access.
    """
    chosen = Options.model_validate(options)
    percent = 0
    lost: list[Span] = []
    repetitions = Repetitions()
    with Landmarker(models["face_landmarker"], chosen) as landmarker:
        track = FaceTracker(chosen, FaceMatcher(models["face_identity"]), MaskDetector(models["face_covering"]))
        for frame in frames(
            Path(path),
            rate_hz=chosen.sample_rate_hz,
            max_side_px=chosen.max_side_px,
            holes=holes,
            lost=lost,
            repetitions=repetitions,
        ):
            track.add(frame, landmarker.faces(frame.rgb, frame.t_s))
            now = min(100, int(100 * frame.t_s / duration_s)) if duration_s > 0 else 0
            if now > percent:
                percent = now
                progress(percent / 100)
    if not track.samples:
        raise NotMeasurable(Code.PICTURE_UNREADABLE)
    track.go_on_to(duration_s)
    return track.summary(repetitions.new_pictures) | {"undecoded": loss(lost, duration_s)}


# What is kept of each frame with a visible face.
_MEASURED = (*Pose._fields, "eye_yaw", "eye_pitch", "mouth_open", *CHANNELS)
_UNSEEN = (np.nan,) * len(_MEASURED)
# What is kept of every frame.
_ALWAYS = ("t_s", "faces", "face", "brightness", "sharpness")


class FaceTracker:
    """Follows the candidate from frame to frame and sums the answer up.

    Shares are of the recording's time: a sample counts for as long as it is the newest. Where no picture comes for
    more than `PAUSE_S`, samples without one stand in the gap, so that nothing that runs on is taken to run through.
    """

    def __init__(self, options: Options, identity: FaceMatcher, covering: MaskDetector) -> None:
        self._options = options
        self._covering = covering
        self._watch = FlagCollector(identity)
        self._columns = {name: array("d") for name in (*_ALWAYS, *_MEASURED)}
        self._problems: list[str | None] = []
        self._missing: list[Span] = []
        self._place: Box | None = None
        self._turn_deg = 0.0
        self._seen_s = -np.inf

    def add(self, frame: Frame, faces: Sequence[Face]) -> None:
        """Take in a frame and the faces found in it; times increase."""
        t_s, rgb = frame.t_s, frame.rgb
        self.go_on_to(t_s)
        face = self._candidate(t_s, faces)
        look = visibility.look(rgb, face)
        problem = visibility.face_problem(face, look, rgb, self._options) if face else self._absence(t_s, look)
        if face and problem is None and self._covering.seen(t_s, rgb, face):
            problem = visibility.COVERED
        self._watch.add(t_s, rgb, face, visible=problem is None)
        if face:
            self._place, self._seen_s = face.place, t_s
            self._turn_deg = abs(face.pose.yaw)
        measured = _UNSEEN
        if face and problem is None:
            measured = (*face.pose, *face.eyes, face.mouth_open, *face.channels.values())
        self._append((t_s, len(faces), face is not None, look.brightness, look.sharpness, *measured), problem)

    def go_on_to(self, t_s: float) -> None:
        """Take in that there is no frame up to this moment, seconds."""
        times, step_s = self._columns["t_s"], 1 / self._options.sample_rate_hz
        since_s = times[-1] + step_s if times else 0.0
        if t_s - since_s <= PAUSE_S:
            return
        self._missing.append((since_s, t_s))
        for missed_s in np.arange(since_s, t_s - step_s / 2, step_s):
            self._append((missed_s, 0, False, np.nan, np.nan, *_UNSEEN), visibility.NO_PICTURE)
            self._watch.skip()

    def _append(self, row: tuple[float, ...], problem: str | None) -> None:
        for column, value in zip(self._columns.values(), row, strict=True):
            column.append(value)
        self._problems.append(problem)

    def _candidate(self, t_s: float, faces: Sequence[Face]) -> Face | None:
        """The face where the candidate was last seen; the largest when that is long ago."""
        if self._place is None or t_s - self._seen_s > MEMORY_S:
            return max(faces, key=lambda face: face.box.width * face.box.height, default=None)
        place = self._place
        nearest = max(faces, key=lambda face: face.place.overlap(place), default=None)
        return nearest if nearest and nearest.place.overlap(place) > 0 else None

    def _absence(self, t_s: float, look: visibility.Appearance) -> str:
        if t_s - self._seen_s <= MEMORY_S and self._turn_deg > LOST_TURN_DEG:
            return visibility.TURNED_AWAY
        return visibility.frame_problem(look, self._options)

    @property
    def samples(self) -> int:
        """Frames taken in so far."""
        return len(self._problems) - self._problems.count(visibility.NO_PICTURE)

    def summary(self, new_pictures: int) -> dict[str, Any]:
        """Fields of a `FaceTrack`, without its provenance; at least one frame must have been added.

        Args:
            new_pictures: how many pictures of the recording differed from the one before.
        """
        column = {name: np.array(values) for name, values in self._columns.items()}
        t_s, faces = column["t_s"], column["faces"]
        step_s = float(t_s[-1] - t_s[0]) / (len(t_s) - 1) if len(t_s) > 1 else 1 / self._options.sample_rate_hz
        visible = ~np.isnan(column["yaw"])
        share = np.append(np.diff(t_s), step_s) / (t_s[-1] - t_s[0] + step_s)  # of the time
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
            "visible_ratio": round(float(share[visible].sum()), 4),
            "max_faces": _most(faces),
            **_on_camera(seen, self._options),
            "look_aways": [{"start_s": round(start, 3), "end_s": round(end, 3)} for start, end in away],
            "head_pose_deg": {name: spread(column[name][visible]) for name in Pose._fields} if visible.any() else None,
            "expression": _means(column, visible) if visible.any() else {},
            "not_visible": {
                problem: round(float(share[[each == problem for each in self._problems]].sum()), 4)
                for problem in sorted(set(filter(None, self._problems)))
            },
            "flags": self._watch.flags(column, step_s, self._missing),
            "picture": self._picture(column, new_pictures),
            "reasons": {
                field: reason.model_dump(mode="json")
                for field, reason in self._reasons(visible, has_gaze=seen is not None).items()
            },
            "sample_rate_hz": round(1 / step_s, 2),
            "track": {
                "t_s": _column(t_s, 3),
                "visible": visible.astype(float).tolist(),
                "faces": faces.tolist(),
                **{f"{name}_deg": _column(column[name], 1) for name in Pose._fields},
                "gaze_yaw_deg": _column(looked.yaw, 1),
                "gaze_pitch_deg": _column(looked.pitch, 1),
                "on_camera": _column(looked.on_camera, 0),
                "mouth_open": _column(column["mouth_open"], 4),
                **{name: _column(column[name], 3) for name in CHANNELS},
            },
        }

    def _picture(self, column: Mapping[str, NDArray[np.float64]], new_pictures: int) -> dict[str, float] | None:
        """Fields of a `Picture`; None with a single frame, which has no rate."""
        if self.samples < 2:
            return None
        with_face = column["face"] > 0
        judged = with_face if with_face.any() else ~np.isnan(column["brightness"])
        shown_s = column["t_s"][-1] - column["t_s"][0] - sum(end - start for start, end in self._missing)
        return {
            "brightness": round(float(np.median(column["brightness"][judged])), 1),
            "sharpness": round(float(np.median(column["sharpness"][judged])), 4),
            "frame_rate_hz": round(new_pictures / float(shown_s), 2),
        }

    def _reasons(self, visible: NDArray[np.bool_], *, has_gaze: bool) -> dict[str, Reason]:
        """Why what is None in the summary was not measured."""
        reasons: dict[str, Reason] = {}
        if self.samples < 2:
            reasons["picture"] = Reason.of(Code.ONE_PICTURE)
        if not visible.any():
            problems = [
                Reason.of(Code.FACE_PROBLEM, problem=problem, frames=n, of=len(visible))
                for problem, n in Counter(filter(None, self._problems)).most_common()
            ]
            never = Reason.of(Code.FACE_NEVER_VISIBLE, problems=problems)
            reasons |= dict.fromkeys(("head_pose_deg", "on_camera_ratio", "expression"), never)
        elif not has_gaze:
            reasons["on_camera_ratio"] = Reason.of(Code.GAZE_TOO_SHORT, needed_s=self._options.min_baseline_s)
        return reasons


def _on_camera(seen: gaze.Gaze | None, options: Options) -> dict[str, float | None]:
    """The share on camera, and what it would be were all gazes off by the error of gaze."""
    names = ("on_camera_ratio", "on_camera_low", "on_camera_high")
    if seen is None:
        return {"gaze_error_deg": None, **dict.fromkeys(names)}
    shares = (seen.share_within(options.on_camera_deg + by) for by in (0, -gaze.ERROR_DEG, gaze.ERROR_DEG))
    return {
        "gaze_error_deg": gaze.ERROR_DEG,
        **{name: round(share, 4) for name, share in zip(names, shares, strict=True)},
    }


def _most(faces: NDArray[np.float64]) -> int:
    """Most faces at a time, flickers left out."""
    samples = min(STEADY_SAMPLES, len(faces))
    return int(np.lib.stride_tricks.sliding_window_view(faces, samples).min(axis=1).max())


def _means(column: Mapping[str, NDArray[np.float64]], visible: NDArray[np.bool_]) -> dict[str, float]:
    return {name: round(float(column[name][visible].mean()), 4) for name in CHANNELS}


def _column(values: NDArray[np.float64], decimals: int) -> Column:
    return [None if np.isnan(value) else round(float(value), decimals) for value in values]
