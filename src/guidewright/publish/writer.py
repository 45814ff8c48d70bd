"""Prose of a project with its computed values filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from guidewright.guideline.appraise import ClauseGrade
from guidewright.guideline.bindings import Binding, parse
from guidewright.metaanalysis.result import Result
from guidewright.project import Project
from guidewright.publish.numbers import pooled_field
from guidewright.publish.prose import to_html
from guidewright.values import Text
from guidewright.words import say


class Writer:
    """Turns prose into HTML with the numbers of this project."""

    def __init__(
        self,
        project: Project,
        results: Mapping[str, Result],
        grades: Callable[[], Mapping[str, ClauseGrade]],
        numbers: Mapping[str, int],
        counts: Callable[[], Mapping[str, int]],
    ) -> None:
        self.project, self.results, self.grades, self.numbers, self.counts = (
            project,
            results,
            grades,
            numbers,
            counts,
        )

    def html(self, kind: str, identifier: str) -> Text:
        """The prose of one file in each language that it has."""
        prose = self.project.prose.get((kind, identifier), {})
        return {tag: self._one(one.text, tag) for tag, one in prose.items()}

    def _one(self, text: str, language: str) -> str:
        return to_html(
            text,
            bind=lambda expression: self._value(parse(expression), language),
            number=self.numbers.__getitem__,
            title=lambda kind, identifier: self._title(kind, identifier, language),
        )

    def _value(self, binding: Binding, language: str) -> str:
        name = binding.arguments[0]
        if binding.function == "pooled":
            result = self.results.get(name)
            pooled = result.stratum(binding.arguments[1] if len(binding.arguments) > 1 else None) if result else None
            if result is None or pooled is None:
                return say("value.not-pooled")[language]
            return pooled_field(pooled, result.measure, str(binding.field), language)
        if binding.function == "declared":
            return str(next(c.number for c in self.project.searches.counts if c.id == name))
        if binding.function == "count":
            return str(self.counts().get(name, 0))
        if binding.function == "study":
            study = self.project.studies[name]
            fact = study.name if binding.field == "name" else getattr(study, str(binding.field))
            return str(getattr(fact, "value", fact)) if fact is not None else say("value.unknown")[language]
        grade = self.grades()[name]
        if binding.field == "statement":
            recommendation = self.project.recommendations[grade.recommendation]
            return next(c.statement[language] for c in recommendation.clauses if name == f"{recommendation.id}{c.id}")
        value = grade.stated if binding.field == "stated" else grade.computed.strength
        return value or say("level.undetermined")[language]

    def _title(self, kind: str, identifier: str, language: str) -> str:
        things: Mapping[str, Mapping[str, Any]] = {
            "question": self.project.questions,
            "study": self.project.studies,
            "analysis": self.project.analyses,
            "tool": self.project.tools,
            "pathway": self.project.pathways,
            "chapter": self.project.chapters,
            "table": {name: table.schema for name, table in self.project.tables.items()},
            "term": {term.id: term for term in self.project.glossary.terms},
        }
        if kind == "recommendation":
            return say("recommendation.number", number=self.project.recommendations[identifier].number)[language]
        thing = things[kind][identifier]
        name = getattr(thing, "title", None) or thing.name
        return str(name.get(language, identifier)) if isinstance(name, dict) else str(name)
