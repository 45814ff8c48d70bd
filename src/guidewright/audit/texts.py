"""Every text in several languages that the files of a project hold, with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from guidewright.project import Project

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Words:
    """Words in one language, and where they stand."""

    kind: str
    name: str
    path: Path
    language: str
    text: str
    file: str
    line: int


def things(project: Project) -> Iterator[tuple[str, str, BaseModel]]:
    """Everything of which files hold one or several: kind, identifier, value."""
    yield "guideline", project.guideline.id, project.guideline
    yield "searches", "searches", project.searches
    yield "glossary", "glossary", project.glossary
    groups: Mapping[str, Mapping[str, Any]] = {
        "question": project.questions,
        "study": project.studies,
        "analysis": project.analyses,
        "recommendation": project.recommendations,
        "chapter": project.chapters,
        "tool": project.tools,
        "pathway": project.pathways,
    }
    for kind, ones in groups.items():
        for name, value in ones.items():
            yield kind, name, value


def pairs_of(project: Project) -> Iterator[tuple[str, str, Path, Mapping[str, str]]]:
    """Every text in several languages: kind, identifier, path, words by language."""
    languages = set(project.languages)
    for kind, name, value in things(project):
        for path, text in _texts(value, (), languages):
            yield kind, name, path, text


def texts_of(project: Project) -> Iterator[Words]:
    """The same, language by language."""
    for kind, name, path, text in pairs_of(project):
        file = project.file_of(kind, name)
        for language, words in text.items():
            yield Words(kind, name, path, language, words, file, project.line_of(kind, name, *path))


def _texts(value: Any, path: Path, languages: set[str]) -> Iterator[tuple[Path, Mapping[str, str]]]:
    if isinstance(value, BaseModel):
        for field, info in type(value).model_fields.items():
            yield from _texts(getattr(value, field), (*path, info.alias or field), languages)
    elif isinstance(value, tuple):
        for n, one in enumerate(value):
            yield from _texts(one, (*path, n), languages)
    elif isinstance(value, dict):
        if value and set(value) <= languages and all(isinstance(words, str) for words in value.values()):
            yield path, value
        else:
            for key, one in value.items():
                yield from _texts(one, (*path, key), languages)
