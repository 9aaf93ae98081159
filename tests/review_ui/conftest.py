"""What tests of the review app share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mulakat.interviews.store import Store
from tests.support import review_data


@pytest.fixture
def store(review_place: review_data.Place) -> Iterator[Store]:
    """The database that the review app looks at, empty."""
    store = review_place.store()
    yield store
    store.close()
