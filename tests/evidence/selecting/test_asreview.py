"""Project files of ASReview, made as its source says they are."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidewright.evidence.selecting.asreview import NoProjectError, from_project, is_project, labels_in
from tests.evidence.selecting.made import publication

RIS = "".join(f"TY  - JOUR\nTI  - Title of report {n}\nPY  - 2001\nER  -\n" for n in range(3)).encode()
RECORDS = [
    (0, "Title of report 0", None, 2001),
    (1, "Title of report 1", "10.1000/one", 2001),
    (2, "Other", None, None),
]


def database(*, results: bool, records: bool, names: str = "record_id, label, note") -> bytes:
    connection = sqlite3.connect(":memory:")
    if results:
        connection.execute(f"CREATE TABLE results ({names})")
        connection.executemany("INSERT INTO results VALUES (?, ?, NULL)", [(0, 1), (1, 0), (2, None)])
    if records:
        connection.execute("CREATE TABLE record (record_id, title, doi, year, abstract)")
        connection.executemany("INSERT INTO record VALUES (?, ?, ?, ?, '')", RECORDS)
    connection.commit()
    content = connection.serialize()
    connection.close()
    return content


def project(parts: dict[str, bytes], **more: object) -> bytes:
    out = io.BytesIO()
    described = {"version": "x", "id": "p", "mode": "oracle", "name": "p"} | more
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("project.json", json.dumps(described))
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def endless() -> bytes:
    """A data base whose results are a question without end."""
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIEW results AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) "
        "SELECT n AS record_id, n + 2 AS label FROM c"
    )
    connection.execute("CREATE TABLE record (record_id, title, doi, year)")
    connection.commit()
    return connection.serialize()


REVIEWS = [{"id": "r1", "status": "review"}]
V1 = project(
    {"reviews/r1/results.sql": database(results=True, records=False), "data/found.ris": RIS},
    reviews=REVIEWS,
    dataset_path="found.ris",
)
V2 = project(
    {
        "reviews/r1/results.db": database(results=True, records=False),
        "data_store.db": database(results=False, records=True),
    },
    reviews=REVIEWS,
)
V3 = project({"results.db": database(results=True, records=True)}, review={"status": "review"})


@pytest.mark.parametrize("raw", [V1, V2, V3], ids=["v1", "v2", "v3"])
def test_labels_belong_to_their_records(raw: bytes) -> None:
    assert is_project(raw)
    labels = labels_in(raw)
    assert [(one.record.title, one.relevant) for one in labels] == [
        ("Title of report 0", True),
        ("Title of report 1", False),
    ]
    ours = [publication("a/1", title="Title of report 0"), publication("a/2", title="Nothing like it")]
    decisions, strange = from_project(labels, ours)
    assert [(one.publication, one.decision) for one in decisions] == [("a/1", "include")]
    assert strange == 1


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"PK\x03\x04 no archive", "no ASReview project"),
        (project({}, reviews=[{"id": "r1"}], version="0.19"), "written by ASReview 0.19"),
        (project({"results.db": b"SQLite format 3\x00 broken"}), "cannot be read"),
        (project({"results.db": database(results=True, records=False)}), "cannot be read"),
        (project({}, reviews="x"), "not what ASReview writes"),
        (project({"results.db": endless()}), "cannot be read: interrupted"),
        (
            project(
                {
                    "reviews/r1/results.sql": database(results=True, records=False),
                    "data/a.csv": b"record_id,title\n7,A\n",
                },
                reviews=REVIEWS,
                dataset_path="a.csv",
            ),
            "which label belongs to which record",
        ),
    ],
)
def test_what_cannot_be_read_is_refused(raw: bytes, words: str) -> None:
    with pytest.raises(NoProjectError, match=words):
        labels_in(raw)


def test_a_project_without_a_review_has_no_labels() -> None:
    assert labels_in(project({}, reviews=[])) == []


@given(st.binary(max_size=300), st.integers(min_value=0, max_value=400))
def test_damaged_projects_give_a_message_only(noise: bytes, at: int) -> None:
    raw = V2[:at] + noise + V2[at + len(noise) :]
    try:
        labels_in(raw)
    except NoProjectError as error:
        assert str(error)
