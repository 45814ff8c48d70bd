"""The commands of ``guidewright``: one thin file each, imported only when it runs, so ``--help`` is instant."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from guidewright.cli.pool_options import TableOptions, takes_table

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Evidence in plain files, a graded and pooled guideline as a static site.",
    epilog="Exit codes: 0 fine, 1 problems in the content, 2 wrong use.",
)
Root = Annotated[Path, typer.Option("--project", "-C", help="Folder of the guideline project.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="Folder to make; it must not exist or be empty.")],
) -> None:
    """Write a small working project of the same shape, to start another guideline."""
    from guidewright.cli import new as command

    command.run(folder)


@app.command()
def check(
    project: Root = Path(),
    as_json: Json = False,
    files_only: Annotated[
        bool, typer.Option("--files-only", help="Only problems of the files, not findings about the content.")
    ] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Recompute every committed result with both engines.")
    ] = False,
) -> None:
    """Name every problem of every file, and every finding about the content."""
    from guidewright.cli import check as command

    command.run(project, as_json=as_json, files_only=files_only, verify=verify)


@app.command()
def grade(project: Root = Path(), as_json: Json = False) -> None:
    """Show the strength of every clause, stated and by the rules, with what is missing."""
    from guidewright.cli import grade as command

    command.run(project, as_json=as_json)


@app.command()
@takes_table
def pool(
    table: TableOptions,
    project: Root = Path(),
    as_json: Json = False,
    anew: Annotated[bool, typer.Option("--anew", help="Pool every analysis, also those that did not change.")] = False,
) -> None:
    """Pool the analyses whose inputs changed and write metaanalysis/results/; with DATA, pool that table alone."""
    if table == TableOptions():
        from guidewright.cli import pool as command

        command.run(project, as_json=as_json, anew=anew)
    else:
        from guidewright.cli import pool_data

        pool_data.run(table, as_json=as_json, in_project=anew or project != Path())


@app.command()
def build(
    project: Root = Path(),
    builder: Annotated[
        str, typer.Option(help="Program that makes the HTML: mkdocs, properdocs or zensical.")
    ] = "mkdocs",
) -> None:
    """Grade, pool and render the guideline into site/html."""
    from guidewright.cli import build as command

    command.run(project, builder)


@app.command()
def documents(project: Root = Path()) -> None:
    """Set the guideline and each recommendation as PDF and Word into site/exports/documents."""
    from guidewright.cli import documents as command

    command.run(project)


@app.command()
def serve(
    project: Root = Path(),
    port: Annotated[int, typer.Option(help="Port on this machine.", min=1, max=65535)] = 8000,
) -> None:
    """Show the site on this machine and rebuild it on every save."""
    from guidewright.cli import serve as command

    command.run(project, port)


@app.command()
def status(project: Root = Path(), as_json: Json = False) -> None:
    """Show what there is and what is missing: references, facts, results, translations."""
    from guidewright.cli import status as command

    command.run(project, as_json=as_json)


@app.command()
def schema(
    folder: Annotated[Path, typer.Argument(help="Folder for the JSON Schemas.")] = Path(".guidewright/schemas"),
    dictionary: Annotated[
        Path | None, typer.Option(help="Also write the data dictionary to this Markdown file.")
    ] = None,
) -> None:
    """Write a JSON Schema for every kind of file, by which editors complete and check them."""
    from guidewright.cli import schema as command

    command.run(folder, dictionary)
