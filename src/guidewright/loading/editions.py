"""Snapshots of earlier editions."""

from __future__ import annotations

from pathlib import Path

from guidewright.guideline.past_editions import PastEdition, past_edition
from guidewright.loading.files import leads_out, link_problem, name_of
from guidewright.problems import Problem

FOLDER = "guideline_src/editions"
_NEXT = "copy site/exports/snapshot.json of that edition here and name it after the edition"


def past_editions(root: Path) -> tuple[tuple[PastEdition, ...], list[Problem]]:
    """The earlier editions of a project, the latest first, and what is wrong with their files."""
    found: list[PastEdition] = []
    problems: list[Problem] = []
    for path in sorted((root / FOLDER).glob("*.json")):
        if leads_out(root, path):
            problems.append(link_problem(root, path))
            continue
        file = name_of(root, path)
        try:
            one = past_edition(path.read_text(encoding="utf-8"))
        except (ValueError, OSError) as error:
            problems.append(Problem(file, 1, 1, str(error), example="2019.json", next_step=_NEXT))
            continue
        if one.edition != path.stem:
            rule = f"the file is named after its edition, which is `{one.edition}`"
            problems.append(Problem(file, 1, 1, rule, example="2019.json", next_step=_NEXT))
        else:
            found.append(one)
    return tuple(sorted(found, key=lambda one: one.date, reverse=True)), problems
