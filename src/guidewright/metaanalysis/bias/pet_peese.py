"""PET, PEESE and the rule that chooses between them: the effect that a study without sampling error would show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy.typing as npt

from guidewright.metaanalysis.bias.regression import Predictor, RegressionTest, regression_test
from guidewright.metaanalysis.notices import Notice
from guidewright.metaanalysis.options import check_share


class Chosen(StrEnum):
    """Which of the two lines gives the estimate."""

    PET = "PET"
    """Precision-effect test: regression on the standard error."""
    PEESE = "PEESE"
    """Precision-effect estimate with standard error: regression on the variance."""


@dataclass(frozen=True)
class PetPeese:
    """The conditional estimate and both lines, on the scale of analysis. The limit of each line is its estimate."""

    estimate: float
    se: float
    low: float
    high: float
    p: float | None
    """Two-sided; None where the line passes through every study."""
    chosen: Chosen
    pet: RegressionTest
    peese: RegressionTest
    alpha: float
    level: float
    notices: tuple[Notice, ...]


def pet_peese(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None = None,
    *,
    se: npt.ArrayLike | None = None,
    alpha: float = 0.1,
    level: float = 0.95,
) -> PetPeese:
    """PET-PEESE of effects ``y`` (k,) (Stanley & Doucouliagos 2014, Res Synth Methods 5:60).

    Weighted least squares with multiplicative dispersion on the standard error (PET) and on the variance (PEESE). PET
    is biased downwards where there is an effect, PEESE upwards where there is none; so PEESE is taken if PET's
    intercept differs from 0 at ``alpha``, PET otherwise. ``alpha`` is two-sided; 0.1 is the one-sided test at 5 %, and
    published applications differ, which is why it is an argument and kept with the result. With few studies or much
    heterogeneity neither holds its error rate (Stanley 2017, Soc Psychol Personal Sci 8:581).

    Raises :class:`CannotPoolError` for fewer than three studies, and where the standard errors are all the same.
    """
    check_share("alpha", alpha)
    pet = regression_test(y, v, se=se, predictor=Predictor.SE, level=level)
    peese = regression_test(y, v, se=se, predictor=Predictor.VARIANCE, level=level)
    chosen = Chosen.PEESE if _differs(pet, alpha) else Chosen.PET
    best = peese if chosen is Chosen.PEESE else pet
    # on these predictors a line always has a limit
    assert best.limit is not None and best.limit_se is not None  # noqa: S101
    assert best.limit_low is not None and best.limit_high is not None  # noqa: S101
    return PetPeese(
        estimate=best.limit,
        se=best.limit_se,
        low=best.limit_low,
        high=best.limit_high,
        p=best.limit_p,
        chosen=chosen,
        pet=pet,
        peese=peese,
        alpha=alpha,
        level=level,
        notices=best.notices,
    )


def _differs(pet: RegressionTest, alpha: float) -> bool:
    """Whether PET finds an effect; a line through every study finds one unless it meets 0 exactly."""
    return pet.limit_p < alpha if pet.limit_p is not None else pet.limit != 0
