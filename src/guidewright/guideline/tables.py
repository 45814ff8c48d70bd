"""Tables with a declared column schema (``guideline_src/tables/<name>.yml`` beside ``<name>.csv``)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from guidewright.values import (
    RecommendationId,
    Slug,
    Source,
    Text,
    Value,
)


class Column(Value):
    """One column. A column of type ``text`` stands in the file once per language: ``role_zh``, ``role_en``."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    """Name in the header of the CSV file, without the language."""
    name: Text
    """Heading on the site."""
    type: Literal["text", "string", "number", "citations"]
    """``text``: one cell per language; ``string``: the same in all; ``number``; ``citations``: keys joined by ``;``."""
    unit: str | None = None
    """Unit of a number."""
    required: bool = False
    """Whether a cell may be empty."""
    allowed: tuple[str, ...] = ()
    """Allowed values of a ``string`` column."""


class TableSchema(Value):
    """What a table is about and which columns it has."""

    id: Slug
    """Identifier, equal to the file name."""
    title: Text
    """Title."""
    summary: Text
    """What it shows."""
    used_by: tuple[RecommendationId, ...] = ()
    """Recommendations that use it."""
    columns: Annotated[tuple[Column, ...], Field(min_length=1)]
    """The columns, in order."""
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    """Where the content comes from."""
    note: Text | None = None
    """What a reader must know."""

    def headers(self, languages: tuple[str, ...]) -> tuple[str, ...]:
        """Headers that the CSV file must have, in order."""
        found: list[str] = []
        for column in self.columns:
            found += [f"{column.id}_{tag}" for tag in languages] if column.type == "text" else [column.id]
        return tuple(found)
