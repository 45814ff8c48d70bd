"""Small-study effects and publication bias, as an analysis file asks for them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from guidewright.metaanalysis.further.studies import Studies
from guidewright.values import Value

Share = Annotated[float, Field(gt=0, lt=1)]


class AsymmetryTest(Value):
    """A test of the asymmetry of the funnel plot."""

    method: Literal["egger", "begg", "thompson-sharp", "harbord", "peters", "macaskill", "deeks", "schwarzer", "debray"]
    """``egger`` (any measure), ``begg`` (rank correlation), ``thompson-sharp`` (random effects); of counts:
    ``harbord``, ``peters``, ``macaskill``, ``deeks``, ``schwarzer``; of time to event: ``debray`` (events of both
    groups)."""

    def result(self, studies: Studies) -> Any:
        """See the function of that name."""
        from guidewright.metaanalysis import bias  # noqa: PLC0415 - only who asks for it waits for it

        if self.method == "debray":
            events1, _total1, events2, _total2 = studies.counts
            return bias.debray(studies.y, studies.v, events=events1 + events2)
        function = getattr(bias, self.method.replace("-", "_"))
        if self.method in {"egger", "begg", "thompson-sharp"}:
            return function(studies.y, studies.v)
        return function(*studies.counts)


class LimitRegression(Value):
    """Egger's regression with another predictor or form."""

    method: Literal["regression-test"]
    """Name of the method."""
    predictor: Literal["se", "variance", "size", "inverse-size", "root-size", "inverse-root-size"] = "se"
    """What the effects are regressed on."""
    form: Literal["multiplicative", "additive"] = "multiplicative"
    """Weighted least squares (``multiplicative``), or a mixed-effects model (``additive``)."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.bias.regression_test`."""
        from guidewright.metaanalysis.bias import Form, Predictor, regression_test  # noqa: PLC0415

        n = None if self.predictor in {"se", "variance"} else studies.numbers("participants")
        return regression_test(
            studies.y, studies.v, n=n, predictor=Predictor(self.predictor), form=Form[self.form.upper()]
        )


class TrimAndFillEstimate(Value):
    """Trim and fill: studies that an asymmetric funnel plot lacks, and what they change (Duval & Tweedie 2000)."""

    method: Literal["trim-and-fill"]
    """Name of the method."""
    estimator: Literal["L0", "R0", "Q0"] = "L0"
    """Estimator of the number of missing studies."""
    side: Literal["left", "right"] | None = None
    """Side on which studies are missing; left out, the one that Egger's regression points to."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.bias.trim_and_fill`."""
        from guidewright.metaanalysis.bias import Missing, Side, trim_and_fill  # noqa: PLC0415

        side = None if self.side is None else Side[self.side.upper()]
        return trim_and_fill(studies.y, studies.v, estimator=Missing[self.estimator], side=side, **studies.pooling)


class PetPeeseEstimate(Value):
    """PET-PEESE: the effect of a study without sampling error (Stanley & Doucouliagos 2014)."""

    method: Literal["pet-peese"]
    """Name of the method."""
    alpha: Share = 0.1
    """Level of the test by which PEESE is preferred to PET."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.bias.pet_peese`."""
        from guidewright.metaanalysis.bias import pet_peese  # noqa: PLC0415

        return pet_peese(studies.y, studies.v, alpha=self.alpha)


class SelectionModelFit(Value):
    """A selection model: the estimate if significant studies are published more often (Vevea & Hedges 1995)."""

    method: Literal["selection-model"]
    """Name of the method."""
    favours: Literal["low", "high"]
    """The side of the effect whose small p values are published more often."""
    cut_points: tuple[Share, ...] = (0.025,)
    """One-sided p values at which the chance of publication changes."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.bias.selection_model`."""
        from guidewright.metaanalysis.bias import Favours, selection_model  # noqa: PLC0415

        side = {"low": "less", "high": "greater"}[self.favours]
        return selection_model(
            studies.y, studies.v, cut_points=self.cut_points, favours=Favours(side), model=studies.model
        )


class FailSafeNumber(Value):
    """How many studies without an effect would undo the result."""

    method: Literal["fail-safe-n"]
    """Name of the method."""
    kind: Literal["rosenthal", "orwin", "rosenberg"] = "rosenthal"
    """Rosenthal 1979 and Rosenberg 2005: until it is not significant; Orwin 1983: until it is ``target``."""
    target: float | None = None
    """For Orwin: the effect that would not matter, on the scale of analysis."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.bias.fail_safe_n`."""
        from guidewright.metaanalysis.bias import FailSafe, fail_safe_n  # noqa: PLC0415

        return fail_safe_n(studies.y, studies.v, method=FailSafe[self.kind.upper()], target=self.target)


class ExcessSignificanceTest(Value):
    """Whether more studies are significant than their power allows (Ioannidis & Trikalinos 2007)."""

    method: Literal["excess-significance"]
    """Name of the method."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.bias.excess_significance`."""
        from guidewright.metaanalysis.bias import excess_significance  # noqa: PLC0415

        return excess_significance(studies.y, studies.v, model=studies.model, tau2_method=studies.tau2_method)


class Doi(Value):
    """Doi plot with the LFK index (Furuya-Kanamori 2018); the index depends on the number of studies."""

    method: Literal["doi"]
    """Name of the method."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.bias.doi_plot`."""
        from guidewright.metaanalysis.bias import doi_plot  # noqa: PLC0415

        return doi_plot(studies.y, studies.v)
