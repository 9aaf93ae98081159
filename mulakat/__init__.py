"""Everything around the analyzers: what is asked, scored, kept, reported and run."""
