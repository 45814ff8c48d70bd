"""What it adds up to: effect sizes, pooling, why effects differ, bias, and how fragile a result is.

The functions below read like the field and take arrays or columns of a data frame; each is imported at its first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: Function or value -> module of this package that holds it.
_WHERE = {
    "Interval": "options",
    "Measure": "effects",
    "Model": "options",
    "Prediction": "options",
    "Tau2Interval": "options",
    "Tau2Method": "options",
    "baujat": "sensitivity.baujat",
    "begg": "bias",
    "cluster_robust": "dependent",
    "cumulative": "sensitivity.cumulative",
    "effect_sizes": "effects",
    "egger": "bias",
    "from_estimates": "effects",
    "from_pymare": "pymare_datasets",
    "glmm": "counts.glmm",
    "gosh": "sensitivity.gosh",
    "heterogeneity_interval": "heterogeneity",
    "influence": "sensitivity.influence",
    "leave_one_out": "sensitivity.leave_one_out",
    "mantel_haenszel": "counts.mantel_haenszel",
    "meta_regression": "moderators",
    "multilevel": "dependent",
    "multiverse": "sensitivity.multiverse",
    "multivariate": "dependent",
    "permutation_test": "moderators",
    "peto": "counts.peto",
    "pool": "pooling",
    "pool_many": "pooling",
    "pool_table": "arrow",
    "subgroups": "moderators",
    "to_pymare": "pymare_datasets",
    "trial_sequential": "sensitivity.trial_sequential",
    "trim_and_fill": "bias",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *_WHERE]
