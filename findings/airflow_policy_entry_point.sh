#!/usr/bin/env bash
# Airflow 3.3.2: a task_instance_mutation_hook from an `airflow.policy` entry point is registered, but not asked when task
# instances are made.
#
# The documentation offers the entry point beside a module `airflow_local_settings`. Only for that module does
# `airflow.settings.import_local_settings` set `task_instance_mutation_hook.is_noop` to False; while it is True,
# `DagRun` inserts task instances in bulk, without the hook. So a priority, queue or pool set there never arrives,
# and nothing is logged.
#
# Seen: "hooks 1, is_noop True" with the entry point alone, "is_noop False" with an empty airflow_local_settings beside it.
# Exits 1 when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.11 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "uv==0.13.9"
"$folder/venv/bin/uv" pip install --quiet --python "$folder/venv/bin/python" "apache-airflow==3.3.2"

mkdir -p "$folder/site/small_policy-1.0.dist-info" "$folder/local"
cat > "$folder/site/small_policy.py" <<'PY'
from airflow.policies import hookimpl


@hookimpl
def task_instance_mutation_hook(task_instance):
    task_instance.priority_weight = 7
PY
printf 'Metadata-Version: 2.1\nName: small-policy\nVersion: 1.0\n' > "$folder/site/small_policy-1.0.dist-info/METADATA"
printf '[airflow.policy]\nsmall = small_policy\n' > "$folder/site/small_policy-1.0.dist-info/entry_points.txt"
: > "$folder/local/airflow_local_settings.py"

look() {
  AIRFLOW_HOME="$folder/home" PYTHONPATH="$1" "$folder/venv/bin/python" - 2>/dev/null <<'PY' | tail -n 1
from airflow import settings

settings.initialize()
hook = settings.get_policy_plugin_manager().hook.task_instance_mutation_hook
print(f"hooks {len(hook.get_hookimpls())}, is_noop {settings.task_instance_mutation_hook.is_noop}")
PY
}

alone=$(look "$folder/site")
beside=$(look "$folder/site:$folder/local")
echo "entry point alone: $alone"
echo "with an empty airflow_local_settings: $beside"
[ "$alone" = "hooks 1, is_noop True" ] && [ "${beside##*, }" = "is_noop False" ]
