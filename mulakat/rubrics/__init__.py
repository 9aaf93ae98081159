"""Rubrics and policies: those that ship, those from a file, and whether answers can be scored by them.

`packs` reads them, `lint` names every problem of one.
"""

from mulakat.rubrics.packs import load, pack

__all__ = ["lint", "load", "pack", "packs"]
