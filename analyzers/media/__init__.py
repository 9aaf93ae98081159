"""Recordings: what is in them, their sound as 16 kHz mono, their picture as sampled frames.

`probe` and `audio` are stages, `frames` gives the pictures to those that look at them, `text` reads written answers.
"""

__all__ = ["audio", "frames", "probe", "text"]
