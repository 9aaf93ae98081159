# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "av==18.1.0",
#     "hibari-tts[fast]==0.2.1",
#     "numpy>=2,<3",
#     "pillow>=12",
# ]
# ///
"""Make the recordings of the sample interview.

    uv run samples/make_samples.py PATH/TO/brbk7n.mpg

`introduction.mp4` is a clip of the GRID corpus, encoded anew for browsers.
`problem_solving.mp4` is `problem_solving.txt` spoken by a synthesised voice over a
still card that says so. README.md beside this file tells where everything is from.
"""

from __future__ import annotations

import argparse
import hashlib
import textwrap
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import av

HERE = Path(__file__).parent

GRID_CLIP_SHA256 = "2122707c6dd3b59a32b5272870afb37397dc6b20cf52241cf8ff7cfda7b3efa3"

CARD = "Synthesised voice. The text was written for this sample; no person is shown or heard."
CARD_SIZE_PX = (480, 272)  # multiples of 16: no padding for the encoder to fill
CARD_FPS = 5

SENTENCE_PAUSE_S = 0.5
PARAGRAPH_PAUSE_S = 0.8
NOISE_FLOOR_DBFS = -66.0  # a recording without any noise does not exist; it would break every SNR estimate
PEAK_DBFS = -3.0
SEED = 1


def main() -> None:
    """Parse the command line and write both recordings next to this file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("grid_clip", type=Path, help="brbk7n.mpg of the GRID corpus")
    clip: Path = parser.parse_args().grid_clip
    found = hashlib.sha256(clip.read_bytes()).hexdigest()
    if found != GRID_CLIP_SHA256:
        parser.error(f"{clip} is not the clip brbk7n.mpg: its sha256 is {found}, expected {GRID_CLIP_SHA256}")
    encode_clip(clip, HERE / "introduction.mp4")
    sound, rate_hz = speak((HERE / "problem_solving.txt").read_text(encoding="utf-8"))
    encode_card(CARD, sound, rate_hz, HERE / "problem_solving.mp4")


def encode_clip(source: Path, target: Path) -> None:
    """Write a recording again as H.264 and AAC; size, frame rate and sampling rate stay."""
    import av

    with av.open(str(source)) as recording, _mp4(target) as file:
        picture, sound = recording.streams.video[0], recording.streams.audio[0]
        width_px, height_px = picture.codec_context.width, picture.codec_context.height
        video = _video_stream(file, picture.average_rate or 25, width_px, height_px, crf=20)
        video.codec_context.sample_aspect_ratio = picture.sample_aspect_ratio
        audio = _audio_stream(file, sound.rate, "stereo" if sound.channels == 2 else "mono", bit_rate=96_000)
        resampler = av.AudioResampler(format="fltp", layout=audio.layout, rate=audio.rate)
        for frame in recording.decode(picture, sound):
            if isinstance(frame, av.VideoFrame):
                frame.pict_type = 0  # let the encoder choose its own key frames
                file.mux(video.encode(frame))
            else:
                for piece in resampler.resample(frame):
                    file.mux(audio.encode(piece))
        file.mux(video.encode(None))
        file.mux(audio.encode(None))


def speak(text: str) -> tuple[np.ndarray, int]:
    """Speak a text: a line is read in one go, an empty line is a longer pause.

    Returns:
        Mono samples in [-1, 1] (float32) and their rate in Hz.
    """
    from hibari import Hibari

    voice = Hibari()
    rate_hz: int = voice.sample_rate
    pieces = [_silence(SENTENCE_PAUSE_S, rate_hz)]
    for paragraph in text.strip().split("\n\n"):
        for line in paragraph.splitlines():
            pieces += [voice(line, seed=SEED), _silence(SENTENCE_PAUSE_S, rate_hz)]
        pieces.append(_silence(PARAGRAPH_PAUSE_S - SENTENCE_PAUSE_S, rate_hz))
    sound = np.concatenate(pieces)
    sound *= 10 ** (PEAK_DBFS / 20) / np.abs(sound).max()
    noise = np.random.default_rng(SEED).standard_normal(len(sound)) * 10 ** (NOISE_FLOOR_DBFS / 20)
    return (sound + noise).astype(np.float32), rate_hz


def encode_card(text: str, sound: np.ndarray, rate_hz: int, target: Path) -> None:
    """Write a still card with the sound under it."""
    import av

    card = np.asarray(_card(text))
    with _mp4(target) as file:
        video = _video_stream(file, CARD_FPS, *CARD_SIZE_PX, crf=28)
        audio = _audio_stream(file, rate_hz, "mono", bit_rate=64_000)
        for index in range(round(len(sound) / rate_hz * CARD_FPS)):
            frame = av.VideoFrame.from_ndarray(card, format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, CARD_FPS)
            file.mux(video.encode(frame))
        file.mux(video.encode(None))
        for frame in _audio_frames(sound, rate_hz):
            file.mux(audio.encode(frame))
        file.mux(audio.encode(None))


def _mp4(target: Path) -> av.container.OutputContainer:
    import av

    # bitexact: no library versions or times in the file; faststart: plays while it loads.
    return av.open(str(target), "w", format="mp4", options={"movflags": "+faststart", "fflags": "+bitexact"})


def _video_stream(file: Any, fps: Any, width_px: int, height_px: int, *, crf: int) -> Any:
    # Without look-ahead the same input gives the same bytes; with it x264 differs by a few from run to run.
    options = {
        "crf": str(crf),
        "preset": "veryslow",
        "threads": "1",
        "g": "25",
        "x264-params": "rc-lookahead=0:mbtree=0",
    }
    stream = file.add_stream("libx264", rate=fps, options=options)
    stream.width, stream.height, stream.pix_fmt = width_px, height_px, "yuv420p"
    return stream


def _audio_stream(file: Any, rate_hz: int, layout: str, *, bit_rate: int) -> Any:
    stream = file.add_stream("aac", rate=rate_hz, layout=layout)
    stream.bit_rate = bit_rate
    return stream


def _audio_frames(sound: np.ndarray, rate_hz: int) -> Iterator[Any]:
    import av

    for start in range(0, len(sound), 1024):
        frame = av.AudioFrame.from_ndarray(sound[None, start : start + 1024], format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate_hz, start, Fraction(1, rate_hz)
        yield frame


def _card(text: str) -> Any:
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", CARD_SIZE_PX, "#1f2a37")
    ImageDraw.Draw(image).multiline_text(
        (CARD_SIZE_PX[0] / 2, CARD_SIZE_PX[1] / 2),
        textwrap.fill(text, 32),
        fill="#f3f4f6",
        font=ImageFont.load_default(size=24),
        anchor="mm",
        align="center",
        spacing=10,
    )
    return image


def _silence(seconds: float, rate_hz: int) -> np.ndarray:
    return np.zeros(round(seconds * rate_hz), np.float32)


if __name__ == "__main__":
    main()
