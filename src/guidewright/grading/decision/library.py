"""The criteria that come with the tool (``criteria.yml``)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from guidewright.grading.decision.criteria import Criteria
from guidewright.reading.validation import validate_document
from guidewright.reading.yaml_file import read_yaml


@cache
def decision_criteria() -> Criteria:
    """The criteria.

    Raises RuntimeError if the file of the package itself is broken: that is a fault of the tool.
    """
    path = files("guidewright.grading.decision").joinpath("criteria.yml")
    document, problems = read_yaml(path.read_text(encoding="utf-8"), path.name)
    criteria, more = validate_document(Criteria, document, path.name) if document else (None, [])
    if criteria is None or problems:
        raise RuntimeError("\n".join(str(problem) for problem in problems + more))
    return criteria
