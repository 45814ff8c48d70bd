"""Earlier editions (``guideline_src/editions/*.json``), read from the snapshots that ``guidewright build`` wrote.

Only what a comparison needs is taken, so that a snapshot of an older version of the tool can still be compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from guidewright.values import Slug, Text


class _Past(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class PastClause(_Past):
    """A clause as an edition had it."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+[a-z]$")]
    """For example ``r06a``."""
    statement: Text
    """What it advised."""
    direction: Literal["for", "against", "either"]
    """For, against, either."""
    strength: str | None
    """The strength it showed: stated, chosen or computed."""
    references: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_:.-]*$")], ...]
    """Citation keys of its evidence."""


class PastRecommendation(_Past):
    """A recommendation as an edition had it."""

    id: Slug
    number: int
    title: Text
    clauses: tuple[PastClause, ...]


class PastEdition(_Past):
    """An edition."""

    edition: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
    """Its label, for example ``2019``; also the name of its file and of its folder on the site."""
    date: str
    """Its date."""
    title: Text
    """Title of the guideline."""
    recommendations: tuple[PastRecommendation, ...]

    @property
    def clauses(self) -> tuple[PastClause, ...]:
        """All clauses in order."""
        return tuple(clause for one in self.recommendations for clause in one.clauses)


Kind = Literal["new", "removed", "changed", "kept"]


@dataclass(frozen=True)
class ClauseChange:
    """What became of one clause. ``parts`` names what changed: wording, direction, strength, evidence."""

    id: str
    kind: Kind
    before: PastClause | None
    after: PastClause | None
    parts: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    """References that carry it now and did not before."""
    dropped: tuple[str, ...] = ()
    """References that carried it before and do not now."""


def past_edition(text: str) -> PastEdition:
    """Read a snapshot.

    Raises ValueError, with what is wrong, if it is not JSON or not a snapshot.
    """
    try:
        data: dict[str, Any] = json.loads(text)
        guideline = data["guideline"]
        return PastEdition(
            edition=guideline["edition"],
            date=guideline["date"],
            title=guideline["title"],
            recommendations=tuple(_recommendation(one) for one in data["recommendations"]),
        )
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"it is not JSON: {error}") from None
    except (KeyError, TypeError, AttributeError, ValidationError):
        raise ValueError("it is not a snapshot, or not of an edition of a guideline") from None


def _recommendation(view: dict[str, Any]) -> PastRecommendation:
    one = view["recommendation"]
    return PastRecommendation(
        id=one["id"],
        number=one["number"],
        title=one["title"],
        clauses=tuple(_clause(clause) for clause in view["clauses"]),
    )


def _clause(view: dict[str, Any]) -> PastClause:
    clause, grade = view["clause"], view["grade"]
    chosen = (grade.get("override") or {}).get("strength")
    return PastClause(
        id=view["id"],
        statement=clause["statement"],
        direction=clause["direction"],
        strength=grade.get("stated") or chosen or (grade.get("computed") or {}).get("strength"),
        references=tuple(item["cite"] for item in clause.get("evidence", ())),
    )


def compare(before: PastEdition, after: PastEdition) -> tuple[ClauseChange, ...]:
    """What became of every clause: those of ``after`` in their order, then those that are gone.

    Clauses are the same if they have the same identifier, which stays with a clause from edition to edition.
    """
    old = {clause.id: clause for clause in before.clauses}
    new = {clause.id: clause for clause in after.clauses}
    kept = [_change(old.get(name), clause) for name, clause in new.items()]
    return (*kept, *(ClauseChange(name, "removed", one, None) for name, one in old.items() if name not in new))


def _change(before: PastClause | None, after: PastClause) -> ClauseChange:
    if before is None:
        return ClauseChange(after.id, "new", None, after)
    added, dropped = _without(after.references, before.references), _without(before.references, after.references)
    differs = {
        "wording": before.statement != after.statement,
        "direction": before.direction != after.direction,
        "strength": before.strength != after.strength,
        "evidence": bool(added or dropped),
    }
    parts = tuple(name for name, is_so in differs.items() if is_so)
    return ClauseChange(after.id, "changed" if parts else "kept", before, after, parts, added, dropped)


def _without(some: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    left_out = set(others)
    return tuple(one for one in some if one not in left_out)
