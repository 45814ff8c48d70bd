"""Editions side by side: what became of every clause, for the pages that compare, and where each edition stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from guidewright.guideline.past_editions import (
    ClauseChange,
    PastClause,
    PastEdition,
    PastRecommendation,
    compare,
)
from guidewright.publish.snapshot import Snapshot


def this_edition(snapshot: Snapshot) -> PastEdition:
    """The edition of a snapshot in the form in which editions are compared."""
    return PastEdition(
        edition=snapshot.guideline.edition,
        date=snapshot.guideline.date,
        title=snapshot.guideline.title,
        recommendations=tuple(
            PastRecommendation(
                id=view.recommendation.id,
                number=view.recommendation.number,
                title=view.recommendation.title,
                clauses=tuple(
                    PastClause(
                        id=clause.id,
                        statement=clause.clause.statement,
                        direction=clause.clause.direction,
                        strength=clause.grade.stated or clause.grade.strength,
                        references=tuple(item.cite for item in clause.clause.evidence),
                    )
                    for clause in view.clauses
                ),
            )
            for view in snapshot.recommendations
        ),
    )


def changes_since(snapshot: Snapshot, edition: PastEdition) -> tuple[ClauseChange, ...]:
    """What became of every clause since an earlier edition."""
    return compare(edition, this_edition(snapshot))


def withdrawn(snapshot: Snapshot) -> Mapping[str, PastRecommendation]:
    """Recommendations of earlier editions that no longer exist, so that their addresses still lead somewhere."""
    now = {view.recommendation.id for view in snapshot.recommendations}
    return {one.id: one for edition in reversed(snapshot.past_editions) for one in edition.recommendations
            if one.id not in now}  # fmt: skip


def edition_functions(snapshot: Snapshot) -> dict[str, Callable[..., Any] | Any]:
    """Functions of the templates by name."""

    @cache
    def since(label: str) -> tuple[ClauseChange, ...]:
        return changes_since(snapshot, next(one for one in snapshot.past_editions if one.edition == label))

    def change_of_clause(clause: str) -> ClauseChange | None:
        """What became of a clause since the edition before; nothing if none was kept."""
        if not snapshot.past_editions:
            return None
        return next((one for one in since(snapshot.past_editions[0].edition) if one.id == clause), None)

    def gone_from(recommendation: str) -> tuple[tuple[str, PastClause], ...]:
        """Clauses that an earlier edition had in a recommendation and this one has not, each with that edition."""
        now = {clause.id for view in snapshot.recommendations for clause in view.clauses}
        found = {
            clause.id: (edition.edition, clause)
            for edition in reversed(snapshot.past_editions)
            for one in edition.recommendations
            if one.id == recommendation
            for clause in one.clauses
            if clause.id not in now
        }
        return tuple(found.values())

    return {
        "changes_since": since,
        "change_of_clause": change_of_clause,
        "gone_from": gone_from,
        "change_kinds": ("new", "changed", "removed", "kept"),
    }


def change_now(snapshot: Snapshot) -> Callable[[str, str], str]:
    """What became of a recommendation: as computed where the edition before was kept, otherwise as its file states."""
    if not snapshot.past_editions:
        return lambda _identifier, stated: stated
    kinds: dict[str, set[str]] = {}
    for one in changes_since(snapshot, snapshot.past_editions[0]):
        kinds.setdefault(one.id[:-1], set()).add(one.kind)

    def said(identifier: str, _stated: str) -> str:
        found = kinds.get(identifier, set())
        return next(iter(found)) if len(found) == 1 and found <= {"new", "kept"} else "changed"

    return said
