"""Open a local recording with FFmpeg so that nothing but its own bytes is ever read.

FFmpeg gets a nameless Python file object, a list of containers that hold their data
themselves, no protocol, and a refusal for whatever else it wants to open. So no
playlist and no file name (`-`, `%03d`, `#`, `concat:…`) has a meaning to it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from analyzers.media import sniff
from analyzers.media.damage import Watch
from analyzers.media.limits import FORMATS, MAX_PIXELS
from mulakat.schema.codes import Code
from mulakat.schema.errors import BadInput

if TYPE_CHECKING:
    import io

    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_BUFFER_BYTES = 256 * 1024
_PICTURE_CODECS = ("mjpeg", "png", "gif", "bmp", "tiff", "webp")  # some cameras film in the first two

S = TypeVar("S", bound="AudioStream | VideoStream")


@dataclass(frozen=True)
class Recording:
    """An open recording and the streams of it that are analysed. Cover pictures are not video."""

    container: InputContainer
    video: VideoStream | None
    audio: AudioStream | None

    @property
    def streams(self) -> list[VideoStream | AudioStream]:
        return [stream for stream in (self.video, self.audio) if stream is not None]


@contextmanager
def opened(path: Path, name: str | None = None) -> Iterator[Recording]:
    """Open a recording for reading.

    Args:
        name: what to call it in messages, when not its path.

    Raises:
        BadInput: missing, not a plain file, empty, or no recording in a format of `FORMATS`.
    """
    with _container(path, name) as container:
        audio = _main_audio(container)
        if audio is not None and len(container.streams.audio) > 1:
            status = path.stat()
            index = _heard(path, name, audio.index, (status.st_size, status.st_mtime_ns))
            audio = next((each for each in container.streams.audio if each.index == index), audio)
        yield Recording(container, _main_video(container), audio)


@lru_cache(maxsize=64)
def _heard(path: Path, name: str | None, preferred: int, revision: tuple[int, int]) -> int:
    """Index of the sound track to take; a file is listened to once in each process."""
    from analyzers.media import tracks

    with _container(path, name) as container:
        return tracks.heard(container, preferred)


@contextmanager
def _container(path: Path, name: str | None) -> Iterator[InputContainer]:
    import av

    name = repr(name or str(path))
    with plain_file(path, name) as file:
        head = file.read(sniff.HEAD_BYTES)
        file.seek(0)
        reason = sniff.refusal(head)
        if reason is not None:
            raise BadInput(f"{name} {reason}", Code.NOT_A_RECORDING)
        try:
            container = av.open(
                _Nameless(file),
                "r",
                container_options={"format_whitelist": ",".join(FORMATS), "protocol_whitelist": ""},
                metadata_errors="replace",
                buffer_size=_BUFFER_BYTES,
                io_open=_refuse,
            )
        except av.error.ArgumentError as error:
            raise BadInput(
                f"{name} is in a format that is not accepted; send MP4, WebM, WAV or MP3", Code.RECORDING_UNREADABLE
            ) from error
        except av.error.FFmpegError as error:
            raise BadInput(f"{name} {sniff.unreadable(head)}", Code.RECORDING_UNREADABLE) from error
        with container:
            yield container


def decoded(recording: Recording, stream: Any, watch: Watch | None = None) -> Iterator[Any]:
    """All intact frames of one stream in decoding order. What is damaged is left out, never fatal.

    Args:
        watch: says what is intact, and keeps account of it.
    """
    import av
    from av.stream import Discard

    watch = watch or Watch()
    for other in recording.container.streams:
        if other is not stream:
            other.discard = Discard.all
    for packet in packets(recording, stream):
        watch.given(packet)
        try:
            frames = stream.codec_context.decode(packet)
        except av.error.FFmpegError:
            watch.failed(packet)
        else:
            yield from filter(watch.intact, frames)


def first_frames(path: Path, name: str | None = None) -> dict[int, VideoFrame | AudioFrame]:
    """Stream index → its first presented frame, for the picture and sound streams that can be decoded.

    Raises:
        BadInput: as `opened`, or nothing in it can be decoded.
    """
    firsts: dict[int, VideoFrame | AudioFrame] = {}
    with opened(path, name) as recording:
        for packet in packets(recording, *recording.streams):
            index = packet.stream_index
            if index in firsts:
                continue
            # Not `container.streams[index]`: where streams appear on the way, that is another one.
            frames = [f for f in _decode(packet.stream, packet) if time_of(f) is not None]
            if frames:
                firsts[index] = min(frames, key=lambda frame: time_of(frame) or 0)
            if len(firsts) == len(recording.streams):
                break
    if not firsts:
        raise BadInput(
            f"{name or str(path)!r} holds no picture or sound that can be decoded: damaged; send it again",
            Code.RECORDING_UNREADABLE,
        )
    return firsts


def first_moment(firsts: dict[int, VideoFrame | AudioFrame]) -> Fraction:
    """The file's own time, seconds, of its earliest presented frame: 0 of the clock all results share.

    Header fields are no help: whether they count an encoder's priming samples differs
    between containers.
    """
    return min(time for frame in firsts.values() if (time := time_of(frame)) is not None)


def time_of(frame: VideoFrame | AudioFrame) -> Fraction | None:
    """Presentation time of a frame on the file's own clock, seconds; None when the file does not say."""
    if frame.pts is None or frame.time_base is None:
        return None
    return frame.pts * frame.time_base


