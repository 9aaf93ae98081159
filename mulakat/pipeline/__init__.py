"""How analyses are run: the table of stages, fingerprints, one stage of one answer, scratch files."""
