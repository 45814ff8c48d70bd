"""Candidates: pairs of records that share a key. Keys that many records share never lead to a square of pairs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from guidewright.evidence.dedupe.columns import Columns
from guidewright.evidence.dedupe.keys import keys_of

#: Records of one key that are all compared with one another. Where more share it (five hundred editorials), they are
#: put in order of title, authors and place, and each is compared with those that stand near it.
BUCKET = 40
#: Keys are dropped from comparison in this many pairs at a time, to bound memory.
_AT_ONCE = 2_000_000

Pairs = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


def candidates(columns: Columns) -> Pairs:
    """Pairs of record numbers that share a key, the smaller first, each pair once, in order.

    The number of pairs grows with the number of records: a key gives at most ``BUCKET`` pairs for each record.
    """
    records, keys = keys_of(columns)
    records, keys = _bucketed(columns, records, keys)
    order = np.lexsort((records, keys))
    records, keys = records[order], keys[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.empty(0, np.int64)
    sizes = np.diff(np.concatenate([starts, [len(keys)]])).astype(np.int64)
    found: npt.NDArray[np.int64] = np.empty(0, np.int64)
    waiting: list[npt.NDArray[np.int64]] = []
    held = 0
    n = max(len(columns), 1)
    for size in np.unique(sizes[sizes > 1]):
        blocks = starts[sizes == size]
        left, right = np.triu_indices(int(size), k=1)
        step = max(1, _AT_ONCE // len(left))
        for at in range(0, len(blocks), step):
            part = blocks[at : at + step, None]
            a, b = records[part + left], records[part + right]
            packed = np.unique(np.minimum(a, b) * n + np.maximum(a, b))
            waiting.append(packed)
            held += len(packed)
            if held > 4 * _AT_ONCE:
                found, waiting, held = np.unique(np.concatenate([found, *waiting])), [], 0
    packed = np.unique(np.concatenate([found, *waiting]))
    left, right = packed // n, packed % n
    return left[left != right], right[left != right]


def _bucketed(columns: Columns, records: npt.NDArray[np.int64], keys: npt.NDArray[np.uint64]) -> tuple[
    npt.NDArray[np.int64], npt.NDArray[np.uint64]
]:  # fmt: skip
    """Split the keys that too many records share into overlapping runs of neighbours."""
    values, group, sizes = np.unique(keys, return_inverse=True, return_counts=True)
    large = sizes[group] > BUCKET
    if not large.any():
        return records, keys
    rank = _ranks(columns)
    where = np.flatnonzero(large)
    where = where[np.lexsort((rank[records[where]], group[where]))]
    first = np.concatenate([[True], group[where][1:] != group[where][:-1]])
    position = np.arange(len(where)) - np.maximum.accumulate(np.where(first, np.arange(len(where)), 0))
    run, shifted = position // BUCKET, (position + BUCKET // 2) // BUCKET
    of = values[group[where]]
    with np.errstate(over="ignore"):
        mark = np.uint64(0xD1B54A32D192ED03)
        near = of + (run.astype(np.uint64) * np.uint64(2) + np.uint64(1)) * mark
        over = of + (shifted.astype(np.uint64) * np.uint64(2) + np.uint64(2)) * mark
    kept = ~large
    return (
        np.concatenate([records[kept], records[where], records[where]]),
        np.concatenate([keys[kept], near, over]),
    )


def _ranks(columns: Columns) -> npt.NDArray[np.int64]:
    """Place of each record in the order of title, authors, year and pages; ties in the order of identifiers."""
    rows = zip(columns.title, columns.names, columns.year, columns.page, columns.id, strict=True)
    order = sorted(range(len(columns)), key=list(rows).__getitem__)
    rank = np.empty(len(columns), np.int64)
    rank[order] = np.arange(len(columns))
    return rank
