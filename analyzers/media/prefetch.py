"""Let an iterator work ahead of whoever uses it."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def ahead(items: Generator[T, None, None], depth: int) -> Generator[T, None, None]:
    """Yield `items`, while a thread of its own computes up to `depth` of them in advance.

    Order and errors are those of `items`. All of it runs in that one thread, closing it too.
    """
    end: Any = object()
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as thread:
        coming = deque(thread.submit(next, items, end) for _ in range(depth))
        try:
            while (item := coming.popleft().result()) is not end:
                coming.append(thread.submit(next, items, end))
                yield item
        finally:
            for future in coming:
                future.cancel()
            thread.submit(items.close).result()
