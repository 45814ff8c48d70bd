"""Numbers as people read them. All formatting of results is here, so a number looks the same wherever it stands."""

from __future__ import annotations

from guidewright.metaanalysis.effects import Measure
from guidewright.metaanalysis.result import Estimate, Pooled

MINUS = "\u2212"


def decimal(value: float | None, places: int = 2) -> str:
    """A number with a fixed number of decimals and a true minus sign; never ``-0.00``."""
    if value is None:
        return "–"
    text = f"{value:.{places}f}"
    if float(text) == 0:
        text = f"{0:.{places}f}"
    return text.replace("-", MINUS)


def p_value(p: float | None) -> str:
    """A p value: three decimals, two above 0.1, and ``<0.001`` below that."""
    if p is None:
        return "–"
    if p < 0.001:
        return "<0.001"
    return f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def p_words(p: float | str | None) -> str:
    """``p = 0.03`` or ``p < 0.001``; a printed p value is taken as it is."""
    text = p if isinstance(p, str) else p_value(p)
    if text[:1] in "<>":
        return f"p {text[0]} {text[1:].strip()}"
    return f"p {text}" if text == "NS" else f"p = {text}"


def grouped(number: int | None) -> str:
    """A count with a comma at the thousands, from ten thousand on."""
    return "–" if number is None else f"{number:,}" if number >= 10_000 else str(number)


def percent(value: float | None, places: int = 0) -> str:
    """A percentage that is already in percent."""
    return "–" if value is None else f"{decimal(value, places)}%"


def interval(low: float | None, high: float | None, language: str, places: int = 2) -> str:
    """``−1.15 to 0.05``, in Chinese ``−1.15～0.05``."""
    joined = "～" if language == "zh" else " to "
    return f"{decimal(low, places)}{joined}{decimal(high, places)}"


def estimate_with_interval(
    measure: Measure | str, estimate: float | None, low: float | None, high: float | None, language: str
) -> str:
    """``RR 0.55 (95% CI 0.45 to 0.67)``."""
    brackets = ("（", "）") if language == "zh" else (" (", ")")
    if low is None or high is None:
        return f"{measure} {decimal(estimate)}"
    return f"{measure} {decimal(estimate)}{brackets[0]}95% CI {interval(low, high, language)}{brackets[1]}"


def summary(measure: Measure, result: Estimate, language: str) -> str:
    """The pooled estimate in one phrase."""
    return estimate_with_interval(measure.value, result.estimate, result.low, result.high, language)


def pooled_field(pooled: Pooled, measure: Measure, field: str, language: str) -> str:
    """One value of a pooled result as text; the names are those of ``bindings.POOLED_FIELDS``."""
    estimate = pooled.summary
    match field:
        case "summary":
            return summary(measure, estimate, language)
        case "estimate" | "low" | "high":
            return decimal(getattr(estimate, field))
        case "interval":
            return interval(estimate.low, estimate.high, language)
        case "p":
            return p_value(estimate.p)
        case "k":
            return str(pooled.k)
        case "participants":
            return "–" if pooled.participants is None else str(pooled.participants)
        case "i2":
            return percent(pooled.i2)
        case "tau2":
            return decimal(pooled.tau2, 3)
        case "q":
            return decimal(pooled.q, 2)
        case "prediction_low" | "prediction_high":
            return decimal(getattr(pooled, field))
        case "prediction":
            return interval(pooled.prediction_low, pooled.prediction_high, language)
    raise KeyError(field)
