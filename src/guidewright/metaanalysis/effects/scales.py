"""The scales on which effects are analysed, and the way back to the scale that people read."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis import special

Array = npt.NDArray[np.float64]


class Scale(StrEnum):
    """Transformation from the natural scale of a measure to the scale of analysis."""

    IDENTITY = "identity"
    """Analysed as it is."""
    LOG = "log"
    """Natural logarithm."""
    LOGIT = "logit"
    """Logarithm of the odds of a proportion."""
    FISHER_Z = "fisher-z"
    """Inverse hyperbolic tangent of a correlation (Fisher 1921)."""
    ARCSINE = "arcsine"
    """Arcsine of the square root of a proportion."""
    SQUARE_ROOT = "square-root"
    """Square root of a rate."""
    FREEMAN_TUKEY = "freeman-tukey"
    """Double arcsine of a proportion (Freeman & Tukey 1950), as a mean of two arcsines."""
    FREEMAN_TUKEY_RATE = "freeman-tukey-rate"
    """Mean of the square roots of x/t and (x+1)/t for x events in time t (Freeman & Tukey 1950)."""
    CUBE_ROOT_ALPHA = "cube-root-alpha"
    """1 - (1 - alpha)**(1/3) of a coefficient alpha (Hakstian & Whalen 1976)."""
    LOG_ALPHA = "log-alpha"
    """-log(1 - alpha) of a coefficient alpha (Bonett 2002)."""

    @property
    def needs_size(self) -> bool:
        """Whether the way back needs the number of participants, or the person-time."""
        return self in {Scale.FREEMAN_TUKEY, Scale.FREEMAN_TUKEY_RATE}


def harmonic_mean(sizes: npt.ArrayLike) -> float:
    """Harmonic mean of study sizes: the size with which Miller 1978 (Am Stat 32:138) back-transforms a pooled value."""
    return float(1 / np.mean(1 / np.asarray(sizes, dtype=np.float64)))


def natural(scale: Scale, values: npt.ArrayLike, *, n: npt.ArrayLike | None = None) -> Array:
    """From the scale of analysis to the natural scale; limits beyond the possible end at the possible.

    ``n`` is needed for the Freeman-Tukey scales only: the size of each study for study rows, :func:`harmonic_mean` for
    pooled values (person-time for rates). Raises ValueError where it is needed and missing.

    Sources: Miller 1978 for the double arcsine; the rate is the solution of its definition for x/t.
    """
    x = np.asarray(values, dtype=np.float64)
    if scale.needs_size and n is None:
        raise ValueError(
            f"the scale `{scale}` is undone with the study sizes: pass n=, for pooled values harmonic_mean(n)"
        )
    size = np.asarray(np.nan if n is None else n, dtype=np.float64)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        match scale:
            case Scale.LOG:
                back = np.exp(x)
            case Scale.LOGIT:
                back = special.expit(x)
            case Scale.FISHER_Z:
                back = np.tanh(x)
            case Scale.ARCSINE:
                back = np.sin(np.clip(x, 0, np.pi / 2)) ** 2
            case Scale.SQUARE_ROOT:
                back = np.maximum(x, 0) ** 2
            case Scale.FREEMAN_TUKEY:
                back = _undo_double_arcsine(x, size)
            case Scale.FREEMAN_TUKEY_RATE:
                none = np.sqrt(1 / size) / 2  # the value of no events
                back = np.where(x <= none, 0.0, (x - 1 / (4 * size * x)) ** 2)
            case Scale.CUBE_ROOT_ALPHA:
                back = 1 - (1 - np.minimum(x, 1)) ** 3
            case Scale.LOG_ALPHA:
                back = -np.expm1(-x)
            case Scale.IDENTITY:
                back = x.copy()
    return np.asarray(back, dtype=np.float64)


def _undo_double_arcsine(x: Array, n: Array) -> Array:
    none, every = (np.arcsin(np.sqrt(p * n / (n + 1))) + np.arcsin(np.sqrt((p * n + 1) / (n + 1))) for p in (0.0, 1.0))
    sine = np.sin(2 * x)
    root = np.sqrt(np.maximum(1 - (sine + (sine - 1 / sine) / n) ** 2, 0))  # rounding may take it below 0
    return np.where(x <= none / 2, 0.0, np.where(x >= every / 2, 1.0, (1 - np.sign(np.cos(2 * x)) * root) / 2))


def analysed(scale: Scale, values: npt.ArrayLike) -> Array:
    """From the natural scale to the scale of analysis; values outside the domain give NaN or an infinity.

    Raises ValueError for the Freeman-Tukey scales, which are defined for counts only.
    """
    x = np.asarray(values, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        match scale:
            case Scale.LOG:
                y = np.log(x)
            case Scale.LOGIT:
                y = special.logit(x)
            case Scale.FISHER_Z:
                y = np.arctanh(x)
            case Scale.ARCSINE:
                y = np.arcsin(np.sqrt(x))
            case Scale.SQUARE_ROOT:
                y = np.sqrt(x)
            case Scale.CUBE_ROOT_ALPHA:
                y = 1 - np.cbrt(1 - x)
            case Scale.LOG_ALPHA:
                y = -np.log1p(-x)
            case Scale.IDENTITY:
                y = x.copy()
            case _:
                raise ValueError(f"the scale `{scale}` starts from counts: use effect_sizes with events and totals")
    return np.asarray(y, dtype=np.float64)
