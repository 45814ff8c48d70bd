"""Keys under which records meet as candidates. A key depends on its record alone, so that any engine makes the same.

Two records are compared if they share one key of one family:

* ``identifier``: DOI or PubMed number;
* ``start`` and ``end``: the first and the last letters of the title, which survive a lost subtitle or a lost beginning;
* ``place``: volume, first page and year, which survive a translated or missing title;
* ``author``: authors and year, for records whose title is missing or written in another script;
* ``shingles``: MinHash bands over runs of four letters of the title, which survive misspellings and other word orders
  (Broder 1997, doi:10.1109/SEQUEN.1997.666900). With 16 bands of 3 values two titles that share a part s of their
  shingles meet with probability 1 - (1 - s^3)^16: 0.98 at s = 0.6, 0.87 at s = 0.5, 0.002 at s = 0.05.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from guidewright.evidence.dedupe.columns import Columns

Keys = npt.NDArray[np.uint64]

BANDS = 16
#: MinHash values in one band.
ROWS = 3
#: Letters in one shingle; Chinese titles are short, and two of their signs say as much as four letters.
SHINGLE = 4
#: Letters of the title in the keys of its start and end.
EDGE = 18
_MIX = np.uint64(0x9E3779B97F4A7C15)


def keys_of(columns: Columns) -> tuple[npt.NDArray[np.int64], Keys]:
    """All keys of all records, as two arrays of one length: number of the record, and key."""
    records: list[npt.NDArray[np.int64]] = []
    keys: list[Keys] = []

    def add(family: int, values: list[str], present: npt.NDArray[np.bool_]) -> None:
        where = np.flatnonzero(present)
        records.append(where)
        keys.append(_hashed(family, [values[n] for n in where]))

    n = len(columns)
    title = columns.title
    long = np.array([len(key) >= 4 for key in title], bool)
    year = columns.year.astype(str) if n else np.empty(0, dtype="<U1")
    add(1, list(columns.doi), columns.doi != "")
    add(2, list(columns.pmid), columns.pmid != "")
    add(3, [key[:EDGE] for key in title], long)
    add(4, [key[-EDGE:] for key in title], np.array([len(key) > EDGE for key in title], bool))
    place = [f"{v}|{p}|{y}" for v, p, y in zip(columns.volume, columns.page, year, strict=True)]
    add(5, place, (columns.volume != "") & (columns.page >= 0) & (columns.year > 0))
    span = [f"{p}|{q}|{y}" for p, q, y in zip(columns.page, columns.last_page, year, strict=True)]
    add(6, span, (columns.page >= 0) & (columns.last_page > columns.page) & (columns.year > 0))
    authors = [f"{a}|{y}" for a, y in zip(columns.names, year, strict=True)]
    add(7, authors, (columns.names != "") & (columns.year > 0))
    shingled, bands = _bands(list(title), np.flatnonzero(long))
    records.append(shingled)
    keys.append(bands)
    return np.concatenate(records), np.concatenate(keys)


def _hashed(family: int, values: list[str]) -> Keys:
    """Sixty-four bits for each text, the same in every process (Python's own hash is not)."""
    joined, offsets = _letters(values)
    if not len(values):
        return np.empty(0, np.uint64)
    at = np.arange(len(joined), dtype=np.uint64) - np.repeat(offsets[:-1], np.diff(offsets)).astype(np.uint64)
    with np.errstate(over="ignore"):
        mixed = _mixed(joined.astype(np.uint64) * np.uint64(1_000_003) + at * _MIX + np.uint64(family))
        ends = np.concatenate([[np.uint64(0)], np.cumsum(mixed, dtype=np.uint64)])
        sums = ends[offsets[1:]] - ends[offsets[:-1]]
        return _mixed(sums + np.uint64(family) * _MIX)


def _letters(values: list[str]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """Code points of all texts in a row, and where each begins and the last ends."""
    joined = np.frombuffer("".join(values).encode("utf-32-le", errors="replace"), dtype=np.uint32)
    offsets = np.concatenate([[0], np.cumsum([len(value) for value in values])]).astype(np.int64)
    return joined, offsets


def _mixed(values: Keys) -> Keys:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195)."""
    with np.errstate(over="ignore"):
        values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return values ^ (values >> np.uint64(31))


def _bands(titles: list[str], where: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], Keys]:
    """The MinHash bands of the titles of some records."""
    if not len(where):
        return np.empty(0, np.int64), np.empty(0, np.uint64)
    chosen = [titles[n] for n in where]
    shingles, starts = _shingles(chosen)
    bands = np.empty((BANDS, len(chosen)), np.uint64)
    with np.errstate(over="ignore"):
        for band in range(BANDS):
            key = np.full(len(chosen), band + 101, np.uint64)
            for row in range(ROWS):
                odd = _mixed(np.array([band * ROWS + row + 1], np.uint64)) | np.uint64(1)
                least = np.minimum.reduceat(shingles * odd, starts)  # multiplying by an odd number is a permutation
                key = _mixed(key + least)
            bands[band] = key
    return np.tile(where, BANDS), bands.ravel()


def _shingles(titles: list[str]) -> tuple[Keys, npt.NDArray[np.int64]]:
    """Runs of four letters, or of two signs of Chinese, as numbers; and where those of each title begin."""
    padded = [title + "\0" * (SHINGLE - 1) for title in titles]
    letters, offsets = _letters(padded)
    wide = letters.astype(np.uint64)
    pair = (wide << np.uint64(21)) | np.append(wide[1:], np.uint64(0))
    with np.errstate(over="ignore"):
        following = np.concatenate([pair[2:], np.zeros(min(2, len(pair)), np.uint64)])
        chinese = (letters >= 0x3400) & (letters <= 0xD7A3)
        values = _mixed(np.where(chinese, pair, pair * np.uint64(0xFF51AFD7ED558CCD) + following))
    keep = letters != 0
    # the last letters of a title begin no whole shingle; they stay only in titles too short for one
    lengths = np.array([len(title) for title in titles], np.int64)
    within = np.arange(len(letters)) - np.repeat(offsets[:-1], np.diff(offsets))
    whole = within <= np.repeat(np.maximum(lengths - SHINGLE, 0), np.diff(offsets))
    keep &= whole | chinese
    counts = np.add.reduceat(keep.astype(np.int64), offsets[:-1])
    return values[keep], np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
