"""How fragile the result is, as an analysis file asks for it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from guidewright.metaanalysis.further.studies import Studies
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Model
from guidewright.values import Value


class LeaveOneOutFit(Value):
    """The result without each study in turn."""

    method: Literal["leave-one-out"]
    """Name of the method."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.sensitivity.leave_one_out.leave_one_out`."""
        from guidewright.metaanalysis.sensitivity.leave_one_out import leave_one_out  # noqa: PLC0415

        return leave_one_out(studies.y, studies.v, **studies.pooling)


class CumulativeFit(Value):
    """The result as studies came in."""

    method: Literal["cumulative"]
    """Name of the method."""
    by: str = "year"
    """Column of the order; ``precision`` for the most precise study first."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.sensitivity.cumulative.cumulative`."""
        from guidewright.metaanalysis.sensitivity.cumulative import cumulative  # noqa: PLC0415

        order = studies.v if self.by == "precision" else studies.numbers(self.by)
        return cumulative(studies.y, studies.v, order, **studies.pooling)


class InfluenceMeasures(Value):
    """What each study does to the result (Viechtbauer & Cheung 2010)."""

    method: Literal["influence"]
    """Name of the method."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.sensitivity.influence.influence`."""
        from guidewright.metaanalysis.sensitivity.influence import influence  # noqa: PLC0415

        return influence(studies.y, studies.v, **studies.pooling)


class Contributions(Value):
    """What each study adds to Q, and to the estimate (Baujat et al. 2002)."""

    method: Literal["baujat"]
    """Name of the method."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.sensitivity.baujat.baujat`."""
        from guidewright.metaanalysis.sensitivity.baujat import baujat  # noqa: PLC0415

        return baujat(studies.y, studies.v)


class AllSubsets(Value):
    """The result of many subsets of the studies (GOSH: Olkin, Dahabreh & Trikalinos 2012)."""

    method: Literal["gosh"]
    """Name of the method."""
    subsets: Annotated[int, Field(ge=10, le=5000)] = 1000
    """Number of subsets drawn; all of them where there are fewer. Kept small, since the result is committed."""
    seed: int = 1
    """Seed of the draw."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.sensitivity.gosh.gosh`."""
        from guidewright.metaanalysis.sensitivity.gosh import gosh  # noqa: PLC0415

        few = 2 ** len(studies.y) - 1 <= self.subsets
        found = gosh(
            studies.y,
            studies.v,
            subsets=None if few else self.subsets,
            seed=self.seed,
            model=studies.model,
            tau2_method=studies.tau2_method,
        )
        return {name: getattr(found, name) for name in ("k", "estimate", "i2", "seed", "notices")}


class FragilityIndex(Value):
    """How few patients with another outcome would change significance (Atal et al. 2019)."""

    method: Literal["fragility"]
    """Name of the method."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.sensitivity.pooled_fragility.pooled_fragility`."""
        from guidewright.metaanalysis.counts.tables import CountMeasure  # noqa: PLC0415
        from guidewright.metaanalysis.sensitivity.pooled_fragility import pooled_fragility  # noqa: PLC0415

        return pooled_fragility(CountMeasure(studies.measure.value), *studies.counts, **studies.pooling)


class ShrunkenEffectsFit(Value):
    """Each study's effect in the light of the others (empirical Bayes)."""

    method: Literal["shrunken-effects"]
    """Name of the method."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.sensitivity.shrinkage.shrunken_effects`."""
        from guidewright.metaanalysis.sensitivity.shrinkage import shrunken_effects  # noqa: PLC0415

        _only_random(studies)
        return shrunken_effects(studies.y, studies.v, tau2_method=studies.tau2_method, interval=studies.interval)


class TrueEffectsFit(Value):
    """Share of true effects beyond a threshold (Mathur & VanderWeele 2019)."""

    method: Literal["true-effects"]
    """Name of the method."""
    threshold: float
    """Effect that matters, on the natural scale of the measure."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.sensitivity.true_effects.true_effects`."""
        from guidewright.metaanalysis.sensitivity.true_effects import true_effects  # noqa: PLC0415

        _only_random(studies)
        if studies.measure.is_log and self.threshold <= 0:
            raise CannotPoolError(f"`threshold` of a ratio is above 0; found {self.threshold:g}")
        threshold = float(np.log(self.threshold)) if studies.measure.is_log else self.threshold
        return true_effects(
            studies.y, studies.v, threshold=threshold, tau2_method=studies.tau2_method, interval=studies.interval
        )


class TrialSequentialFit(Value):
    """Trial sequential analysis: whether enough patients were studied to be sure (Wetterslev et al. 2008)."""

    method: Literal["trial-sequential"]
    """Name of the method."""
    difference: float | None = None
    """For means: the difference sought, in units of the outcome."""
    sd: Annotated[float, Field(gt=0)] | None = None
    """For means: standard deviation of the outcome."""
    risk: Annotated[float, Field(gt=0, lt=1)] | None = None
    """For events: risk without the intervention."""
    relative_reduction: Annotated[float, Field(lt=1, examples=[0.2])] | None = None
    """For events: relative risk reduction sought, such as 0.2."""
    alpha: Annotated[float, Field(gt=0, lt=1)] = 0.05
    """Two-sided error of the first kind."""
    power: Annotated[float, Field(gt=0, lt=1)] = 0.9
    """Power; 0.9 as Wetterslev, Jakobsen & Gluud 2017 advise."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.sensitivity.trial_sequential.trial_sequential`."""
        from guidewright.metaanalysis.sensitivity.information_size import (  # noqa: PLC0415
            information_size_means,
            information_size_risks,
        )
        from guidewright.metaanalysis.sensitivity.trial_sequential import trial_sequential  # noqa: PLC0415

        errors = {"alpha": self.alpha, "power": self.power}
        if self.difference is not None and self.sd is not None:
            required = information_size_means(self.difference, self.sd, **errors)
        elif self.risk is not None and self.relative_reduction is not None:
            required = information_size_risks(self.risk, self.relative_reduction, **errors)
        else:
            raise CannotPoolError("give `difference` and `sd` (means), or `risk` and `relative_reduction` (events)")
        return trial_sequential(
            studies.y,
            studies.v,
            studies.numbers("participants"),
            required=required,
            order=studies.numbers("year"),
            model=studies.model,
            tau2_method=studies.tau2_method,
        )


def _only_random(studies: Studies) -> None:
    if studies.model is not Model.RANDOM:
        raise CannotPoolError("effects differ in the random-effects model only; set `model: random`")
