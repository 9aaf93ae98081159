"""What text analyzers share: tokens, numerals, fillers, the language of a text, sentence embeddings."""

__all__ = ["embeddings", "filler_words", "language_id", "normalize", "numerals"]
