"""Where most of a measure's values lie."""

from __future__ import annotations

import numpy as np


def spread(values: np.ndarray) -> dict[str, float]:
    """The fields of `Spread`: median, 5th and 95th percentile, to two decimals."""
    p05, median, p95 = (round(float(value), 2) for value in np.percentile(values, (5, 50, 95)))
    return {"median": median, "p05": p05, "p95": p95}
