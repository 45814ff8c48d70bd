"""Effects that depend on one another."""

from __future__ import annotations

import numpy as np

from guidewright.metaanalysis import multilevel, multivariate, pool
from tests.metaanalysis.examples.example import DATA, MORE_DIGITS, Example, Number, column, printed


def _konstantopoulos_2011() -> list[Number]:
    schools = DATA["dat.konstantopoulos2011"]
    y, v, year = (column("dat.konstantopoulos2011", name) for name in ("yi", "vi", "year"))
    two = pool(y, v)
    numbers = printed("two levels, REML: mean, se", "0.1279 0.0439", [two.estimate, two.se])
    numbers += printed("tau2 and its se", "0.0884 0.0202", [two.tau2, two.tau2_se])
    levels = [schools["district"], schools["school"]]
    three = multilevel(y, v, levels=levels, method="ML")  # type: ignore[arg-type]
    mean = three.coefficients[0]
    numbers += printed("three levels, ML: mean, se", "0.1845 0.0805", [mean.estimate, mean.se])
    numbers += printed("variances of districts and schools", "0.0577 0.0329", [one.sigma2 for one in three.levels])
    by_year = multilevel(y, v, levels=levels, moderators=year - year.mean(), method="ML")  # type: ignore[arg-type]
    slope = by_year.coefficients[1]
    numbers += printed("slope on year, se", "0.0051 0.0085", [slope.estimate, slope.se])
    return [*numbers, *printed("variances with year", "0.0565 0.0329", [one.sigma2 for one in by_year.levels])]


def _berkey_1998() -> list[Number]:
    trials = DATA["dat.berkey1998"]
    v1, v2 = column("dat.berkey1998", "v1i"), column("dat.berkey1998", "v2i")
    blocks = [np.array([[v1[i], v2[i]], [v1[i + 1], v2[i + 1]]]) for i in range(0, len(v1), 2)]
    fit = multivariate(
        column("dat.berkey1998", "yi"),
        blocks,
        outcomes=trials["outcome"],
        studies=trials["trial"],
        moderators=column("dat.berkey1998", "year") - 1983,
        method="ML",  # type: ignore[arg-type]
    )
    numbers = printed(
        "means of attachment level and probing depth, slopes on year",
        "-0.3351 0.3479 -0.0108 0.0010",
        [one.estimate for one in fit.coefficients],
    )
    numbers += printed("standard errors", "0.0787 0.0520 0.0243 0.0154", [one.se for one in fit.coefficients])
    g = fit.random_covariance
    return [*numbers, *printed("variances and covariance", "0.0250 0.0080 0.0093", [g[0][0], g[1][1], g[0][1]])]


EXAMPLES = (
    Example(
        "konstantopoulos-2011",
        "Konstantopoulos S. Fixed effects and variance components estimation in three-level meta-analysis. "
        "Res Synth Methods 2011;2:61-76",
        "tables 4 and 5, pages 70 and 71",
        "school calendars (metadat::dat.konstantopoulos2011)",
        MORE_DIGITS.format("konstantopoulos2011"),
        "two and three levels, with and without year. The intercept with year (0.183 in the article, 0.178 here and in "
        "metafor, which takes it for a misprint) is not compared",
        _konstantopoulos_2011,
    ),
    Example(
        "berkey-1998",
        "Berkey CS, Hoaglin DC, Antczak-Bouckoms A, Mosteller F, Colditz GA. Meta-analysis of multiple outcomes by "
        "regression with random effects. Stat Med 1998;17:2537-2550",
        "table II, page 2545",
        "periodontal surgery (metadat::dat.berkey1998)",
        MORE_DIGITS.format("berkey1998"),
        "two outcomes with an unstructured covariance, on year",
        _berkey_1998,
    ),
)
