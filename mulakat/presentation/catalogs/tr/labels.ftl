# Words that stand in many places.
not-scorable = Puanlanamaz
