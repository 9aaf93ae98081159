"""Recognise files that are no recordings, or no text, by their first bytes."""

from __future__ import annotations

import codecs

HEAD_BYTES = 4096

_AGAIN = "download or upload the recording again"
_SEND = "send the recording itself"
_SEND_TEXT = "send the answer as plain text in UTF-8"

_PICTURES = (
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"GIF8", "GIF"),
    (8, b"WEBP", "WebP"),
    (0, b"BM", "BMP"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (4, b"ftypheic", "HEIC"),
    (4, b"ftypmif1", "HEIF"),
    (4, b"ftypavif", "AVIF"),
)
_DOCUMENTS = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "a gzip archive"),
)
_BOXES = (b"ftyp", b"moov", b"mdat")
_FRAGMENT_BOXES = (b"moof", b"styp", b"sidx", b"emsg", b"prft", b"mfra")  # of MP4, after its head
_CLUSTER = b"\x1f\x43\xb6\x75"  # of Matroska and WebM
_RECORDINGS = (b"RIFF", b"\x1a\x45\xdf\xa3", b"OggS", b"fLaC", b"FLV", b"FORM", b"#!AMR")
_TEXTS = (
    ("version https://git-lfs", f"is a Git LFS pointer, not the file it stands for; run `git lfs pull` and {_SEND}"),
    ("#extm3u", f"is an HLS playlist, which only points at other files; {_SEND}"),
    ("ffconcat", f"is an FFmpeg playlist, which only points at other files; {_SEND}"),
    ("<!doctype html", f"is an HTML page (a failed download?); {_AGAIN}"),
    ("<html", f"is an HTML page (a failed download?); {_AGAIN}"),
    ("<?xml", f"is an XML document (an error message or a playlist?); {_AGAIN}"),
    ("<mpd", f"is a DASH playlist, which only points at other files; {_SEND}"),
    ("v=0", f"is a session description (SDP), which only points at a stream; {_SEND}"),
)


def refusal(head: bytes) -> str | None:
    """Why a file that starts with `head` is no recording, as the rest of a sentence; None when it may be one."""
    for offset, magic, kind in _PICTURES:
        if head.startswith(magic, offset):
            return f"is a picture ({kind}); a recording with sound or moving picture is needed"
    for magic, kind in _DOCUMENTS:
        if head.startswith(magic):
            return f"is {kind}; {_SEND}"
    text = _as_text(head)
    if text is None:
        return None
    start = text.lstrip().lower()
    for prefix, reason in _TEXTS:
        if start.startswith(prefix):
            return reason
    if "<html" in start:
        return f"is an HTML page (a failed download?); {_AGAIN}"
    return f"is a text file that starts {text.strip()[:40]!r}; {_AGAIN}, or give a written answer as text"


def no_text(head: bytes) -> str | None:
    """Why a file that starts with `head` is no plain text, as the rest of a sentence; None when it may be some."""
    for offset, magic, kind in _PICTURES:
        if head.startswith(magic, offset):
            return f"is a picture ({kind}); {_SEND_TEXT}"
    for magic, kind in _DOCUMENTS:
        if head.startswith(magic):
            return f"is {kind}; {_SEND_TEXT}"
    if head.startswith(_RECORDINGS) or head.startswith(_BOXES, 4):
        return "is a recording; give it as one, not as text"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "is UTF-16 text; save it as UTF-8"
    start = (_as_text(head) or "").lstrip().lower()
    if start.startswith(("<!doctype", "<html", "<?xml")) or "<html" in start:
        return f"is an HTML page or XML document (a failed download?); {_SEND_TEXT}"
    if start.startswith(r"{\rtf"):
        return f"is an RTF document; {_SEND_TEXT}"
    return None


def unreadable(head: bytes) -> str:
    """Why a file that FFmpeg could not open is no recording, as the rest of a sentence."""
    if head.startswith(_FRAGMENT_BOXES, 4) or head.startswith(_CLUSTER):
        kind = repr(head[4:8].decode()) if head.startswith(_FRAGMENT_BOXES, 4) else "a cluster"
        return (
            f"begins in the middle of a recording (with {kind}): the first piece of the upload is missing; "
            "send the recording again, with all its pieces in order"
        )
    if head.startswith(_BOXES, 4):
        return f"is an MP4 or MOV file without a readable index (moov): it was cut off or damaged; {_AGAIN}"
    if head.startswith(_RECORDINGS):
        return f"starts like a recording ({head[:4]!r}) but cannot be read: it was cut off or damaged; {_AGAIN}"
    return (
        f"is in no known recording format (it starts with the bytes {head[:8].hex(' ')}); "
        "send MP4, MOV, MKV, WebM, AVI, MPEG, OGG, WAV, FLAC or MP3"
    )


def _as_text(head: bytes) -> str | None:
    """`head` as text, or None when it is not text."""
    encoding = "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)  # the last character may be cut
    except UnicodeDecodeError:
        return None
    return text if all(character >= " " or character in "\t\n\r\f" for character in text) else None
