"""Covered mouths: how many painted masks are noticed, and how many uncovered faces are taken for masked.

    python bench/masks.py

A mask is painted over the lower half of each face of the development pictures and videos (a frame each 2 s), in ten
colours, shaded as the face is. Beside ours stands the classifier alone, as its authors use it: on every face, cut out
at the face's box, and believed above 0.5.
"""

from __future__ import annotations

import numpy as np

from masked_faces import COLORS, OF_SKIN, measure
from mulakat.runtime import models
from mulakat.runtime.sandbox import run_without_network
from report import ROOT, Bench, media_folder


def main() -> None:
    """The benchmark."""
    bench = Bench("masks", "Covered mouths: painted masks and uncovered faces")
    found = run_without_network(
        measure,
        str(media_folder()),
        str(ROOT / "samples"),
        str(models.locate("face_landmarker")),
        str(models.locate("face_covering")),
    )
    table = bench.table("Taken for covered", "mouth", "faces", "ours", "classifier alone")
    for kind, rows in found.items():
        ours, alone = np.mean(rows, axis=0)
        table.add_row(kind, str(len(rows)), f"{ours:.2f}", f"{alone:.2f}")
    painted = np.array([row for kind in COLORS for row in found[kind]], float)
    bench.figure("faces", len(found["uncovered"]))
    bench.figure("of_skin_colour", float(np.mean(found[OF_SKIN], axis=0)[0]))
    bench.target("uncovered_taken_for_covered", float(np.mean(found["uncovered"], axis=0)[0]), at_most=0.01)
    bench.target("painted_masks_noticed", float(painted[:, 0].mean()), at_least=0.8)
    bench.target("beyond_classifier_alone", float((painted[:, 0] - painted[:, 1]).mean()), at_least=0.0)
    bench.note(
        "Limits were chosen on these pictures, and a painted mask is not a worn one: there was one picture of that. "
        "A painted face in which no face is found counts as noticed by both."
    )
    bench.finish()


if __name__ == "__main__":
    main()
