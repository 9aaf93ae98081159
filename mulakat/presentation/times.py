"""Moments of a recording, lengths of time, and dates, as a language writes them.

A moment that somebody is to look at (evidence, a flag) and the length of a recording
have tenths, `1:07.3`: words are shorter than a second. An axis and the beginning of
a sentence have none, `1:07`: there the time only says where one is.
"""

from __future__ import annotations

from datetime import datetime
from math import ceil

from babel import dates, numbers

from mulakat.presentation.catalog import text
from mulakat.presentation.numbers import number

STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


def clock(language: str, seconds: float) -> str:
    """A moment of a recording, minutes and seconds with tenths: `1:07.3`, in Turkish `1:07,3`."""
    tenths = round(seconds * 10)
    point = numbers.get_decimal_symbol(language)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}{point}{tenths % 10}"


def span(language: str, start_s: float, end_s: float) -> str:
    """A stretch of a recording: `1:07.3–1:09.0`."""
    return f"{clock(language, start_s)}–{clock(language, end_s)}"


def tick(seconds: float) -> str:
    """A moment on an axis: `1:07`."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def axis(duration_s: float) -> list[tuple[float, str]]:
    """Round times for an axis, from 0, at most nine, each with its label."""
    step = next((s for s in STEPS_S if duration_s / s <= 8), ceil(duration_s / 8))
    return [(float(s), tick(s)) for s in range(0, int(duration_s) + 1, step)]


def duration(language: str, seconds: float) -> str:
    """How long something took: `12.3 s`."""
    return text(language, "unit-s", value=number(language, seconds, 1))


def date(language: str, moment: datetime) -> str:
    """A day, written out: `March 9, 2026`."""
    return str(dates.format_date(moment, format="long", locale=language))


def date_time(language: str, moment: datetime) -> str:
    """A day and a time of day, in the moment's own zone: `Mar 9, 2026, 15:04`."""
    day = dates.format_date(moment, format="medium", locale=language)
    time = dates.format_time(moment, format="HH:mm", tzinfo=moment.tzinfo, locale=language)
    return str(dates.get_datetime_format("medium", language)).format(time, day)
