"""One language, and all that is said in it."""

from __future__ import annotations

import re
from datetime import datetime

from mulakat.presentation import catalog, numbers, reasons, times
from mulakat.schema.errors import BadInput
from mulakat.schema.reasons import Reason


class Presenter:
    """Says texts, numbers and times in one language.

    Raises:
        BadInput: no catalog for `language`.
    """

    def __init__(self, language: str) -> None:
        if language not in catalog.languages():
            raise BadInput(f"no texts in language {language!r}; there are {', '.join(catalog.languages())}")
        self.language = language

    def __call__(self, key: str, /, **values: str | float) -> str:
        """The text `key` with its values filled in. Raises LookupError."""
        return catalog.text(self.language, key, **values)

    def name(self, kind: str, identity: str, /, **values: str | float) -> str:
        """The text `<kind>-<identity>`: what a stage, measure or the like is called; its id when there is no word."""
        key = f"{kind}-{re.sub('[ _]', '-', identity)}"
        return self(key, **values) if catalog.has(self.language, key) else identity.replace("_", " ")

    def number(self, value: float, digits: int = 0) -> str:
        """See `numbers.number`."""
        return numbers.number(self.language, value, digits)

    def short(self, value: float) -> str:
        """See `numbers.short`."""
        return numbers.short(self.language, value)

    def percent(self, ratio: float, digits: int = 0) -> str:
        """See `numbers.percent`."""
        return numbers.percent(self.language, ratio, digits)

    def money(self, amount: float, currency: str | None) -> str:
        """See `numbers.money`."""
        return numbers.money(self.language, amount, currency)

    def clock(self, seconds: float) -> str:
        """See `times.clock`."""
        return times.clock(self.language, seconds)

    def span(self, start_s: float, end_s: float) -> str:
        """See `times.span`."""
        return times.span(self.language, start_s, end_s)

    def duration(self, seconds: float) -> str:
        """See `times.duration`."""
        return times.duration(self.language, seconds)

    def date(self, moment: datetime) -> str:
        """See `times.date`."""
        return times.date(self.language, moment)

    def date_time(self, moment: datetime) -> str:
        """See `times.date_time`."""
        return times.date_time(self.language, moment)

    def language_name(self, code: str) -> str:
        """A language's name in this language; its code when there is none."""
        return reasons.language_name(code, self.language)

    def reason(self, reason: Reason, audience: reasons.Audience = "reviewer") -> str:
        """See `reasons.say`."""
        return reasons.say(reason, self.language, audience)
