"""What was measured in one answer, as a table, with a reason wherever something was not."""

from __future__ import annotations

import streamlit as st

from mulakat.schema.base import Spread
from mulakat.schema.face import FaceTrack
from mulakat.schema.media import Audio, Media
from mulakat.schema.speech import Transcript
from mulakat.schema.voice import VoiceTrack
from review_ui.player.lanes import unseen
from review_ui.text import clock, number, percent, plain, reason, t

Row = tuple[str, str | None, str]


def measurements(
    media: Media | None,
    audio: Audio | None,
    transcript: Transcript | None,
    face: FaceTrack | None,
    voice: VoiceTrack | None,
    reasons: dict[str, str],
) -> None:
    """A table: measure, value, or why there is none."""
    if media and media.text:
        rows = [("characters", number(media.text.characters), ""), *_words(transcript, reasons.get("transcribe", ""))]
    else:
        rows = [
            *_recording(media, audio, reasons),
            *_words(transcript, reasons.get("transcribe", "")),
            *_speech(transcript, reasons.get("transcribe", "")),
            *_voice(voice, reasons.get("analyse_voice", "")),
            *_face(face, reasons.get("analyse_face", "")),
        ]
    st.table(
        {
            t("measure.column"): [t(f"measure.{key}") for key, _, _ in rows],
            t("measure.value"): [
                plain(value) if value is not None else f":gray[*{t('measure.none')}*]" for _, value, _ in rows
            ],
            t("measure.reason"): [plain(reason(why)) if value is None else "" for _, value, why in rows],
        },
        border="horizontal",
    )


def _recording(media: Media | None, audio: Audio | None, reasons: dict[str, str]) -> list[Row]:
    why = reasons.get("fetch_media", "")
    picture = sound = None
    if media and media.video:
        rate = f", {t('unit.fps', value=number(media.video.fps, 1))}" if media.video.fps else ""
        picture = f"{media.video.codec}, {media.video.width} × {media.video.height}{rate}"
    if media and media.audio:
        sound = f"{media.audio.codec}, {t('unit.hz', value=number(media.audio.sample_rate_hz))}"
    peak = t("unit.dbfs", value=number(audio.peak_dbfs, 1)) if audio and audio.peak_dbfs is not None else None
    return [
        ("duration", clock(media.duration_s) if media and media.duration_s is not None else None, why),
        ("picture", picture, t("reason.no_video") if media else why),
        ("sound", sound, t("reason.no_audio") if media else why),
        ("peak", peak, t("reason.silence") if audio else reasons.get("extract_audio", "")),
    ]


def _words(transcript: Transcript | None, why: str) -> list[Row]:
    if transcript is None:
        return [("language", None, why), ("words", None, why)]
    tongue = None
    if transcript.language is not None:
        sure = transcript.language_probability
        tongue = transcript.language.upper() + (f" ({percent(sure)})" if sure is not None else "")
    return [
        ("language", tongue, transcript.reasons.get("language") or t("reason.no_words")),
        ("words", number(len(transcript.words)), why),
    ]


def _speech(transcript: Transcript | None, why: str) -> list[Row]:
    speech_s = transcript.speech_s if transcript else None
    return [("speech", None if speech_s is None else t("unit.s", value=number(speech_s, 1)), why)]


def _voice(voice: VoiceTrack | None, why: str) -> list[Row]:
    def row(field: str, unit: str, digits: int = 0) -> Row:
        value = getattr(voice, field) if voice else None
        written = None if value is None else t(f"unit.{unit}", value=number(value, digits))
        return field, written, voice.reasons.get(field, t("reason.nothing_measured")) if voice else why

    def share(field: str, digits: int = 0) -> Row:
        value = getattr(voice, field) if voice else None
        missing = voice.reasons.get(field, t("reason.nothing_measured")) if voice else why
        return field, None if value is None else percent(value, digits), missing

    pitch = _spread(voice.f0_hz, "hz") if voice and voice.f0_hz else None
    return [
        row("speech_rate_wpm", "wpm"),
        row("articulation_rate_sps", "sps", 1),
        share("pause_ratio"),
        row("long_pauses_per_min", "per_min", 1),
        share("pauses_inside_ratio"),
        row("fillers_per_min", "per_min", 1),
        ("f0_hz", pitch, voice.reasons.get("f0_hz", t("reason.nothing_measured")) if voice else why),
        row("pitch_range_semitones", "semitones", 1),
        row("pitch_variation_semitones", "semitones", 1),
        row("loudness_range_db", "db", 1),
        row("syllable_npvi", "npvi"),
        share("voiced_ratio"),
        share("jitter_ratio", 1),
        share("shimmer_ratio", 1),
        row("loudness_dbfs", "dbfs", 1),
        row("snr_db", "db", 1),
    ]


def _face(face: FaceTrack | None, why: str) -> list[Row]:
    if face is None:
        return [(key, None, why) for key in ("visible_ratio", "on_camera_ratio", "head_pose_deg")]
    unmeasured = unseen(face)
    pose = None
    if face.head_pose_deg:
        pose = " / ".join(
            t("unit.degrees", value=number(spread.median))
            for spread in (face.head_pose_deg.yaw, face.head_pose_deg.pitch, face.head_pose_deg.roll)
        )
    smile = face.expression.get("smile")
    return [
        ("visible_ratio", percent(face.visible_ratio), unmeasured),
        ("max_faces", number(face.max_faces), unmeasured),
        ("on_camera_ratio", None if face.on_camera_ratio is None else percent(face.on_camera_ratio), unmeasured),
        ("head_pose_deg", pose, unmeasured),
        ("smile", None if smile is None else percent(smile), unmeasured),
    ]


def _spread(spread: Spread, unit: str) -> str:
    return t(
        "unit.spread",
        median=t(f"unit.{unit}", value=number(spread.median)),
        low=number(spread.p05),
        high=number(spread.p95),
    )
