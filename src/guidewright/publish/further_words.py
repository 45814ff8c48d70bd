"""Words and numbers of the further results of one stratum, in one language and on the natural scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from guidewright.figures.effect import Effect
from guidewright.metaanalysis.result import Pooled
from guidewright.publish.numbers import decimal, estimate_with_interval, interval, p_words
from guidewright.publish.views import AnalysisView
from guidewright.words import word


class Words:
    """What the sections of a stratum have in common."""

    def __init__(
        self, view: AnalysisView, pooled: Pooled, language: str, terms: Mapping[str, Mapping[str, str]]
    ) -> None:
        self.view, self.pooled, self.language, self.terms = view, pooled, language, terms
        self.measure = view.result.measure
        self.identifier = f"{view.analysis.id}-{pooled.stratum.replace(' ', '-')}"

    def phrase(self, key: str, **values: object) -> str:
        """An entry of ``further`` in the tool's words."""
        return word(f"further.{key}", self.language, **values)

    def natural(self, value: float) -> float:
        """From the scale of analysis to the one that is shown."""
        return float(self.measure.natural(value))

    def effect(self, estimate: float, low: float, high: float, *, named: bool = True) -> str:
        """An estimate on the scale of analysis with its limits, as it is shown; ``named`` says of which measure."""
        shown = [self.natural(value) for value in (estimate, low, high)]
        if named:
            return estimate_with_interval(self.measure, shown[0], shown[1], shown[2], self.language)
        return self.shown(shown[0], shown[1], shown[2])

    def shown(self, estimate: float, low: float, high: float) -> str:
        """An estimate with its limits, both on the natural scale already."""
        return f"{decimal(estimate)} ({interval(low, high, self.language)})"

    def range(self, low: float, high: float, places: int = 2) -> str:
        """Two limits."""
        return interval(low, high, self.language, places)

    @property
    def effect_heading(self) -> str:
        """Heading of a column of effects."""
        return self.phrase("column.effect", measure=self.measure.value)

    def label(self, row: int) -> str:
        """Name of the study of a row, counted from 0."""
        return self.pooled.studies[row].label

    def level(self, column: str, name: str) -> str:
        """Name of a subgroup: a term of the glossary where the column holds terms."""
        return self.terms.get(name, {}).get(self.language, name) if column in {"intervention", "comparator"} else name

    def listed(self, names: Sequence[str]) -> str:
        """Several names."""
        return word("listing", self.language).join(names)

    def interaction(self, test: dict[str, Any]) -> str:
        """Test of interaction, chi-squared or F."""
        if test["residual_df"] is None:
            values = {"q": decimal(test["statistic"]), "df": str(test["df"])}
            return self.phrase("said.interaction", p=p_words(test["p"]), **values)
        df = f"{test['df']}, {decimal(test['residual_df'], 0)}"
        return self.phrase("said.interaction-f", q=decimal(test["statistic"]), df=df, p=p_words(test["p"]))

    @property
    def axis(self) -> Effect:
        """Axis of the effect."""
        favours = self.view.analysis.favours
        return Effect(
            self.measure.value,
            self.measure.null,
            self.measure.is_log,
            favours.low.get(self.language, ""),
            favours.high.get(self.language, ""),
        )
