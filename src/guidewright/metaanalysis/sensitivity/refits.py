"""The same studies pooled again and again, each time some of them: one batch, in blocks that bound the memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.kernels.groups import Array, Groups
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Interval, Model, Tau2Method
from guidewright.metaanalysis.pooling import PooledEffects, pool_many
from guidewright.metaanalysis.rows import Rows, effects_and_variances, frozen
from guidewright.metaanalysis.sensitivity.subset_likelihood import SubsetLikelihood

Mask = npt.NDArray[np.bool_]
#: Cells (refits times studies) per block: some 100 MB at work.
BLOCK = 500_000
LIKELIHOOD = frozenset({Tau2Method.ML, Tau2Method.REML})
#: Estimators that take weights of their own.
WEIGHTED = frozenset({Tau2Method.GENQ, Tau2Method.GENQM})


@dataclass(frozen=True, eq=False)
class Refits:
    """One result for each refit, each field a read-only array (B,), on the scale of analysis."""

    k: Array
    estimate: Array
    se: Array
    statistic: Array
    """z or t."""
    df: Array
    """Degrees of freedom of the statistic; infinite where it is normal."""
    p: Array
    low: Array
    high: Array
    tau2: Array
    q: Array
    q_df: Array
    q_p: Array
    i2: Array
    """In percent."""
    h2: Array


def read_studies(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None,
    se: npt.ArrayLike | None,
    *,
    least: int,
    tau2_method: Tau2Method,
    weighted: bool | None = None,
) -> Rows:
    """Checked studies with variances above 0.

    A variance of 0 is refused whatever the estimator: the refit that leaves that study alone would have no answer.
    ``weighted`` says whether weights are given; None where a function takes none.
    Raises :class:`CannotPoolError`, also with fewer than ``least`` studies.
    """
    if tau2_method in WEIGHTED and not weighted:
        why = "which these refits do not take; choose another estimator" if weighted is None else "one for each row"
        raise CannotPoolError(f"{tau2_method} needs `weights`, {why}")
    rows = effects_and_variances(y, v, se)
    if len(rows.y) < least:
        found = "one study" if len(rows.y) == 1 else f"{len(rows.y)} studies"
        raise CannotPoolError(f"{found} with an effect and a variance; {least} or more are needed")
    return rows


def refit(
    y: Array,
    v: Array,
    blocks: Iterator[Mask],
    *,
    model: Model,
    tau2_method: Tau2Method,
    interval: Interval,
    level: float,
    weights: Array | None = None,
) -> Refits:
    """Pool the studies (k,) for each row of each block of ``included`` (b, k); ``weights`` (k,) as in ``pool``.

    Raises :class:`CannotPoolError` where a search for tau2 does not converge.
    """
    likelihood = None
    if model is Model.RANDOM and tau2_method in LIKELIHOOD:
        likelihood = SubsetLikelihood.of(y, v, restricted=tau2_method is Tau2Method.REML)
    parts: list[PooledEffects] = []
    for included in blocks:
        if weights is not None and not (included @ weights > 0).all():
            raise CannotPoolError("a part of the studies has no weight above 0; leave out the studies without weight")
        groups = Groups.of_sizes(included.sum(axis=1))
        study = np.nonzero(included)[1]
        tau2, converged = None, True
        if likelihood is not None:
            found = likelihood.maximise(np.ascontiguousarray(included.T, dtype=np.float64))
            tau2, converged = found.tau2, bool(found.converged.all())
        part = pool_many(
            y[study],
            v[study],
            groups,
            model=model,
            tau2_method=tau2_method,
            tau2=tau2,
            interval=interval,
            level=level,
            weights=None if weights is None else weights[study],
        )
        if not (converged and part.converged.all()):
            raise CannotPoolError(
                f"the search for tau2 by {tau2_method} did not converge for a part of the studies; choose another"
            )
        parts.append(part)
    names = [field.name for field in fields(Refits)]
    return Refits(**{name: frozen(np.concatenate([getattr(part, name) for part in parts])) for name in names})


def without_each(k: int) -> Iterator[Mask]:
    """All studies but one, for each in turn (k, k), in blocks."""
    for block in blocks_of(k, k):
        yield np.arange(k) != np.arange(block.start, block.stop)[:, None]


def up_to_each(k: int) -> Iterator[Mask]:
    """The first study, the first two, ... (k, k), in blocks."""
    for block in blocks_of(k, k):
        yield np.arange(k) <= np.arange(block.start, block.stop)[:, None]


def blocks_of(count: int, k: int) -> Iterator[slice]:
    """Cut ``count`` refits of ``k`` studies into blocks."""
    size = max(1, BLOCK // k)
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))
