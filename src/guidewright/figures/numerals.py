"""Numbers that a figure writes by itself: ticks of its axes, tips and cells of its table."""

from __future__ import annotations

import math

MINUS = "\u2212"
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def tick(value: float, step: float | None = None) -> str:
    """A round number of an axis; ``step`` is the distance of linear ticks and gives all of them the same decimals."""
    if value == 0:
        return "0"
    if not 1e-4 <= abs(value) < 1e6:
        return _power(value, 3)
    if step is None:
        return _grouped(value, f"{value:.10g}")
    return _grouped(value, f"{value:.{max(0, -math.floor(math.log10(step) + 1e-9))}f}")


def said(value: float | None, digits: int = 3) -> str:
    """A number to some significant digits; whole numbers keep all of theirs, and what is missing is a dash."""
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if value == 0:
        return "0"
    if not 1e-4 <= abs(value) < 1e7:
        return _power(value, digits)
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return _grouped(value, f"{value:.0f}" if float(value).is_integer() else f"{value:.{decimals}f}")


def _grouped(value: float, text: str) -> str:
    """With a true minus sign, and commas at the thousands from ten thousand on."""
    if abs(value) >= 10_000 and text.lstrip("-").isdigit():
        text = f"{int(text):,}"
    return text.replace("-", MINUS)


def _power(value: float, digits: int) -> str:
    """``2×10⁻⁶``."""
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    factor = f"{float(mantissa):g}".replace("-", MINUS)
    power = "10" + str(int(exponent)).translate(_RAISED)
    return power if factor == "1" else f"{factor}×{power}"
