"""What the files of appraisers say against the instruments that they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from guidewright.crossrefs.loaded import Loaded
from guidewright.grading.appraisal import CONSENSUS, Judgement
from guidewright.grading.condition import NOT_ASKED
from guidewright.grading.instrument import Instrument, Question
from guidewright.grading.reconciliation import own_of
from guidewright.problems import Problem, did_you_mean
from guidewright.reading.typing_slips import advice


def appraisal_problems(loaded: Mapping[str, list[Loaded]], built_in: Mapping[str, Instrument]) -> Iterator[Problem]:
    """All problems of this kind."""
    own = [one for one in loaded["instrument"] if isinstance(one.value, Instrument)]
    for one in own:
        if one.value.id in built_in:
            rule = f"the tool comes with an instrument `{one.value.id}`"
            yield one.problem(("id",), rule, value=one.value.id, next_step="give yours another id and file name")
    instruments = {**built_in, **{one.value.id: one.value for one in own}}
    rows = [one for one in loaded["appraisal"] if isinstance(one.value, Judgement)]
    for one in rows:
        yield from _who(one)
        if (instrument := instruments.get(one.value.instrument)) is not None:
            yield from _row(one, instrument)
    yield from _needless(rows, instruments)


def _who(one: Loaded) -> Iterator[Problem]:
    """A consensus says who agreed; the file of a reviewer is that reviewer's own."""
    agreed = one.stem == CONSENSUS
    if agreed and not one.value.by:
        rule = "`by` is missing: a consensus says who agreed on it"
        yield one.problem((), rule, next_step="name the people or the group", example="li-na; wang-wei")
    if not agreed and one.value.by:
        yield one.problem(
            ("by",),
            f"`by` belongs to {CONSENSUS}.csv; this file holds the answers of `{one.stem}` alone",
            value="; ".join(one.value.by),
            next_step=f"leave the cell empty, or move the row to {CONSENSUS}.csv",
        )


def _row(one: Loaded, instrument: Instrument) -> Iterator[Problem]:
    row: Judgement = one.value
    if row.outcome is not None and instrument.unit != "result":
        yield one.problem(
            ("outcome",),
            f"`{instrument.id}` appraises a {instrument.unit} as a whole, not one of its results",
            value=row.outcome,
            next_step="leave `outcome` empty",
        )
    if row.item not in instrument.questions and row.item not in instrument.judged:
        known = (*instrument.questions, *instrument.judged)
        hint = did_you_mean(row.item, known)
        yield one.problem(
            ("item",),
            f"`{instrument.id}` has no item `{row.item}`" + (f"; {hint}" if hint else ""),
            value=row.item,
            next_step="its items are: " + ", ".join(known),
            example=known[0],
        )
    elif instrument.value_of(row.item, row.answer) is None:
        yield _not_allowed(one, instrument)


def _not_allowed(one: Loaded, instrument: Instrument) -> Problem:
    row: Judgement = one.value
    question = instrument.questions.get(row.item)
    names = [a.id for a in instrument.answers_of(question)] if question else list(instrument.values_of(row.item))
    allowed = [*names, *([_range(question)] if question and question.bands else [])]
    hint = did_you_mean(row.answer, names)
    return one.problem(
        ("answer",),
        f"must be an answer to `{row.item}` of `{instrument.id}`: {', '.join(allowed)}" + (f"; {hint}" if hint else ""),
        value=row.answer,
        next_step=advice(row.answer) or "write one of the answers that the instrument allows",
        example=(names or ["85"])[0],
    )


def _range(question: Question) -> str:
    low = "" if question.low is None else f" from {question.low:g}"
    high = "" if question.high is None else f" to {question.high:g}"
    return f"a number{low}{high}"


def _needless(rows: Iterable[Loaded], instruments: Mapping[str, Instrument]) -> Iterator[Problem]:
    """``NA`` to a question that the other answers of the same file make necessary."""
    for one in rows:
        row: Judgement = one.value
        instrument = instruments.get(row.instrument)
        if row.answer != NOT_ASKED or instrument is None or row.item not in instrument.questions:
            continue
        same = [r.value for r in rows if r.file == one.file]
        own = own_of((row.study, row.instrument, row.outcome), one.stem, same, instrument)
        if own.needs(instrument, row.item):
            yield one.problem(
                ("answer",),
                f"`{row.item}` must be answered: the other answers make it necessary",
                value=row.answer,
                next_step="answer it; `NA` is for questions that earlier answers make needless",
                example=instrument.answers_of(instrument.questions[row.item])[0].id,
            )
