"""Everything the analyzers raise on purpose, in one tree.

    MulakatError
    ├── BadInput          the recording or the request is at fault: never retried
    ├── NotMeasurable     this analyzer has nothing to measure here: recorded as skipped
    ├── SetupError        a model or a server is missing on this machine: never retried
    └── TemporaryError    trouble that passes (network, rate limit): retried with back-off

Messages are for a person: one line that names the problem, quotes the value and
says what to do.
"""

from __future__ import annotations


class MulakatError(Exception):
    """Root of all errors raised on purpose by Mülakat."""


class BadInput(MulakatError):
    """The input itself is wrong; the same input will fail again."""


class NotMeasurable(MulakatError):
    """The input is fine, but holds nothing this analyzer could measure."""


class SetupError(MulakatError):
    """Something this machine needs is missing; says how to get it."""


class TemporaryError(MulakatError):
    """Trouble that usually passes; worth another try later."""
