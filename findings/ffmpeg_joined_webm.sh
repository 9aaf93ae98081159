#!/usr/bin/env bash
# FFmpeg 8 (PyAV 18.1.0): two WebM recordings joined byte by byte are read as one, both at the same time.
#
# Uploads in pieces are put together by appending, and a recorder that starts anew within an upload begins with a head of
# its own. One would expect an error, only the first recording, or one after the other. The demuxer takes the second head
# for a part of the same file and goes on: each cluster counts from the start of its own recording, so the times of the
# packets begin again at 0 in the middle. Nothing is raised or logged as an error. What sorts by time, or lets the later
# win, mixes the pictures of two recordings; a rate over the length doubles. Of two MP4 or WAV files joined so, the second
# is passed over in silence.
#
# Seen, for recordings of 2 s and 1 s at 10 pictures a second:
#   webm: 30 packets, ends at 2.0 s, times go back 1 time
#   mp4: 20 packets, ends at 2.0 s, times go back 0 times
# Exits 1 when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.11 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "av==18.1.0" "numpy==2.2.6"

cat > "$folder/look.py" <<'PY'
import sys
from pathlib import Path

import av
import numpy as np

folder = Path(sys.argv[1])


def record(path, codec, seconds):
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.max_b_frames = 0
        for index in range(seconds * 10):
            picture = np.full((48, 64, 3), 5 * index, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path.read_bytes()


for suffix, codec in (("webm", "libvpx"), ("mp4", "mpeg4")):
    first = record(folder / f"1.{suffix}", codec, 2)
    both = folder / f"both.{suffix}"
    both.write_bytes(first + record(folder / f"2.{suffix}", codec, 1))
    with av.open(str(both)) as container:
        times = [float(p.pts * p.time_base) for p in container.demux(video=0) if p.pts is not None]
    back = sum(later < earlier for earlier, later in zip(times, times[1:]))
    end_s = max(times) + 0.1
    print(f"{suffix}: {len(times)} packets, ends at {end_s:.1f} s, times go back {back} time{'s' * (back != 1)}")
PY

seen=$("$folder/venv/bin/python" "$folder/look.py" "$folder" 2>/dev/null)
echo "$seen"
[ "$seen" = "webm: 30 packets, ends at 2.0 s, times go back 1 time
mp4: 20 packets, ends at 2.0 s, times go back 0 times" ]
