"""Is the recording good enough: thresholds on what was measured.

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

from mulakat.schema.codes import Code
from mulakat.schema.face import FaceTrack
from mulakat.schema.media import Audio, Media
from mulakat.schema.ranges import covered_s
from mulakat.schema.reasons import Reason, together
from mulakat.schema.scores import Component, QualityCheck, QualityName
from mulakat.schema.voice import VoiceTrack


@dataclass(frozen=True)
class Limit:
    """Where a measure becomes poor and where it becomes unusable.

    poor < unusable: more is worse; poor > unusable: less is worse.
    affects: the components that an unusable recording leaves unscored.
    unfit: the reason they have then.
    """

    unit: str
    poor: float
    unusable: float
    affects: tuple[Component, ...]
    unfit: Code

    def status(self, value: float) -> str:
        """good, poor or unusable."""
        worse = partial(gt if self.poor < self.unusable else lt, value)
        return "unusable" if worse(self.unusable) else "poor" if worse(self.poor) else "good"


LIMITS: dict[QualityName, Limit] = {
    "resolution": Limit("px", 360, 160, ("visual",), Code.UNFIT_RESOLUTION),  # of the shorter side
    "frame_rate": Limit("Hz", 15, 5, ("visual",), Code.UNFIT_FRAME_RATE),
    "brightness": Limit("of 255", 50, 25, ("visual",), Code.UNFIT_BRIGHTNESS),
    "sharpness": Limit("", 0.015, 0.008, ("visual",), Code.UNFIT_SHARPNESS),
    "level": Limit("dBFS", -45, -65, ("voice",), Code.UNFIT_LEVEL),
    "snr": Limit("dB", 15, 5, ("voice",), Code.UNFIT_SNR),
    "clipping": Limit("share", 0.001, 0.02, ("voice",), Code.UNFIT_CLIPPING),
    "dropouts": Limit("share", 0.01, 0.1, ("language", "voice"), Code.UNFIT_DROPOUTS),
    "lost_pictures": Limit("share", 0.02, 0.25, ("visual",), Code.UNFIT_LOST_PICTURES),
    "cut_off": Limit("share", 0.02, 0.25, ("language", "voice", "visual"), Code.UNFIT_CUT_OFF),
}


def checks(
    media: Media | None, audio: Audio | None, face: FaceTrack | None, voice: VoiceTrack | None
) -> list[QualityCheck]:
    """The checks that what was measured allows, in the order of `LIMITS`."""
    values: dict[QualityName, float | None] = {}
    length_s = (media.duration_s if media is not None else None) or 0.0
    if media is not None and length_s > 0:
        lacking_s = media.damage.missing_start_s + media.damage.cut_s
        values["cut_off"] = lacking_s / (length_s + lacking_s)
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


def unusable(found: list[QualityCheck], component: Component) -> Reason | None:
    """Why a component cannot be scored on this recording; None when it can."""
    return together(
        Reason.of(LIMITS[check.name].unfit, value=check.value, limit=check.unusable)
        for check in found
        if check.status == "unusable" and component in check.affects
    )


def _check(name: QualityName, limit: Limit, value: float) -> QualityCheck:
    return QualityCheck(
        name=name,
        value=round(value, 4),
        unit=limit.unit,
        poor=limit.poor,
        unusable=limit.unusable,
        status=limit.status(value),
        affects=list(limit.affects),
    )
