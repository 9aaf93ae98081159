"""A small real stage, as `docs/adding-a-stage.md` describes one: mean brightness of the picture."""

from __future__ import annotations

import numpy as np
from pydantic import BaseModel, Field

from analyzers.media.frames import frames
from mulakat.schema.base import Produced
from mulakat.schema.codes import Code
from mulakat.schema.contract import Context
from mulakat.schema.errors import NotMeasurable
from mulakat.schema.media import Media
from mulakat.schema.provenance import provenance
from mulakat.schema.rubric import Document

VERSION = "1"


class Options(Document):
    """rate_hz: frames looked at per second."""

    rate_hz: float = Field(2.0, gt=0)


class Result(Produced):
    """Mean brightness, 0 (black) to 255 (white)."""

    brightness: float


def uses(options: BaseModel) -> dict[str, str | None]:
    """No model."""
    return {}


def run(context: Context) -> Result:
    """Look at a few frames per second."""
    media, options = context.results["fetch_media"], context.options
    assert isinstance(media, Media) and isinstance(options, Options)
    if media.video is None:
        raise NotMeasurable(Code.NO_PICTURE)
    levels = [float(np.mean(frame.rgb)) for frame in frames(context.media(), rate_hz=options.rate_hz)]
    return Result(
        brightness=round(sum(levels) / len(levels), 2),
        provenance=provenance(__name__, VERSION, options, libraries=("av",)),
    )
