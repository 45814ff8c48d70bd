"""The same records through Splink on Spark give the same groups and the same questions."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import pytest

from guidewright.evidence.dedupe.blocking import BUCKET
from guidewright.evidence.dedupe.comparison import Compared
from guidewright.evidence.dedupe.decide import find_duplicates
from guidewright.evidence.dedupe.library import rule_data
from guidewright.evidence.dedupe.splink_model import settings
from guidewright.evidence.duplicates import DuplicateDecision
from tests.evidence.dedupe.made import paper
from tests.evidence.dedupe.test_finding import shelf

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        session = (
            SparkSession.builder.master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.shuffle.partitions", "1")
            .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("spark")))
            .getOrCreate()
        )
        yield session
        session.stop()


def test_weights_of_the_model_are_our_points() -> None:
    comparisons = settings()["comparisons"]
    assert [one["output_column_name"] for one in comparisons] == [field.name for field in fields(Compared)]
    for one in comparisons:
        points = [level["points"] for level in rule_data()["fields"][one["output_column_name"]]["levels"]]
        known = [level for level in one["comparison_levels"] if not level.get("is_null_level")]
        weights = [np.log2(level["m_probability"] / level["u_probability"]) for level in known]
        assert np.allclose(weights, points[:-1])
        assert points[-1] == 0
        assert all(level["m_probability"] < 1 for level in known)


@pytest.mark.filterwarnings("ignore")  # PySpark warns of every pandas that is newer than itself
def test_the_same_as_on_one_machine(spark: SparkSession) -> None:
    from guidewright.evidence.dedupe.on_spark import find_duplicates_on_spark

    many = [
        paper(f"e/{n}", title="Meeting abstracts of the society", authors="", pages=str(n * 7), volume=str(n))
        for n in range(1, BUCKET + 12)
    ]
    questions = [paper("x/1", pages="10-18"), paper("y/1", pages="510-518"), paper("z/1", title="Nothing like it")]
    records = [*shelf(3, 12), *many, *questions]
    answer = DuplicateDecision(record="x/1", same_as="z/1", decision="same", by="li-na")
    here = find_duplicates(records, [answer])
    there = find_duplicates_on_spark(spark, records, [answer])
    assert here.groups
    assert here.ask
    assert there == here
