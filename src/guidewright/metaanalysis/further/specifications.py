"""The multiverse: every defensible analysis of the same rows, as an analysis file declares it."""

from __future__ import annotations

from itertools import product
from typing import Annotated, Any, Literal

from pydantic import Field

from guidewright.metaanalysis.further.studies import Studies
from guidewright.metaanalysis.options import Interval, Model, Tau2Method
from guidewright.values import Slug, StudyId, Text, Value


class Exclusions(Value):
    """Studies that a sceptic might leave out, with the reason."""

    id: Slug = Field(examples=["open-label"])
    """Name."""
    title: Text
    """What they have in common."""
    studies: Annotated[tuple[StudyId, ...], Field(min_length=1)]
    """The studies."""


class MultiverseFit(Value):
    """Every combination of these choices, the share that keeps the conclusion, and the specification curve."""

    method: Literal["multiverse"]
    """Name of the method."""
    models: tuple[Model, ...] = (Model.RANDOM, Model.COMMON)
    """Models."""
    tau2: tuple[Tau2Method, ...] = (Tau2Method.REML, Tau2Method.DL, Tau2Method.PM)
    """Estimators of tau2, under random effects."""
    intervals: tuple[Interval, ...] = (Interval.WALD, Interval.KNAPP_HARTUNG)
    """Intervals, under random effects."""
    exclude: tuple[Exclusions, ...] = ()
    """Sets of studies that may be left out; none left out is always among the choices."""
    mid: float | None = None
    """Minimal important difference, in units of a mean difference; within it counts as a conclusion of its own."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.sensitivity.multiverse.multiverse`; the first is the analysis itself."""
        from guidewright.metaanalysis.sensitivity.multiverse import Specification, multiverse  # noqa: PLC0415

        own = (studies.model, studies.tau2_method, studies.interval)
        choices = [own]
        for model, tau2, interval in product(self.models, self.tau2, self.intervals):
            one = (model, tau2, interval) if model is Model.RANDOM else (model, own[1], Interval.WALD)
            choices += [one] if one not in choices else []
        sets = [("", frozenset[int]()), *((one.id, self._rows(one, studies)) for one in self.exclude)]
        specifications = [
            Specification(
                studies.y,
                studies.v,
                studies.measure.value,
                model=model,
                tau2_method=tau2,
                interval=interval,
                excluded=rows,
                exclusions=name,
                mid=self.mid,
            )
            for (name, rows), (model, tau2, interval) in product(sets, choices)
        ]
        found = multiverse(specifications)
        described = [
            {"model": one.model, "tau2": one.tau2_method, "interval": one.interval, "excluded": one.exclusions}
            for one in specifications
        ]
        return {"multiverse": found, "specifications": described}

    @staticmethod
    def _rows(one: Exclusions, studies: Studies) -> frozenset[int]:
        return frozenset(number for number, name in enumerate(studies.names) if name in one.studies)
