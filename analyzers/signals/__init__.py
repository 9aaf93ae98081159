"""What sound and picture analyzers share: voice activity, filter banks, runs of a condition."""

__all__ = ["fbank", "intervals", "vad"]
