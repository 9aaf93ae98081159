"""Analyzers: a recording or a text in, a typed result out.

Nothing here knows Airflow, MongoDB, Redis or Streamlit. Each analyzer module
exports `VERSION`, `Options` (checked when built), a worker that holds the model,
and `run(context)`, which `analyzers.pipeline` calls for its stage.
"""
