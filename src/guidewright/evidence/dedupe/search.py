"""The whole way from records to judged pairs, in memory that does not grow with the number of pairs."""

from __future__ import annotations

import numpy as np

from guidewright.evidence.dedupe.blocking import candidates
from guidewright.evidence.dedupe.columns import Columns
from guidewright.evidence.dedupe.comparison import Pages, Pairs, Title, places, titles
from guidewright.evidence.dedupe.groups import components
from guidewright.evidence.dedupe.scoring import Judged, Outcome, Scale, chosen, joined, judge

#: Pairs compared at a time.
BATCH = 200_000


def judged_pairs(columns: Columns, scale: Scale | None = None) -> Judged:
    """Every pair of records that is the same, related, or worth asking about.

    Pairs that are different are left out, unless both records hang together through others that are the same.
    """
    left, right = worth_comparing(columns, candidates(columns))
    parts = []
    for at in range(0, max(len(left), 1), BATCH):
        judged = judge(columns, (left[at : at + BATCH], right[at : at + BATCH]), scale)
        parts.append(chosen(judged, judged.outcome != Outcome.DIFFERENT))
    return with_the_rest_of_groups(columns, joined(parts), scale)


def worth_comparing(columns: Columns, pairs: Pairs) -> Pairs:
    """Candidates with similar titles, the same place, or the same identifier."""
    kept_left, kept_right = [], []
    for at in range(0, max(len(pairs[0]), 1), BATCH):
        left, right = pairs[0][at : at + BATCH], pairs[1][at : at + BATCH]
        title = titles(columns, left, right)
        worth = (title < Title.DIFFERENT) | (columns.doi[left] == columns.doi[right]) & (columns.doi[left] != "")
        worth |= (columns.pmid[left] == columns.pmid[right]) & (columns.pmid[left] != "")
        rest = np.flatnonzero(~worth & (columns.volume[left] == columns.volume[right]) & (columns.volume[left] != ""))
        worth[rest] = places(columns, left[rest], right[rest]) <= Pages.TOUCHING
        worth |= title == Title.UNKNOWN
        kept_left.append(left[worth])
        kept_right.append(right[worth])
    return np.concatenate(kept_left), np.concatenate(kept_right)


def with_the_rest_of_groups(columns: Columns, judged: Judged, scale: Scale | None = None) -> Judged:
    """Add the pairs that were no candidates but would stand in one group, so that what keeps them apart is known."""
    same = judged.outcome == Outcome.SAME
    known = set(zip(judged.left.tolist(), judged.right.tolist(), strict=True))
    missing = [
        (one, other)
        for members in components(zip(judged.left[same].tolist(), judged.right[same].tolist(), strict=True))
        if len(members) > 2
        for n, one in enumerate(members)
        for other in members[n + 1 :]
        if (one, other) not in known
    ]
    if not missing:
        return judged
    array = np.array(missing, np.int64)
    parts = [judged]
    for at in range(0, len(array), BATCH):
        parts.append(judge(columns, (array[at : at + BATCH, 0], array[at : at + BATCH, 1]), scale))
    return joined(parts)
