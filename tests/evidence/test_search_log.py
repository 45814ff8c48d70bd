"""The search log is written to in one place; everything else in it stays byte for byte."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidewright.evidence.search_log import LogError, searches_in, with_search

ENTRY: dict[str, Any] = {"name": "Embase", "hits": 2, "file": "searches/exports/e.ris", "checksum": "ab" * 32}
LINES = "name: Embase\n{0}hits: 2\n{0}file: searches/exports/e.ris\n{0}checksum: " + "ab" * 32 + "\n"
LESS, BLOCK, MORE = (LINES.format(" " * width) for width in (2, 4, 6))
FLOW = f'{{name: "Embase", hits: 2, file: "searches/exports/e.ris", checksum: "{"ab" * 32}"}}'
SCHEMA = "# yaml-language-server: $schema=../.guidewright/schemas/searches.json\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", SCHEMA + "databases:\n  - " + BLOCK),
        ("# only a comment\n", "# only a comment\ndatabases:\n  - " + BLOCK),
        ("steps: []\n", "steps: []\ndatabases:\n  - " + BLOCK),
        ("databases: []  # none yet\nsteps: []\n", "databases:  # none yet\n  - " + BLOCK + "steps: []\n"),
        ("databases:\nsteps: []\n", "databases:\n  - " + BLOCK + "steps: []\n"),
        ("databases: # note\n\nsteps: []\n", "databases: # note\n  - " + BLOCK + "\nsteps: []\n"),
        (
            "# top\ndatabases:\n- name: 'PubMed'   # the first\n  hits: 3  # counted\n\n# about the rest\nsteps: []\n",
            "# top\ndatabases:\n- name: 'PubMed'   # the first\n  hits: 3  # counted\n- " + LESS
            + "\n# about the rest\nsteps: []\n",
        ),
        (
            "databases:\n    - name: PubMed\n      strategy: |\n        a AND b\n\n        OR c\n\nsteps: []\n",
            "databases:\n    - name: PubMed\n      strategy: |\n        a AND b\n\n        OR c\n    - " + MORE
            + "\nsteps: []\n",
        ),
        (
            "databases: [{name: PubMed}, {name: CNKI}]  # short\n",
            f"databases: [{{name: PubMed}}, {{name: CNKI}}, {FLOW}]  # short\n",
        ),
        ("databases:\n  - name: PubMed", "databases:\n  - name: PubMed\n  - " + BLOCK),
        (
            "databases:\n  - name: embase  # by hand\n    platform: Embase.com\n  - name: CNKI\n",
            "databases:\n  - name: embase  # by hand\n    platform: Embase.com\n" + BLOCK.partition("\n")[2]
            + "  - name: CNKI\n",
        ),
        (
            "databases:\n  - {name: Embase}\n  - {name: CNKI}\n",
            "databases:\n  - " + FLOW.replace('"Embase"', "Embase") + "\n  - {name: CNKI}\n",
        ),
        (
            "databases:\n  - name: Embase\n    file: searches/exports/old.ris\n",
            "databases:\n  - name: Embase\n    file: searches/exports/old.ris\n  - " + BLOCK,
        ),
    ],
)  # fmt: skip
def test_one_search_more(before: str, after: str) -> None:
    assert with_search(before, ENTRY) == after


def test_a_strategy_of_several_lines_stays_readable_and_a_date_a_date() -> None:
    entry = {"name": "PubMed", "searched_on": date(2025, 1, 31), "strategy": "a: b # c\nOR 'd'"}
    text = with_search("", entry)
    assert "    searched_on: 2025-01-31\n    strategy: |-\n      a: b # c\n      OR 'd'\n" in text
    assert searches_in(text) == [{"name": "PubMed", "searched_on": "2025-01-31", "strategy": "a: b # c\nOR 'd'"}]


def test_a_search_with_another_date_is_another_search() -> None:
    before = "databases:\n  - name: Embase\n    searched_on: 2019-01-01\n"
    assert len(searches_in(with_search(before, {**ENTRY, "searched_on": date(2025, 1, 31)}))) == 2


@pytest.mark.parametrize(
    "text",
    ["databases: many\n", "- a\n- b\n", "databases: [a, b]\n", "databases: {a: b}\n", "a: [\n", "a: &x 1\nb: *x\n"],
)
def test_a_broken_log_is_not_written_to(text: str) -> None:
    with pytest.raises(LogError):
        with_search(text, ENTRY)


PIECES = [
    "databases:",
    "  - name: PubMed",
    "    hits: 3",
    "  - {name: CNKI}",
    "# note",
    "",
    "steps: []",
    "databases: []",
    "    strategy: |",
    "      a",
    "  # inner",
    "counts:",
    "  - id: a",
    "- name: X",
    "  file: y",
]


@given(
    st.lists(st.sampled_from(PIECES), max_size=12),
    st.text(max_size=20).filter(str.isprintable).filter(str.strip),
)  # fmt: skip
def test_whatever_the_log_looks_like_nothing_is_lost(lines: list[str], name: str) -> None:
    before = "\n".join(lines) + "\n"
    try:
        after = with_search(before, {"name": name, "hits": 1})
    except LogError:
        return
    assert {"name": name, "hits": "1"}.items() <= next(
        one for one in searches_in(after) if one.get("name") == name
    ).items()
    kept = iter(after.split("\n"))
    assert all(
        any(line.rstrip() in other for other in kept)
        for line in lines
        if line.strip() and not line.startswith("databases")
    )
