"""The studies that a test of small-study effects reads: effects, variances, and what else it regresses on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.notices import CannotPoolError, Notice
from guidewright.metaanalysis.rows import columns, effects_and_variances, rows_numbered

Array = npt.NDArray[np.float64]

#: Below so many studies, tests for funnel plot asymmetry cannot tell chance from bias (Cochrane Handbook 13.3.5.4;
#: Sterne et al. 2011, BMJ 343:d4002).
FEW = 10


@dataclass(frozen=True)
class Studies:
    """Effects ``y`` (k,), variances ``v`` (k,), further columns (k,) by name, and row numbers ``kept`` (k,) from 0."""

    y: Array
    v: Array
    more: Mapping[str, Array]
    kept: npt.NDArray[np.int64]
    notices: tuple[Notice, ...]

    @property
    def k(self) -> int:
        """Number of studies."""
        return len(self.y)

    @property
    def se(self) -> Array:
        """Standard errors."""
        return np.sqrt(self.v)


def read(
    y: npt.ArrayLike,
    v: npt.ArrayLike | None,
    se: npt.ArrayLike | None = None,
    *,
    least: int = 1,
    purpose: str = "this analysis",
    **more: npt.ArrayLike,
) -> Studies:
    """Studies that have an effect, a variance and all further columns, which must be above 0 (sizes, events).

    Raises :class:`CannotPoolError` where fewer than ``least`` studies are left, and for values that cannot be.
    """
    rows = effects_and_variances(y, v, se)
    kept, notices = rows.kept, list(rows.notices)
    given = columns(y=y, **more)
    del given["y"]
    complete = np.ones(len(kept), dtype=bool)
    for name, values in given.items():
        here = values[kept]
        if ((here <= 0) | np.isinf(here)).any():
            wrong = kept[(here <= 0) | np.isinf(here)]
            raise CannotPoolError(f"`{name}` must be finite and above 0; it is not in {rows_numbered(wrong)}")
        complete &= ~np.isnan(here)
    if not complete.all():
        names = " or ".join(f"`{name}`" for name in given)
        notices.append(Notice("rows-dropped", f"{rows_numbered(kept[~complete])} left out: no {names}"))
    kept = kept[complete]
    require(len(kept), least, purpose)
    return Studies(
        rows.y[complete],
        rows.v[complete],
        {name: values[kept] for name, values in given.items()},
        kept,
        tuple(notices),
    )


def require(k: int, least: int, purpose: str) -> None:
    """Raise :class:`CannotPoolError` where there are too few studies for a method to be defined at all."""
    if k < least:
        raise CannotPoolError(f"{purpose} needs at least {least} studies; there {'is' if k == 1 else 'are'} {k}")


def few_studies(k: int) -> tuple[Notice, ...]:
    """The warning that belongs to every test of asymmetry with fewer than ten studies."""
    if k >= FEW:
        return ()
    text = f"{k} studies: with fewer than {FEW}, a test of asymmetry cannot tell chance from bias"
    return (Notice("few-studies", text),)
