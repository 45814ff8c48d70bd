"""How far two records agree, field by field, in a few named levels; no judgement yet.

The levels of each field, their words and their points stand in ``rules.yml``, in the order of the numbers used here.
Everything works on arrays of pairs; strings are compared by RapidFuzz (normalised Indel similarity, 0-100).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from guidewright.evidence.dedupe.columns import Columns, Words
from guidewright.evidence.dedupe.journals import journals_agree

Levels = npt.NDArray[np.int8]
Pairs = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


class Title(IntEnum):
    """Agreement of titles."""

    IDENTICAL = 0
    NEAR = 1
    SUBTITLE = 2
    SIMILAR = 3
    LOOSE = 4
    DIFFERENT = 5
    UNKNOWN = 6


class Names(IntEnum):
    """Agreement of authors."""

    ALL = 0
    MOST = 1
    FIRST = 2
    DIFFERENT = 3
    UNKNOWN = 4


class Source(IntEnum):
    """Agreement of journals."""

    SAME = 0
    DIFFERENT = 1
    UNKNOWN = 2


class Year(IntEnum):
    """Agreement of years."""

    SAME = 0
    NEXT = 1
    DIFFERENT = 2
    UNKNOWN = 3


class Volume(IntEnum):
    """Agreement of volumes, and of issues."""

    SAME = 0
    DIFFERENT = 1
    UNKNOWN = 2


class Pages(IntEnum):
    """Agreement of pages."""

    SAME = 0
    FIRST = 1
    TOUCHING = 2
    DIFFERENT = 3
    UNKNOWN = 4


class Identifier(IntEnum):
    """Agreement of DOI or PubMed number."""

    SAME = 0
    DIFFERENT = 1
    UNKNOWN = 2


@dataclass(frozen=True, slots=True)
class Compared:
    """Levels of agreement of many pairs, one array for each field."""

    title: Levels
    authors: Levels
    journal: Levels
    year: Levels
    volume: Levels
    issue: Levels
    pages: Levels
    doi: Levels
    pmid: Levels

    def rows(self) -> npt.NDArray[np.int8]:
        """All levels as a matrix: a row for each pair, a column for each field."""
        return np.column_stack([getattr(self, field.name) for field in fields(self)])


#: Similarity of titles, 0-100, from which they count as nearly identical, similar, loosely similar.
NEAR, SIMILAR, LOOSE = 95.0, 85.0, 70.0
#: Letters (Chinese: a third as many signs) that a title must have to count as another one without its subtitle.
MAIN = 20


def compare(columns: Columns, pairs: Pairs) -> Compared:
    """Levels of agreement of pairs of records."""
    left, right = pairs
    return Compared(
        title=titles(columns, left, right),
        authors=_authors(columns, left, right),
        journal=_journals(columns, left, right),
        year=_years(columns, left, right),
        volume=_texts(columns.volume, left, right),
        issue=_texts(columns.issue, left, right),
        pages=places(columns, left, right),
        doi=_texts(columns.doi, left, right),
        pmid=_texts(columns.pmid, left, right),
    )


def similarity(one: Words, other: Words, *, cutoff: float = 0.0) -> npt.NDArray[np.float32]:
    """Similarity of texts, pair by pair, 0-100; 0 below ``cutoff``."""
    return np.asarray(
        process.cpdist(list(one), list(other), scorer=fuzz.ratio, score_cutoff=cutoff, dtype=np.float32), np.float32
    )


def titles(columns: Columns, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> Levels:
    """Agreement of titles."""
    one, other = columns.title[left], columns.title[right]
    same = similarity(one, other, cutoff=LOOSE)
    rest = np.flatnonzero(same < SIMILAR)
    if len(rest):
        words = similarity(columns.sorted_words[left[rest]], columns.sorted_words[right[rest]], cutoff=LOOSE)
        same[rest] = np.maximum(same[rest], words)
    level = np.full(len(left), Title.DIFFERENT, np.int8)
    level[same >= LOOSE] = Title.LOOSE
    level[same >= SIMILAR] = Title.SIMILAR
    for n in np.flatnonzero((level >= Title.SIMILAR) & (columns.head[left] == columns.head[right])):
        if _begins(one[n], other[n]):
            level[n] = Title.SUBTITLE
    level[same >= NEAR] = Title.NEAR
    level[one == other] = Title.IDENTICAL
    level[(one == "") | (other == "")] = Title.UNKNOWN
    return level


def _begins(one: str, other: str) -> bool:
    """Whether one title is the beginning of the other, and long enough to mean something alone."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    return len(short) >= (MAIN if short.isascii() else MAIN // 3) and long.startswith(short)


