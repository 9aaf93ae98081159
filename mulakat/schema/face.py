"""The candidate's face over time."""

from __future__ import annotations

from pydantic import Field

from mulakat.schema.base import Column, Flag, Produced, Result, Spread, TimeRange
from mulakat.schema.media import Loss
from mulakat.schema.reasons import Reason


class HeadPose(Result):
    """Head pose over the visible frames, degrees; signs as in `mulakat.schema.base`."""

    yaw: Spread
    pitch: Spread
    roll: Spread


class Picture(Result):
    """The picture's technical quality over the sampled frames (medians), on the face where there is one."""

    brightness: float = Field(ge=0, le=255, description="luma")
    sharpness: float = Field(ge=0, description="variance of the Laplacian ÷ variance of the picture, at a fixed size")
    frame_rate_hz: float = Field(ge=0, description="pictures per second that differ from the one before")


class FaceTrack(Produced):
    """The candidate's face over time (stage `analyse_face`).

    `track` columns: `t_s`, `visible` (0/1), `faces`, `yaw_deg`, `pitch_deg`,
    `roll_deg`, `gaze_yaw_deg`, `gaze_pitch_deg`, `on_camera` (0/1), `mouth_open`
    (gap between the inner lips ÷ height of the face) and one per expression channel.
    """

    visible_ratio: float = Field(ge=0, le=1, description="share of the recording's time")
    max_faces: int
    on_camera_ratio: float | None = Field(
        description="share of visible frames with gaze near the person's own baseline"
    )
    on_camera_low: float | None = Field(None, description="that share, were all gazes further off by the error")
    on_camera_high: float | None = Field(None, description="that share, were all gazes nearer by the error")
    gaze_error_deg: float | None = Field(None, description="standard error of one gaze direction")
    look_aways: list[TimeRange]
    head_pose_deg: HeadPose | None
    expression: dict[str, float | None] = Field(description="channel → mean over visible frames, 0–1")
    not_visible: dict[str, float] = Field(default_factory=dict, description="problem → share of the recording's time")
    flags: list[Flag] = Field(default_factory=list)
    picture: Picture | None = None
    undecoded: Loss = Field(default_factory=Loss, description="pictures that cannot be decoded or build on lost ones")
    reasons: dict[str, Reason] = Field(default_factory=dict, description="field that is None → why it was not measured")
    sample_rate_hz: float
    track: dict[str, Column]


class Accuracy(Result):
    """How often a classifier was right on labelled pictures, with a 95 % Wilson interval."""

    value: float = Field(ge=0, le=1)
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)
    pictures: int = Field(ge=0)
    source: str = Field(description="where the figures stand")


class EmotionTrack(Produced):
    """Emotion words for the candidate's face (stage `analyse_emotion`); shown, never scored.

    `track` columns: `t_s` and one per label, its probability 0–1; frames in which the
    face was not visible are left out.
    """

    shares: dict[str, float] = Field(description="label → share of the frames in which it was the likeliest")
    accuracy: Accuracy
    caution: Reason = Field(description="what the labels do not say; to be shown with them")
    sample_rate_hz: float
    track: dict[str, Column]
