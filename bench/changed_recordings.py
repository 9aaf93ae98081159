"""Recordings changed in ways that must not matter: light, mirror, size, compression, gain, telephone, low bit rate."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from clip import pulled

# Name → filters of FFmpeg and options of libx264.
PICTURE: dict[str, tuple[Sequence[tuple[str, str]], dict[str, str]]] = {
    "brighter": ([("lutyuv", "y=clip(val+40\\,0\\,255)")], {"crf": "18"}),
    "darker": ([("lutyuv", "y=clip(val-40\\,0\\,255)")], {"crf": "18"}),
    "mirror": ([("hflip", "")], {"crf": "18"}),
    "half the size": ([("scale", "trunc(iw/4)*2:trunc(ih/4)*2")], {"crf": "18"}),
    "crf 35": ([], {"crf": "35"}),
}
# Name → filters, codec, rate in Hz and bit rate.
SOUND: dict[str, tuple[Sequence[tuple[str, str]], str, int, int | None]] = {
    "gain -12 dB": ([("volume", "-12dB")], "pcm_s16le", 48_000, None),
    "gain to full scale": ([], "pcm_s16le", 48_000, None),  # the gain depends on the recording
    "telephone, 8 kHz": ([("highpass", "f=300"), ("lowpass", "f=3400")], "pcm_mulaw", 8_000, None),
    "AAC, 32 kbit/s": ([], "aac", 44_100, 32_000),
}
LOUDEST_GAIN_DB = 12.0


def change_picture(source: Path, target: Path, name: str) -> None:
    """Write the pictures of `source`, changed, without its sound."""
    import av

    filters, options = PICTURE[name]
    with av.open(str(source)) as given, av.open(str(target), "w") as made:
        stream = given.streams.video[0]
        graph = _graph(stream, "buffer", [*filters, ("format", "yuv420p")])
        out: Any = None
        for frame in (*given.decode(stream), None):
            graph.push(frame)
            for picture in pulled(graph):
                if out is None:
                    out = made.add_stream("libx264", rate=stream.average_rate, options={"preset": "fast", **options})
                    out.width, out.height, out.pix_fmt = picture.width, picture.height, "yuv420p"
                    out.codec_context.time_base = stream.time_base
                picture.time_base = stream.time_base
                picture.pict_type = 0
                made.mux(out.encode(picture))
        made.mux(out.encode(None))


def change_sound(source: Path, target: Path, name: str, peak_dbfs: float) -> None:
    """Write the sound of `source`, changed, in mono, without its pictures."""
    import av

    filters, codec, rate_hz, bit_rate = SOUND[name]
    if name == "gain to full scale":
        filters = [("volume", f"{min(LOUDEST_GAIN_DB, -peak_dbfs):.2f}dB")]
    with av.open(str(source)) as given, av.open(str(target), "w") as made:
        stream = given.streams.audio[0]
        out: Any = made.add_stream(codec, rate=rate_hz, layout="mono")
        if bit_rate is not None:
            out.bit_rate = bit_rate
        shape = f"sample_fmts={out.format.name}:sample_rates={rate_hz}:channel_layouts=mono"
        graph = _graph(stream, "abuffer", [*filters, ("aformat", shape)])
        samples = 0
        for frame in (*given.decode(stream), None):
            graph.push(frame)
            for sound in pulled(graph):
                sound.pts, sound.time_base = samples, Fraction(1, rate_hz)
                samples += sound.samples
                made.mux(out.encode(sound))
        made.mux(out.encode(None))


def _graph(stream: Any, kind: str, filters: Sequence[tuple[str, str]]) -> Any:
    from av.filter import Graph

    graph = Graph()
    first = graph.add_abuffer(template=stream) if kind == "abuffer" else graph.add_buffer(template=stream)
    sink = graph.add("abuffersink" if kind == "abuffer" else "buffersink")
    graph.link_nodes(first, *(graph.add(name, arguments) for name, arguments in filters), sink).configure()
    return graph
