"""Templates and theme of a project: only files of its own, and no drawing that runs a script."""

from __future__ import annotations

import re
from pathlib import Path

from guidewright.loading.files import leads_out, link_problem, name_of
from guidewright.problems import Problem

FOLDERS = ("guideline_src/theme", "guideline_src/templates")
#: What runs when somebody opens a drawing by itself, where the content policy of the pages does not reach.
_RUNS = re.compile(r"<(?:\w+:)?(?:script|handler|foreignobject|iframe)\b|\son[a-z]+\s*=|javascript:", re.IGNORECASE)


def theme_problems(root: Path) -> list[Problem]:
    """Links that lead out of the project, and drawings with a script."""
    problems: list[Problem] = []
    for path in (path for folder in FOLDERS for path in sorted((root / folder).rglob("*"))):
        if leads_out(root, path):
            problems.append(link_problem(root, path))
        elif path.suffix.lower() == ".svg" and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            if found := _RUNS.search(text):
                line = text.count("\n", 0, found.start()) + 1
                column = found.start() - text.rfind("\n", 0, found.start())
                rule, advised = "a drawing must not hold a script", "save it as plain SVG from a drawing program"
                problems.append(Problem(name_of(root, path), line, column, rule, found[0].strip(), None, advised))
    return problems
