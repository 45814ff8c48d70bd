"""What comes with the tool: grading schemes (``schemes/``) with their ``cases/``, and appraisal ``instruments/``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import TypeVar

from pydantic import TypeAdapter

from guidewright.grading.cases import Case
from guidewright.grading.instrument import Instrument
from guidewright.grading.scheme import Scheme
from guidewright.own_data import own_documents
from guidewright.reading.validation import validate_document
from guidewright.reading.yaml_file import read_yaml
from guidewright.values import Value

V = TypeVar("V", bound=Value)


@cache
def built_in_schemes() -> Mapping[str, Scheme]:
    """All schemes by name, the oldest of each family first.

    Raises RuntimeError if a scheme file of the package itself is broken: that is a fault of the tool.
    """
    whole, faults = resolved({scheme.id: scheme for scheme in _of_the_package("schemes", Scheme)})
    if faults:
        raise RuntimeError("\n".join(f"{name}: {fault}" for name, fault in faults))
    return whole


@cache
def built_in_instruments() -> Mapping[str, Instrument]:
    """All instruments by name.

    Raises RuntimeError if an instrument of the package itself is broken: that is a fault of the tool.
    """
    return {instrument.id: instrument for instrument in _of_the_package("instruments", Instrument)}


def _of_the_package(folder: str, model: type[V]) -> Iterator[V]:
    for name, text in _texts(folder):
        document, problems = read_yaml(text, name)
        value, more = validate_document(model, document, name) if document else (None, [])
        if value is None or problems:
            raise RuntimeError("\n".join(str(problem) for problem in problems + more))
        yield value


def resolved(schemes: Mapping[str, Scheme]) -> tuple[dict[str, Scheme], list[tuple[str, str]]]:
    """Schemes with the levels that some take over from others, and what is wrong with those that cannot."""
    whole: dict[str, Scheme] = {}
    faults: list[tuple[str, str]] = []
    for name, scheme in schemes.items():
        if scheme.levels_from is None:
            whole[name] = scheme
            continue
        other = schemes.get(scheme.levels_from)
        if other is None or other.levels_from is not None:
            faults.append((name, f"`{scheme.levels_from}` is no scheme with levels of its own"))
            continue
        try:
            whole[name] = scheme.with_levels_of(other)
        except ValueError as fault:
            faults.append((name, str(fault)))
    return whole, faults


@cache
def built_in_cases() -> Mapping[str, tuple[Case, ...]]:
    """The cases of every scheme, by its name.

    Raises pydantic.ValidationError if a file of cases is broken: that is a fault of the tool.
    """
    found: dict[str, tuple[Case, ...]] = {}
    for _name, text in _texts("cases"):
        for document in own_documents(text):  # our own files, in which one study may be quoted by another case
            cases = TypeAdapter(tuple[Case, ...]).validate_python(document["cases"])
            found[document["scheme"]] = (*found.get(document["scheme"], ()), *cases)
    return found


def _texts(folder: str) -> Iterator[tuple[str, str]]:
    for path in sorted(files("guidewright.grading").joinpath(folder).iterdir(), key=lambda p: p.name):
        if path.name.endswith(".yml"):
            yield path.name, path.read_text(encoding="utf-8")
