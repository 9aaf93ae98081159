"""Numbers as a language writes them (CLDR, by Babel)."""

from __future__ import annotations

from babel import numbers


def number(language: str, value: float, digits: int = 0) -> str:
    """A number, rounded to `digits` places: `1,234.5`, in Turkish `1.234,5`."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    # Adding zero takes the sign from what rounds to nothing.
    return str(numbers.format_decimal(round(value, digits) + 0.0, format=pattern, locale=language))


def short(language: str, value: float) -> str:
    """A number with three figures that count, as much as a reader can use."""
    return str(numbers.format_decimal(float(f"{value:.3g}"), format="#,##0.###", locale=language))


def percent(language: str, ratio: float, digits: int = 0) -> str:
    """A share of 1 as percent, to at most `digits` places: `78%`, in Turkish `%78`."""
    return str(numbers.format_percent(round(ratio, digits + 2), locale=language, decimal_quantization=False))


def money(language: str, amount: float, currency: str | None) -> str:
    """An amount, to four places: a request costs little."""
    shown = number(language, amount, 4)
    return f"{shown} {currency}" if currency else shown
