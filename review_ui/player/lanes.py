"""The lanes as the player draws them, with a reason for each that was not measured."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mulakat.presentation import lanes
from mulakat.schema.face import FaceTrack
from mulakat.schema.speech import Transcript
from mulakat.schema.voice import VoiceTrack
from review_ui.text import name, percent, presenter, t


def player_lanes(
    transcript: Transcript | None, voice: VoiceTrack | None, face: FaceTrack | None, reasons: dict[str, str]
) -> list[dict[str, Any]]:
    """The fields of each lane and, where nothing was measured, the `reason`.

    Args:
        reasons: stage name → why it has no result.
    """
    whys = {
        "transcribe": reasons.get("transcribe") or t("reason-no-words"),
        "analyse_voice": reasons.get("analyse_voice") or t("reason-nothing-measured"),
        "analyse_face": reasons.get("analyse_face") or (unseen(face) if face else t("reason-nothing-measured")),
    }

    found = lanes.lanes(presenter(), transcript, voice, face)
    return [
        asdict(lane) | {"hatch": lane.stage == "analyse_face", "reason": None if lane.measured else whys[lane.stage]}
        for lane in found
    ]


def unseen(face: FaceTrack) -> str:
    """Why, and for how much of the time, there was no face to measure."""
    shares = (f"{name('unseen', reason)} {percent(share)}" for reason, share in face.not_visible.items())
    return ", ".join(shares) or t("reason-nothing-measured")
