#!/usr/bin/env bash
# PyAV 18.1.0 (FFmpeg 8): the shape of pixels is lost on both ways, each without a word.
#
# Reading: where only the container tells it (VP9 in MP4: `pasp`), `codec_context.sample_aspect_ratio` is None, and a frame
# has no such attribute; `stream.sample_aspect_ratio`, FFmpeg's guess of both, has it. Faces measured in frames of such a
# file are squeezed. Writing: set on the codec context, it reaches MP4 and MOV, but not Matroska and WebM, where only codecs
# that carry it themselves (H.264, MPEG-4) keep it; setting it on the stream is accepted and changes nothing.
#
# Seen (codec, file: what the codec context says, what the stream says, of 3/2 as written):
#   libvpx-vp9 mp4: None 3/2
#   libvpx-vp9 mkv: None None
#   mpeg4 mkv: 3/2 3/2
# Exits 1 when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.11 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "av==18.1.0" "numpy==2.2.6"

cat > "$folder/look.py" <<'PY'
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

for codec, suffix in (("libvpx-vp9", "mp4"), ("libvpx-vp9", "mkv"), ("mpeg4", "mkv")):
    path = Path(sys.argv[1]) / f"a.{suffix}"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.sample_aspect_ratio = stream.codec_context.sample_aspect_ratio = Fraction(3, 2)
        for _ in range(5):
            picture = np.full((48, 64, 3), 99, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        print(f"{codec} {suffix}: {stream.codec_context.sample_aspect_ratio} {stream.sample_aspect_ratio}")
PY

seen=$("$folder/venv/bin/python" "$folder/look.py" "$folder" 2>/dev/null)
echo "$seen"
[ "$seen" = "libvpx-vp9 mp4: None 3/2
libvpx-vp9 mkv: None None
mpeg4 mkv: 3/2 3/2" ]
