"""Appraisal instruments as data: questions, answers and the rules that make judgements of them.

The tool ships the common ones (``instruments/*.yml``); a project may add its own in ``grading/instruments/``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from guidewright.evidence.studies import Design
from guidewright.grading.condition import NOT_ASKED, AnswerId, Condition, ItemId
from guidewright.values import Slug, Source, Text, Value

#: One character, so that a judgement is never told by colour alone.
Sign = Annotated[str, StringConstraints(min_length=1, max_length=1), Field(examples=["+"])]
#: Item of an appraisal that holds the judgement about the study as a whole.
OVERALL = "overall"


class Answer(Value):
    """One answer that a question allows."""

    id: AnswerId
    """Its short name, as it is written in the files of the appraisers."""
    label: Text
    """The answer in words."""
    points: Annotated[int, Field(ge=0, le=9)] = 0
    """Points (stars) that it carries."""


class Scale(Value):
    """A list of answers that several questions share."""

    id: Slug = Field(examples=["signal"])
    """Its name."""
    answers: Annotated[tuple[Answer, ...], Field(min_length=2)]
    """The answers."""


class Band(Value):
    """A range of a number that rules tell apart."""

    id: AnswerId = Field(examples=["below-80"])
    """Its name in the rules."""
    label: Text
    """The range in words."""
    below: float | None = None
    """Numbers below this one, and not in a band above, belong to it; the last band has no such limit."""


class Question(Value):
    """One question to the appraiser. Its answers are a shared scale, its own list, a number, or a list and a number."""

    id: ItemId
    """Its number in the instrument, the item of a row in the files of the appraisers."""
    text: Text
    """The question, in our own words."""
    scale: Slug | None = Field(default=None, examples=["signal"])
    """Name of the scale of its answers."""
    answers: tuple[Answer, ...] = ()
    """Its own answers, where it has no shared scale."""
    bands: tuple[Band, ...] = ()
    """Where the answer may be a number: the ranges that the rules tell apart, from the lowest."""
    low: float | None = None
    """The smallest number that makes sense."""
    high: float | None = None
    """The largest number that makes sense."""
    asked: Condition | None = None
    """When it is asked; otherwise its answer is ``NA``. Left out: always."""
    fact: Literal["blinding", "randomisation", "follow_up_percent"] | None = None
    """The fact of ``evidence/studies`` that answers it where nobody appraised the study."""


class Rule(Value):
    """One rule. Rules are tried in order and the first that fires decides."""

    judgement: Slug | None = Field(default=None, examples=["low"])
    """The judgement that it gives."""
    among: tuple[Slug, ...] = ()
    """Where the instrument leaves the judgement to the appraiser: what it may be."""
    when: Condition = Condition()
    """What it asks; left out, it always fires."""
    reading: Text | None = None
    """Where the instrument is silent and this is our reading: why."""

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The judgements that it may give."""
        return (self.judgement,) if self.judgement else self.among


class JudgementLevel(Value):
    """One possible judgement. Judgements are listed from the best to the worst, those without a rank last."""

    id: Slug = Field(examples=["some-concerns"])
    """Its name."""
    label: Text
    """The judgement in words."""
    sign: Sign
    """How it is drawn."""
    tone: Literal["good", "open", "bad", "none"]
    """How it is coloured."""
    ranked: bool = True
    """Whether it has a place in the order; missing information has none."""


class Domain(Value):
    """A part of the instrument that is judged as one."""

    id: ItemId = Field(examples=["d1"])
    """Its name; a row about it is a person's own judgement of the domain."""
    title: Text
    """What it is about."""
    questions: tuple[Question, ...] = ()
    """Its questions."""
    answer_of: ItemId | None = None
    """The judgement is the answer to this question."""
    rules: tuple[Rule, ...] = ()
    """The rules that judge it, where it does not take an answer as it is."""
    points: bool = False
    """Whether its points (stars) are shown."""


class Overall(Value):
    """A judgement about the study, result or review as a whole."""

    id: ItemId = Field(default=OVERALL, examples=["overall"])
    """Its name; a row about it is a person's own judgement."""
    title: Text
    """What is judged."""
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]
    """Rules about the domains."""


