"""What happened to a file's pieces on its way: two recordings joined byte by byte, or the first pieces lost.

FFmpeg reads such files without a word: of two MP4 or WAV files the first, of two WebM files both at the same time.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from pathlib import Path

_EBML = b"\x1a\x45\xdf\xa3"
_DOCTYPE_BYTES = 64  # within which the head of a WebM or Matroska file says which it is
_OGG_PAGE, _OGG_FIRST = b"OggS\0", b"OggS\0\x02"
_FLAC = b"fLaC\0\0\0\x22"
_BOX_TYPE = re.compile(rb"[ -~]{4}")


def second_recording(path: Path) -> int | None:
    """Byte at which another recording begins in the same file; None when there is but one."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[:4] == _EBML:
            heads = _found(data, _EBML)
            return next((at for at in heads if re.search(b"webm|matroska", data[at : at + _DOCTYPE_BYTES])), None)
        if data[:4] == b"RIFF":
            return _after_riff(data)
        if data[:4] == b"fLaC":
            return next(_found(data, _FLAC), None)
        if data[:4] == b"OggS":
            pages = _found(data, _OGG_PAGE)
            inside = next((at for at in pages if data[at : at + len(_OGG_FIRST)] != _OGG_FIRST), None)
            return next(_found(data, _OGG_FIRST, inside), None) if inside is not None else None
        boxes = [(at, kind) for at, kind in _boxes(data) if kind in (b"ftyp", b"moov")]
        first = next((index for index, (_, kind) in enumerate(boxes) if kind == b"moov"), len(boxes))
        return next((at for at, _ in boxes[first + 1 :]), None)


def first_fragment(path: Path) -> int | None:
    """Sequence number of the first fragment of a fragmented MP4 (ISO/IEC 14496-12, `mfhd`); None of other files."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = next((at for at, kind in _boxes(data) if kind == b"moof"), None)
        if at is None or data[at + 12 : at + 16] != b"mfhd":
            return None
        return int.from_bytes(data[at + 20 : at + 24], "big")


def _found(data: mmap.mmap, magic: bytes, start: int = 0) -> Iterator[int]:
    """Where `magic` stands after `start`."""
    at = data.find(magic, start + 1)
    while at >= 0:
        yield at
        at = data.find(magic, at + 1)


def _after_riff(data: mmap.mmap) -> int | None:
    """The first chunk may be followed by its own continuations (`RIFF…AVIX`)."""
    kind, at = data[8:12], 0
    while data[at : at + 4] == b"RIFF":
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
        if data[at : at + 4] == b"RIFF" and data[at + 8 : at + 12] == kind:
            return at
    return None


def _boxes(data: mmap.mmap) -> Iterator[tuple[int, bytes]]:
    """Where each box of the top level of an MP4 begins, and its type, up to what is none."""
    at = 0
    while at + 8 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if not _BOX_TYPE.fullmatch(kind):
            return
        yield at, kind
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size < 8:  # 0: to the end
            return
        at += size
