"""Numbers and times as each language writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from mulakat.presentation import times
from mulakat.presentation.presenter import Presenter

ENGLISH, TURKISH = Presenter("en"), Presenter("tr")


def test_numbers() -> None:
    assert (ENGLISH.number(1234.5, 1), TURKISH.number(1234.5, 1)) == ("1,234.5", "1.234,5")
    assert (ENGLISH.percent(0.784), TURKISH.percent(0.784)) == ("78%", "%78")
    assert (ENGLISH.percent(0.0123, 1), TURKISH.percent(0.0123, 1)) == ("1.2%", "%1,2")
    assert (ENGLISH.short(0.0123456), TURKISH.short(1234.56)) == ("0.012", "1.230")
    assert (ENGLISH.money(0.0123, "USD"), TURKISH.money(0.0123, None)) == ("0.0123 USD", "0,0123")
    assert ENGLISH.number(-0.04, 1) == "0.0"


def test_moments_have_tenths_and_axes_have_none() -> None:
    moments = (0, 9.96, 61.04, 3599.99)
    assert [ENGLISH.clock(s) for s in moments] == ["0:00.0", "0:10.0", "1:01.0", "60:00.0"]
    assert TURKISH.clock(67.3) == "1:07,3"
    assert ENGLISH.span(4, 4.5) == "0:04.0–0:04.5"
    assert [times.tick(s) for s in (0, 9.96, 61.04)] == ["0:00", "0:09", "1:01"]


def test_lengths_and_dates() -> None:
    assert (ENGLISH.duration(12.34), TURKISH.duration(12.34)) == ("12.3 s", "12,3 sn")
    day = datetime(2026, 3, 9, 15, 4, tzinfo=UTC)
    assert (ENGLISH.date(day), TURKISH.date(day)) == ("March 9, 2026", "9 Mart 2026")
    assert (ENGLISH.date_time(day), TURKISH.date_time(day)) == ("Mar 9, 2026, 15:04", "9 Mar 2026 15:04")
    assert ENGLISH.date_time(day.astimezone(timezone(timedelta(hours=3)))) == "Mar 9, 2026, 18:04"


def test_languages_by_name() -> None:
    assert (ENGLISH.language_name("tr"), TURKISH.language_name("en")) == ("Turkish", "İngilizce")
    assert TURKISH.language_name("zz-??") == "zz-??"


@pytest.mark.parametrize("duration_s", [0.5, 3, 12.5, 62, 3599, 7200, 100_000])
def test_the_time_axis_has_a_few_round_times(duration_s: float) -> None:
    found = [at for at, _ in times.axis(duration_s)]
    assert found[0] == 0 and found[-1] <= duration_s
    assert len(found) <= 9
