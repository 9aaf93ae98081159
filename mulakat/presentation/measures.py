"""What was measured in an answer: one table of all that is shown, and how each value is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from mulakat.schema.face import FaceTrack, HeadPose
from mulakat.schema.media import Audio, Media
from mulakat.schema.speech import Transcript
from mulakat.schema.voice import VoiceTrack

if TYPE_CHECKING:
    from mulakat.presentation.presenter import Presenter


@dataclass(frozen=True)
class Measure:
    """A field of a result, called `measure-<key>` in the catalogs.

    unit: `unit-<unit>` of the catalogs; None: a bare number.
    kind: `spread`: median with 5th and 95th percentile; `pose`: three medians.
    main: also in the report and on the command line; the review app shows all.
    """

    key: str
    unit: str | None = None
    digits: int = 0
    kind: Literal["number", "share", "spread", "pose"] = "number"
    main: bool = False


VOICE = (
    Measure("speech_rate_wpm", "wpm", main=True),
    Measure("articulation_rate_sps", "sps", 1, main=True),
    Measure("pause_ratio", kind="share", main=True),
    Measure("long_pauses_per_min", "per_min", 1),
    Measure("pauses_inside_ratio", kind="share"),
    Measure("fillers_per_min", "per_min", 1, main=True),
    Measure("f0_hz", "hz", kind="spread", main=True),
    Measure("pitch_range_semitones", "semitones", 1, main=True),
    Measure("pitch_variation_semitones", "semitones", 1),
    Measure("loudness_range_db", "db", 1),
    Measure("syllable_npvi", "npvi"),
    Measure("voiced_ratio", kind="share"),
    Measure("jitter_ratio", kind="share", digits=1),
    Measure("shimmer_ratio", kind="share", digits=1),
    Measure("loudness_dbfs", "dbfs", 1),
    Measure("snr_db", "db", 1, main=True),
)
FACE = (
    Measure("visible_ratio", kind="share", main=True),
    Measure("max_faces", main=True),
    Measure("on_camera_ratio", kind="share", main=True),
    Measure("head_pose_deg", "degrees", kind="pose"),
    Measure("smile", kind="share"),
)


def label(t: Presenter, measure: Measure) -> str:
    """What a measure is called."""
    return t.name("measure", measure.key)


def written(t: Presenter, measure: Measure, result: VoiceTrack | FaceTrack) -> str | None:
    """A measure's value with its unit; None: not measured."""
    value = _value(measure.key, result)
    if value is None:
        return None
    if measure.kind == "share":
        return t.percent(value, measure.digits)
    if measure.kind == "spread":
        low, high = (t.number(edge, measure.digits) for edge in (value.p05, value.p95))
        return t("unit-spread", median=_with_unit(t, measure, value.median), range=t("range", low=low, high=high))
    if measure.kind == "pose":
        pose: HeadPose = value
        return " / ".join(_with_unit(t, measure, turn.median) for turn in (pose.yaw, pose.pitch, pose.roll))
    return _with_unit(t, measure, value)


def recording(t: Presenter, media: Media | None, audio: Audio | None) -> dict[str, str | None]:
    """Key of the measure → what is known of the recording, None where nothing is."""
    if media and media.text:
        return {"characters": t.number(media.text.characters)}
    video, sound = (media.video, media.audio) if media else (None, None)
    picture = heard = None
    if video:
        rate = f", {t('unit-fps', value=t.number(video.fps, 1))}" if video.fps else ""
        picture = f"{video.codec}, {video.width} × {video.height}{rate}"
    if sound:
        heard = f"{sound.codec}, {t('unit-hz', value=t.number(sound.sample_rate_hz))}"
    peak = audio.peak_dbfs if audio else None
    return {
        "duration": t.clock(media.duration_s) if media and media.duration_s is not None else None,
        "container": media.container if media else None,
        "picture": picture,
        "sound": heard,
        "peak": t("unit-dbfs", value=t.number(peak, 1)) if peak is not None else None,
    }


def speech(t: Presenter, transcript: Transcript | None) -> dict[str, str | None]:
    """Key of the measure → what is known of the words, None where nothing is."""
    if transcript is None:
        return {"language": None, "words": None, "speech": None}
    language = t.language_name(transcript.language) if transcript.language else None
    if language and transcript.language_probability is not None:
        language = f"{language} ({t.percent(transcript.language_probability)})"
    return {
        "language": language,
        "words": t.number(len(transcript.words)),
        "speech": t.duration(transcript.speech_s) if transcript.speech_s is not None else None,
    }


def _value(key: str, result: VoiceTrack | FaceTrack) -> Any:
    if isinstance(result, FaceTrack) and key in result.expression:
        return result.expression[key]
    return getattr(result, key, None)


def _with_unit(t: Presenter, measure: Measure, value: float) -> str:
    shown = t.number(value, measure.digits)
    return t(f"unit-{measure.unit.replace('_', '-')}", value=shown) if measure.unit else shown
