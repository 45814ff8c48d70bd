"""What de-duplication found, as lines of ``evidence/duplicates.csv``."""

from __future__ import annotations

from collections.abc import Sequence

from guidewright.evidence.dedupe.decide import Duplicates, PairFound
from guidewright.evidence.dedupe.merging import natural
from guidewright.evidence.duplicates import AUTOMATIC, DuplicateDecision


def with_automatic(lines: Sequence[DuplicateDecision], found: Duplicates, today: str) -> list[DuplicateDecision]:
    """The lines of people as they are, and one line for each pair that the tool joined or relates.

    A line that says what it said before keeps its date, so that running again changes nothing.
    """
    people = [line for line in lines if not line.automatic]
    decided = {line.pair for line in people}
    before = {line.pair: line for line in lines if line.automatic}
    fresh = []
    for decision, pairs in (("same", found.same), ("related", found.related)):
        for pair in pairs:
            line = _line(pair, decision, today)
            if line.pair in decided:
                continue
            old = before.get(line.pair)
            unchanged = old is not None and (old.decision, old.reason) == (line.decision, line.reason)
            fresh.append(old if unchanged and old is not None else line)
    return in_order([*people, *fresh])


def with_decision(lines: Sequence[DuplicateDecision], line: DuplicateDecision) -> list[DuplicateDecision]:
    """The lines with one more; what was said of the same pair before is replaced."""
    return in_order([*(old for old in lines if old.pair != line.pair), line])


def without_decision(lines: Sequence[DuplicateDecision], pair: tuple[str, str]) -> list[DuplicateDecision]:
    """The lines without what people said of a pair."""
    return [line for line in lines if line.automatic or line.pair != pair]


def in_order(lines: Sequence[DuplicateDecision]) -> list[DuplicateDecision]:
    """Lines in order of their records."""
    return sorted(lines, key=lambda line: tuple(natural(one) for one in line.pair))


def _line(pair: PairFound, decision: str, today: str) -> DuplicateDecision:
    return DuplicateDecision.model_validate(
        {
            "record": pair.record,
            "same_as": pair.same_as,
            "decision": decision,
            "by": AUTOMATIC,
            "date": today,
            "reason": pair.written,
        }
    )
