"""The order in which to read: what is likely to be relevant first, learnt from the decisions so far.

Words of title and abstract weighted by TF-IDF, and logistic regression on them: the combination that simulation studies
of screening use as their yardstick. The order helps people to find the relevant early; it decides nothing.

scikit-learn is optional (``pip install 'guidewright[priority]'``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

#: Decisions of each kind that are needed before anything can be learnt.
ENOUGH = 3


class NotEnoughError(ValueError):
    """Too few decisions to learn from."""


@dataclass(frozen=True)
class Order:
    """Publications in the order in which to read them, and how likely each is to be relevant."""

    ids: tuple[str, ...]
    likely: tuple[float, ...]
    """Chance of relevance, 0-1, as the model sees it; a rank, not a calibrated probability."""


def order(texts: Mapping[str, str], judged: Mapping[str, bool]) -> Order:
    """Order the publications that are not judged.

    ``texts``: identifier -> title and abstract; ``judged``: identifier -> relevant or not. The same input gives the
    same order. Raises :class:`NotEnoughError` before :data:`ENOUGH` of each kind are judged, and ImportError without
    scikit-learn.
    """
    known = [one for one in texts if one in judged]
    rest = [one for one in texts if one not in judged]
    labels = np.array([judged[one] for one in known], bool)
    if labels.sum() < ENOUGH or (~labels).sum() < ENOUGH:
        raise NotEnoughError(f"needs {ENOUGH} relevant and {ENOUGH} other publications; there are "
                             f"{int(labels.sum())} and {int((~labels).sum())}")  # fmt: skip
    if not rest:
        return Order((), ())
    matrix = _matrix([texts[one] for one in (*known, *rest)])
    model = _model().fit(matrix[: len(known)], labels)
    likely = model.predict_proba(matrix[len(known) :])[:, 1]
    ranked = sorted(range(len(rest)), key=lambda n: (-round(float(likely[n]), 9), n))
    return Order(tuple(rest[n] for n in ranked), tuple(float(likely[n]) for n in ranked))


def replay(texts: Sequence[str], relevant: Sequence[bool], *, first: int = 20, step: int = 10) -> list[int]:
    """Screening as it would have gone with this order, for publications whose decisions are all known.

    The first ``first`` are read as they come, then ``step`` at a time by a model fitted anew. Until both kinds are
    known they come as they are. Returns their numbers in the order of reading.
    """
    matrix = _matrix(list(texts))
    labels = np.array(relevant, bool)
    read = list(range(min(first, len(texts))))
    rest = list(range(len(read), len(texts)))
    while rest:
        known = labels[read]
        if known.any() and not known.all():
            likely = _model().fit(matrix[read], known).predict_proba(matrix[rest])[:, 1]
            rest = [rest[n] for n in sorted(range(len(rest)), key=lambda n: (-round(float(likely[n]), 9), rest[n]))]
        read += rest[:step]
        rest = sorted(rest[step:])
    return read


def _matrix(texts: list[str]) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - optional, and slow to import

    # English in words and pairs of words, Chinese in pairs of signs
    pattern = r"(?u)[a-z][a-z0-9-]+|[\u4e00-\u9fff]{2}"
    words = TfidfVectorizer(
        token_pattern=pattern, ngram_range=(1, 2), sublinear_tf=True, min_df=1, max_features=200_000
    )
    return words.fit_transform([text or "-- empty" for text in texts]).tocsr()


def _model() -> Any:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - optional, and slow to import

    return LogisticRegression(C=10.0, class_weight="balanced", solver="liblinear", random_state=0, max_iter=1000)
