"""From the answers of several appraisers to one appraisal, and what of it may be seen before they are done.

Two people appraise a study without knowing of each other's answers. Files cannot be hidden from people who share a
folder, but nothing that the tool shows, publishes or counts may give answers away: while an appraisal is *open* only
the numbers of answers are known. It is closed as soon as two appraisers have answered everything that they are asked,
or a consensus that decides everything is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from guidewright.evidence.studies import Study
from guidewright.grading.appraisal import CONSENSUS, Judgement
from guidewright.grading.condition import NOT_ASKED
from guidewright.grading.instrument import Domain, Instrument, Question
from guidewright.grading.judging import Given, Judged, asked, judge
from guidewright.kept import kept
from guidewright.values import Source, Text

Rows = Mapping[str, Sequence[Judgement]]


class State(StrEnum):
    """How far an appraisal is."""

    OPEN = "open"
    """Fewer than two appraisers are done and no consensus decides: nothing of the answers is shown."""
    DIFFER = "differ"
    """Two or more are done and differ in answers on which no consensus is recorded."""
    AGREED = "agreed"
    """Two or more are done and gave the same answers."""
    RECONCILED = "reconciled"
    """They differed, and a consensus is recorded for every difference."""
    CONSENSUS = "consensus"
    """A consensus decides everything although fewer than two appraisers answered on their own."""
    RECORDED = "recorded"
    """Nobody appraised it: the facts recorded of the study answer the questions that they can."""


@dataclass(frozen=True)
class Said:
    """One answer with who gave it and why."""

    answer: str
    by: tuple[str, ...] = ()
    reason: str = ""
    place: str | None = None
    date: str | None = None
    source: Source | None = None
    """Where a recorded fact was seen."""
    note: Text | None = None


@dataclass(frozen=True)
class Progress:
    """How many of the questions that they are asked an appraiser has answered."""

    reviewer: str
    answered: int
    asked: int
    done: bool


@dataclass(frozen=True)
class Appraisal:
    """What is known, and may be shown, of the appraisal of one study, result or review."""

    study: str
    instrument: str
    outcome: str | None
    state: State
    progress: tuple[Progress, ...]
    answers: Mapping[str, tuple[Said, ...]]
    """By item, the answers of those who are done; none while it is open."""
    consensus: Mapping[str, Said]
    differences: tuple[str, ...]
    """Items in which those who are done differ, whether a consensus is recorded or not."""
    given: Given
    judged: tuple[Judged, ...]

    @property
    def finished(self) -> bool:
        """Whether two people are done and agree, or a consensus decides; recorded facts alone are no appraisal."""
        return self.state in {State.AGREED, State.RECONCILED, State.CONSENSUS}

    def judgement_of(self, part: str) -> Judged | None:
        """The judgement of a domain, or as a whole."""
        return next((one for one in self.judged if one.part == part), None)


@dataclass(frozen=True)
class Own:
    """The answers of one appraiser alone: never shown to others before the appraisal is closed."""

    reviewer: str
    rows: Mapping[str, Judgement]
    given: Given
    judged: tuple[Judged, ...]
    progress: Progress

    def needs(self, instrument: Instrument, item: str) -> bool:
        """Whether the answers make a question necessary."""
        return asked(instrument, instrument.questions[item], self.given) is True


Unit = tuple[str, str, str | None]


def appraisals_of(
    rows: Rows, instruments: Mapping[str, Instrument], studies: Mapping[str, Study]
) -> tuple[Appraisal, ...]:
    """Every appraisal, in the order of studies and instruments; those from recorded facts among them."""
    units = units_of(rows, instruments)
    found = [_closed_or_open(unit, rows, instruments[unit[1]]) for unit in units]
    taken = {unit[:2] for unit in units}
    for instrument in instruments.values():
        for study in studies.values():
            if (study.id, instrument.id) not in taken and (one := _from_facts(study, instrument)) is not None:
                found.append(one)
    place = {name: number for number, name in enumerate(studies)}
    order = {name: number for number, name in enumerate(instruments)}
    return tuple(sorted(found, key=lambda a: (place.get(a.study, -1), order[a.instrument], a.outcome or "")))


def units_of(rows: Rows, instruments: Mapping[str, Instrument]) -> list[Unit]:
    """What was appraised: (study, instrument, outcome), the outcome only where a result is appraised."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in (row for ones in rows.values() for row in ones if row.instrument in instruments):
        named = found.setdefault((row.study, row.instrument), set())
        if row.outcome is not None and instruments[row.instrument].unit == "result":
            named.add(row.outcome)
    whole: list[str | None] = [None]
    return [(*pair, outcome) for pair, named in found.items() for outcome in (sorted(named) or whole)]


def own_of(unit: Unit, reviewer: str, rows: Sequence[Judgement], instrument: Instrument) -> Own:
    """What one appraiser alone says of one unit."""
    mine = _rows_of(unit, rows)
    given = _given(instrument, {item: {row.answer} for item, row in mine.items()})
    judged = judge(instrument, given)
    needed = [q for q in instrument.questions.values() if asked(instrument, q, given) is not False]
    answered = [q for q in needed if given.get(q.id, frozenset()) - {NOT_ASKED}]
    done = len(answered) == len(needed) and all(one.judgement for one in judged)
    return Own(reviewer, mine, given, judged, Progress(reviewer, len(answered), len(needed), done))


