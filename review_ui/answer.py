"""One answer: its question, the player and what was measured."""

from __future__ import annotations

import time

import streamlit as st

from mulakat.interviews.documents import Answer, Interview
from mulakat.presentation import times
from mulakat.presentation.lanes import duration_s
from mulakat.schema.codes import Code
from mulakat.schema.face import FaceTrack
from mulakat.schema.language import Findings
from mulakat.schema.media import Audio, Media
from mulakat.schema.reasons import Reason
from mulakat.schema.scores import AnswerScore
from mulakat.schema.speech import Transcript
from mulakat.schema.voice import VoiceTrack
from review_ui import attention, backend, recordings
from review_ui.measures import measurements
from review_ui.player import PlayerMedia, Seek, player
from review_ui.player.lanes import player_lanes
from review_ui.player.sentences import sentences
from review_ui.text import language, name, plain, reason, t

LABELS = ("cannot_load", "cannot_play", "cited", "lanes", "no", "no_picture", "unsure", "yes")
MEASURING = ("fetch_media", "extract_audio", "transcribe", "analyse_face", "analyse_voice")


def show(interview: Interview, answer_id: str) -> None:
    """Everything about one answer but its scores."""
    answer = interview.answer(answer_id)
    st.text(answer.question or t("no-question"))
    if answer.written:
        st.caption(t("answer-written"))
    media = backend.result(Media, interview, answer_id, "fetch_media")
    audio = backend.result(Audio, interview, answer_id, "extract_audio")
    transcript = backend.result(Transcript, interview, answer_id, "transcribe")
    face = backend.result(FaceTrack, interview, answer_id, "analyse_face")
    voice = backend.result(VoiceTrack, interview, answer_id, "analyse_voice")
    found = dict(zip(MEASURING, (media, audio, transcript, face, voice), strict=True))
    reasons = {
        stage: backend.why_missing(interview, answer_id, stage) for stage, result in found.items() if result is None
    }
    duration = duration_s(media, transcript, voice, face)
    player(
        recording=_recording(interview, answer, media, reasons.get("fetch_media")),
        duration_s=duration,
        ticks=times.axis(duration),
        lanes=[] if answer.written else player_lanes(transcript, voice, face, reasons),
        sentences=sentences(transcript),
        transcript_note=_no_words(transcript, reasons),
        seek=_seek(f"{interview.id}/{answer_id}"),
        labels={"language": language(), "transcript": t("transcript"), "not_measured": t("not-measured")}
        | {key: name("player", key, codec="{codec}", percent="{percent}") for key in LABELS},
        key="player",
        on_expired=_renew_addresses,
    )
    score = backend.result(AnswerScore, interview, answer_id, "score_answer")
    if score is not None:
        attention.show(interview, answer_id, score)
    findings = backend.result(Findings, interview, answer_id, "analyse_language")
    for note in findings.notes if findings else []:
        st.caption(plain(reason(note)))
    with st.expander(t("measure-heading"), icon=":material/straighten:"):
        measurements(media, audio, transcript, face, voice, reasons)


def _recording(interview: Interview, answer: Answer, media: Media | None, why: Reason | None) -> PlayerMedia:
    streams = (media.video, media.audio) if media else ()
    note = None
    if media is None:
        note = t("player-not-readable", reason=reason(why))
    elif not answer.written and not recordings.can_show(answer.uri):
        note = t("player-not-here")
    return {
        "id": f"{interview.id}/{answer.answer_id}",
        "src": None if note or answer.written else _address(interview.id, answer.answer_id),
        "start_s": media.start_s if media is not None else 0.0,
        "renewals": st.session_state.get("renewals", 0),
        "note": note,
        "has_video": media is not None and media.video is not None,
        "codec": " + ".join(stream.codec for stream in streams if stream is not None),
        "written": answer.written,
    }


def _address(interview_id: str, answer_id: str) -> str:
    """A signed address, the same one while it is good for long enough: a new one reloads the player."""
    known: dict[tuple[str, str], tuple[float, str]] = st.session_state.setdefault("addresses", {})
    made_at, address = known.get((interview_id, answer_id), (0.0, ""))
    if time.time() > made_at + recordings.LIFETIME_S / 2:
        made_at, address = time.time(), recordings.address(interview_id, answer_id)
        known[interview_id, answer_id] = made_at, address
    return address


def _renew_addresses() -> None:
    st.session_state.pop("addresses", None)
    st.session_state.renewals = st.session_state.get("renewals", 0) + 1


def _seek(recording: str) -> Seek | None:
    """Where a chosen piece of evidence is, else the moment in the address (`?t=12.5`)."""
    if "seek" not in st.session_state:
        try:
            start = float(st.query_params["t"])
        except (KeyError, ValueError):
            return None
        st.session_state.seek = {"id": 0, "recording": recording, "t": start, "end": start, "quote": None}
    seek: Seek = st.session_state.seek
    return seek if seek["recording"] == recording else None


def _no_words(transcript: Transcript | None, reasons: dict[str, Reason]) -> str | None:
    if transcript is None:
        return t("player-no-transcript", reason=reason(reasons["transcribe"]))
    return None if transcript.words else reason(Reason.of(Code.NO_WORDS))
