"""Random studies of every family, as the columns that metafor's ``escalc`` takes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from guidewright.metaanalysis.effects import Family, Measure
from tests.metaanalysis.grid_rules.reference import ARGUMENTS

Columns = dict[str, list[float]]


def random_studies(measure: Measure, k: int, rng: np.random.Generator) -> Columns:
    """Columns of ``k`` studies, by metafor's names; true effects vary between studies, or do not."""
    table = DRAW[measure.family](k, rng)
    names = ARGUMENTS.get(measure.family, {})
    wanted = [names[column] for column in measure.columns] or list(table)
    return {name: [float(f"{value:.6g}") for value in table[name]] for name in wanted}


def _spread(rng: np.random.Generator) -> float:
    """Standard deviation between studies: none, or some."""
    return float(rng.choice([0.0, 0.15, 0.4, 0.8]))


def _sizes(k: int, rng: np.random.Generator, least: int = 12, most: float = 400.0) -> np.ndarray:
    return np.exp(rng.uniform(np.log(least), np.log(most), k)).astype(int)


def _logistic(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def _effects(k: int, rng: np.random.Generator) -> np.ndarray:
    return rng.normal(rng.normal(0, 0.5), _spread(rng), k)


def _two_by_two(k: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """With rare events in a third of the data sets: then cells are empty."""
    n1, n2 = _sizes(k, rng), _sizes(k, rng)
    base = rng.normal(rng.choice([-3.4, -1.5, 0.0]), 0.4, k)
    return {
        "ai": rng.binomial(n1, _logistic(base + _effects(k, rng))),
        "n1i": n1,
        "ci": rng.binomial(n2, _logistic(base)),
        "n2i": n2,
    }


def _matched_pairs(k: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    shares = rng.dirichlet([4, 2, 3, 5], k)
    cells = np.array([rng.multinomial(n, share) for n, share in zip(_sizes(k, rng, 20), shares, strict=True)])
    return dict(zip(("ai", "bi", "ci", "di"), cells.T, strict=True))


def _two_rates(k: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    t1, t2 = (np.round(rng.uniform(20, 900, k), 1) for _ in range(2))
    base = np.exp(rng.normal(rng.choice([-4.5, -2.5]), 0.4, k))
    return {
        "x1i": rng.poisson(t1 * base * np.exp(_effects(k, rng))),
        "t1i": t1,
        "x2i": rng.poisson(t2 * base),
        "t2i": t2,
    }


def _two_means(k: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Of positive quantities, so that ratios of means exist."""
    scale = float(rng.choice([0.1, 1.0, 30.0]))
    mean2 = scale * rng.uniform(6, 9, k)
    sd1, sd2 = (scale * rng.uniform(0.8, 2.2, k) for _ in range(2))
    n1, n2 = (_sizes(k, rng, 6, 150) for _ in range(2))
    return {
        "m1i": rng.normal(mean2 + scale * _effects(k, rng), sd1 / np.sqrt(n1)),
        "sd1i": sd1,
        "n1i": n1,
        "m2i": rng.normal(mean2, sd2 / np.sqrt(n2)),
        "sd2i": sd2,
        "n2i": n2,
    }


def _paired_means(k: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    two = _two_means(k, rng)
    return {
        **{name: two[name] for name in ("m1i", "sd1i", "m2i", "sd2i")},
        "ni": two["n1i"],
        "ri": rng.uniform(-0.2, 0.9, k),
    }


def _correlation(k: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    n = _sizes(k, rng, 15)
    return {
        "ri": np.tanh(_effects(k, rng) + rng.normal(0, 1 / np.sqrt(n - 3))),
        "ni": n,
        "ti": rng.normal(1.0, 1.6, k),
        "mi": rng.integers(1, 6, k),
        "r2i": rng.uniform(0.2, 0.7, k),
    }


def _proportion(k: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    n = _sizes(k, rng)
    return {"xi": rng.binomial(n, _logistic(rng.normal(rng.choice([-2.5, -1.0, 0.6]), _spread(rng), k))), "ni": n}


def _rate(k: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    time = np.round(rng.uniform(30, 900, k), 1)
    return {"xi": rng.poisson(time * np.exp(rng.normal(rng.choice([-4.0, -2.0]), _spread(rng), k))), "ti": time}


def _one_mean(k: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    return {
        "mi": rng.uniform(5, 8, k) + _effects(k, rng),
        "sdi": rng.uniform(0.7, 2.0, k),
        "ni": _sizes(k, rng, 6, 150),
    }


def _reliability(k: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    return {"ai": rng.uniform(0.5, 0.95, k), "mi": rng.integers(3, 30, k), "ni": _sizes(k, rng, 20)}


def _genotypes(k: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    cells = np.array([rng.multinomial(n, rng.dirichlet([6, 9, 4])) for n in _sizes(k, rng, 40)])
    return dict(zip(("ai", "bi", "ci"), cells.T, strict=True))


def _generic(k: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    v = np.exp(rng.uniform(np.log(0.005), np.log(0.5), k)) * float(rng.choice([1e-4, 1.0, 1e4]))
    return {"yi": rng.normal(0.0, np.sqrt(v)) + np.sqrt(v.mean()) * _effects(k, rng), "vi": v}


DRAW: dict[Family, Callable[[int, np.random.Generator], dict[str, np.ndarray]]] = {
    Family.TWO_BY_TWO: _two_by_two,
    Family.MATCHED_PAIRS: _matched_pairs,
    Family.TWO_RATES: _two_rates,
    Family.TWO_MEANS: _two_means,
    Family.PAIRED_MEANS: _paired_means,
    Family.CORRELATION: _correlation,
    Family.PROPORTION: _proportion,
    Family.RATE: _rate,
    Family.ONE_MEAN: _one_mean,
    Family.RELIABILITY: _reliability,
    Family.GENOTYPES: _genotypes,
    Family.GENERIC: _generic,
}
