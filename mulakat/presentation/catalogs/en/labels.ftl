# Words that stand in many places.
not-scorable = Not scorable
