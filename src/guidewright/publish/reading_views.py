"""What the templates of the reader's pages ask: situations, choices of the summary, citations, downloads, votes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from guidewright.guideline.panel import ClauseResult
from guidewright.publish.citing import FORMATS, Citation, citations
from guidewright.publish.edition_views import change_now
from guidewright.publish.snapshot import Snapshot
from guidewright.publish.views import ClauseView, RecommendationView


@dataclass(frozen=True)
class Choice:
    """One value that the summary can be filtered by, and how many clauses have it."""

    value: str
    count: int


def reading_functions(snapshot: Snapshot, language: str) -> dict[str, Callable[..., Any] | Any]:
    """Functions of the templates by name."""
    types = {question.id: question.type.value for question in snapshot.questions}
    clauses = [(view, clause) for view in snapshot.recommendations for clause in view.clauses]
    aspects = [aspect.id for aspect in snapshot.guideline.aspects]
    changed = change_now(snapshot)
    strengths = [one.strength for one in snapshot.scheme.strengths]

    def question_type(clause: ClauseView) -> str:
        return types[clause.clause.question]

    @cache
    def cited() -> Mapping[str, Citation]:
        return citations(snapshot, language)

    def choices() -> dict[str, tuple[Choice, ...]]:
        """By facet, in the order of the guideline; values that no clause has are left out."""
        return {
            "strength": _choices((c.grade.stated or c.grade.strength or "" for _v, c in clauses), strengths),
            "topic": _choices((v.recommendation.aspect for v, _c in clauses), aspects),
            "type": _choices((question_type(c) for _v, c in clauses), sorted(set(types.values()))),
            "change": _choices(
                (changed(v.recommendation.id, v.recommendation.change) for v, _c in clauses),
                ["new", "changed", "kept", "not-stated"],
            ),
        }

    def votes_of(clause: str) -> ClauseResult | None:
        return (snapshot.panel.course.get(clause) or (None,))[-1]

    return {
        "question_type": question_type,
        "citation_of": lambda name: cited()[name],
        "citation_formats": tuple(FORMATS),
        "choices": choices,
        "change_now": changed,
        "votes_of": votes_of,
        "public_address": lambda page: _public(snapshot, language, page),
        "of_aspect": lambda aspect: [v for v in snapshot.recommendations if v.recommendation.aspect == aspect],
        "shown_clauses": lambda view: _clauses(view, language),
    }


def _choices(values: Any, order: list[str]) -> tuple[Choice, ...]:
    count = Counter(values)
    return tuple(Choice(value, count[value]) for value in order if count[value])


def _public(snapshot: Snapshot, language: str, page: str) -> str | None:
    root = (snapshot.guideline.site_url or "").rstrip("/")
    return f"{root}/{language}/{page}" if root else None


def _clauses(view: RecommendationView, language: str) -> list[tuple[ClauseView, str]]:
    """The clauses of a recommendation, each with its number: ``6a``, or ``5`` where there is only one."""
    number = view.recommendation.number
    several = len(view.clauses) > 1
    return [(clause, f"{number}{clause.clause.id}" if several else str(number)) for clause in view.clauses]
