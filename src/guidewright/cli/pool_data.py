"""``guidewright pool DATA``: pool a table that belongs to no project."""

from __future__ import annotations

import platform
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

import typer

from guidewright.cli.console import PROBLEMS, show_json, show_problems, wrong_use
from guidewright.cli.pool_choices import options_of
from guidewright.cli.pool_options import TableOptions
from guidewright.metaanalysis.notices import CannotPoolError
from guidewright.problems import Problem, in_order
from guidewright.tables_of_data.analysis import Analysis, Options, analyse
from guidewright.tables_of_data.columns import Asked, Chosen, choose, headings_of
from guidewright.tables_of_data.document import as_markdown, as_text
from guidewright.tables_of_data.figure import drawing
from guidewright.tables_of_data.methods import Method, WrongUseError
from guidewright.tables_of_data.reading import read
from guidewright.tables_of_data.report import report
from guidewright.tables_of_data.results import data_of
from guidewright.tables_of_data.sheet import Sheet
from guidewright.tables_of_data.shown import Shown
from guidewright.tables_of_data.studies import studies
from guidewright.tables_of_data.workbook import NoSuchSheetError
from guidewright.writing import write

#: Programs on which the numbers rest.
PROGRAMS = ("guidewright", "numpy", "scipy")


def run(table: TableOptions, *, as_json: bool, in_project: bool) -> None:
    """Read the table, pool it and print the result in one form."""
    try:
        _check_use(table, as_json=as_json, in_project=in_project)
        options = options_of(table)
        sheet = _sheet(table, as_json=as_json)
        chosen, analysis = _analysis(sheet, table, options, as_json=as_json)
    except (WrongUseError, NoSuchSheetError) as error:
        wrong_use(f"{error}\nAll options: guidewright pool --help")
    if as_json:
        show_json(
            {
                "data": {"file": sheet.file, "rows": len(sheet.rows), **sheet.read_as},
                "columns": {name: sheet.headings[at] for name, at in chosen.places.items()} | dict(chosen.constants),
                "versions": dict(_versions()),
                **data_of(analysis),
            }
        )
    shown = Shown.of(analysis)
    if table.as_svg:
        picture = drawing(shown, sheet.file)
        if table.figure is not None:
            write(table.figure, picture + "\n")
        else:
            print(picture)
    if not as_json and (table.as_markdown or not table.as_svg):
        blocks = report(shown, sheet.file, _columns(sheet, chosen), [f"{name} {v}" for name, v in _versions()])
        print(as_markdown(blocks) if table.as_markdown else as_text(blocks))


def _check_use(table: TableOptions, *, as_json: bool, in_project: bool) -> None:
    if table.data is None:
        raise WrongUseError("these options are for a table: guidewright pool DATA.csv --measure RR ...")
    if in_project:
        raise WrongUseError("--project and --anew are for a project; a table needs none")
    if table.figure is not None and not table.as_svg:
        raise WrongUseError(f"one table at a time: {table.figure} is too much (or give --svg, to draw it to that file)")
    if table.figure is not None and table.figure.suffix.lower() != ".svg":
        raise WrongUseError(f"a figure is written to a file that ends in .svg, after DATA; found {table.figure}")
    to_output = [as_json, table.as_markdown, table.as_svg and table.figure is None]
    if sum(to_output) > 1:
        raise WrongUseError("one of --json, --md and --svg at a time; or name a file for the figure: --svg FILE.svg")


def _sheet(table: TableOptions, *, as_json: bool) -> Sheet:
    if table.data is None or not table.data.exists():
        pipe = "; a table is read from a file, not from standard input" if table.data == Path("-") else ""
        raise WrongUseError(f"there is no file {table.data}{pipe}")
    if not table.data.is_file():
        raise WrongUseError(f"{table.data} is no file")
    sheet, problems = read(table.data, table.sheet)
    if sheet is None:
        _end(problems, table, as_json=as_json)
    return sheet


def _analysis(sheet: Sheet, table: TableOptions, options: Options, *, as_json: bool) -> tuple[Chosen, Analysis]:
    asked = Asked(table.columns, table.study, table.subgroup, tuple(table.moderator or ()))
    chosen = choose(sheet, options.measure, asked)
    if chosen.printed and options.method is not Method.INVERSE_VARIANCE:
        needed = ", ".join(f"--{name}" for name in options.measure.columns)
        raise WrongUseError(f"--method {options.method} pools counts ({needed})\n{headings_of(sheet)}")
    if chosen.printed and table.zero_cells is not None:
        raise WrongUseError("--zero-cells is for counts; this table has effects")
    if chosen.printed and (table.drop_double_zero or table.variance_formula is not None):
        name = "--drop-double-zero" if table.drop_double_zero else "--variance-formula"
        raise WrongUseError(f"{name} is for effects that are computed; this table has effects")
    if not chosen.printed and table.printed_level != TableOptions.printed_level:
        raise WrongUseError("--printed-level is for printed intervals; effects are computed from this table")
    found, problems = studies(sheet, chosen, options.measure)
    if problems:
        _end(problems, table, as_json=as_json)
    try:
        return chosen, analyse(found, options, printed=chosen.printed, notices=sheet.notices)
    except CannotPoolError as error:
        step = "rows are counted from the first below the headings"
        _end([Problem(sheet.file, 1, 1, f"cannot be pooled: {error}", next_step=step)], table, as_json=as_json)


def _end(problems: Sequence[Problem], table: TableOptions, *, as_json: bool) -> NoReturn:
    """Show all problems, on standard error where standard output is a document, and end with 1."""
    document = (table.as_markdown or table.as_svg) and not as_json
    with redirect_stdout(sys.stderr if document else sys.stdout):
        show_problems(in_order(problems), as_json=as_json)
    raise typer.Exit(PROBLEMS)


def _columns(sheet: Sheet, chosen: Chosen) -> list[str]:
    named = [f"{name} = {sheet.headings[at]}" for name, at in chosen.places.items()]
    return named + [f"{name} = {value:g}" for name, value in chosen.constants.items()]


def _versions() -> list[tuple[str, str]]:
    return [*((name, version(name)) for name in PROGRAMS), ("Python", platform.python_version())]
