"""From MediaPipe's transform and blendshapes to degrees and named channels.

Signs as in `mulakat.schema.scores`: yaw > 0 towards the right edge of the picture,
pitch > 0 up, roll > 0 clockwise in the picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Degrees of eye rotation per unit of an eye-look blendshape. Chosen to keep
# head + eye steadiest in recordings whose speakers look at the camera while the
# head moves: there the eyes turn back by what the head turns (r = −0.85 to −0.98;
# slopes of 18 to 28 sideways, 17 to 28 up and down).
EYE_YAW_DEG = 25.0
EYE_PITCH_DEG = 20.0

# Channel → blendshapes it is the mean of.
CHANNELS: dict[str, tuple[str, ...]] = {
    "brow_raise": ("browInnerUp", "browOuterUpLeft", "browOuterUpRight"),
    "frown": ("browDownLeft", "browDownRight"),
    "eye_wide": ("eyeWideLeft", "eyeWideRight"),
    "eye_squint": ("eyeSquintLeft", "eyeSquintRight"),
    "smile": ("mouthSmileLeft", "mouthSmileRight"),
    "mouth_pucker": ("mouthPucker",),
    "mouth_stretch": ("mouthStretchLeft", "mouthStretchRight"),
    "mouth_press": ("mouthPressLeft", "mouthPressRight"),
    "jaw_open": ("jawOpen",),
    "blink": ("eyeBlinkLeft", "eyeBlinkRight"),
}

# Channel → the action units it comes nearest to (FACS, Ekman & Friesen 1978).
ACTION_UNITS: dict[str, str] = {
    "brow_raise": "AU 1+2",
    "frown": "AU 4",
    "eye_wide": "AU 5",
    "eye_squint": "AU 7",
    "smile": "AU 12",
    "mouth_pucker": "AU 18",
    "mouth_stretch": "AU 20",
    "mouth_press": "AU 24",
    "jaw_open": "AU 26",
    "blink": "AU 45",
}


class Pose(NamedTuple):
    """Head pose in degrees."""

    yaw: float
    pitch: float
    roll: float


class Direction(NamedTuple):
    """Where something points, degrees."""

    yaw: float
    pitch: float


def head_pose(transform: NDArray[np.floating]) -> Pose:
    """Head pose from a facial transformation matrix.

    Args:
        transform: [shape=(4, 4)] canonical face → camera space, x right, y up, z
            towards the viewer; the canonical face looks along +z.

    Yaw and pitch are where the nose points; roll turns the head about that axis.
    """
    axes = transform[:3, :3] / np.linalg.norm(transform[:3, :3], axis=0)
    nose = axes[:, 2]
    return Pose(
        yaw=float(np.degrees(np.arctan2(nose[0], nose[2]))),
        pitch=float(np.degrees(np.arcsin(np.clip(nose[1], -1, 1)))),
        roll=float(np.degrees(np.arctan2(-axes[1, 0], axes[1, 1]))),
    )


def eye_direction(blendshapes: Mapping[str, float]) -> Direction:
    """Where the eyes point relative to the head; mean of both eyes."""

    def sum_of(*names: str) -> float:
        return sum(blendshapes[f"eyeLook{name}"] for name in names)

    # The subject's left is the picture's right.
    right = sum_of("OutLeft", "InRight") - sum_of("InLeft", "OutRight")
    up = sum_of("UpLeft", "UpRight") - sum_of("DownLeft", "DownRight")
    return Direction(EYE_YAW_DEG * right / 2, EYE_PITCH_DEG * up / 2)


def mouth_open(points: NDArray[np.floating]) -> float:
    """Gap between the inner lips ÷ height of the face; 0 closed, about 0.2 wide open.

    Args:
        points: MediaPipe's landmarks [shape=(478, 2)], pixels.
    """
    (upper, lower), (top, chin) = points[[13, 14]], points[[10, 152]]
    height = float(np.hypot(*(chin - top)))
    return float(np.hypot(*(lower - upper))) / height if height else 0.0


def channels(blendshapes: Mapping[str, float]) -> dict[str, float]:
    """Expression channels, each 0–1."""
    return {name: sum(blendshapes[part] for part in parts) / len(parts) for name, parts in CHANNELS.items()}
