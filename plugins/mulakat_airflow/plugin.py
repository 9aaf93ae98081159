"""The Airflow plugin of Mülakat."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from mulakat.interviews.settings import settings
from mulakat_airflow import listener


class MulakatPlugin(AirflowPlugin):
    """Progress events, and the way from a run to its review page."""

    name = "mulakat"
    listeners = [listener]
    external_views = [
        {
            "name": "Interviews",
            "href": settings().review_url,
            "destination": "nav",
        },
        {
            "name": "Review interview",
            "href": f"{settings().review_url}/interview?run_id={{RUN_ID}}",
            "destination": "dag_run",
            "url_route": "review",
        },
    ]
