"""Is the recording good enough: thresholds on what was measured, each with a sentence for a person.

Analyzers measure, this module judges, `scoring` abstains from what an unusable
recording would decide. What was not analysed is not judged.

The limits are working values, set where measures of development recordings that were
made worse by degrees (darker, blurred, noisier, clipped, phone sound) began to move
by more than their stated error (`docs/analyzers/quality.md`); none is a norm.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import isfinite
from operator import gt, lt

from mulakat.schema.face import FaceTrack
from mulakat.schema.media import Audio, Media
from mulakat.schema.ranges import covered_s
from mulakat.schema.scores import Component, QualityCheck, QualityName
from mulakat.schema.voice import VoiceTrack


@dataclass(frozen=True)
class Limit:
    """Where a measure becomes poor and where it becomes unusable.

    poor < unusable: more is worse; poor > unusable: less is worse.
    affects: the components that an unusable recording leaves unscored.
    advice: what a person can do about it.
    """

    label: str
    unit: str
    poor: float
    unusable: float
    affects: tuple[Component, ...]
    advice: str

    def status(self, value: float) -> str:
        """good, poor or unusable."""
        worse = partial(gt if self.poor < self.unusable else lt, value)
        return "unusable" if worse(self.unusable) else "poor" if worse(self.poor) else "good"

    def show(self, value: float) -> str:
        """A value with its unit, as a person reads it."""
        return f"{value:.1%}" if self.unit == "share" else f"{value:.3g} {self.unit}".rstrip()


LIMITS: dict[QualityName, Limit] = {
    "resolution": Limit("Picture size, shorter side", "px", 360, 160, ("visual",), "use a better camera or more light"),
    "frame_rate": Limit("Pictures per second", "Hz", 15, 5, ("visual",), "close other programs or use a better line"),
    "brightness": Limit("Brightness", "of 255", 50, 25, ("visual",), "put a light in front of the face"),
    "sharpness": Limit("Sharpness of the face", "", 0.015, 0.008, ("visual",), "clean the lens, sit nearer"),
    "level": Limit("Level of the voice", "dBFS", -45, -65, ("voice",), "turn the microphone up or come nearer"),
    "snr": Limit("Voice over noise", "dB", 15, 5, ("voice",), "use a quiet room or a headset"),
    "clipping": Limit("Overdriven sound", "share", 0.001, 0.02, ("voice",), "turn the microphone down"),
    "dropouts": Limit("Missing sound", "share", 0.01, 0.1, ("language", "voice"), "use a better line"),
    "lost_pictures": Limit("Missing pictures", "share", 0.02, 0.25, ("visual",), "send the recording again"),
    "cut_off": Limit(
        "Cut off at the end", "share", 0.02, 0.25, ("language", "voice", "visual"), "send the whole recording again"
    ),
}


def checks(
    media: Media | None, audio: Audio | None, face: FaceTrack | None, voice: VoiceTrack | None
) -> list[QualityCheck]:
    """The checks that what was measured allows, in the order of `LIMITS`."""
    values: dict[QualityName, float | None] = {}
    length_s = (media.duration_s if media is not None else None) or 0.0
    if media is not None and length_s > 0:
        values["cut_off"] = media.damage.cut_s / (length_s + media.damage.cut_s)
    if media is not None and media.video is not None and face is not None:
        values["resolution"] = min(media.video.width, media.video.height)
        if length_s > 0:
            lost = [*media.damage.picture.ranges, *face.undecoded.ranges]
            values["lost_pictures"] = covered_s(lost) / length_s
    if face is not None and face.picture is not None:
        values |= {"brightness": face.picture.brightness, "sharpness": face.picture.sharpness}
        if not any(flag.kind == "still_picture" for flag in face.flags):  # which tells more than a low rate
            values["frame_rate"] = face.picture.frame_rate_hz
    if voice is not None:
        values |= {"level": voice.loudness_dbfs, "snr": voice.snr_db}
    if audio is not None and audio.duration_s > 0:
        ended = media.damage.sound.ranges if media is not None else []
        lost_s = covered_s([*audio.dropouts, *audio.undecoded.ranges, *ended])
        values |= {"clipping": audio.clipped_ratio, "dropouts": lost_s / max(audio.duration_s, length_s)}
    return [
        _check(name, limit, value)
        for name, limit in LIMITS.items()
        if (value := values.get(name)) is not None and isfinite(value)
    ]


def unusable(found: list[QualityCheck], component: Component) -> str | None:
    """Why a component cannot be scored on this recording; None when it can."""
    reasons = [check.message for check in found if check.status == "unusable" and component in check.affects]
    return "; ".join(reasons) or None


def _check(name: QualityName, limit: Limit, value: float) -> QualityCheck:
    status = limit.status(value)
    message = f"{limit.label}: {limit.show(value)}"
    if status != "good":
        bound = limit.unusable if status == "unusable" else limit.poor
        word = "more" if limit.poor < limit.unusable else "less"
        message += f"; {word} than {limit.show(bound)} is {status}: {limit.advice}"
    return QualityCheck(
        name=name,
        value=round(value, 4),
        unit=limit.unit,
        poor=limit.poor,
        unusable=limit.unusable,
        status=status,
        affects=list(limit.affects),
        message=message,
    )
