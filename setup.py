"""The packages of the wheel: folders whose name would be too plain among installed packages get ours in front."""

from setuptools import find_packages, setup

NAMED = {"mulakat_airflow": "plugins/mulakat_airflow", "mulakat_dags": "dags", "mulakat_samples": "samples"}

setup(
    packages=[*find_packages(include=["analyzers*", "mulakat*", "review_ui*"]), *NAMED],
    package_dir=NAMED,
)