def packets(recording: Recording, *streams: Any) -> Iterator[Any]:
    """Packets up to the end, or to where the file cannot be read further."""
    import av

    if not streams:  # to FFmpeg, no stream would mean all
        return
    demuxer = recording.container.demux(streams)
    while True:
        try:
            packet = next(demuxer)
        except StopIteration:
            return
        except (av.error.FFmpegError, IndexError):
            # PyAV raises the latter at the end of files in which streams appear on the way.
            return
        if packet.stream in streams:  # PyAV also yields those of streams that appear on the way
            yield packet


def _decode(stream: Any, packet: Any) -> list[VideoFrame | AudioFrame]:
    import av

    try:
        return [frame for frame in stream.codec_context.decode(packet) if not frame.is_corrupt]
    except av.error.FFmpegError:
        return []


def _main_video(container: InputContainer) -> VideoStream | None:
    from av.stream import Disposition

    found = [s for s in container.streams.video if s.codec_context and not s.disposition & Disposition.attached_pic]
    # A cover that is not marked as one is still a picture; a recording has none but moving ones.
    stream = _main([s for s in found if s.codec_context.name not in _PICTURE_CODECS] or found)
    if stream is not None:
        context = stream.codec_context
        # Frame threads decode damaged streams differently each time: one thread, same input, same pictures.
        # It is no slower: `frames` decodes while its user works, and that takes the other core.
        context.thread_type = "NONE"
        context.thread_count = 1
        # The size in the header is checked by `probe`; frames further on may not grow without bound.
        largest = max(MAX_PIXELS, (context.width + 64) * (context.height + 64))
        context.options = {"max_pixels": str(largest)}
    return stream


def _main_audio(container: InputContainer) -> AudioStream | None:
    return _main([s for s in container.streams.audio if s.codec_context])


def _main(streams: Sequence[S]) -> S | None:
    """The stream a player would show: the first one marked as default, else the first."""
    from av.stream import Disposition

    return next((s for s in streams if s.disposition & Disposition.default), next(iter(streams), None))


class _Nameless:
    """What FFmpeg needs of a file, without its name."""

    def __init__(self, file: io.BufferedReader) -> None:
        self.read = file.read
        self.seek = file.seek
        self.tell = file.tell


def _refuse(url: str, flags: int, options: dict[str, str]) -> NoReturn:
    raise PermissionError(f"a recording may not refer to other files, got {url!r}")


@contextmanager
def plain_file(path: Path, name: str) -> Iterator[io.BufferedReader]:
    """Open a regular, non-empty file; `name` is how to call it in messages."""
    try:
        # Without O_NONBLOCK, opening a named pipe would wait for ever.
        file = open(path, "rb", opener=lambda path, flags: os.open(path, flags | os.O_NONBLOCK))  # noqa: SIM115 - closed below
    except FileNotFoundError as error:
        raise BadInput(f"{name} does not exist; check the path", Code.RECORDING_MISSING) from error
    except IsADirectoryError as error:
        raise BadInput(f"{name} is a folder; name a file in it", Code.RECORDING_MISSING) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise BadInput(f"{name} cannot be opened: {reason}; check the path", Code.RECORDING_MISSING) from error
    with file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise BadInput(f"{name} is not a plain file; name one", Code.RECORDING_MISSING)
        if status.st_size == 0:
            raise BadInput(f"{name} is empty (0 bytes); download or upload it again", Code.RECORDING_EMPTY)
        yield file
