"""Airflow looks for cluster policies in a module of this name; the plugins folder is on its path."""

from mulakat_airflow.priority import task_instance_mutation_hook

__all__ = ["task_instance_mutation_hook"]
