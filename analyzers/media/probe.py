"""Stage `fetch_media`: bring the recording or the written answer here, hash it, and say what is in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from analyzers.media import contents, limits, text
from mulakat.runtime.sandbox import run_in_child
from mulakat.schema.media import Media
from mulakat.schema.provenance import provenance

if TYPE_CHECKING:
    from mulakat.schema.contract import Context

VERSION = "4"
ANALYZER = "analyzers.media.probe"
"""Its name in provenance. Stored with every result, so it stays when the module moves."""
TEXT_ANALYZER = "analyzers.media.text"
Result = Media


class Options(BaseModel):
    """What is accepted; see `limits.Bounds`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_size_bytes: int = Field(limits.MAX_SIZE_BYTES, gt=0)
    max_duration_s: float = Field(limits.MAX_DURATION_S, gt=0)
    max_pixels: int = Field(limits.MAX_PIXELS, gt=0, description="width × height of the picture")
    max_streams: int = Field(limits.MAX_STREAMS, gt=0)


def uses(options: BaseModel) -> dict[str, str | None]:
    """No model."""
    return {}


def run(context: Context) -> Media:
    """Fetch and probe the recording, or the text when the request is for a written answer.

    Raises:
        BadInput: not what it is said to be, or beyond the limits. TemporaryError: it could not be fetched now.
    """
    options, name = context.options, context.files.uri
    assert isinstance(options, Options)
    path = context.media()
    if context.request.written:
        found = text.measure(path, name)
        media = Media(**found, provenance=provenance(TEXT_ANALYZER, VERSION, None))
    else:
        media = probe(path, options, name=name, progress=context.progress)
    context.progress(1.0)
    return media


def probe(
    path: Path,
    options: Options | None = None,
    *,
    name: str | None = None,
    progress: Callable[[float], None] = lambda fraction: None,
) -> Media:
    """Say what a recording holds.

    Duration and frame rate are measured over all packets: what headers say is missing
    in recordings made by browsers and wrong in files that were cut off. FFmpeg works in
    a child process.

    Args:
        name: what to call it in messages, when not its path.

    Raises:
        BadInput: no recording, a picture, nothing to see or hear, or beyond the limits.
    """
    options = options or Options()
    found = run_in_child(contents.measure, str(path), name or str(path), options.model_dump(), progress=progress)
    return Media(**found, provenance=provenance(ANALYZER, VERSION, options, libraries=("av",)))
