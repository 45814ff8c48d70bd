"""The grading schemes that come with the tool (``schemes/*.yml``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from guidewright.grading.scheme import Scheme
from guidewright.reading.validation import validate_document
from guidewright.reading.yaml_file import read_yaml


@cache
def built_in_schemes() -> Mapping[str, Scheme]:
    """All schemes by name.

    Raises RuntimeError if a scheme file of the package itself is broken: that is a fault of the tool.
    """
    schemes = {}
    for path in sorted(files("guidewright.grading").joinpath("schemes").iterdir(), key=lambda p: p.name):
        if not path.name.endswith(".yml"):
            continue
        document, problems = read_yaml(path.read_text(encoding="utf-8"), path.name)
        scheme, more = validate_document(Scheme, document, path.name) if document else (None, [])
        if scheme is None or problems:
            raise RuntimeError("\n".join(str(problem) for problem in problems + more))
        schemes[scheme.id] = scheme
    return schemes
