"""What a run of an interview does, without Airflow: one attempt at a stage, load, score, report, clean up."""
