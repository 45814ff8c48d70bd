"""The grading schemes (``schemes/*.yml``) and appraisal instruments (``instruments/*.yml``) that come with the tool."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import TypeVar

from guidewright.grading.instrument import Instrument
from guidewright.grading.scheme import Scheme
from guidewright.reading.validation import validate_document
from guidewright.reading.yaml_file import read_yaml
from guidewright.values import Value

V = TypeVar("V", bound=Value)


@cache
def built_in_schemes() -> Mapping[str, Scheme]:
    """All schemes by name.

    Raises RuntimeError if a scheme file of the package itself is broken: that is a fault of the tool.
    """
    return {scheme.id: scheme for scheme in _of_the_package("schemes", Scheme)}


@cache
def built_in_instruments() -> Mapping[str, Instrument]:
    """All instruments by name.

    Raises RuntimeError if an instrument of the package itself is broken: that is a fault of the tool.
    """
    return {instrument.id: instrument for instrument in _of_the_package("instruments", Instrument)}


def _of_the_package(folder: str, model: type[V]) -> Iterator[V]:
    for path in sorted(files("guidewright.grading").joinpath(folder).iterdir(), key=lambda p: p.name):
        if not path.name.endswith(".yml"):
            continue
        document, problems = read_yaml(path.read_text(encoding="utf-8"), path.name)
        value, more = validate_document(model, document, path.name) if document else (None, [])
        if value is None or problems:
            raise RuntimeError("\n".join(str(problem) for problem in problems + more))
        yield value