def _authors(columns: Columns, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> Levels:
    one, other = columns.names[left], columns.names[right]
    shared = np.asarray(
        process.cpdist(list(one), list(other), scorer=fuzz.token_set_ratio, score_cutoff=60, dtype=np.float32)
    )
    first, second = columns.first_author[left], columns.first_author[right]
    level = np.full(len(left), Names.DIFFERENT, np.int8)
    alike = (first == second) & (first != "")
    check = np.flatnonzero(~alike & (first != "") & (second != "") & (shared < 90))
    if len(check):
        close = process.cpdist(list(first[check]), list(second[check]), scorer=fuzz.ratio, dtype=np.float32)
        alike[check] = close >= 80
    level[alike] = Names.FIRST
    level[shared >= 75] = Names.MOST
    level[shared >= 95] = Names.ALL
    level[(one == "") | (other == "") | (columns.cjk_names[left] != columns.cjk_names[right])] = Names.UNKNOWN
    return level


def _journals(columns: Columns, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> Levels:
    one, other = columns.journal[left], columns.journal[right]
    numbers = (columns.issn[left] == columns.issn[right]) & (columns.issn[left] != "")
    level = np.full(len(left), Source.DIFFERENT, np.int8)
    same = (one == other) | numbers
    for n in np.flatnonzero(~same):
        same[n] = journals_agree(one[n], other[n])
    level[same] = Source.SAME
    level[((one == "") | (other == "")) & ~numbers] = Source.UNKNOWN
    return level


def _years(columns: Columns, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> Levels:
    one, other = columns.year[left], columns.year[right]
    apart = np.abs(one - other)
    level = np.full(len(left), Year.DIFFERENT, np.int8)
    level[apart == 1] = Year.NEXT
    level[apart == 0] = Year.SAME
    level[(one == 0) | (other == 0)] = Year.UNKNOWN
    return level


def _texts(column: Words, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> Levels:
    one, other = column[left], column[right]
    level = np.full(len(left), Identifier.DIFFERENT, np.int8)
    level[one == other] = Identifier.SAME
    level[(one == "") | (other == "")] = Identifier.UNKNOWN
    return level


def places(columns: Columns, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> Levels:
    """Agreement of pages."""
    one, other = columns.page[left], columns.page[right]
    ends = np.where(columns.last_page >= 0, columns.last_page, columns.page)
    end, far = ends[left], ends[right]
    level = np.full(len(left), Pages.DIFFERENT, np.int8)
    touching = (one <= far) & (other <= end) & (columns.last_page[left] >= 0) & (columns.last_page[right] >= 0)
    level[touching | (end == far)] = Pages.TOUCHING
    first = one == other
    level[first] = Pages.FIRST
    letters = columns.first_page[left] == columns.first_page[right]
    level[first & letters & ((end == far) | (columns.last_page[left] < 0) | (columns.last_page[right] < 0))] = (
        Pages.SAME
    )
    unknown = (one < 0) | (other < 0) | ((columns.article[left] != columns.article[right]) & ~first)
    level[unknown] = Pages.UNKNOWN
    cut = _tails(columns.tail[left], far) | _tails(columns.tail[right], end)
    level[cut & ((one < 0) | (other < 0))] = Pages.TOUCHING
    return level


def _tails(tail: npt.NDArray[np.int64], page: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether a cut last page may be the end of a whole one: 61 of 261."""
    modulus = np.where(tail < 10, 10, np.where(tail < 100, 100, np.where(tail < 1000, 1000, 10_000)))
    return np.asarray((tail >= 0) & (page >= 0) & (page % modulus == tail))
