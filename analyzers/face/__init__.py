"""Face over time: visibility, head pose, gaze, expression channels (stage `analyse_face`).

MediaPipe FaceLandmarker finds 478 landmarks, 52 blendshapes and a head transform in
each sampled frame. It runs in a child process that has no network
(`mulakat.runtime.sandbox`), because MediaPipe reports its use to Google.

What the numbers do not say: expression channels are movements of the face named
after action units, not feelings; gaze is told against the person's own usual gaze
in this answer, so it says "elsewhere than usual", never "at the camera" for certain.

Modules: `landmarks` (frame → faces), `geometry` (transform and blendshapes → degrees
and channels), `visibility` (is the face fit to be measured), `mask` (is its mouth covered), `gaze` (baseline and
episodes), `reidentification` and `frozen_video` (what `flags` are made of), `track` (the answer
as a whole; runs in the child process), `emotion` (a stage of its own). Conventions, errors and limits:
`docs/analyzers/face.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from mulakat.runtime import models
from mulakat.runtime.sandbox import run_without_network
from mulakat.schema.base import TimeRange
from mulakat.schema.codes import Code
from mulakat.schema.errors import NotMeasurable
from mulakat.schema.face import FaceTrack
from mulakat.schema.media import Media
from mulakat.schema.provenance import provenance

if TYPE_CHECKING:
    from mulakat.schema.contract import Context

__all__ = ["VERSION", "FaceAnalyzer", "FaceTrack", "Options", "Result", "run"]

VERSION = "7"
ANALYZER = "analyzers.face"
"""Its name in provenance. Stored with every result, so it stays when the module moves."""
Result = FaceTrack
MODELS = ("face_landmarker", "face_identity", "face_covering")


class Options(BaseModel):
    """How a face is followed. Pixels are those of the frames after `max_side_px`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sample_rate_hz: float = Field(5.0, gt=0, le=60, description="frames looked at per second")
    max_side_px: int = Field(1280, ge=128, le=4096, description="larger frames are scaled down to this")
    max_faces: int = Field(4, ge=1, le=10, description="faces looked for in one frame")
    scan_interval_s: float = Field(1.0, gt=0, description="how often faces besides the candidate's are looked for")
    min_confidence: float = Field(0.5, gt=0, lt=1, description="MediaPipe's threshold for detection and presence")
    min_face_px: float = Field(40.0, gt=0, description="longer side of the face; smaller is `too small`")
    min_luma: float = Field(25.0, ge=0, le=255, description="95th percentile of luma; darker is `too dark`")
    min_sharpness: float = Field(0.008, ge=0, description="`visibility.sharpness`; lower is `blurred`")
    max_cut_off: float = Field(0.25, ge=0, le=1, description="share outside the picture; more is `cut off`")
    max_turn_deg: float = Field(60.0, gt=0, lt=90, description="head turned or tilted further is `turned away`")
    on_camera_deg: float = Field(10.0, gt=0, description="gaze this near to its median counts as on camera")
    min_look_away_s: float = Field(0.4, gt=0, description="shorter looks elsewhere are no episode")
    max_blink_s: float = Field(0.4, gt=0, description="eyes closed for longer are looking down or shut, not blinking")
    min_baseline_s: float = Field(2.0, gt=0, description="less visible gaze than this gives no baseline")


def uses(options: BaseModel) -> dict[str, str | None]:
    """Digests of its models."""
    return models.digests(*MODELS)


class FaceAnalyzer:
    """Follows faces in a child process, which loads the models for one recording and ends with it.

    Raises (when built):
        SetupError: a model is missing.
    """

    def __init__(self, options: Options | None = None) -> None:
        self.options = options or Options()
        self._models = {name: str(models.locate(name)) for name in MODELS}

    def follow(
        self,
        recording: Path,
        duration_s: float = 0.0,
        holes: Sequence[TimeRange] = (),
        progress: Callable[[float], None] = lambda fraction: None,
    ) -> FaceTrack:
        """Follow the candidate's face through a recording.

        Args:
            duration_s: as probed; without it there is no progress.
            holes: stretches that the recording lacks altogether (`Damage.holes`).
            progress: called with the fraction done, 0–1.

        Raises:
            NotMeasurable: the recording has no picture.
            BadInput: the picture cannot be decoded.
            SetupError: this machine cannot shut MediaPipe off the network.
        """
        from analyzers.face import track

        measured = run_without_network(
            track.follow,
            str(recording),
            self._models,
            self.options.model_dump(mode="json"),
            duration_s,
            [(hole.start_s, hole.end_s) for hole in holes],
            progress=progress,
        )
        made_by = provenance(
            ANALYZER,
            VERSION,
            self.options,
            libraries=("mediapipe", "dlib-bin", "av", "numpy", "opencv-python-headless"),
            models={name: models.digest(name) for name in MODELS},
        )
        return FaceTrack(provenance=made_by, **measured)


def run(context: Context) -> FaceTrack:
    """Follow the candidate's face through the recording.

    Raises:
        NotMeasurable: there is no picture to follow it in.
        BadInput, SetupError: as `FaceAnalyzer`.
    """
    media = context.results["fetch_media"]
    assert isinstance(media, Media)
    if media.video is None:
        raise NotMeasurable(Code.NO_PICTURE if media.text is None else Code.WRITTEN_ANSWER)
    assert isinstance(context.options, Options)
    analyzer = FaceAnalyzer(context.options)
    return analyzer.follow(context.media(), media.duration_s or 0.0, media.damage.holes, context.progress)
