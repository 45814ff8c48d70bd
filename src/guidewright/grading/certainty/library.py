"""The rules of certainty that come with the tool (``rules.yml``)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from guidewright.grading.certainty.rules import CertaintyRules
from guidewright.reading.validation import validate_document
from guidewright.reading.yaml_file import read_yaml


@cache
def certainty_rules() -> CertaintyRules:
    """The rules.

    Raises RuntimeError if the file of the package itself is broken: that is a fault of the tool.
    """
    path = files("guidewright.grading.certainty").joinpath("rules.yml")
    document, problems = read_yaml(path.read_text(encoding="utf-8"), path.name)
    rules, more = validate_document(CertaintyRules, document, path.name) if document else (None, [])
    if rules is None or problems:
        raise RuntimeError("\n".join(str(problem) for problem in problems + more))
    return rules
