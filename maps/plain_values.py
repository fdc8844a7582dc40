"""Plain values: what JSON can hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it; every kind of emptiness becomes None.

    >>> plain(np.float64("nan")) is None, plain(np.int64(3)), plain("x")
    (True, 3, 'x')
    """
    if isinstance(value, np.generic):
        value = value.item()
    if pd.isna(value):
        return None
    return value if isinstance(value, str | int | float) else str(value)
