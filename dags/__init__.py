"""Wiring only, one file for each workflow; installed as `mulakat_dags`."""
