"""The same comparison on a cluster: Splink blocks and weighs the pairs on Spark, with our keys, levels and points.

What stays on the driver is small: the pairs that are not different, and the records in them. Splink, PySpark and
PyArrow are optional (``pip install 'guidewright[scale]'``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from guidewright.evidence.bibliography import Name
from guidewright.evidence.dedupe.blocking import BUCKET
from guidewright.evidence.dedupe.columns import Columns, columns_of
from guidewright.evidence.dedupe.comparison import compare
from guidewright.evidence.dedupe.decide import Duplicates, decide
from guidewright.evidence.dedupe.keys import keys_of
from guidewright.evidence.dedupe.scoring import Outcome, chosen, judge
from guidewright.evidence.dedupe.search import with_the_rest_of_groups, worth_comparing
from guidewright.evidence.dedupe.splink_model import FUNCTION, settings
from guidewright.evidence.duplicates import DuplicateDecision
from guidewright.evidence.found import Found

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

#: What is read of a record; abstracts and raw records stay where they are.
TEXTS = ("id", "kind", "title", "journal", "volume", "issue", "pages", "publisher", "doi", "pmid", "issn")
#: Pairs of lower weight are different in any case: no rule speaks of them.
LOWEST_WEIGHT = -40.0


def find_duplicates_on_spark(
    spark: SparkSession, records: Sequence[Found], decided: Iterable[DuplicateDecision] = ()
) -> Duplicates:
    """What :func:`~guidewright.evidence.dedupe.decide.find_duplicates` finds, on a Spark session."""
    return duplicates_of_table(spark, table_of(spark, records), decided)


def table_of(spark: SparkSession, records: Sequence[Found]) -> DataFrame:
    """Records as a Spark DataFrame with the columns that :func:`duplicates_of_table` reads."""
    name = pa.struct([("family", pa.string()), ("given", pa.string()), ("literal", pa.string())])
    columns: dict[str, Any] = {field: pa.array([getattr(r, field) for r in records], pa.string()) for field in TEXTS}
    columns["year"] = pa.array([r.year for r in records], pa.int64())
    columns["registrations"] = pa.array([list(r.registrations) for r in records], pa.list_(pa.string()))
    columns["authors"] = pa.array([[a.model_dump() for a in r.authors] for r in records], pa.list_(name))
    return spark.createDataFrame(pa.table(columns))


def duplicates_of_table(spark: SparkSession, table: DataFrame, decided: Iterable[DuplicateDecision] = ()) -> Duplicates:
    """Find the copies among the records of a Spark DataFrame: text columns of ``TEXTS``, ``year``, ``registrations``
    (array of text) and ``authors`` (array of structs with family, given and literal).
    """
    prepared = table.mapInArrow(_prepare, _prepared_schema()).cache()
    pairs = weighed_pairs(spark, with_keys(prepared)).select("id_l", "id_r").toArrow()
    people = [line for line in decided if not line.automatic]
    named = {*pairs["id_l"].to_pylist(), *pairs["id_r"].to_pylist(), *(one for line in people for one in line.pair)}
    wanted = spark.createDataFrame([(one,) for one in sorted(named)], "id string")
    rows = prepared.join(wanted, "id").select("record").toArrow()
    columns = _sorted(_columns([record for record in rows["record"].to_pylist() if record["id"] in named]))
    number = {identifier: n for n, identifier in enumerate(columns.id)}
    ends = np.array(
        sorted(
            (min(number[a], number[b]), max(number[a], number[b]))
            for a, b in zip(pairs["id_l"].to_pylist(), pairs["id_r"].to_pylist(), strict=True)
        ),
        np.int64,
    ).reshape(-1, 2)
    judged = judge(columns, (ends[:, 0], ends[:, 1]))
    judged = with_the_rest_of_groups(columns, chosen(judged, judged.outcome != Outcome.DIFFERENT))
    found = decide(columns, judged, people)
    return Duplicates(found.groups, found.same, found.related, found.ask, table.count())


def with_keys(prepared: DataFrame) -> DataFrame:
    """Split the keys that too many records share, as :func:`~guidewright.evidence.dedupe.blocking.candidates` does."""
    from pyspark.sql import Window  # noqa: PLC0415 - optional
    from pyspark.sql import functions as f  # noqa: PLC0415

    exploded = prepared.select("id", "rank", f.explode("keys").alias("key"))
    of_key = Window.partitionBy("key")
    ordered = of_key.orderBy("rank.title", "rank.names", "rank.year", "rank.page", "id")
    place = f.row_number().over(ordered) - 1
    run = f.floor(f.col("place") / BUCKET)
    over = f.floor((f.col("place") + BUCKET // 2) / BUCKET)
    counted = exploded.select("id", "key", f.count("*").over(of_key).alias("size"), place.alias("place"))
    plain = f.array(f.col("key").cast("string"))
    parts = f.array(f.concat_ws("~", "key", f.lit("run"), run), f.concat_ws("~", "key", f.lit("over"), over))
    named = f.when(f.col("size") > BUCKET, parts).otherwise(plain)
    split = counted.where("size > 1").select("id", f.explode(named).alias("key"))
    keys = split.groupBy("id").agg(f.collect_set("key").alias("keys"))
    return prepared.select("id", "record").join(keys, "id")


def weighed_pairs(spark: SparkSession, table: DataFrame) -> DataFrame:
    """Pairs of records with Splink's match weight, as long as any rule may speak of them."""
    from pyspark.sql.functions import arrow_udf  # noqa: PLC0415 - optional
    from splink import Linker, SparkAPI  # noqa: PLC0415 - optional

    spark.udf.register(FUNCTION, arrow_udf(_levels, "array<int>"))  # type: ignore[call-overload] # by hints
    api = SparkAPI(  # type: ignore[no-untyped-call]
        spark_session=spark, register_udfs_automatically=False, break_lineage_method="persist"
    )
    linker = Linker(api.register(table), settings(), log_level=None, validate_settings=False)
    predicted = linker.inference.predict(threshold_match_weight=LOWEST_WEIGHT, warning_mode="never")
    weighed: DataFrame = predicted.as_spark_dataframe()
    return weighed.mapInArrow(_not_different, "id_l string, id_r string, match_weight double")


