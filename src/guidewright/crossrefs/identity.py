"""Identifiers agree with file names and stand once; words stand in a language of the guideline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from guidewright.crossrefs.loaded import Loaded, Path
from guidewright.kept import kept
from guidewright.kinds import KINDS
from guidewright.problems import Problem

#: Fields keyed by something else than a language: names of languages, items of an instrument, facts of a scheme.
_NO_WORDS = {"languages", "is_", "facts", "judged"}


def identity_problems(loaded: Mapping[str, list[Loaded]]) -> Iterator[Problem]:
    """Identifiers agree with file names and stand once; numbers stand once."""
    for kind in KINDS:
        if kind.naming == "free":
            continue
        seen: dict[str, Loaded] = {}
        numbers: dict[int, Loaded] = {}
        for one in loaded[kind.name]:
            identifier = one.raw_id
            if identifier is None:
                continue
            if not one.name_fits:
                yield one.problem(
                    ("id",),
                    f"`id` and file name disagree; the file is called `{one.stem}`",
                    value=identifier,
                    next_step="rename the file or change the id",
                )
            if identifier in seen:
                yield one.problem(
                    ("id",),
                    f"`{identifier}` stands in {seen[identifier].file} as well",
                    value=identifier,
                    next_step="give one of them another id",
                )
            seen.setdefault(identifier, one)
            number = getattr(one.value, "number", None)
            if number in numbers:
                yield one.problem(
                    ("number",),
                    f"number {number} is taken by {numbers[number].file}",
                    value=str(number),
                    next_step="give one of them another number",
                )
            if number is not None:
                numbers.setdefault(number, one)


def inner_identity_problems(one: Loaded) -> Iterator[Problem]:
    """Identifiers within one file stand once in their list."""
    if one.value is not None and one.kind.name != "result":
        for path, identifier in _twice_in(one.value):
            yield one.problem(
                path,
                f"`{identifier}` stands twice in this list",
                value=identifier,
                next_step="give one of them another id",
            )


@kept(200_000)
def _twice_in(value: BaseModel) -> tuple[tuple[Path, str], ...]:
    return tuple(_twice(value, ()))


def _twice(value: BaseModel, path: Path) -> Iterator[tuple[Path, str]]:
    for name, info in type(value).model_fields.items():
        item = getattr(value, name)
        here = (*path, info.alias or name)
        if isinstance(item, BaseModel):
            yield from _twice(item, here)
        elif isinstance(item, tuple):
            seen: set[str] = set()
            for index, inner in enumerate(item):
                if not isinstance(inner, BaseModel):
                    continue
                identifier = getattr(inner, "id", None)
                if identifier in seen:
                    yield (*here, index, "id"), str(identifier)
                seen |= {identifier} if identifier is not None else set()
                yield from _twice(inner, (*here, index))


def language_problems(one: Loaded, languages: tuple[str, ...]) -> Iterator[Problem]:
    """Words stand in a language of the guideline."""
    if one.value is None or one.kind.name == "result":
        return
    for path, tags in _texts_in(one.value):
        for tag in tags:
            if tag not in languages:
                at = one.key_place((*path, tag))
                yield Problem(
                    one.file,
                    at.line,
                    at.column,
                    f"`{tag}` is no language of this guideline",
                    value=tag,
                    next_step="correct it, or declare the language in guideline_src/guideline.yml; declared are: "
                    + ", ".join(languages),
                )


@kept(200_000)
def _texts_in(value: BaseModel) -> tuple[tuple[Path, tuple[str, ...]], ...]:
    return tuple(_texts(value, ()))


def _texts(value: BaseModel, path: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    for name, info in type(value).model_fields.items():
        item = getattr(value, name)
        here = (*path, info.alias or name)
        if isinstance(item, dict) and any(isinstance(inner, BaseModel) for inner in item.values()):
            for key, inner in item.items():
                yield from _texts(inner, (*here, key))
        elif isinstance(item, dict) and name not in _NO_WORDS and _words_by_language(item):
            yield here, tuple(item)
        elif isinstance(item, BaseModel):
            yield from _texts(item, here)
        elif isinstance(item, tuple):
            for index, inner in enumerate(item):
                if isinstance(inner, BaseModel):
                    yield from _texts(inner, (*here, index))
                elif isinstance(inner, dict):
                    yield (*here, index), tuple(inner)


def _words_by_language(item: dict[str, object]) -> bool:
    """Whether the values are words, or lists of words."""
    listed = [inner if isinstance(inner, tuple) else (inner,) for inner in item.values()]
    return all(isinstance(one, str) for inner in listed for one in inner)
