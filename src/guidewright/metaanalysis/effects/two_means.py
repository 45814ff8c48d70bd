"""Means and standard deviations of two independent groups.

Sources: Hedges 1981, 1982, 1983 and Borenstein 2009 (Handbook of Research Synthesis, chapter 12) for SMD and its
variances; Bonett 2008, 2009 for SMDH, SMD1H and their variances; Hedges, Gurevitch & Curtis 1999 (Ecology 80:1150) for
ROM, Nakagawa et al. 2023 for its other variances; Nakagawa et al. 2015 (Methods Ecol Evol 6:143) for CVR and VR; Tate
1954, 1955, Soper 1914, Das Gupta 1960 and Jacobs & Viechtbauer 2017 (Res Synth Methods 8:161) for RPB and RBIS; Chinn
2000 (Stat Med 19:3127) and Cox & Snell 1989 for D2OR.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from guidewright.metaanalysis import special
from guidewright.metaanalysis.effects.choices import Choices, VarianceType
from guidewright.metaanalysis.effects.computed import (
    Array,
    Columns,
    Computed,
    Formula,
    hedges_correction,
    uncorrected,
    weighted_mean,
)
from guidewright.metaanalysis.effects.measure import Measure
from guidewright.metaanalysis.effects.two_by_two import LOGISTIC, NORMAL


def compute(measure: Measure, columns: Columns, choices: Choices) -> Computed:
    """Effects; there are no counts to correct."""
    return uncorrected(FORMULAS[measure](columns, choices.variance))


def _pooled_variance(columns: Columns) -> Array:
    n1, n2 = columns["n1"], columns["n2"]
    return np.asarray(
        ((n1 - 1) * columns["sd1"] ** 2 + (n2 - 1) * columns["sd2"] ** 2) / (n1 + n2 - 2), dtype=np.float64
    )


def _difference(columns: Columns) -> Array:
    return np.asarray(columns["mean1"] - columns["mean2"], dtype=np.float64)


def _mean_difference(columns: Columns, variance: VarianceType) -> tuple[Array, Array]:
    n1, n2 = columns["n1"], columns["n2"]
    if variance is VarianceType.HO:
        return _difference(columns), _pooled_variance(columns) * (1 / n1 + 1 / n2)
    return _difference(columns), columns["sd1"] ** 2 / n1 + columns["sd2"] ** 2 / n2


def _standardised(columns: Columns, variance: VarianceType) -> tuple[Array, Array]:
    n = columns["n1"] + columns["n2"]
    return _hedges(columns, np.sqrt(_pooled_variance(columns)), n - 2, n, variance)


def _glass(columns: Columns, variance: VarianceType) -> tuple[Array, Array]:
    return _hedges(columns, columns["sd2"], columns["n2"] - 1, columns["n2"], variance)


def _hedges(columns: Columns, sd: Array, df: Array, n_of_sd: Array, variance: VarianceType) -> tuple[Array, Array]:
    """A standardised difference, corrected for bias; ``sd`` is estimated with ``df`` degrees of freedom."""
    n1, n2 = columns["n1"], columns["n2"]
    correction, d = hedges_correction(df), _difference(columns) / sd
    g, sampling = correction * d, 1 / n1 + 1 / n2
    match variance:
        case VarianceType.UB:
            return g, sampling + (1 - (df - 2) / (df * correction**2)) * g**2
        case VarianceType.LS2:
            return g, correction**2 * (sampling + d**2 / (2 * n_of_sd))
        case VarianceType.AV:
            return g, sampling + weighted_mean(g, n1 + n2) ** 2 / (2 * n_of_sd)
        case _:
            return g, sampling + g**2 / (2 * n_of_sd)


def _standardised_unequal(columns: Columns, variance: VarianceType) -> tuple[Array, Array]:
    v1, v2, n1, n2 = columns["sd1"] ** 2, columns["sd2"] ** 2, columns["n1"], columns["n2"]
    correction, mean_variance = hedges_correction(n1 + n2 - 2), (v1 + v2) / 2
    g = correction * _difference(columns) / np.sqrt(mean_variance)
    if variance is VarianceType.LS2:
        of_sd = g**2 * (v1 / n1 + v2 / n2) / (2 * (v1 + v2) ** 2)
        return g, of_sd + 2 * (v1 / n1 + v2 / n2) / (v1 + v2)
    of_sd = g**2 * (v1**2 / (n1 - 1) + v2**2 / (n2 - 1)) / (2 * (v1 + v2) ** 2)
    return g, correction**2 * (of_sd + (v1 / (n1 - 1) + v2 / (n2 - 1)) / mean_variance)


def _glass_unequal(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    n1, n2 = columns["n1"], columns["n2"]
    g = hedges_correction(n2 - 1) * _difference(columns) / columns["sd2"]
    return g, columns["sd1"] ** 2 / columns["sd2"] ** 2 / n1 + 1 / n2 + g**2 / (2 * n2)


def _ratio_of_means(columns: Columns, variance: VarianceType) -> tuple[Array, Array]:
    n1, n2, mean1, mean2 = (columns[name] for name in ("n1", "n2", "mean1", "mean2"))
    y = np.log(mean1 / mean2)
    cv1, cv2 = columns["sd1"] / mean1, columns["sd2"] / mean2
    match variance:
        case VarianceType.HO:
            return y, _pooled_variance(columns) * (1 / (n1 * mean1**2) + 1 / (n2 * mean2**2))
        case VarianceType.AV:
            return y, weighted_mean(cv1, n1) ** 2 / n1 + weighted_mean(cv2, n2) ** 2 / n2
        case VarianceType.AVHO:
            both = weighted_mean(np.concatenate([cv1, cv2]), np.concatenate([n1, n2]))
            return y, both**2 * (1 / n1 + 1 / n2)
        case _:
            return y, cv1**2 / n1 + cv2**2 / n2


def _ratio_of_cvs(columns: Columns, variance: VarianceType) -> tuple[Array, Array]:
    y, v = _ratio_of_sds(columns, variance)
    mean1, mean2 = columns["mean1"], columns["mean2"]
    of_means = (columns["sd1"] / mean1) ** 2 / columns["n1"] + (columns["sd2"] / mean2) ** 2 / columns["n2"]
    return y - np.log(mean1) + np.log(mean2), v + of_means


def _ratio_of_sds(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
    half1, half2 = 1 / (2 * (columns["n1"] - 1)), 1 / (2 * (columns["n2"] - 1))
    return np.log(columns["sd1"]) - np.log(columns["sd2"]) + half1 - half2, half1 + half2


def _point_biserial(columns: Columns, variance: VarianceType) -> tuple[Array, Array]:
    n1, n2 = columns["n1"], columns["n2"]
    n = n1 + n2
    d, h = _difference(columns) / np.sqrt(_pooled_variance(columns)), (n - 2) * (1 / n1 + 1 / n2)
    r = d / np.sqrt(d**2 + h)
    if variance is VarianceType.CS:
        return r, (1 - r**2) ** 2 * (n * r**2 / (4 * n1 * n2) + (2 - 3 * r**2) / (2 * n))
    return r, h**2 / (h + d**2) ** 3 * (1 / n1 + 1 / n2 + d**2 / (2 * n))


def _biserial(columns: Columns, variance: VarianceType) -> tuple[Array, Array]:
    n1, n2 = columns["n1"], columns["n2"]
    n = n1 + n2
    p1, p2 = n1 / n, n2 / n
    z = special.ndtri(p2)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    r = np.sqrt(p1 * p2) / density * _point_biserial(columns, variance)[0]
    inside = np.clip(r, -1, 1)
    curve = 3 / 2 + (1 - p1 * z / density) * (1 + p2 * z / density)
    return r, (p1 * p2 / density**2 - curve * inside**2 + inside**4) / (n - 1)


def _log_odds(factor: float) -> Formula:
    def formula(columns: Columns, _variance: VarianceType) -> tuple[Array, Array]:
        n1, n2 = columns["n1"], columns["n2"]
        d = _difference(columns) / np.sqrt(_pooled_variance(columns))
        return factor * d, factor**2 * (1 / n1 + 1 / n2 + d**2 / (2 * (n1 + n2)))

    return formula


FORMULAS: Mapping[Measure, Formula] = {
    Measure.MD: _mean_difference,
    Measure.SMD: _standardised,
    Measure.SMDH: _standardised_unequal,
    Measure.SMD1: _glass,
    Measure.SMD1H: _glass_unequal,
    Measure.ROM: _ratio_of_means,
    Measure.CVR: _ratio_of_cvs,
    Measure.VR: _ratio_of_sds,
    Measure.RPB: _point_biserial,
    Measure.RBIS: _biserial,
    Measure.D2OR: _log_odds(LOGISTIC),
    Measure.D2ORL: _log_odds(LOGISTIC),
    Measure.D2ORN: _log_odds(NORMAL),
}
