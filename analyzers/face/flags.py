"""What in the picture a person should look at: several people, another person, a picture that stands still.

Flags with times, never verdicts: each has innocent causes (`docs/analyzers/face.md`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.face.frozen_video import FrozenVideoDetector
from analyzers.face.landmarks import Box, Face
from analyzers.face.reidentification import FaceMatcher
from analyzers.signals.intervals import bridged, runs
from mulakat.schema.codes import Code
from mulakat.schema.ranges import Span
from mulakat.schema.reasons import Reason

# Several faces for less are a passer-by or a mistake; gaps up to this are bridged.
MIN_SEVERAL_S, MAX_GAP_S = 1.0, 1.0
# A face lost for longer, or one that moved so that less of it overlaps, may be another one.
LOST_S = 0.5
MIN_OVERLAP = 0.3


class FlagCollector:
    """Collects, frame by frame, what the flags are made of."""

    def __init__(self, identity: FaceMatcher) -> None:
        self._identity = identity
        self._stillness = FrozenVideoDetector()
        self._place: Box | None = None
        self._seen_s = -np.inf

    def add(self, t_s: float, rgb: NDArray[np.uint8], face: Face | None, *, visible: bool) -> None:
        """Take in a frame and the candidate's face, if it was found; `visible` if it can be measured."""
        cut = self._stillness.add(rgb)
        if face is None:
            return
        if self._place is not None:
            moved = face.place.overlap(self._place) < MIN_OVERLAP
            if cut or moved or t_s - self._seen_s > LOST_S:
                self._identity.may_have_changed(t_s)
        self._place, self._seen_s = face.place, t_s
        if visible:
            self._identity.see(t_s, rgb, face)

    def skip(self) -> None:
        """Take in that there is no frame where one should be."""
        self._stillness.skip()

    def flags(
        self, column: Mapping[str, NDArray[np.float64]], step_s: float, missing: Sequence[Span]
    ) -> list[dict[str, Any]]:
        """Fields of the `Flag`s, in order of time. `column` as in `track.FaceTracker`; `missing`: without a picture."""
        t_s = column["t_s"]
        end_s = float(t_s[-1]) + step_s
        found = [
            *(_flag("several_people", *span, Code.SEVERAL_FACES) for span in _several(column, step_s)),
            *(_flag("another_person", *span, Code.OTHER_FACE) for span in self._identity.others(end_s)),
            *(_flag("still_picture", *span, Code.STILL_PICTURE) for span in self._stillness.stretches(t_s)),
            *(_flag("no_picture", *span, Code.PICTURE_MISSING) for span in missing),
        ]
        return sorted(found, key=lambda flag: (flag["start_s"], flag["kind"]))


def _several(column: Mapping[str, NDArray[np.float64]], step_s: float) -> Iterator[tuple[float, float]]:
    t_s, several = column["t_s"], column["faces"] > 1
    for run in runs(bridged(several, MAX_GAP_S / step_s + 1e-6)):
        start_s, end_s = float(t_s[run.start]), float(t_s[run.stop - 1]) + step_s
        if end_s - start_s >= MIN_SEVERAL_S:
            yield start_s, end_s


def _flag(kind: str, start_s: float, end_s: float, code: Code) -> dict[str, Any]:
    note = Reason.of(code).model_dump(mode="json")
    return {"kind": kind, "start_s": round(start_s, 3), "end_s": round(end_s, 3), "note": note}
