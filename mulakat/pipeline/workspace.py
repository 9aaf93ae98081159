"""Scratch files of one answer: what is missing on this machine is made again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mulakat.runtime import files
from mulakat.runtime.files import PRIVATE, replacing
from mulakat.schema.codes import Code
from mulakat.schema.contract import MediaSource, Progress
from mulakat.schema.errors import BadInput
from mulakat.schema.media import Media


class Workspace:
    """The `Files` of one answer: what is missing is made again, so any host can run any stage."""

    def __init__(self, folder: Path, source: MediaSource) -> None:
        self.folder = folder
        self.source = source

    @property
    def uri(self) -> str:
        """Where the recording comes from, safe to show."""
        return self.source.uri

    def media(self, sha256: str | None = None) -> Path:
        """The recording as a local file, fetched when it is not here yet.

        Raises:
            BadInput: the recording is no longer the one with `sha256`.
        """
        path = self.folder / "media"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            with replacing(path, PRIVATE) as partial:
                self.source.fetch(partial)
            if sha256 is not None and files.sha256(path) != sha256:
                path.unlink()
                raise BadInput(
                    f"{self.source.uri} has changed since it was fetched; submit the interview again",
                    Code.RECORDING_CHANGED,
                )
        return path

    def audio(self, media: Media) -> Path:
        """The recording's sound as a 16 kHz mono WAV file, extracted when it is not here yet."""
        path = self.folder / "audio.wav"
        if not path.exists():
            self.extract_audio(media)
        return path

    def extract_audio(self, media: Media, progress: Progress = lambda fraction: None) -> dict[str, Any]:
        """Extract the sound anew and say what is in it (`analyzers.media.sound.extract`)."""
        from analyzers.media.audio import extract

        recording = self.media(media.sha256)
        assert media.duration_s is not None
        # A damaged timestamp may put sound long after the end.
        longest_s = media.duration_s + 60
        with replacing(self.folder / "audio.wav", PRIVATE) as partial:
            return extract(recording, partial, longest_s=longest_s, holes=media.damage.holes, progress=progress)
