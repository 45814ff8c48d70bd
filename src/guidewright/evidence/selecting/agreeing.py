"""How reviewers agree: at each stage, and on each reason for exclusion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from guidewright.agreement import Agreement, agreement
from guidewright.evidence.screening import DECISIONS, STAGES, Stage
from guidewright.evidence.selecting.state import Selection


@dataclass(frozen=True)
class ReviewersAgree:
    """Agreement of two reviewers."""

    stage: Stage
    about: str
    """``decision``: include, exclude or unsure. ``going on``: exclude or not. Otherwise a reason for exclusion: whether
    each of them excluded for that reason."""
    reviewers: tuple[str, str]
    agreement: Agreement


def agreements(selection: Selection) -> Iterator[ReviewersAgree]:
    """Every two reviewers at every stage at which both judged some publication."""
    for stage in STAGES:
        for one, other in combinations(selection.reviewers, 2):
            pairs = [
                (said.by[one], said.by[other])
                for unit in selection.publications
                if one in (said := selection.at(unit, stage)).by and other in said.by
            ]
            if not pairs:
                continue
            words = [(a.decision, b.decision) for a, b in pairs]
            yield ReviewersAgree(stage, "decision", (one, other), agreement(words, DECISIONS, ordered=False))
            yes_no = [tuple("no" if word == "exclude" else "yes" for word in pair) for pair in words]
            yield ReviewersAgree(stage, "going on", (one, other), agreement(yes_no, ("yes", "no"), ordered=False))
            for reason in sorted({line.reason for pair in pairs for line in pair if line.reason}):
                named = [tuple("yes" if line.reason == reason else "no" for line in pair) for pair in pairs]
                yield ReviewersAgree(stage, reason, (one, other), agreement(named, ("yes", "no"), ordered=False))
