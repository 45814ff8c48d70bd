"""The commands of ``guidewright``. Every command imports its room only when it runs, so ``--help`` is instant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="Evidence in plain files, a graded and pooled guideline as a static site.")  # fmt: skip
Root = Annotated[Path, typer.Option("--project", "-C", help="Folder of the guideline project.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]


@app.callback()
def _guidewright() -> None:
    """Evidence in plain files, a graded and pooled guideline as a static site."""


@app.command()
def check(project: Root = Path(), as_json: Json = False) -> None:
    """Check every file of the project and name every problem."""
    from guidewright.project import load

    _value, problems = load(project)
    if as_json:
        print(json.dumps([p.as_dict() for p in problems], ensure_ascii=False, indent=1))
    else:
        for problem in problems:
            print(problem)
        print(f"{len(problems)} problems" if problems else "no problems")
    raise typer.Exit(1 if problems else 0)
