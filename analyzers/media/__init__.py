"""Recordings: what is in them, their sound as 16 kHz mono, their picture as sampled frames."""
