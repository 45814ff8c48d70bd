"""Snapshots of earlier editions."""

from __future__ import annotations

from pathlib import Path

from guidewright.guideline.past_editions import PastEdition, past_edition
from guidewright.problems import Problem

FOLDER = "guideline_src/editions"


def past_editions(root: Path) -> tuple[tuple[PastEdition, ...], list[Problem]]:
    """The earlier editions of a project, the latest first, and what is wrong with their files."""
    found: list[PastEdition] = []
    problems: list[Problem] = []
    for path in sorted((root / FOLDER).glob("*.json")):
        file = path.relative_to(root).as_posix()
        try:
            one = past_edition(path.read_text(encoding="utf-8"))
            if one.edition != path.stem:
                raise ValueError(f"the file is named after its edition, which is `{one.edition}`")
        except (ValueError, OSError) as error:
            next_step = "copy site/exports/snapshot.json of that edition here and name it after the edition"
            problems.append(Problem(file, 1, 1, str(error), example="2019.json", next_step=next_step))
        else:
            found.append(one)
    return tuple(sorted(found, key=lambda one: one.date, reverse=True)), problems
