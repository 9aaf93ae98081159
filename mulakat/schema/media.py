"""What a recording or a written answer is, technically."""

from __future__ import annotations

from pydantic import Field

from mulakat.schema.base import Produced, Result, TimeRange


class VideoStream(Result):
    """The picture stream. `width` × `height` as stored; to show it, mirror it if `mirrored`, then turn it."""

    codec: str
    width: int
    height: int
    fps: float | None
    rotation_deg: int = Field(description="how far to turn it counter-clockwise: -90, 0, 90 or 180")
    mirrored: bool = Field(False, description="left and right change places before it is turned")


class AudioStream(Result):
    """The sound stream as stored."""

    codec: str
    sample_rate_hz: int
    channels: int
    track: int = Field(1, ge=1, description="which sound track: the first, unless it is silent beside another")
    tracks: int = Field(1, ge=1, description="how many the recording has")


class TextStream(Result):
    """A written answer: its own words, typed."""

    characters: int


class Loss(Result):
    """A part of the recording's time that is lost."""

    ratio: float = Field(0.0, ge=0, le=1, description="share of the time")
    ranges: list[TimeRange] = Field(default_factory=list, description="in order, none overlapping")


class Damage(Result):
    """What a recording lacks, told from its packets and the container around them; nothing is decoded for it.

    A whole recording has the default of each field. What only decoding shows stands with the pictures
    (`FaceTrack.undecoded`) and the sound (`Audio.undecoded`, `Audio.dropouts`).
    """

    cut_s: float = Field(0.0, ge=0, description="seconds that the container announces after the recording's end")
    missing_start_s: float = Field(0.0, ge=0, description="seconds before the first piece, of a file sent in pieces")
    holes: list[TimeRange] = Field(default_factory=list, description="where there is neither picture nor sound")
    picture: Loss = Field(default_factory=Loss, description="no picture, or only incomplete ones, in the file")
    sound: Loss = Field(
        default_factory=Loss, description="the sound has not begun, has ended already, or is incomplete in the file"
    )


class Media(Produced):
    """A fetched and probed answer (stage `fetch_media`): a recording with picture, sound or both, or a text."""

    sha256: str
    size_bytes: int
    container: str
    duration_s: float | None = Field(description="None for a text")
    start_s: float = Field(0.0, ge=0, description="the file's own clock, and a player's, at its first moment")
    video: VideoStream | None
    audio: AudioStream | None
    text: TextStream | None = Field(None, description="instead of picture and sound")
    damage: Damage = Field(default_factory=Damage)


class Audio(Produced):
    """Sound as 16 kHz mono, aligned to the presentation clock (stage `extract_audio`)."""

    sample_rate_hz: int
    duration_s: float
    sha256: str = Field(description="of the PCM samples")
    peak_dbfs: float | None = Field(description="None for digital silence")
    clipped_ratio: float
    channels: list[int] = Field(default_factory=list, description="channels of the stream, from 0, that were mixed")
    dropouts: list[TimeRange] = Field(default_factory=list, description="sound that is missing between sound")
    muted: list[TimeRange] = Field(
        default_factory=list,
        description="nothing recorded for 2 s or longer: no pause of the speaker, no noise floor",
    )
    undecoded: Loss = Field(default_factory=Loss, description="sound that is there and cannot be decoded")
