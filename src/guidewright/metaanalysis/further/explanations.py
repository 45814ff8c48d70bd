"""Why effects differ, and several effects of one study, as an analysis file asks for it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from guidewright.metaanalysis.further.moderators import Moderator
from guidewright.metaanalysis.further.studies import Studies
from guidewright.values import Value


class SubgroupTest(Value):
    """Pooled results of subgroups with a test of interaction."""

    method: Literal["subgroups"]
    """Name of the method."""
    by: str = Field(examples=["allocation"])
    """Column that holds the subgroup: a covariate of the studies, or a column of the extraction file."""
    common_tau2: bool = False
    """Whether the subgroups share one tau2."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.moderators.subgroups`."""
        from guidewright.metaanalysis.moderators import subgroups  # noqa: PLC0415

        groups = np.array([str(value) for value in studies.column(self.by)])
        return subgroups(studies.y, studies.v, groups, common_tau2=self.common_tau2, **studies.pooling)


class MetaRegressionFit(Value):
    """Meta-regression on one or several moderators."""

    method: Literal["meta-regression"]
    """Name of the method."""
    moderators: Annotated[
        tuple[Moderator, ...], Field(min_length=1, examples=[[{"kind": "numeric", "column": "year"}]])
    ]
    """The moderators: covariates of the studies, or columns of the extraction file."""
    permutations: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """Permutations for a test that assumes no distribution; 0 for none."""
    seed: int = 1
    """Seed of the permutations."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.moderators.meta_regression` and ``permutation_test``."""
        from guidewright.metaanalysis.moderators import (  # noqa: PLC0415
            design_matrix,
            meta_regression,
            permutation_test,
        )

        data = {name: studies.column(name) for name in self._columns()}
        design = design_matrix([one.moderator() for one in self.moderators], data)
        fit = meta_regression(studies.y, studies.v, design, **studies.pooling)
        if not self.permutations:
            return fit
        permuted = permutation_test(
            studies.y, studies.v, design, permutations=self.permutations, seed=self.seed, **studies.pooling
        )
        return {"regression": fit, "permutation": permuted}

    def _columns(self) -> list[str]:
        parts = [part for one in self.moderators for part in (one.of if one.kind == "interaction" else (one,))]
        return list(dict.fromkeys(part.column for part in parts))


class MultilevelFit(Value):
    """A multilevel model: effects within studies, and studies within wider groups."""

    method: Literal["multilevel"]
    """Name of the method."""
    levels: Annotated[tuple[str, ...], Field(min_length=1)] = ("study", "row")
    """Columns of the levels, the widest first; ``study``, and ``row`` for every effect."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.dependent.multilevel`."""
        from guidewright.metaanalysis.dependent import multilevel  # noqa: PLC0415

        levels = [np.array([str(value) for value in studies.column(name)]) for name in self.levels]
        return multilevel(studies.y, studies.v, levels=levels, level_names=list(self.levels))


class ClusterRobustFit(Value):
    """The estimate with a variance that holds where several effects come from the same study (Pustejovsky & Tipton
    2022).
    """

    method: Literal["cluster-robust"]
    """Name of the method."""
    clusters: str = "study"
    """Column of the clusters."""

    def result(self, studies: Studies) -> Any:
        """See :func:`guidewright.metaanalysis.dependent.cluster_robust` (CR2 with Satterthwaite degrees of freedom)."""
        from guidewright.metaanalysis.dependent import cluster_robust, marginal_model  # noqa: PLC0415
        from guidewright.metaanalysis.pooling import pool  # noqa: PLC0415

        tau2 = pool(studies.y, studies.v, **studies.pooling).tau2
        clusters = np.array([str(value) for value in studies.column(self.clusters)])
        return cluster_robust(marginal_model(studies.y, studies.v, tau2=tau2), clusters)
