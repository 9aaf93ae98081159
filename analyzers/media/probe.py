"""Stage `fetch_media`: bring the recording here, hash it, and say what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyzers import results
from analyzers.errors import BadInput
from analyzers.media.container import Recording, first_frames, first_moment, opened, packets
from analyzers.media.limits import Limits
from analyzers.provenance import provenance

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

    from analyzers.pipeline import Context

VERSION = "1"
Options = Limits
Result = results.Media


def run(context: Context) -> results.Media:
    """Fetch and probe the recording.

    Raises:
        BadInput: no recording, or beyond the limits. TemporaryError: it could not be fetched now.
    """
    options = context.options
    assert isinstance(options, Limits)
    media = probe(context.workspace.media(), options, name=context.workspace.source.uri)
    context.progress(1.0)
    return media


def probe(path: Path, options: Limits | None = None, *, name: str | None = None) -> results.Media:
    """Say what a recording holds.

    Duration and frame rate are measured over all packets: what headers say is missing
    in recordings made by browsers and wrong in files that were cut off.

    Args:
        name: what to call it in messages, when not its path.

    Raises:
        BadInput: no recording, a picture, nothing to see or hear, or beyond the limits.
    """
    from analyzers.pipeline import file_sha256

    options = options or Limits()
    shown = repr(name or str(path))
    with opened(path, name) as recording:
        size_bytes = path.stat().st_size
        _check("size", size_bytes, options.max_size_bytes, " bytes", shown)
        _check("number of streams", len(recording.container.streams), options.max_streams, "", shown)
        if recording.video is not None:
            pixels = recording.video.codec_context.width * recording.video.codec_context.height
            _check("picture size", pixels, options.max_pixels, " pixels", shown)
        spans = _measure(recording)
        if not spans:
            raise BadInput(f"{shown} has neither a video nor an audio stream; send another recording")
        length = max(s.end for s in spans.values()) - min(s.start for s in spans.values())
        _check("duration", round(float(length), 1), options.max_duration_s, " s", shown)
        firsts = first_frames(path, name)
        video = _video(recording, spans, firsts)
        audio = _audio(recording, spans)
        container = recording.container.format.name
    if video is None and audio is None:
        raise BadInput(f"{shown} is a picture (one frame, no sound); a recording is needed")
    end = max(span.end for span in spans.values())
    return results.Media(
        sha256=file_sha256(path),
        size_bytes=size_bytes,
        container=container,
        duration_s=round(float(end - first_moment(firsts)), 6),
        video=video,
        audio=audio,
        provenance=provenance("analyzers.media.probe", VERSION, options, libraries=("av",)),
    )


@dataclass
class _Span:
    """Packets of one stream: how many, and their presentation times in seconds."""

    count: int
    start: Fraction
    last: Fraction
    end: Fraction


def _measure(recording: Recording) -> dict[int, _Span]:
    """Stream index → span, for the streams that are analysed and have packets."""
    spans: dict[int, _Span] = {}
    for packet in packets(recording, *recording.streams):
        if packet.pts is None or packet.is_discard:
            continue
        time = packet.pts * packet.time_base
        end = time + (packet.duration or 0) * packet.time_base
        span = spans.setdefault(packet.stream_index, _Span(0, time, time, end))
        span.count += 1
        span.start = min(span.start, time)
        span.last = max(span.last, time)
        span.end = max(span.end, end)
    return spans


def _video(recording: Recording, spans: dict[int, _Span], firsts: dict[int, Any]) -> results.VideoStream | None:
    """The picture stream; None when there is none or it is a single picture."""
    stream = recording.video
    span = spans.get(stream.index) if stream is not None else None
    if stream is None or span is None or span.count < 2:
        return None
    return results.VideoStream(
        codec=stream.codec_context.codec.canonical_name,
        width=stream.codec_context.width,
        height=stream.codec_context.height,
        fps=_rate_hz(span),
        rotation_deg=rotation_deg(firsts[stream.index]) if stream.index in firsts else 0,
    )


def _audio(recording: Recording, spans: dict[int, _Span]) -> results.AudioStream | None:
    stream = recording.audio
    if stream is None or stream.index not in spans:
        return None
    return results.AudioStream(
        codec=stream.codec_context.codec.canonical_name,
        sample_rate_hz=stream.codec_context.sample_rate,
        channels=stream.codec_context.channels,
    )


def _rate_hz(span: _Span) -> float | None:
    """Average frames per second; None when the times do not tell."""
    if span.end > span.last:
        return float(span.count / (span.end - span.start))
    if span.last > span.start:  # the last frame's duration is unknown
        return float((span.count - 1) / (span.last - span.start))
    return None


def rotation_deg(frame: VideoFrame) -> int:
    """How far a player turns the picture counter-clockwise, as FFmpeg reports it: -90, 0, 90 or 180."""
    quarter_turns = round(frame.rotation / 90) % 4
    return -90 if quarter_turns == 3 else quarter_turns * 90


def _check(what: str, value: float, limit: float, unit: str, shown: str) -> None:
    if value > limit:
        raise BadInput(f"{shown}: {what} {value}{unit} is more than the limit of {limit}{unit}; send a smaller one")
