"""Shared by all tests: where the recordings are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def samples() -> Path:
    """The recordings that ship with the project."""
    return ROOT / "samples"


@pytest.fixture(scope="session")
def development_media() -> Path:
    """A folder of further real recordings, where there is one (`MULAKAT_TEST_MEDIA`)."""
    folder = Path(os.environ.get("MULAKAT_TEST_MEDIA", ROOT.parent / "shared" / "media"))
    if not folder.is_dir():
        pytest.skip(f"no development recordings in {folder}")
    return folder
