"""What the pages about grading lay out: the matrix of levels, schemes with their cases, words of facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guidewright.grading.cases import Case
from guidewright.grading.library import built_in_cases
from guidewright.grading.scheme import Scheme
from guidewright.grading.trace import RuleTrace
from guidewright.guideline.clause_studies import ClauseStudy
from guidewright.guideline.readings import SchemeReading
from guidewright.publish.case_words import known_words, result_words
from guidewright.publish.snapshot import Snapshot
from guidewright.publish.views import ClauseView
from guidewright.publish.what_if import what_if
from guidewright.values import in_language
from guidewright.words import all_words, word


@dataclass(frozen=True)
class MatrixRow:
    """One study, and what it is in each clause."""

    study: str
    cells: tuple[ClauseStudy | None, ...]


@dataclass(frozen=True)
class Matrix:
    """Studies by clauses."""

    clauses: tuple[ClauseView, ...]
    rows: tuple[MatrixRow, ...]


def level_matrix(snapshot: Snapshot) -> Matrix:
    """Every study of every clause, in the order in which the clauses first use it."""
    clauses = tuple(clause for view in snapshot.recommendations for clause in view.clauses)
    cells: dict[str, dict[str, ClauseStudy]] = {}
    for clause in clauses:
        for study in clause.grade.studies:
            cells.setdefault(study.id, {})[clause.id] = study
    rows = (MatrixRow(name, tuple(found.get(clause.id) for clause in clauses)) for name, found in cells.items())
    return Matrix(clauses, tuple(rows))


@dataclass(frozen=True)
class SharedLack:
    """What several studies lacked alike."""

    fact: str
    has: tuple[str, ...]
    needs: str
    studies: tuple[str, ...]
    """The studies; none where it is the clause that lacked it."""


def lacks_together(trace: RuleTrace) -> tuple[SharedLack, ...]:
    """What a rule lacked, studies that lacked the same thing together."""
    studies: dict[tuple[str, tuple[str, ...], str], list[str]] = {}
    for lack in trace.lacks:
        studies.setdefault((lack.fact, lack.has, lack.needs), []).extend([lack.study] if lack.study else [])
    return tuple(SharedLack(*what, tuple(names)) for what, names in studies.items())


def level_readings(readings: Sequence[SchemeReading], schemes: Mapping[str, Scheme]) -> tuple[SchemeReading, ...]:
    """Readings whose levels are worth a column: schemes that have levels, those of the same levels once."""
    first = {schemes[one.scheme].level_words: one for one in reversed(readings)}
    return tuple(one for one in readings if schemes[one.scheme].levels and one in first.values())


@dataclass(frozen=True)
class SchemeCases:
    """A scheme with the cases that show what it does."""

    scheme: Scheme
    cases: tuple[Case, ...]


def globals_of(snapshot: Snapshot, language: str) -> dict[str, Any]:
    """What templates about grading may call."""
    schemes = {scheme.id: scheme for scheme in snapshot.schemes}
    return {
        "level_matrix": lambda: level_matrix(snapshot),
        "what_if": lambda view: what_if(snapshot, view, language),
        "schemes": schemes,
        "scheme_cases": lambda: tuple(
            SchemeCases(scheme, built_in_cases()[name]) for name, scheme in schemes.items() if name in built_in_cases()
        ),
        "case_known": lambda case, scheme: known_words(case, scheme, language),
        "question_words": lambda types: word("listing", language).join(
            word(f"question-type.{one.value}", language) for one in types
        ),
        "case_result": lambda case, scheme: result_words(case, scheme, language),
        "lacks_together": lacks_together,
        "level_readings": lambda view: level_readings(snapshot.readings[view.id], schemes),
        "fact_word": lambda name: _fact_word(snapshot, name, language),
        "fact_values": lambda scheme, facts: _fact_values(scheme, facts, language),
    }


def level_word(level: str, language: str) -> str:
    """A level in words."""
    if f"level.{level}" in all_words():
        return word(f"level.{level}", language)
    return word("level.badge", language, level=level)


def _fact_word(snapshot: Snapshot, name: str, language: str) -> str:
    """A fact in words: of the tool, or as a scheme calls it."""
    if f"fact.{name}" in all_words():
        return word(f"fact.{name}", language)
    asked = (fact for scheme in snapshot.schemes for fact in (*scheme.facts, *scheme.judged))
    return next((in_language(fact.label, language) for fact in asked if fact.id == name), name)


def _fact_values(scheme: Scheme, facts: Mapping[str, tuple[str, ...]], language: str) -> list[str]:
    """Conditions of a cell or rule in words."""
    said = []
    for asked in (*scheme.facts, *scheme.judged):
        if asked.id in facts:
            values = " / ".join(
                in_language(value.label, language) for value in asked.values if value.id in facts[asked.id]
            )
            said.append(f"{in_language(asked.label, language)}{word('colon', language)}{values}")
    return said
