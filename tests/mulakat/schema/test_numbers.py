"""NaN and infinity, which JSON has no words for: gaps in a column, refused elsewhere."""

from __future__ import annotations

from math import inf, nan

import pytest
from pydantic import ValidationError

from mulakat.schema.base import TimeRange
from mulakat.schema.voice import VoiceTrack
from tests.support.scored_answers import voice


def test_what_is_no_number_in_a_column_is_a_gap() -> None:
    found = voice(track={"t_s": [0.0, 0.1, 0.2, 0.3], "f0_hz": [110.0, nan, inf, None]})
    assert found.track["f0_hz"] == [110.0, None, None, None]
    assert VoiceTrack.model_validate_json(found.model_dump_json()) == found


@pytest.mark.parametrize("value", [nan, inf, -inf])
def test_a_measure_that_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValidationError, match="finite number"):
        voice(snr_db=value)
    with pytest.raises(ValidationError, match="finite number"):
        TimeRange(start_s=0.0, end_s=value)
