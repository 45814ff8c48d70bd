"""Identifiers agree with file names and stand once; words stand in a language of the guideline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from guidewright.crossrefs.loaded import Loaded, Path
from guidewright.kinds import KINDS
from guidewright.problems import Problem


def identity_problems(loaded: Mapping[str, list[Loaded]]) -> Iterator[Problem]:
    """Identifiers agree with file names and stand once; numbers stand once."""
    for kind in KINDS:
        if kind.naming == "free":
            continue
        seen: dict[str, Loaded] = {}
        numbers: dict[int, Loaded] = {}
        for one in loaded[kind.name]:
            identifier = str(one.raw_id) if one.raw_id else None
            if identifier is None:
                continue
            fits = one.stem == identifier or (kind.naming == "prefix" and one.stem.startswith(identifier + "-"))
            if not fits:
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
            seen[identifier] = one
            number = getattr(one.value, "number", None)
            if number in numbers:
                yield one.problem(("number",), f"number {number} is taken by {numbers[number].file}", value=str(number))
            if number is not None:
                numbers[number] = one


def language_problems(one: Loaded, languages: tuple[str, ...]) -> Iterator[Problem]:
    """Words stand in a language of the guideline."""
    if one.value is None or one.kind.name == "result":
        return
    for path, tags in _texts(one.value, ()):
        for tag in tags:
            if tag not in languages:
                at = one.key_place((*path, tag))
                yield Problem(
                    one.file,
                    at.line,
                    at.column,
                    f"`{tag}` is no language of this guideline",
                    value=tag,
                    next_step="languages are declared in guideline_src/guideline.yml: " + ", ".join(languages),
                )


def _texts(value: BaseModel, path: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    for name, info in type(value).model_fields.items():
        item = getattr(value, name)
        here = (*path, info.alias or name)
        if isinstance(item, dict) and name not in {"languages", "terms", "synonyms"}:
            yield here, tuple(item)
        elif isinstance(item, BaseModel):
            yield from _texts(item, here)
        elif isinstance(item, tuple):
            for index, inner in enumerate(item):
                if isinstance(inner, BaseModel):
                    yield from _texts(inner, (*here, index))
                elif isinstance(inner, dict):
                    yield (*here, index), tuple(inner)
