"""Our own DAG under another name, which gets a stage more as soon as `grows` stands beside this file.

Of a folder, Airflow reads only the files in which both words occur, airflow and dag.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from mulakat.pipeline import stages
from mulakat.workflow import queues

HERE = Path(__file__).parent
queues.DAG_ID = Path(__file__).stem

if (HERE / "grows").exists():
    sys.path.insert(0, str(HERE))
    new = stages.Stage("measure_nothing", "nothing", needs=("fetch_media",), work="cpu")
    stages.STAGES = (*stages.STAGES, new)
    stages.BY_NAME[new.name] = new

importlib.import_module("mulakat_dags.interview_analysis")
