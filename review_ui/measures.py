"""What was measured in one answer, as a table, with a reason wherever something was not."""

from __future__ import annotations

import streamlit as st

from mulakat.presentation import measures
from mulakat.schema.codes import Code
from mulakat.schema.face import FaceTrack
from mulakat.schema.media import Audio, Media
from mulakat.schema.reasons import Reason
from mulakat.schema.speech import Transcript
from mulakat.schema.voice import VoiceTrack
from review_ui.player.lanes import unseen
from review_ui.text import name, plain, presenter, reason, t

Row = tuple[str, str | None, Reason | None]


def measurements(
    media: Media | None,
    audio: Audio | None,
    transcript: Transcript | None,
    face: FaceTrack | None,
    voice: VoiceTrack | None,
    reasons: dict[str, Reason],
) -> None:
    """A table: measure, value, or why there is none."""
    known = measures.recording(presenter(), media, audio)
    if media and media.text:
        rows: list[Row] = [("characters", known["characters"], None), *_words(transcript, reasons)[:2]]
    else:
        rows = [
            *_recording(known, media, audio, reasons),
            *_words(transcript, reasons),
            *_measured(measures.VOICE, voice, reasons.get("analyse_voice")),
            *_measured(measures.FACE, face, reasons.get("analyse_face")),
        ]
    st.table(
        {
            t("measure-column"): [name("measure", key) for key, _, _ in rows],
            t("measure-value"): [
                plain(value) if value is not None else f":gray[*{t('not-measured')}*]" for _, value, _ in rows
            ],
            t("measure-reason"): [plain(reason(why)) if value is None else "" for _, value, why in rows],
        },
        border="horizontal",
    )


def _recording(
    known: dict[str, str | None], media: Media | None, audio: Audio | None, reasons: dict[str, Reason]
) -> list[Row]:
    why = reasons.get("fetch_media")
    whys = {
        "picture": Reason.of(Code.NO_PICTURE) if media else why,
        "sound": Reason.of(Code.NO_SOUND) if media else why,
        "peak": Reason.of(Code.SILENT) if audio else reasons.get("extract_audio"),
    }
    return [(key, value, whys.get(key, why)) for key, value in known.items()]


def _words(transcript: Transcript | None, reasons: dict[str, Reason]) -> list[Row]:
    why = reasons.get("transcribe")
    unknown = why if transcript is None else transcript.reasons.get("language") or Reason.of(Code.NO_WORDS)
    known = measures.speech(presenter(), transcript)
    return [(key, value, unknown if key == "language" else why) for key, value in known.items()]


def _measured(
    table: tuple[measures.Measure, ...], result: VoiceTrack | FaceTrack | None, why: Reason | None
) -> list[Row]:
    if result is None:
        return [(measure.key, None, why) for measure in table]
    missing = unseen(result) if isinstance(result, FaceTrack) else Reason.of(Code.NOT_MEASURED)
    return [(m.key, measures.written(presenter(), m, result), result.reasons.get(m.key, missing)) for m in table]
