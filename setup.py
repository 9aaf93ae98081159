"""The packages of the wheel: folders whose name would be too plain among installed packages get ours in front."""

from setuptools import find_namespace_packages, setup

HERE = ("analyzers", "mulakat", "review_ui")
RENAMED = {"mulakat_airflow": "plugins/mulakat_airflow", "mulakat_dags": "dags", "mulakat_samples": "samples"}

# Namespace packages too: folders that hold data alone are packages to setuptools.
found = find_namespace_packages(include=[*HERE, *(f"{name}.*" for name in HERE)], exclude=["*.__pycache__"])
setup(packages=[*found, *RENAMED], package_dir=RENAMED)
