"""Add reports to the file of a study without touching anything else in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from guidewright.evidence.yaml_lists import appended
from guidewright.reading.yaml_file import read_yaml

_KEY = "reports"


class StudyFileError(ValueError):
    """The file of a study has a shape that cannot be written to."""


def with_reports(text: str, reports: Sequence[Mapping[str, str]]) -> str:
    """The text of a study with more reports at the end of its list; each has ``cite`` and ``kind``.

    Raises :class:`StudyFileError` if the result would not say exactly that.
    """
    before, changed = _read(text), text
    for report in reports:
        changed = appended(changed, _KEY, report)
    after = _read(changed)
    wanted = before | {_KEY: [*before[_KEY], *(dict(report) for report in reports)]}
    if after != wanted:
        raise StudyFileError("the list `reports` is written in a way that cannot be continued; write it one per line")
    return changed


def _read(text: str) -> dict[str, list[object]]:
    document, problems = read_yaml(text, "evidence/studies")
    if problems or document is None or not isinstance(document.data, dict):
        raise StudyFileError("\n".join(map(str, problems)) or "this is no file of a study")
    if not isinstance(document.data.get(_KEY), list):
        raise StudyFileError("`reports` must be a list")
    return document.data
