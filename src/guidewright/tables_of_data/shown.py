"""An analysis as it is shown: rounded numbers and the words around them, the same in reports and figures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median

from guidewright.publish.numbers import decimal, interval, p_words, percent
from guidewright.tables_of_data.analysis import Analysis
from guidewright.tables_of_data.methods import Method
from guidewright.tables_of_data.results import StudyResult, study_results

_DATA_HEADINGS = {0: (), 1: ("Data",), 2: ("Group 1", "Group 2")}


@dataclass(frozen=True)
class Shown:
    """An analysis with what its tables and figures share."""

    analysis: Analysis
    studies: tuple[StudyResult, ...]
    places: int
    """Decimals of effects on the natural scale: two, and more where intervals are narrow."""

    @classmethod
    def of(cls, analysis: Analysis) -> Shown:
        """Prepare an analysis."""
        studies = tuple(study_results(analysis))
        widths = [w for one in studies if one.estimate is not None and 0 < (w := one.high - one.low) < math.inf]
        places = max(2, 1 - math.floor(math.log10(median(widths)))) if widths else 2
        return cls(analysis, studies, min(places, 9))

    @property
    def ci(self) -> str:
        """``95% CI``."""
        return f"{100 * self.analysis.options.level:g}% CI"

    @property
    def data_headings(self) -> tuple[str, ...]:
        """Headings of the data of the groups, as many as each study has cells."""
        return _DATA_HEADINGS[len(self.studies[0].data)]

    @property
    def prediction(self) -> str | None:
        """The prediction interval on the natural scale, where there is one."""
        low, high = (getattr(self.analysis.pooled, name, None) for name in ("prediction_low", "prediction_high"))
        return None if low is None else self.natural_interval(low, high)

    @property
    def q(self) -> str:
        """Cochran's Q with its p value."""
        pooled = self.analysis.pooled
        return f"Q = {decimal(pooled.q)}, df = {pooled.q_df}, {p_words(pooled.q_p)}"

    @property
    def how(self) -> str:
        """The method in a line."""
        options = self.analysis.options
        if options.method is not Method.INVERSE_VARIANCE:
            return f"method: {options.method}, common effect"
        tau2 = f", tau2 by {options.tau2_method}" if options.tau2_method else ""
        effects = "effects" if tau2 else "effect"
        return f"method: {options.method}, {options.model} {effects}{tau2}, interval {options.interval}"

    def natural(self, value: float | None) -> str:
        """A pooled value of the scale of analysis, on the natural scale."""
        return decimal(self.analysis.natural(value), self.places)

    def natural_interval(self, low: float | None, high: float | None) -> str:
        """Limits of the scale of analysis, on the natural scale."""
        return interval(self.analysis.natural(low), self.analysis.natural(high), "en", self.places)

    def of_study(self, one: StudyResult) -> tuple[str, str, str]:
        """Estimate, interval and weight of a row."""
        if one.estimate is None:
            return "–", "–", "–"
        ends = interval(one.low, one.high, "en", self.places)
        return decimal(one.estimate, self.places), ends, percent(one.weight, 1)


def figures(value: float | None, digits: int = 4) -> str:
    """A number on the scale of analysis, to some significant digits."""
    if value is None or not math.isfinite(value):
        return "–"
    return decimal(value, min(max(digits - 1 - math.floor(math.log10(abs(value))), 0), 10) if value else 0)