def owners_done(unit: Unit, rows: Rows, instrument: Instrument) -> list[Own]:
    """Those who have appraised it completely; their answers may be compared once they are two."""
    return [own for own in _owners(unit, rows, instrument) if own.progress.done]


def _owners(unit: Unit, rows: Rows, instrument: Instrument) -> Iterator[Own]:
    for reviewer, theirs in rows.items():
        if reviewer != CONSENSUS and _rows_of(unit, theirs):
            yield own_of(unit, reviewer, theirs, instrument)


def _rows_of(unit: Unit, rows: Iterable[Judgement]) -> dict[str, Judgement]:
    """Answers by item: those that hold for every outcome, and in their place those about this one."""
    study, instrument, outcome = unit
    about = [row for row in rows if (row.study, row.instrument) == (study, instrument)]
    return {row.item: row for wanted in dict.fromkeys((None, outcome)) for row in about if row.outcome == wanted}


def _closed_or_open(unit: Unit, rows: Rows, instrument: Instrument) -> Appraisal:
    owners = list(_owners(unit, rows, instrument))
    done = [own for own in owners if own.progress.done]
    agreed = _rows_of(unit, rows.get(CONSENSUS, ()))
    consensus = {item: _said(row, row.by) for item, row in agreed.items()}
    progress = tuple(own.progress for own in owners)
    alone = own_of(unit, CONSENSUS, rows.get(CONSENSUS, ()), instrument)
    if len(done) < 2:
        decided = bool(agreed) and alone.progress.done
        shown = [own for own in done if decided]
        return Appraisal(
            *unit,
            State.CONSENSUS if decided else State.OPEN,
            progress,
            _answers(instrument, shown),
            consensus if decided else {},
            _differences(instrument, shown),
            alone.given if decided else {},
            alone.judged if decided else (),
        )
    differences = _differences(instrument, done)
    said = {item: {own.rows[item].answer for own in done if item in own.rows} for item in _items(instrument)}
    given = _given(instrument, said | {item: {row.answer} for item, row in agreed.items()})
    judged = judge(instrument, given)
    # a difference in what is no longer asked after the consensus needs no consensus of its own
    needed = [i for i in differences if i not in agreed and i in given and _is_asked(instrument, i, given)]
    state = State.DIFFER if needed else State.RECONCILED if differences or agreed else State.AGREED
    return Appraisal(*unit, state, progress, _answers(instrument, done), consensus, differences, given, judged)


def _is_asked(instrument: Instrument, item: str, given: Given) -> bool:
    question = instrument.questions.get(item)
    return question is None or asked(instrument, question, given) is not False


def _items(instrument: Instrument) -> tuple[str, ...]:
    return (*instrument.questions, *instrument.judged)


def _given(instrument: Instrument, said: Mapping[str, set[str]]) -> Given:
    """Answers as the rules see them: bands in place of numbers."""
    values = {item: {instrument.value_of(item, answer) for answer in answers} for item, answers in said.items()}
    return {item: frozenset(value for value in found if value) for item, found in values.items() if any(found)}


def _differences(instrument: Instrument, done: Sequence[Own]) -> tuple[str, ...]:
    """Questions and own judgements in which appraisers differ; a question that one was not asked is none."""
    return tuple(
        item
        for item in _items(instrument)
        if len({own.given[item] for own in done if item in own.given and own.given[item] != {NOT_ASKED}}) > 1
    )


def _answers(instrument: Instrument, done: Sequence[Own]) -> dict[str, tuple[Said, ...]]:
    return {
        item: tuple(_said(own.rows[item], (own.reviewer,)) for own in done if item in own.rows)
        for item in _items(instrument)
        if any(item in own.rows for own in done)
    }


def _said(row: Judgement, by: tuple[str, ...]) -> Said:
    return Said(row.answer, by, row.reason, row.place, row.date)


# --- recorded facts -----------------------------------------------------------------------------------------------


@kept(100_000)
def _from_facts(study: Study, instrument: Instrument) -> Appraisal | None:
    """The answers that the facts of a study give, if the instrument asks for facts and is made for its design."""
    questions = [q for q in instrument.questions.values() if q.fact]
    if not questions or study.design is None or study.design.value not in instrument.designs:
        return None
    answers = {q.id: said for q in questions if (said := recorded(study, q)) is not None}
    given = _given(instrument, {item: {said.answer} for item, said in answers.items()})
    judged = judge(instrument, given)
    shown = {item: (said,) for item, said in answers.items()}
    return Appraisal(study.id, instrument.id, None, State.RECORDED, (), shown, {}, (), given, judged)


def recorded(study: Study, question: Question) -> Said | None:
    """The answer that a fact recorded of the study gives to a question that asks for one; None if it is not known."""
    fact = getattr(study, str(question.fact))
    if fact is None:
        return None
    answer = f"{fact.value:g}" if isinstance(fact.value, int | float) else str(fact.value)
    return Said(answer, source=fact.source, note=fact.note)


def domain_of(instrument: Instrument, item: str) -> Domain | None:
    """The domain to which a question belongs, or the domain of that name."""
    return next((d for d in instrument.domains if item == d.id or item in {q.id for q in d.questions}), None)
