"""Everything the analyzers raise on purpose, in one tree.

    MulakatError
    ├── BadInput          the recording or the request is at fault: never retried
    ├── NotMeasurable     this analyzer has nothing to measure here: recorded as skipped
    ├── SetupError        a model or a server is missing on this machine: never retried
    ├── TemporaryError    trouble that passes (network, rate limit): retried with back-off
    └── Superseded        a newer attempt or run has taken over: what this one found is not kept, never retried

Messages are English, for whoever runs the machine: one line that names the problem, quotes the
value and says what to do. What reviewers and candidates are told is the error's reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from mulakat.schema.codes import Code

if TYPE_CHECKING:
    from mulakat.schema.reasons import Reason, Value


class MulakatError(Exception):
    """Root of all errors raised on purpose by Mülakat. `code`: of its reason, where there is a closer one."""

    usual: ClassVar[Code] = Code.UNEXPECTED

    def __init__(self, message: object = "", code: Code | None = None) -> None:
        super().__init__(message)
        self.code = code or self.usual

    @property
    def reason(self) -> Reason:
        """What a reader is told."""
        from mulakat.schema.reasons import Reason  # only who asks needs pydantic

        return Reason.of(self.code, **({"message": str(self)} if "message" in self.code.kinds else {}))


class BadInput(MulakatError):
    """The input itself is wrong; the same input will fail again."""

    usual = Code.INPUT_REFUSED


class NotMeasurable(MulakatError):
    """The input is fine, but holds nothing this analyzer could measure: the code and its values say why."""

    def __init__(self, code: Code, **values: Value) -> None:
        super().__init__(code=code)
        self._values = values

    def __str__(self) -> str:
        return str(self.reason)

    @property
    def reason(self) -> Reason:
        from mulakat.schema.reasons import Reason

        return Reason.of(self.code, **self._values)


class SetupError(MulakatError):
    """Something this machine needs is missing; says how to get it."""

    usual = Code.MACHINE_LACKS


class TemporaryError(MulakatError):
    """Trouble that usually passes; worth another try later."""

    usual = Code.TROUBLE


class Superseded(MulakatError):
    """A newer attempt or run is at work, or has been; this one may not write any more."""

    usual = Code.SUPERSEDED


def reason_of(error: BaseException) -> Reason:
    """What a reader is told of an error; of one that nobody meant, its message or its class."""
    from mulakat.schema.reasons import Reason

    if isinstance(error, MulakatError):
        return error.reason
    return Reason.of(Code.UNEXPECTED, message=str(error) or type(error).__name__)
