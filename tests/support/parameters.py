"""Parameters of which a person waits for some, and continuous integration for all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from _pytest.mark import ParameterSet


def shortened(values: Iterable[Any], keep: int) -> list[Any]:
    """The same values, spread over which `keep` stay in `make test`; the others are marked `long`."""
    every = list(values)
    kept = {round(i * (len(every) - 1) / max(1, keep - 1)) for i in range(keep)}
    return [value if index in kept else _long(value) for index, value in enumerate(every)]


def _long(value: Any) -> ParameterSet:
    several = value if isinstance(value, tuple) else (value,)
    return pytest.param(*several, marks=pytest.mark.long)
