"""What commands share: loading with all problems shown, and the ways to end."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

if TYPE_CHECKING:
    from guidewright.problems import Problem
    from guidewright.project import Project

#: Exit codes, also in the manual and in `guidewright --help`.
FINE, PROBLEMS, WRONG_USE = 0, 1, 2


def wrong_use(message: str) -> NoReturn:
    """End because the command was called wrongly."""
    print(message, file=sys.stderr)
    raise typer.Exit(WRONG_USE)


def load_or_exit(root: Path, *, as_json: bool = False) -> Project:
    """Load the project; if anything is wrong with its files, show all of it and end with 1."""
    project, problems = load_with_problems(root)
    if project is None:
        show_problems(problems, as_json=as_json)
        raise typer.Exit(PROBLEMS)
    return project


def load_with_problems(root: Path) -> tuple[Project | None, list[Problem]]:
    """Load the project; end with 2 if the folder holds none."""
    from guidewright.project import NotAProjectError, load

    try:
        return load(root)
    except NotAProjectError as error:
        step = "Go to the folder of a project, or name it with --project, or make one: guidewright new DIR"
        wrong_use(f"{error}\n{_around(root)}{step}")


def _around(root: Path) -> str:
    """Where the project is if the command was called from one of its folders."""
    inside = (folder for folder in root.resolve().parents if (folder / "guideline_src").is_dir())
    found = next(inside, None)
    return "" if found is None else f"It lies in the project {found}\n"


def show_problems(problems: Sequence[Problem], *, as_json: bool) -> None:
    """Print problems for people or for programs."""
    if as_json:
        show_json({"problems": [problem.as_dict() for problem in problems]})
        return
    for problem in problems:
        print(problem)
    files = len({problem.file for problem in problems})
    print(f"\n{counted(len(problems), 'problem')} in {counted(files, 'file')}. Nothing was changed.")


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: ``1 file``, ``2 files``; ``many`` where the plural is not that with an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def show_json(data: Any) -> None:
    """Print JSON with keys in order."""
    print(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True))


@contextmanager
def progress(title: str) -> Iterator[Any]:
    """A spinner with the current step on a terminal; one line per step elsewhere, on standard error."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda step: print(f"{title}: {step}", file=sys.stderr)
        return
    with console.status(title) as shown:
        yield lambda step: shown.update(f"{title}: {step}")
