"""The commands of ``guidewright``: one thin file each, imported only when it runs, so ``--help`` is instant."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

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
    audit: Annotated[bool, typer.Option("--audit", help="Print notes and answered findings too.")] = False,
    style: Annotated[
        Literal["text", "json", "sarif", "junit"], typer.Option("--format", help="How to print what is found.")
    ] = "text",
    fail_on: Annotated[
        Literal["error", "warning", "note"],
        typer.Option("--fail-on", help="Least severity of an unanswered finding that gives exit code 1."),
    ] = "error",
) -> None:
    """Name every problem of every file, and every finding about the content."""
    from guidewright.cli import check as command

    if as_json and style not in {"text", "json"}:
        raise typer.BadParameter(f"--json is --format json, which --format {style} contradicts")
    chosen = "json" if as_json else style
    command.run(project, style=chosen, files_only=files_only, verify=verify, audit=audit, fail_on=fail_on)


@app.command("import")
def import_(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Export files of databases.", show_default=False)
    ],
    project: Root = Path(),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and report; write nothing. Needs no project.")
    ] = False,
    as_json: Json = False,
    records: Annotated[bool, typer.Option("--records", help="Put the records into the JSON as well.")] = False,
    database: Annotated[
        str | None, typer.Option("--database", help="Database, where the files do not name it.")
    ] = None,
    platform: Annotated[str | None, typer.Option("--platform", help="Interface through which it was searched.")] = None,
    date: Annotated[str | None, typer.Option("--date", help="Day of the search: YYYY-MM-DD.")] = None,
    strategy: Annotated[
        str | None, typer.Option("--strategy", help="The search string as it was run, or @FILE that holds it.")
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--columns", help="For tables: which heading is which field: title=TI,authors=AU."),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(help="What was searched: database, register, website, organisation, citations or other."),
    ] = None,
    question: Annotated[
        list[str] | None, typer.Option("--question", help="Question that it was searched for; may be repeated.")
    ] = None,
) -> None:
    """Take export files in: read them, account for every record and line, keep them and log the search."""
    from guidewright.cli import import_files as command

    said = command.Said(database, platform, date, strategy, tuple(columns or ()), kind, tuple(question or ()))
    command.run(project, files, said, dry_run=dry_run, as_json=as_json, records=records)


@app.command()
def dedupe(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE...]", help="Export files, in place of the project.")
    ] = None,
    project: Root = Path(),
    as_json: Json = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Find and report; write nothing.")] = False,
    review: Annotated[bool, typer.Option("--review", help="Answer the open pairs, side by side.")] = False,
    by: Annotated[str | None, typer.Option("--by", help="Who answers: a person of guideline.yml.")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="Write the open pairs to a table (.xlsx or .csv).")] = None,
    answers: Annotated[Path | None, typer.Option("--from", help="Read the answers of such a table.")] = None,
    engine: Annotated[str, typer.Option("--engine", help="local, or spark for a cluster.")] = "local",
    rules: Annotated[bool, typer.Option("--rules", help="Print every rule in words.")] = False,
) -> None:
    """Find the records that are copies of one publication; ask about those that may be."""
    from guidewright.cli import dedupe as command

    options = command.Options(review, by, to, answers, dry_run, engine, rules, as_json)
    command.run(project, files or [], options)


@app.command()
def screen(
    project: Root = Path(),
    as_json: Json = False,
    by: Annotated[str | None, typer.Option("--by", help="Who screens: a person of guideline.yml.")] = None,
    stage: Annotated[str, typer.Option("--stage", help="title-abstract or full-text.")] = "title-abstract",
    question: Annotated[str | None, typer.Option("--question", help="Question whose criteria are shown.")] = None,
    order: Annotated[str, typer.Option("--order", help="found, or priority: likely relevant ones first.")] = "found",
    to: Annotated[Path | None, typer.Option("--to", help="Write the records to a table (.xlsx or .csv).")] = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="Read decisions from such a table, Rayyan, ASReview or Covidence.")
    ] = None,
    only: Annotated[
        str | None, typer.Option("--as", help="Whose decisions of a Rayyan file, or the decision of a whole list.")
    ] = None,
    reconcile: Annotated[bool, typer.Option("--reconcile", help="Settle the conflicts; writes consensus.csv.")] = False,
    agreement: Annotated[bool, typer.Option("--agreement", help="How the reviewers agree.")] = False,
    conflicts: Annotated[bool, typer.Option("--conflicts", help="Where they differ.")] = False,
    stopping: Annotated[bool, typer.Option("--stopping", help="Estimated recall, and reason to stop.")] = False,
    reasons: Annotated[bool, typer.Option("--reasons", help="Print the reasons for exclusion.")] = False,
) -> None:
    """Screen the found publications, blind to other reviewers; show progress, agreement and conflicts."""
    from guidewright.cli import screen as command

    options = command.Options(
        by, stage, question, order, to, source, only, reconcile, agreement, conflicts, stopping, reasons, as_json
    )
    command.run(project, options)


@app.command()
def link(
    project: Root = Path(),
    as_json: Json = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Propose; write nothing.")] = False,
    stage: Annotated[
        str, typer.Option("--stage", help="Link what this stage included: full-text or title-abstract.")
    ] = "full-text",
) -> None:
    """Propose which included publications are reports of one study, and write the studies."""
    from guidewright.cli import link as command

    command.run(project, stage=stage, dry_run=dry_run, as_json=as_json)


@app.command()
def prisma(
    project: Root = Path(),
    question: Annotated[
        str | None, typer.Option("--question", help="Only searches that were made for this question.")
    ] = None,
    language: Annotated[str, typer.Option("--lang", help="zh or en.")] = "en",
    svg: Annotated[Path | None, typer.Option("--svg", help="Draw the diagram to this file.")] = None,
    as_json: Json = False,
    as_markdown: Annotated[bool, typer.Option("--md", help="Print a table in Markdown.")] = False,
    lists: Annotated[bool, typer.Option("--lists", help="Also list the publications behind the boxes.")] = False,
) -> None:
    """Count the flow of records, reports and studies from what happened, and draw the PRISMA 2020 diagram."""
    from guidewright.cli import prisma as command

    command.run(
        project, question=question, language=language, svg=svg, as_json=as_json, as_markdown=as_markdown, lists=lists
    )


@app.command()
def export(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE...]", help="Export files to convert, in place of the project.")
    ] = None,
    to_format: Annotated[str, typer.Option("--format", help="ris, bibtex, csl-json or xlsx.")] = "ris",
    to: Annotated[Path | None, typer.Option("--to", help="File to write; without it, standard output.")] = None,
    project: Root = Path(),
) -> None:
    """Write the found records of the project, or of any export files, for other programs."""
    from guidewright.cli import export_records as command

    command.run(project, files or [], to_format, to)


@app.command()
def explain(
    rule: Annotated[str | None, typer.Argument(help="Name of a rule; without it all rules are listed.")] = None,
    as_json: Json = False,
) -> None:
    """Say what a rule of the audit looks for, why it matters and what to do."""
    from guidewright.cli import explain as command

    command.run(rule, as_json=as_json)


@app.command()
def grade(
    project: Root = Path(),
    scheme: Annotated[str | None, typer.Option("--scheme", help="Read the clauses by another scheme.")] = None,
    all_schemes: Annotated[
        bool, typer.Option("--all-schemes", help="Read every clause by every scheme, side by side.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show the strength of every clause, stated and by the rules, with what is missing."""
    from guidewright.cli import grade as command

    command.run(project, scheme=scheme, all_schemes=all_schemes, as_json=as_json)