class Instrument(Value):
    """An appraisal instrument."""

    id: Slug = Field(examples=["rob2"])
    """Its name in the files of the appraisers."""
    title: Text
    """Its name in words."""
    about: Text
    """What it is for."""
    version: str
    """Its version or date."""
    unit: Literal["study", "result", "review"]
    """What is appraised: a study, one of its results (then rows name the outcome), or a review."""
    designs: tuple[Design, ...] = ()
    """Designs for which it is made; none means any."""
    standing: Literal["verified", "partial", "knowledge"]
    """``verified``: the rules were read in the source; otherwise shown as not verified."""
    standing_note: Text | None = None
    """What was read where, and what was not."""
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    """Where questions and rules stand."""
    scales: tuple[Scale, ...] = ()
    """Shared lists of answers."""
    judgements: Annotated[tuple[JudgementLevel, ...], Field(min_length=2)]
    """All judgements that occur, from the best to the worst."""
    domains: Annotated[tuple[Domain, ...], Field(min_length=1)]
    """Its domains."""
    overall: tuple[Overall, ...] = ()
    """Judgements as a whole, the main one first."""

    def __hash__(self) -> int:
        """By name; its texts are dictionaries and have no hash."""
        return hash(self.id)

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question by its number."""
        return {question.id: question for domain in self.domains for question in domain.questions}

    @cached_property
    def judged(self) -> Mapping[str, Domain | Overall]:
        """Everything that is judged, by its name: domains first."""
        parts: tuple[Domain | Overall, ...] = (*self.domains, *self.overall)
        return {part.id: part for part in parts}

    @cached_property
    def levels(self) -> Mapping[str, JudgementLevel]:
        """Every judgement by its name."""
        return {level.id: level for level in self.judgements}

    def answers_of(self, question: Question) -> tuple[Answer, ...]:
        """The answers that a question allows, other than a number."""
        shared = {scale.id: scale.answers for scale in self.scales}
        return shared[question.scale] if question.scale else question.answers

    def values_of(self, item: str) -> tuple[str, ...]:
        """Everything that an item may come to: answers and bands of a question, judgements of a domain."""
        if item in self.questions:
            question = self.questions[item]
            return (*(a.id for a in self.answers_of(question)), *(b.id for b in question.bands))
        part = self.judged[item]
        if isinstance(part, Domain) and part.answer_of:
            return self.values_of(part.answer_of)
        named = {name for rule in part.rules for name in rule.outcomes}
        return tuple(level.id for level in self.judgements if level.id in named)

    def value_of(self, item: str, answer: str) -> str | None:
        """What an answer comes to in the rules: itself, or the band of a number. Nothing if it is not allowed."""
        if item in self.judged:
            return answer if answer in self.values_of(item) else None
        question = self.questions[item]
        if answer in {a.id for a in self.answers_of(question)} or (answer == NOT_ASKED and question.asked):
            return answer
        return _band(question, answer)

    def model_post_init(self, _context: Any) -> None:
        """Check that everything it names exists and that every domain can be judged."""
        for fault in _faults(self):
            raise ValueError(fault)


def _band(question: Question, answer: str) -> str | None:
    if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,12})?", answer):
        return None
    number = float(answer)
    low = question.low if question.low is not None else float("-inf")
    high = question.high if question.high is not None else float("inf")
    if not question.bands or not low <= number <= high:
        return None
    return next(band.id for band in question.bands if band.below is None or number < band.below)


def _faults(instrument: Instrument) -> Iterator[str]:
    """What the parts of an instrument say of one another and is not so."""
    scales = {scale.id for scale in instrument.scales}
    names = [q.id for d in instrument.domains for q in d.questions]
    names += [*(domain.id for domain in instrument.domains), *(part.id for part in instrument.overall)]
    for name in names:
        if names.count(name) > 1:
            yield f"the name `{name}` is given twice; questions, domains and judgements share one list of names"
    for question in instrument.questions.values():
        yield from _question_faults(question, scales)
    for domain in instrument.domains:
        own = {question.id for question in domain.questions}
        yield from _domain_faults(instrument, domain, own)
        for question in domain.questions:
            for condition in filter(None, [question.asked]):
                yield from _condition_faults(instrument, condition, own, f"question `{question.id}`")
    domains = {domain.id for domain in instrument.domains}
    for part in instrument.overall:
        yield from _rules_faults(instrument, part.id, part.rules, domains)


def _question_faults(question: Question, scales: set[str]) -> Iterator[str]:
    if question.scale is not None and question.scale not in scales:
        yield f"question `{question.id}` names the scale `{question.scale}`, which is not under scales"
    if (question.scale is None) == (not question.answers) and not (question.bands and question.scale is None):
        yield f"question `{question.id}` needs `scale` or `answers` (not both), or `bands` for a number"
    if question.bands and (question.bands[-1].below is not None or any(b.below is None for b in question.bands[:-1])):
        yield f"question `{question.id}`: every band but the last needs `below`"
    limits = [band.below for band in question.bands if band.below is not None]
    if limits != sorted(set(limits)):
        yield f"question `{question.id}`: the limits of its bands must rise"


def _domain_faults(instrument: Instrument, domain: Domain, own: set[str]) -> Iterator[str]:
    if (domain.answer_of is None) == (not domain.rules):
        yield f"domain `{domain.id}` needs `rules` or `answer_of`, and not both"
    if domain.answer_of is not None:
        if domain.answer_of not in own:
            yield f"domain `{domain.id}` takes the answer of `{domain.answer_of}`, which is no question of it"
        else:
            for value in instrument.values_of(domain.answer_of):
                if value not in instrument.levels:
                    yield f"domain `{domain.id}` takes an answer, but `{value}` is not under judgements"
    yield from _rules_faults(instrument, domain.id, domain.rules, own)


def _rules_faults(instrument: Instrument, name: str, rules: tuple[Rule, ...], known: set[str]) -> Iterator[str]:
    for rule in rules:
        if (rule.judgement is None) == (not rule.among):
            yield f"a rule of `{name}` needs `judgement` or `among`, and not both"
        for judgement in rule.outcomes:
            if judgement not in instrument.levels:
                yield f"a rule of `{name}` gives `{judgement}`, which is not under judgements"
        yield from _condition_faults(instrument, rule.when, known, f"a rule of `{name}`")
    if rules and rules[-1].when != Condition():
        yield f"the last rule of `{name}` must have no `when`, so that every combination of answers is judged"


def _condition_faults(instrument: Instrument, condition: Condition, known: set[str], who: str) -> Iterator[str]:
    for item in sorted(condition.items() - known):
        yield f"{who} asks about `{item}`, which it cannot know"
        return
    for part in condition.parts():
        asked: list[tuple[tuple[str, ...], tuple[str, ...]]] = [((item,), a) for item, a in part.is_.items()]
        asked += [(part.count.of, part.count.are)] if part.count else []
        for items, answers in asked:
            values = {NOT_ASKED}.union(*(instrument.values_of(item) for item in items))
            for answer in answers:
                if answer not in values:
                    yield f"{who} asks whether `{items[0]}` is `{answer}`, which is no answer to it"
