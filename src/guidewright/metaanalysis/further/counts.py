"""Pooling of the counts themselves, as an analysis file asks for it."""

from __future__ import annotations

from typing import Any, Literal

from guidewright.metaanalysis.further.studies import Studies
from guidewright.values import Value


class MantelHaenszelFit(Value):
    """Mantel-Haenszel with the tests that belong to it."""

    method: Literal["mantel-haenszel"]
    """Name of the method."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.counts.mantel_haenszel.mantel_haenszel`."""
        from guidewright.metaanalysis.counts.mantel_haenszel import mantel_haenszel  # noqa: PLC0415

        if studies.measure.value in {"IRR", "IRD"}:
            columns = [studies.numbers(name) for name in ("events1", "time1", "events2", "time2")]
            return mantel_haenszel(studies.measure.value, *columns)
        return mantel_haenszel(studies.measure.value, *studies.counts)


class PetoFit(Value):
    """Peto's one-step odds ratio, for rare events and groups of about equal size."""

    method: Literal["peto"]
    """Name of the method."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.counts.peto.peto`."""
        from guidewright.metaanalysis.counts.peto import peto  # noqa: PLC0415

        return peto(*studies.counts)


class GlmmFit(Value):
    """Logistic or Poisson regression with random effects, for rare events (Stijnen et al. 2010)."""

    method: Literal["glmm"]
    """Name of the method."""
    model: Literal["UM.FS", "UM.RS", "CM.EL", "CM.AL"] = "UM.FS"
    """``UM`` unconditional with fixed (``FS``) or random (``RS``) study effects; ``CM`` conditional, with the exact
    (``EL``) or approximate (``AL``) likelihood."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.counts.glmm.glmm`."""
        from guidewright.metaanalysis.counts.glmm import glmm  # noqa: PLC0415

        if studies.measure.value == "IRR":
            columns = [studies.numbers(name) for name in ("events1", "time1", "events2", "time2")]
            return glmm("IRR", *columns, model=self.model)
        return glmm("OR", *studies.counts, model=self.model)