@app.command()
def certainty(project: Root = Path(), as_json: Json = False) -> None:
    """Show how certain the evidence of each outcome is: what the rules suggest, and what people decided."""
    from guidewright.cli import certainty as command

    command.run(project, as_json=as_json)


@app.command()
def votes(project: Root = Path(), as_json: Json = False) -> None:
    """Show the result of every voting round, clause by clause, by the rule that it declared."""
    from guidewright.cli import votes as command

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
    with_documents: Annotated[
        bool, typer.Option("--documents", help="Set PDF and Word first, and link them from the pages.")
    ] = False,
) -> None:
    """Grade, pool and render the guideline into site/html."""
    from guidewright.cli import build as command

    command.run(project, builder, with_documents=with_documents)


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
    """Show the site on this machine; it follows every save."""
    from guidewright.cli import serve as command

    command.run(project, port)


@app.command()
def appraise(
    reviewer: Annotated[str, typer.Argument(help="Person of guideline.yml whose answers they are, or consensus.")],
    project: Root = Path(),
    to: Annotated[Path | None, typer.Option("--to", help="Write a workbook to fill in.")] = None,
    from_: Annotated[Path | None, typer.Option("--from", help="Take the answers of a workbook.")] = None,
    instrument: Annotated[str | None, typer.Option("--instrument", help="Instrument of the workbook.")] = None,
    study: Annotated[list[str] | None, typer.Option("--study", help="Only this study; may be repeated.")] = None,
    outcome: Annotated[str | None, typer.Option("--outcome", help="The result that is appraised.")] = None,
    as_json: Json = False,
) -> None:
    """Show one reviewer's own answers and what is missing, or exchange them with a workbook."""
    from guidewright.cli import appraise as command

    command.run(
        project,
        reviewer,
        to=to,
        from_=from_,
        instrument=instrument,
        studies=study or [],
        outcome=outcome,
        as_json=as_json,
    )


@app.command()
def agreement(project: Root = Path(), as_json: Json = False) -> None:
    """Show how the appraisers agree, beyond chance, for each instrument and domain."""
    from guidewright.cli import agreement as command

    command.run(project, as_json=as_json)


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
