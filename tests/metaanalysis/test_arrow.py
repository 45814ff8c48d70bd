"""Tables of many analyses: Arrow batches, and Spark on this machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from guidewright.metaanalysis.arrow import COLUMNS, pool_batches, pool_spark, pool_table
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.metaanalysis.options import Interval, Tau2Method
from guidewright.metaanalysis.pooling import pool

OPTIONS: dict[str, Any] = {"tau2_method": Tau2Method.REML, "interval": Interval.KNAPP_HARTUNG}


def studies(count: int = 300) -> pa.Table:
    """Studies of twenty analyses in no order, some with gaps."""
    random = np.random.default_rng(7)
    y = random.normal(size=count)
    y[::50] = np.nan
    return pa.table(
        {
            "analysis": [f"a{n:02d}" for n in random.integers(0, 20, count)],
            "y": y,
            "v": random.uniform(0.05, 1, count),
        }
    )


def test_every_analysis_is_pooled_as_if_it_were_alone() -> None:
    table = studies()
    found = pool_table(table, **OPTIONS).to_pylist()
    names = np.array(table["analysis"].to_pylist())
    y, v = (np.array(table[name]) for name in ("y", "v"))
    assert [row["analysis"] for row in found] == sorted(set(names))
    for row in found:
        alone = pool(y[names == row["analysis"]], v[names == row["analysis"]], **OPTIONS)
        for name in ("k", "estimate", "se", "p", "tau2", "q", "i2", "prediction_low"):
            assert row[name] == getattr(alone, name), name


def test_batches_are_taken_together_where_an_analysis_is_cut_in_two() -> None:
    table = studies()
    whole = pool_table(table)
    batches: Iterator[pa.RecordBatch] = iter(table.to_batches(max_chunksize=17))
    assert pa.Table.from_batches(pool_batches(batches)).equals(whole)
    assert list(pool_batches([])) == []


def test_bad_tables_are_named() -> None:
    table = studies(20)
    with pytest.raises(CannotPoolError, match="no column `effect`; columns are analysis, y, v"):
        pool_table(table, y="effect")
    with pytest.raises(CannotPoolError, match="row 2: `y` must be finite and `v` above 0"):
        pool_table(pa.table({"analysis": ["a", "a"], "y": [0.1, 0.2], "v": [0.1, 0.0]}))
    with pytest.raises(CannotPoolError, match="row 1 names no analysis"):
        pool_table(pa.table({"analysis": [None, "a"], "y": [0.1, 0.2], "v": [0.1, 0.1]}))
    empty = pool_table(pa.table({"analysis": ["a"], "y": [None], "v": [0.1]}, schema=table.schema))
    assert empty.num_rows == 0
    assert set(empty.schema.names) == {"analysis", *COLUMNS}


@pytest.mark.filterwarnings("ignore")  # of Spark and the JVM
def test_spark_gives_the_same_rows(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    from pyspark.sql import SparkSession

    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "3")
        .config("spark.sql.warehouse.dir", str(tmp_path))
        .getOrCreate()
    )
    try:
        table = studies()
        rows = [tuple(row.values()) for row in table.to_pylist()]
        frame = spark.createDataFrame(rows, "analysis string, y double, v double")
        pooled = sorted(pool_spark(frame, **OPTIONS).collect(), key=lambda row: row["analysis"])
        expected = pool_table(table, **OPTIONS).to_pylist()
        assert len(pooled) == len(expected) == 20
        for ours, theirs in zip(pooled, expected, strict=True):
            assert {name: ours[name] for name in ("analysis", *COLUMNS)} == pytest.approx(theirs, nan_ok=True)
    finally:
        spark.stop()
