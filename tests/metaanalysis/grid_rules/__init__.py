"""The rules of the reference grid: which function of ours answers to which numbers, and how near it must be."""

from tests.metaanalysis.grid_rules import (
    asymmetry,
    counted,
    dependent,
    effects,
    meta_asymmetry,
    meta_package,
    moderated,
    pooled,
    refits,
    selected,
)
from tests.metaanalysis.grid_rules.divergences import DIVERGENCES
from tests.metaanalysis.grid_rules.rules import Block

BLOCKS: tuple[Block, ...] = (
    *pooled.BLOCKS,
    *refits.BLOCKS,
    *asymmetry.BLOCKS,
    *selected.BLOCKS,
    *moderated.BLOCKS,
    *effects.BLOCKS,
    *counted.BLOCKS,
    *dependent.BLOCKS,
    *meta_package.BLOCKS,
    *meta_asymmetry.BLOCKS,
)

__all__ = ["BLOCKS", "DIVERGENCES"]
