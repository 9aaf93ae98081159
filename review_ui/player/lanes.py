"""The lanes as the player draws them, with a reason for each that was not measured."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mulakat.presentation import lanes
from mulakat.schema.codes import Code
from mulakat.schema.face import FaceTrack
from mulakat.schema.reasons import Reason
from mulakat.schema.speech import Transcript
from mulakat.schema.voice import VoiceTrack
from review_ui.text import presenter, reason


def player_lanes(
    transcript: Transcript | None, voice: VoiceTrack | None, face: FaceTrack | None, reasons: dict[str, Reason]
) -> list[dict[str, Any]]:
    """The fields of each lane and, where nothing was measured, the `reason`.

    Args:
        reasons: stage name → why it has no result.
    """
    whys = {
        "transcribe": reasons.get("transcribe") or Reason.of(Code.NO_WORDS),
        "analyse_voice": reasons.get("analyse_voice") or Reason.of(Code.NOT_MEASURED),
        "analyse_face": reasons.get("analyse_face") or (unseen(face) if face else Reason.of(Code.NOT_MEASURED)),
    }

    found = lanes.lanes(presenter(), transcript, voice, face)
    return [
        asdict(lane)
        | {"hatch": lane.stage == "analyse_face", "reason": None if lane.measured else reason(whys[lane.stage])}
        for lane in found
    ]


def unseen(face: FaceTrack) -> Reason:
    """Why, and for how much of the time, there was no face to measure."""
    shares = [
        Reason.of(Code.FACE_UNSEEN_SHARE, problem=problem, share=share) for problem, share in face.not_visible.items()
    ]
    return Reason.of(Code.FACE_UNSEEN, problems=shares) if shares else Reason.of(Code.NOT_MEASURED)
