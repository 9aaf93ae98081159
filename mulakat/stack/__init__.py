"""The embedded stack: the production parts, from wheels, on this machine, without Docker or root.

`up` starts PostgreSQL, Valkey, MongoDB, Airflow with its Celery workers, and the review
app under supervisord; `down` leaves nothing behind. State lives in one folder
(`MULAKAT_HOME`). See `layout` for what is in it.
"""

from mulakat.stack.lifecycle import ProgramStatus, Stack, down, environment, status, up

__all__ = ["ProgramStatus", "Stack", "down", "environment", "status", "up"]
