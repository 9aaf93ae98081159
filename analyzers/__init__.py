"""Analyzers: a recording or a text in, a typed result out.

Nothing here knows Airflow, MongoDB, Redis or Streamlit. Each analyzer module
exports `VERSION`, `Options` (checked when built), a worker that holds the model,
and `run(context)`, which `mulakat.pipeline.run` calls for its stage.
"""

from __future__ import annotations

import os

# Since 1.29, ONNX Runtime reports its use to Microsoft unless this is set before it is first used.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
# A second thread of OpenBLAS waits busily between the small products computed here: it costs a core and saves nothing.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
