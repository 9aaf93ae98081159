"""Recordings that do not ship, named in the parameters of a test."""

from __future__ import annotations

from typing import Any

import pytest


def not_shipped(*names: Any) -> list[Any]:
    """Parameters of tests that run only where there are such recordings (`make test-media`)."""
    return [pytest.param(*(each if isinstance(each, tuple) else (each,)), marks=pytest.mark.media) for each in names]
