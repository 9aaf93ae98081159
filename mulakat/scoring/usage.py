"""Sum what asking language models took."""

from __future__ import annotations

from collections.abc import Iterable

from mulakat.schema.language import Usage


def total(usages: Iterable[Usage | None]) -> Usage | None:
    """Over several answers; None when no endpoint was asked in any of them.

    What one of them does not tell, or tells in another currency, the sum does not tell either.
    """
    asked = [usage for usage in usages if usage is not None]
    if not asked:
        return None
    currencies = {usage.currency for usage in asked}
    cost = _sum([usage.cost for usage in asked]) if len(currencies) == 1 else None
    return Usage(
        requests=sum(usage.requests for usage in asked),
        prompt_tokens=_sum([usage.prompt_tokens for usage in asked]),
        completion_tokens=_sum([usage.completion_tokens for usage in asked]),
        cost=round(cost, 9) if cost is not None else None,
        currency=currencies.pop() if cost is not None else None,
    )


def _sum(values: list[int] | list[int | None] | list[float | None]) -> int | float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
