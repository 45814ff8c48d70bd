"""What comes in as columns of numbers: arrays of one length, without gaps, or a message that names the row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guidewright.metaanalysis.notices import CannotPoolError, Notice

Array = npt.NDArray[np.float64]
#: Ratio of the largest to the smallest sampling variance from which the result may not be stable (as metafor warns).
UNEVEN = 1e7


@dataclass(frozen=True)
class Rows:
    """Effects ``y`` (k,) and sampling variances ``v`` (k,) on the scale of analysis; ``kept`` (k,) are their row
    numbers from 0.
    """

    y: Array
    v: Array
    kept: npt.NDArray[np.int64]
    notices: tuple[Notice, ...]


def columns(**given: npt.ArrayLike) -> dict[str, Array]:
    """Columns as float64 arrays of one length.

    Raises :class:`CannotPoolError` for a column that holds no numbers or has another length.
    """
    arrays: dict[str, Array] = {}
    for name, values in given.items():
        try:
            array = np.asarray(values, dtype=np.float64)
        except (TypeError, ValueError):
            raise CannotPoolError(f"`{name}` must hold numbers only") from None
        if array.ndim > 1:
            raise CannotPoolError(f"`{name}` must be one column; it has {array.ndim} dimensions")
        arrays[name] = np.atleast_1d(array)
    sizes = {name: len(array) for name, array in arrays.items()}
    if len(set(sizes.values())) > 1:
        said = ", ".join(f"`{name}` has {size}" for name, size in sizes.items())
        raise CannotPoolError(f"columns must have the same number of rows; {said}")
    return arrays


def rows_numbered(numbers: npt.ArrayLike) -> str:
    """Row numbers, counted from 0, as a reader counts them."""
    numbers = [int(n) + 1 for n in np.atleast_1d(np.asarray(numbers))]
    shown = ", ".join(map(str, numbers[:10])) + (f" and {len(numbers) - 10} more" if len(numbers) > 10 else "")
    return f"row {shown}" if len(numbers) == 1 else f"rows {shown}"


def effects_and_variances(
    y: npt.ArrayLike, v: npt.ArrayLike | None, se: npt.ArrayLike | None = None, *, zero_variance: bool = False
) -> Rows:
    """Effects with their variances or standard errors, one of the two; rows with a missing value are left out.

    ``zero_variance`` says whether the method is defined where a variance is 0.

    Raises :class:`CannotPoolError`, naming the rows, for infinite values and for variances that are negative or 0.
    """
    if (v is None) == (se is None):
        raise CannotPoolError("give either variances `v` or standard errors `se`")
    given = columns(y=y, v=v) if v is not None else columns(y=y, se=se)  # type: ignore[arg-type]
    spread_name = "v" if v is not None else "se"
    spread = given[spread_name]
    for name, array in given.items():
        if np.isinf(array).any():
            raise CannotPoolError(f"`{name}` is infinite in {rows_numbered(np.flatnonzero(np.isinf(array)))}")
    if (spread < 0).any():
        raise CannotPoolError(
            f"`{spread_name}` is below 0 in {rows_numbered(np.flatnonzero(spread < 0))}; no variance is"
        )
    missing = np.isnan(given["y"]) | np.isnan(spread)
    kept = np.flatnonzero(~missing)
    notices = []
    if missing.any():
        text = f"{rows_numbered(np.flatnonzero(missing))} left out: no effect or no variance"
        notices.append(Notice("rows-dropped", text))
    values = given["y"][kept]
    variances = spread[kept] if v is not None else spread[kept] ** 2
    if not len(kept):
        raise CannotPoolError("no row has both an effect and a variance")
    if (variances == 0).any():
        where = rows_numbered(kept[variances == 0])
        if not zero_variance:
            raise CannotPoolError(
                f"the variance is 0 in {where}: the study would take all the weight; correct it or leave it out"
            )
        notices.append(Notice("variance-zero", f"the variance is 0 in {where}; Q, I2 and H2 are not defined"))
    elif variances.max() >= UNEVEN * variances.min():
        low, high = kept[variances.argmin()] + 1, kept[variances.argmax()] + 1
        ratio = variances.max() / variances.min()
        text = f"the variance of row {high} is {ratio:.2g} times that of row {low}; the result may not be stable"
        notices.append(Notice("variances-uneven", text))
    return Rows(values, variances, kept, tuple(notices))


def given_weights(weights: npt.ArrayLike, rows: Rows, given: int) -> Array:
    """The weights (k,) of the rows that are kept, of all ``given`` rows.

    Raises :class:`CannotPoolError` for another number of them, negative ones, and where none is above 0.
    """
    array = columns(weights=weights)["weights"]
    if len(array) != given:
        raise CannotPoolError(f"`weights` must have as many rows as `y`; they have {len(array)} and {given}")
    kept: Array = array[rows.kept]
    if not (kept >= 0).all() or kept.sum() == 0:
        raise CannotPoolError("`weights` must be 0 or more, and one of them above 0")
    return kept
