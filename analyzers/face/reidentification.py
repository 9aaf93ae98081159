"""Is it still the same person? By dlib's face recognition network, compared within one recording.

dlib_face_recognition_resnet_model_v1 (Davis King, CC0-1.0; 99.38 % on LFW with the
threshold used here) turns a face into 128 numbers. They are biometric data: they
stay in this object, in memory, and only the times of a change leave it.

A look costs 75 ms, so there are few: some at the start, to know who is answering;
some after each moment at which another person could have come (the face was lost,
jumped, or the scene changed); and one now and then in between. Where there are many
such moments, some wait, so that a recording costs no more than about a look each 30 s.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from analyzers.face.landmarks import Face

# Euclidean distance between two people, dlib's own threshold. The same person stays
# below 0.51 of their reference in all development recordings.
DIFFERENT = 0.6
# Looks that make the reference.
_REFERENCE = 3
# Time from look to look: right after a change or at the start, and otherwise.
_SOON_S, _SELDOM_S = 0.5, 30.0
# Looks a recording may have: so many, and one more for each so many seconds of it.
_LOOKS, _LOOK_EACH_S = 6, 30.0
# Looks in a row that must tell another person.
_CONFIRMED = 2
_MAX_TURN_DEG = 25.0
_MIN_FACE_PX = 80.0
# MediaPipe's points in the order of dlib's: corners of the right and the left eye in
# the picture, outer one first, and the base of the nose.
_FIVE_POINTS = (263, 362, 33, 133, 2)


class _Comparison(NamedTuple):
    """since_s: from when on this was so: the moment of the possible change, else of the look."""

    since_s: float
    different: bool


class FaceMatcher:
    """Compares the face followed with the one at the start of the recording."""

    def __init__(self, model: str) -> None:
        import dlib

        self._dlib: Any = dlib
        self._network = dlib.face_recognition_model_v1(model)
        self._reference: list[NDArray[np.float64]] = []
        self._changed_s: float | None = None
        self._looks_wanted = _REFERENCE
        self._next_s = -np.inf
        self._looks: list[_Comparison] = []

    def may_have_changed(self, t_s: float) -> None:
        """From `t_s` on, another person may be in the candidate's place."""
        if self._changed_s is None:
            self._changed_s = t_s
        self._looks_wanted = max(self._looks_wanted, _CONFIRMED)
        self._next_s = min(self._next_s, t_s + _SOON_S)

    def see(self, t_s: float, rgb: NDArray[np.uint8], face: Face) -> None:
        """Take in a visible face; looks at it closely only when it is time to."""
        if t_s < self._next_s or max(abs(face.pose.yaw), abs(face.pose.pitch)) > _MAX_TURN_DEG:
            return
        if face.box.height < _MIN_FACE_PX or len(self._looks) >= _LOOKS + t_s / _LOOK_EACH_S:
            return
        numbers = self._numbers(rgb, face)
        if len(self._reference) < _REFERENCE:
            self._reference.append(numbers)
            different = False
        else:
            distance = np.linalg.norm(numbers - np.mean(self._reference, axis=0))
            different = bool(distance > DIFFERENT)
        if different != (bool(self._looks) and self._looks[-1].different):
            self._looks_wanted = max(self._looks_wanted, _CONFIRMED)
        self._looks.append(_Comparison(t_s if self._changed_s is None else self._changed_s, different))
        self._changed_s = None
        self._looks_wanted -= 1
        self._next_s = t_s + (_SOON_S if self._looks_wanted > 0 else _SELDOM_S)

    def others(self, end_s: float) -> Iterator[tuple[float, float]]:
        """Stretches (start_s, end_s) in which another person was seen, in a recording until `end_s`."""
        start_s, seen = None, 0
        for look in self._looks:
            if look.different:
                start_s, seen = (look.since_s if start_s is None else start_s), seen + 1
            else:
                if start_s is not None and seen >= _CONFIRMED:
                    yield start_s, look.since_s
                start_s, seen = None, 0
        if start_s is not None and seen >= _CONFIRMED:
            yield start_s, end_s

    def _numbers(self, rgb: NDArray[np.uint8], face: Face) -> NDArray[np.float64]:
        corner = self._dlib.point
        five = [corner(round(float(x)), round(float(y))) for x, y in face.points[list(_FIVE_POINTS)]]
        box = self._dlib.rectangle(*(round(side) for side in face.box))
        shape = self._dlib.full_object_detection(box, five)
        chip = self._dlib.get_face_chip(rgb, shape, size=150, padding=0.25)
        return np.array(self._network.compute_face_descriptor(chip))
