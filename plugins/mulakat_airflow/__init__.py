"""What Mülakat adds to Airflow: a hook, operators, a listener, a priority policy.

Imported in every task process, so nothing heavy at module level.
"""
