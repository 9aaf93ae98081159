"""What Mülakat adds to Airflow: a hook, operators, a listener, a cluster policy, links.

Imported in every task process, so nothing heavy at module level.
"""
