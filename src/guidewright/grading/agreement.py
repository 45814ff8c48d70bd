"""How appraisers agree, for each instrument: in all answers, in each domain, and as a whole.

Only appraisals count that two or more appraisers have completed; of the others nothing is used or shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from guidewright.agreement import Agreement, agreement
from guidewright.grading.condition import NOT_ASKED
from guidewright.grading.instrument import Instrument
from guidewright.grading.reconciliation import Own, Rows, owners_done, units_of

#: Part of an instrument that stands for all its answers together.
ANSWERS = "answers"


@dataclass(frozen=True)
class AppraisersAgree:
    """Agreement in one part of an instrument."""

    instrument: str
    part: str
    """A domain, an overall judgement, or ``answers`` for all questions together."""
    raters: tuple[str, ...]
    units: int
    """Appraisals that were completed by two of them or more."""
    agreement: Agreement


def agreement_of(rows: Rows, instruments: Mapping[str, Instrument]) -> tuple[AppraisersAgree, ...]:
    """Agreement in every part of every instrument: of all appraisers and, of more than two, also of each pair."""
    found: list[AppraisersAgree] = []
    for instrument in instruments.values():
        units = [unit for unit in units_of(rows, instruments) if unit[1] == instrument.id]
        groups = [done for unit in units if len(done := owners_done(unit, rows, instrument)) > 1]
        if not groups:
            continue
        everybody = tuple(sorted({own.reviewer for done in groups for own in done}))
        pairs = list(combinations(everybody, 2)) if len(everybody) > 2 else []
        for raters in [everybody, *pairs]:
            found += _parts(instrument, raters, [_by_rater(raters, done) for done in groups])
    return tuple(found)


Seats = list[Own | None]


def _by_rater(raters: Sequence[str], done: Sequence[Own]) -> Seats:
    return [next((own for own in done if own.reviewer == rater), None) for rater in raters]


def _parts(instrument: Instrument, raters: tuple[str, ...], groups: Sequence[Seats]) -> Iterator[AppraisersAgree]:
    together = [seats for seats in groups if sum(own is not None for own in seats) > 1]
    if not together:
        return
    items = list(instrument.questions)
    values = dict.fromkeys(value for item in items for value in instrument.values_of(item))
    ratings = [[_answer(own, item) for own in seats] for seats in together for item in items]
    yield AppraisersAgree(
        instrument.id, ANSWERS, raters, len(together), agreement(ratings, tuple(values), ordered=False)
    )
    for part in instrument.judged:
        judged = [[_judgement(own, part) for own in seats] for seats in together]
        categories, ordered = _categories(instrument, part, judged)
        yield AppraisersAgree(
            instrument.id, part, raters, len(together), agreement(judged, categories, ordered=ordered)
        )


def _answer(own: Own | None, item: str) -> str | None:
    """The answer to a question; nothing if it was not asked."""
    said = own.given.get(item, frozenset()) - {NOT_ASKED} if own is not None else frozenset()
    return next(iter(said), None)


def _judgement(own: Own | None, part: str) -> str | None:
    return next(one.judgement for one in own.judged if one.part == part) if own is not None else None


def _categories(
    instrument: Instrument, part: str, judged: Sequence[Sequence[str | None]]
) -> tuple[tuple[str, ...], bool]:
    """What may be judged, and whether it is an order: missing information, if somebody says it, has no place in one."""
    every = instrument.values_of(part)
    ranked = tuple(name for name in every if instrument.levels[name].ranked)
    used = {name for row in judged for name in row if name is not None}
    return (ranked, True) if used <= set(ranked) else (every, False)
