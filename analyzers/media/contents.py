"""What is in a recording, measured over all its packets. Runs in the child process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from analyzers.media.completeness import damage
from analyzers.media.container import Recording, first_frames, first_moment, opened, packets
from analyzers.media.damage import Pieces
from analyzers.media.joins import first_fragment, second_recording
from analyzers.media.limits import MAX_CHANNELS, MAX_RATE_HZ, Bounds
from analyzers.media.orientation import Orientation, orientation
from mulakat.runtime.files import sha256
from mulakat.schema.codes import Code
from mulakat.schema.errors import BadInput


def measure(path: str, name: str, bounds: dict[str, Any], *, progress: Callable[[float], None]) -> dict[str, Any]:
    """The fields of `results.Media`, without provenance.

    Args:
        name: what to call the recording in messages.
        bounds: the fields of `limits.Bounds`.

    Raises:
        BadInput: no recording, a picture, nothing to see or hear, or beyond the bounds.
    """
    limit = Bounds(**bounds)
    shown = repr(name)
    with opened(Path(path), name) as recording:
        size_bytes = Path(path).stat().st_size
        _check("size", size_bytes, limit.max_size_bytes, " bytes", shown, Code.RECORDING_TOO_LARGE)
        _check("number of streams", len(recording.container.streams), limit.max_streams, "", shown)
        if recording.video is not None:
            pixels = recording.video.codec_context.width * recording.video.codec_context.height
            _check("picture size", pixels, limit.max_pixels, " pixels", shown, Code.RECORDING_TOO_LARGE)
        if recording.audio is not None:
            sound = recording.audio.codec_context
            _check("number of channels", sound.channels, MAX_CHANNELS, "", shown)
            _check("sample rate", sound.sample_rate, MAX_RATE_HZ, " Hz", shown)
        another = second_recording(Path(path))
        if another is not None:
            raise BadInput(
                f"{shown} holds two recordings, of which the second begins at byte {another}: files were joined byte "
                "by byte, or the recorder started anew; send each as an answer of its own, or join them with FFmpeg",
                Code.SEVERAL_RECORDINGS,
            )
        spans = _spans(recording, size_bytes, progress)
        if not spans:
            raise BadInput(
                f"{shown} has neither a video nor an audio stream; send another recording", Code.NOTHING_TO_SEE_OR_HEAR
            )
        length = max(s.end for s in spans.values()) - min(s.start for s in spans.values())
        _check("duration", round(float(length), 1), limit.max_duration_s, " s", shown, Code.RECORDING_TOO_LONG)
        firsts = first_frames(Path(path), name)
        video = _video(recording, spans, firsts)
        audio = _audio(recording, spans)
        container = recording.container.format.name
        start, end = min(span.start for span in spans.values()), max(span.end for span in spans.values())
        origin = first_moment(firsts)
        duration_s = round(float(end - origin), 6)
        for span in spans.values():
            span.pieces.origin = origin
        lacking = damage(
            recording,
            {index: span.end for index, span in spans.items()},
            {index: span.pieces for index, span in spans.items()},
            start=start,
            size_bytes=size_bytes,
            read_bytes=max(span.read_bytes for span in spans.values()),
            duration_s=duration_s,
        )
        if (first_fragment(Path(path)) or 1) > 1:
            lacking["missing_start_s"] = round(max(0.0, float(origin)), 3)
    if video is None and audio is None:
        raise BadInput(f"{shown} is a picture (one frame, no sound); a recording is needed", Code.NOT_A_RECORDING)
    return {
        "sha256": sha256(Path(path)),
        "size_bytes": size_bytes,
        "container": container,
        "duration_s": duration_s,
        "start_s": round(max(0.0, float(origin)), 6),
        "video": video,
        "audio": audio,
        "damage": lacking,
    }


@dataclass
class _Span:
    """Packets of one stream: how many, their presentation times in seconds, and where the last ends in the file."""

    count: int
    start: Fraction
    last: Fraction
    end: Fraction
    read_bytes: int = 0
    pieces: Pieces = field(default_factory=Pieces)


def _spans(recording: Recording, size_bytes: int, progress: Callable[[float], None]) -> dict[int, _Span]:
    """Stream index → span, for the streams that are analysed and have packets."""
    spans: dict[int, _Span] = {}
    for count, packet in enumerate(packets(recording, *recording.streams)):
        if count % 1000 == 999:
            progress(min(1.0, max(0.0, (packet.pos or 0) / size_bytes)))
        if packet.pts is None or packet.is_discard:
            continue
        time = packet.pts * packet.time_base
        end = time + (packet.duration or 0) * packet.time_base
        span = spans.setdefault(packet.stream_index, _Span(0, time, time, end))
        span.count += 1
        span.start = min(span.start, time)
        span.last = max(span.last, time)
        span.end = max(span.end, end)
        span.read_bytes = max(span.read_bytes, (packet.pos or 0) + packet.size)
        span.pieces.add(float(time), float(end - time), intact=not packet.is_corrupt)
    return spans


def _video(recording: Recording, spans: dict[int, _Span], firsts: dict[int, Any]) -> dict[str, Any] | None:
    """The picture stream; None when there is none or it is a single picture."""
    stream = recording.video
    span = spans.get(stream.index) if stream is not None else None
    if stream is None or span is None or span.count < 2:
        return None
    shown = orientation(firsts[stream.index]) if stream.index in firsts else Orientation()
    return {
        "codec": stream.codec_context.codec.canonical_name,
        "width": stream.codec_context.width,
        "height": stream.codec_context.height,
        "fps": _rate_hz(span),
        "rotation_deg": shown.rotation_deg,
        "mirrored": shown.mirrored,
    }


def _audio(recording: Recording, spans: dict[int, _Span]) -> dict[str, Any] | None:
    stream = recording.audio
    if stream is None or stream.index not in spans:
        return None
    return {
        "codec": stream.codec_context.codec.canonical_name,
        "sample_rate_hz": stream.codec_context.sample_rate,
        "channels": stream.codec_context.channels,
        "track": 1 + [each.index for each in recording.container.streams.audio].index(stream.index),
        "tracks": len(recording.container.streams.audio),
    }


def _rate_hz(span: _Span) -> float | None:
    """Average frames per second; None when the times do not tell."""
    if span.end > span.last:
        return float(span.count / (span.end - span.start))
    if span.last > span.start:  # the last frame's duration is unknown
        return float((span.count - 1) / (span.last - span.start))
    return None


def _check(what: str, value: float, limit: float, unit: str, shown: str, code: Code | None = None) -> None:
    if value > limit:
        raise BadInput(
            f"{shown}: {what} {value}{unit} is more than the limit of {limit}{unit}; send a smaller one", code
        )
