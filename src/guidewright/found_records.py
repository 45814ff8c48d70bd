"""Where found records come from: export files named on the command line, and the exports of a project.

This is the one seam between import and what works on found records (duplicates, screening, links).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from guidewright.evidence.found import Found
from guidewright.evidence.importers.decoding import check_size
from guidewright.evidence.importers.export import UnreadableError
from guidewright.evidence.importers.reading import read_export
from guidewright.evidence.searches import Searches
from guidewright.loading.exports import found_records
from guidewright.problems import Problem, in_order


def records_of_files(paths: Sequence[Path]) -> tuple[list[Found], list[Problem]]:
    """The records of export files, in order, and what is wrong with the files."""
    found: list[Found] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            check_size(path.stat().st_size)
            found += read_export(path.read_bytes(), path.name).records
        except OSError as error:
            problems.append(Problem(str(path), 1, 1, f"this file cannot be read: {error.strerror}"))
        except UnreadableError as error:
            problems.append(Problem(str(path), error.line, 1, error.rule, next_step=error.next_step))
    return found, in_order(problems)


def records_of_project(root: Path, searches: Searches) -> tuple[list[Found], list[Problem]]:
    """The records of all exports that the search log names, without raw text, and what is wrong with the files."""
    found, problems = found_records(root, searches, raw=False)
    return list(found), problems