def _prepare(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Records to their columns and keys, batch by batch, on a worker."""
    for batch in batches:
        columns = columns_of([_found(row) for row in batch.to_pylist()])
        records, keys = keys_of(columns)
        order = np.argsort(records, kind="stable")
        bounds = np.searchsorted(records[order], np.arange(len(columns) + 1))
        signed = np.ascontiguousarray(keys[order]).view(np.int64)
        arrays = {field.name: pa.array(getattr(columns, field.name)) for field in fields(Columns)}
        rank = {name: arrays[name] for name in ("title", "names", "year", "page")}
        yield pa.RecordBatch.from_arrays(
            [
                arrays["id"],
                pa.ListArray.from_arrays(pa.array(bounds, pa.int32()), pa.array(signed)),
                pa.StructArray.from_arrays(list(rank.values()), names=list(rank)),
                pa.StructArray.from_arrays(list(arrays.values()), names=list(arrays)),
            ],
            names=["id", "keys", "rank", "record"],
        )


def _prepared_schema() -> str:
    kinds = {"Words": "string", "Integers": "bigint", "Flags": "boolean"}
    record = ", ".join(f"{field.name}: {kinds[str(field.type)]}" for field in fields(Columns))
    rank = "title: string, names: string, year: bigint, page: bigint"
    return f"id string, keys array<bigint>, rank struct<{rank}>, record struct<{record}>"


def _found(row: dict[str, Any]) -> Found:
    texts: dict[str, Any] = {field: row[field] or "" for field in TEXTS}
    authors = tuple(Name(**author) for author in row["authors"] or ())
    return Found(**texts, year=row["year"], authors=authors, registrations=tuple(row["registrations"] or ()))


def _columns(rows: Sequence[Any]) -> Columns:
    """Rows of prepared records as columns again."""
    kinds: dict[str, Any] = {"Words": object, "Integers": np.int64, "Flags": np.bool_}
    columns: dict[str, Any] = {}
    for field in fields(Columns):
        column: Any = np.empty(len(rows), dtype=kinds[str(field.type)])
        column[:] = [row[field.name] for row in rows]
        columns[field.name] = column
    return Columns(**columns)


def _sorted(columns: Columns) -> Columns:
    order = sorted(range(len(columns)), key=list(columns.id).__getitem__)
    return Columns(**{field.name: getattr(columns, field.name)[order] for field in fields(Columns)})


def _sides(left: Any, right: Any) -> tuple[Columns, tuple[Any, Any]]:
    """Both sides of many pairs as one set of columns, and the pairs in it."""
    n = len(left)
    return _columns([*left, *right]), (np.arange(n), np.arange(n, 2 * n))


def _levels(left: pa.Array, right: pa.Array) -> pa.Array:
    """Levels of agreement of pairs, as SQL knows them: the arguments are the prepared records, as structs."""
    columns, pairs = _sides(left.to_pylist(), right.to_pylist())
    levels = compare(columns, pairs).rows().astype(np.int32)
    bounds = np.arange(len(levels) + 1, dtype=np.int32) * levels.shape[1]
    return pa.ListArray.from_arrays(pa.array(bounds), pa.array(levels.ravel()))


def _not_different(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Of weighed pairs those that are the same, related, or to be asked about."""
    for batch in batches:
        columns, pairs = _sides(batch["record_l"].to_pylist(), batch["record_r"].to_pylist())
        keep = np.zeros(len(pairs[0]), bool)
        worth, _ = worth_comparing(columns, pairs)
        keep[worth] = True
        keep &= judge(columns, pairs).outcome != Outcome.DIFFERENT
        yield batch.select(["id_l", "id_r", "match_weight"]).filter(pa.array(keep))
