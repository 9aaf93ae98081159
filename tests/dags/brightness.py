"""A small real stage, as `docs/adding-a-stage.md` describes one: mean brightness of the picture."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from analyzers.errors import NotMeasurable
from analyzers.media.frames import frames
from analyzers.pipeline import Context
from analyzers.provenance import provenance
from analyzers.results import Media, Produced
from analyzers.rubric import Document

VERSION = "1"


class Options(Document):
    """rate_hz: frames looked at per second."""

    rate_hz: float = Field(2.0, gt=0)


class Result(Produced):
    """Mean brightness, 0 (black) to 255 (white)."""

    brightness: float


def run(context: Context) -> Result:
    """Look at a few frames per second."""
    media, options = context.results["fetch_media"], context.options
    assert isinstance(media, Media) and isinstance(options, Options)
    if media.video is None:
        raise NotMeasurable("no video stream")
    levels = [float(np.mean(frame.rgb)) for frame in frames(context.media(), rate_hz=options.rate_hz)]
    return Result(
        brightness=round(sum(levels) / len(levels), 2),
        provenance=provenance(__name__, VERSION, options, libraries=("av",)),
    )
