"""What the embedded stack tells Airflow is what Airflow understands."""

from __future__ import annotations

from pathlib import Path

import pytest

from mulakat.interviews.settings import Settings
from mulakat.stack import plan
from mulakat.stack.airflow import mongo_connection
from mulakat.stack.layout import Layout

# Airflow knows of these only once they are set, as they have no default.
WITHOUT_DEFAULT = {
    ("api", "base_url"),
    ("core", "execution_api_server_url"),
    ("celery_broker_transport_options", "visibility_timeout"),
}


def test_every_variable_is_an_option_of_airflow(tmp_path: Path) -> None:
    from airflow.configuration import conf

    layout = Layout.at(tmp_path)
    layout.create()
    environment = plan.make(Settings(home=tmp_path), layout).airflow.environment()
    names = [name.lower().split("__")[1:] for name in environment if name.startswith("AIRFLOW__")]
    options = {(section, option) for section, option in names}
    assert len(options) > 30
    assert {(section, option) for section, option in options if not conf.has_option(section, option)} <= WITHOUT_DEFAULT


def test_the_hook_reads_the_store_through_the_connection(mongo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow.providers.mongo.hooks.mongo import MongoHook

    monkeypatch.setenv("AIRFLOW_CONN_MULAKAT_MONGO", mongo_connection(mongo, "hooked"))
    with MongoHook("mulakat_mongo") as hook:
        collection = hook.get_collection("things")
        assert collection.database.name == "hooked"
        collection.insert_one({"_id": 1})
        assert collection.find_one() == {"_id": 1}
        hook.get_conn().drop_database("hooked")
