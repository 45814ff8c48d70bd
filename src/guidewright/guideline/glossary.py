"""Terms and abbreviations in both languages (``guideline_src/glossary.yml``)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from guidewright.values import (
    Language,
    Slug,
    Source,
    Text,
    Value,
)


class Term(Value):
    """A term: its names, abbreviation, synonyms and meaning. Interventions of studies are terms."""

    id: Slug = Field(examples=["vertebroplasty"])
    """Identifier."""
    name: Text
    """The preferred name."""
    abbreviation: str | None = Field(default=None, examples=["PVP"])
    """The preferred abbreviation."""
    definition: Text | None = None
    """What it means, in one sentence."""
    synonyms: dict[Language, tuple[str, ...]] = Field(default_factory=dict)
    """Other names, for search."""
    avoid: tuple[str, ...] = ()
    """Forms that must not be used."""
    source: Source | None = None
    """Where the definition comes from."""


class Glossary(Value):
    """All terms."""

    terms: Annotated[tuple[Term, ...], Field(min_length=1)]
    """The terms, in any order."""
