"""Pool the analyses of a table of any size: Arrow batches on one machine, the same function under Spark on many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from guidewright.metaanalysis.kernels.groups import Groups
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.pooling import PooledEffects, pool_many

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

#: Columns of the result beside the name of the analysis; all are numbers, and ``converged`` is true or false.
COLUMNS = tuple(one.name for one in fields(PooledEffects))


def pool_table(
    table: pa.Table | pa.RecordBatch, *, analysis: str = "analysis", y: str = "y", v: str = "v", **options: Any
) -> pa.Table:
    """One row for each analysis of a table with one row for each study, in order of the analyses' names.

    ``analysis``, ``y`` and ``v`` name the columns of the analysis, the effect and its variance (scale of analysis);
    ``options`` are those of :func:`pool_many`. Rows of an analysis need not lie together. Rows with an effect or
    variance that is missing are left out; an analysis without any other row has no row in the result.

    Raises :class:`CannotPoolError` if a column is missing, an effect is infinite or a variance not above 0.
    """
    import pyarrow as pa  # noqa: PLC0415 - a quarter of a second, and only needed here

    for name in (analysis, y, v):
        if name not in table.schema.names:
            raise CannotPoolError(f"there is no column `{name}`; columns are {', '.join(table.schema.names)}")
    effects, variances = (_numbers(table.column(name)) for name in (y, v))
    kept = ~(np.isnan(effects) | np.isnan(variances))
    wrong = kept & ~(np.isfinite(effects) & np.isfinite(variances) & (variances > 0))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise CannotPoolError(
            f"row {row + 1}: `{y}` must be finite and `{v}` above 0; found {effects[row]:g} and {variances[row]:g}"
        )
    names = table.column(analysis)
    names = names.combine_chunks() if isinstance(names, pa.ChunkedArray) else names
    codes, distinct = _codes(names.filter(pa.array(kept)))
    order = np.argsort(codes, kind="stable")
    sizes = np.bincount(codes, minlength=len(distinct))
    if not len(distinct):
        return _table(distinct, analysis, {name: np.empty(0) for name in COLUMNS})
    found = pool_many(effects[kept][order], variances[kept][order], Groups.of_sizes(sizes), **options)
    return _table(distinct, analysis, {name: getattr(found, name) for name in COLUMNS})


def pool_batches(batches: Iterable[pa.RecordBatch], **options: Any) -> Iterator[pa.RecordBatch]:
    """The same for a stream of Arrow batches in which all rows of an analysis occur; Spark calls it for each partition.

    ``options`` are those of :func:`pool_table`.
    """
    import pyarrow as pa  # noqa: PLC0415 - see above

    collected = list(batches)
    if collected:
        yield from pool_table(pa.Table.from_batches(collected), **options).to_batches()


def pool_spark(frame: DataFrame, *, analysis: str = "analysis", **options: Any) -> DataFrame:
    """The same for a Spark DataFrame: one row for each analysis, computed where its studies lie.

    The frame is partitioned by the analysis, so that each is whole in one partition; nothing is collected on the
    driver.
    """
    from pyspark.sql.types import BooleanType, DoubleType, StructField, StructType  # noqa: PLC0415 - optional

    schema = StructType(
        [
            frame.schema[analysis],
            *(StructField(name, BooleanType() if name == "converged" else DoubleType()) for name in COLUMNS),
        ]
    )

    def of_partition(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return pool_batches(batches, analysis=analysis, **options)

    return frame.repartition(analysis).mapInArrow(of_partition, schema)


def _numbers(column: pa.ChunkedArray) -> np.ndarray:
    """A column as float64, missing values as NaN."""
    import pyarrow as pa  # noqa: PLC0415 - see above

    try:
        return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    except TypeError:  # a chunked array takes no such argument
        return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)


def _codes(names: pa.Array) -> tuple[np.ndarray, pa.Array]:
    """Number of each row's analysis in the sorted list of names, and that list."""
    import pyarrow as pa  # noqa: PLC0415 - see above
    import pyarrow.compute as pc  # noqa: PLC0415

    encoded = names.dictionary_encode()
    order = pc.array_sort_indices(encoded.dictionary).to_numpy()
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    codes = encoded.indices.fill_null(-1).to_numpy().astype(np.int64)
    if (codes < 0).any():
        raise CannotPoolError(f"row {int(np.flatnonzero(codes < 0)[0]) + 1} names no analysis")
    return rank[codes], encoded.dictionary.take(pa.array(order))


def _table(names: pa.Array, analysis: str, columns: dict[str, np.ndarray]) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415 - see above

    kinds = {name: pa.bool_() if name == "converged" else pa.float64() for name in columns}
    return pa.table({analysis: names, **{name: pa.array(values, kinds[name]) for name, values in columns.items()}})
