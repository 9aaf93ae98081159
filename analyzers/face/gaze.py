"""Gaze against the person's own baseline: on camera or elsewhere, and for how long.

A recording does not tell where the camera stood relative to the screen, so the
baseline is the median direction of the answer: where this person usually looked.
Head and eyes count together; eyes that stay on the camera while the head turns
are on camera.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analyzers.face import Options
from analyzers.signals.intervals import runs

Floats = NDArray[np.float64]
# Standard error of a gaze direction, degrees; measured where people kept looking at
# one place (`docs/analyzers/face.md`).
ERROR_DEG = 4.0

# So near to a limit, degrees on either side, a gaze counts in part: half the error, or a share would hang on which
# side of a line a steady look falls. Mirroring a recording moved the share half as far so (`bench/invariance.py`).
BORDER_DEG = 2.0

CLOSED = 0.5  # of the blink channel; half-way between open and shut


class Gaze(NamedTuple):
    """Columns, NaN where not measured: degrees from the baseline, and 1 or 0."""

    yaw: Floats
    pitch: Floats
    on_camera: Floats

    def share_within(self, limit_deg: float) -> float:
        """Share of the measured samples whose gaze is no further than this from the baseline, 0–1."""
        distance = np.hypot(self.yaw, self.pitch)
        inside = (limit_deg + BORDER_DEG - distance[~np.isnan(distance)]) / (2 * BORDER_DEG)
        return float(inside.clip(0, 1).mean())


def against_baseline(yaw: Floats, pitch: Floats, blink: Floats, step_s: float, options: Options) -> Gaze | None:
    """Gaze relative to its median.

    Args:
        yaw, pitch: head + eye direction, degrees; NaN where no face was visible.
        blink: the blink channel, 0–1.
        step_s: time from sample to sample.

    Returns:
        None with less than `min_baseline_s` of gaze.
    """
    measured = ~np.isnan(yaw)
    for blinked in runs(blink > CLOSED):
        # Lids hide the iris. A short closure is a blink; in a long one the person
        # looks down or keeps the eyes shut, which is elsewhere either way.
        if (blinked.stop - blinked.start) * step_s <= options.max_blink_s + step_s / 2:
            measured[blinked] = False
    if measured.sum() * step_s < options.min_baseline_s:
        return None
    relative_yaw = np.where(measured, yaw - np.median(yaw[measured]), np.nan)
    relative_pitch = np.where(measured, pitch - np.median(pitch[measured]), np.nan)
    near = np.hypot(relative_yaw, relative_pitch) <= options.on_camera_deg
    return Gaze(relative_yaw, relative_pitch, np.where(measured, near, np.nan))


def look_aways(t_s: Floats, on_camera: Floats, step_s: float, options: Options) -> Iterator[tuple[float, float]]:
    """Episodes (start_s, end_s) of gaze away from the baseline, at least `min_look_away_s` long.

    A gap no longer than a blink inside an episode does not end it.
    """
    away = on_camera == 0
    for gap in runs(np.isnan(on_camera)):
        inside = gap.start > 0 and gap.stop < len(away) and away[gap.start - 1] and away[gap.stop]
        if inside and (gap.stop - gap.start) * step_s <= options.max_blink_s + step_s / 2:
            away[gap] = True
    for run in runs(away):
        start_s = float(t_s[run.start])
        end_s = float(t_s[run.stop]) if run.stop < len(t_s) else float(t_s[-1]) + step_s
        if end_s - start_s >= options.min_look_away_s - step_s / 2:
            yield start_s, end_s
