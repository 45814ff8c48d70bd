"""Small-study effects."""

from __future__ import annotations

import numpy as np

from guidewright.metaanalysis import pool, trim_and_fill
from tests.metaanalysis.examples.example import Example, Number, column, printed


def _hackshaw_1998() -> list[Number]:
    y, v = column("dat.hackshaw1998", "yi"), column("dat.hackshaw1998", "vi")
    mean, filled = pool(y, v, tau2_method="DL"), trim_and_fill(y, v, tau2_method="DL")  # type: ignore[arg-type]
    after = filled.filled
    numbers = printed("relative risk", "1.24", np.exp(mean.estimate))
    numbers += printed("studies filled in", "7", filled.missing)
    return [
        *numbers,
        *printed("relative risk with them", "1.19 1.08 1.31", np.exp([after.estimate, after.low, after.high])),
    ]


EXAMPLES = (
    Example(
        "takagi-2006",
        "Takagi H, Sekino S, Kato T, Matsuno Y, Umemoto T. Revisiting evidence on lung cancer and passive smoking: "
        "adjustment for publication bias by means of trim and fill algorithm. Lung Cancer 2006;51:245-246",
        "the letter",
        "passive smoking (metadat::dat.hackshaw1998; Hackshaw 1998)",
        "standing: knowledge; the letter was not seen",
        "trim and fill of 37 studies about a DerSimonian-Laird mean",
        _hackshaw_1998,
    ),
)
