"""Tables whose columns are declared beside them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from guidewright.crossrefs import Loaded
from guidewright.crossrefs.names import Names, no_such, where
from guidewright.guideline.tables import Column, TableSchema
from guidewright.loading.files import leads_out, link_problem
from guidewright.problems import Problem, did_you_mean
from guidewright.reading.csv_file import Table, read_csv
from guidewright.reading.text import read_text
from guidewright.reading.typing_slips import advice

FOLDER = "guideline_src/tables"


@dataclass(frozen=True)
class DataTable:
    """A table with its schema; cells by header, as text."""

    schema: TableSchema
    rows: tuple[Mapping[str, str], ...]


def tables_of(
    root: Path, schemas: Sequence[Loaded], languages: tuple[str, ...] | None, records: Names
) -> tuple[list[DataTable], list[Problem]]:
    """Every table with its schema. Without ``languages``, while ``guideline.yml`` cannot be read, none is read."""
    tables: list[DataTable] = []
    problems = list(_undeclared(root, {one.stem for one in schemas}))
    for one in schemas:
        path = root / FOLDER / f"{one.stem}.csv"
        file = f"{FOLDER}/{path.name}"
        if not path.is_file():
            rule = "this file is missing; its column schema exists"
            problems.append(Problem(file, 1, 1, rule, next_step="add the table, or delete its schema"))
        elif leads_out(root, path):
            problems.append(link_problem(root, path))
        elif isinstance(one.value, TableSchema) and languages is not None:
            table, more = _read(path, file, one.value, languages)
            problems += more
            if table is not None:
                tables.append(DataTable(one.value, tuple(row.cells for row in table.rows)))
                problems += cell_problems(table, one.value, file, languages, records)
    return tables, problems


def _undeclared(root: Path, declared: set[str]) -> Iterator[Problem]:
    for path in sorted((root / FOLDER).glob("*.csv")):
        if path.stem not in declared:
            yield Problem(
                f"{FOLDER}/{path.name}",
                1,
                1,
                f"has no column schema; `{path.stem}.yml` is missing",
                next_step="declare its columns in a file of the same name that ends in .yml",
            )


def _read(path: Path, file: str, schema: TableSchema, languages: tuple[str, ...]) -> tuple[Table | None, list[Problem]]:
    text, problems = read_text(path, file)
    if text is None:
        return None, problems
    headers = schema.headers(languages)
    return read_csv(text, file, headers, headers)


def cell_problems(
    table: Table, schema: TableSchema, file: str, languages: tuple[str, ...], records: Names
) -> Iterator[Problem]:
    """Cells that do not fit their column."""
    for row in table.rows:
        for column in schema.columns:
            names = [f"{column.id}_{tag}" for tag in languages] if column.type == "text" else [column.id]
            for name in names:
                cell, at = row.cells.get(name), table.cell_number(name)
                if cell is not None:
                    yield from _cell(file, row.line, at, column, name, cell, records)
                elif column.required:
                    rule, advised = (
                        f"`{name}` must not be empty",
                        "fill in the cell; its column is declared as required",
                    )
                    yield Problem(file, row.line, at, rule, next_step=advised)


def _cell(file: str, line: int, at: int, column: Column, name: str, cell: str, records: Names) -> Iterator[Problem]:
    if column.allowed and cell not in column.allowed:
        hint = did_you_mean(cell, column.allowed)
        rule = f"`{name}` must be one of: {', '.join(column.allowed)}" + (f"; {hint}" if hint else "")
        advised = advice(cell) or "correct it, or allow it in the schema of the table"
        yield Problem(file, line, at, rule, value=cell, next_step=advised)
    elif column.type == "number" and not _is_number(cell):
        advised = advice(cell) or "write the number alone, with a decimal point; its unit is declared with the column"
        yield Problem(file, line, at, f"`{name}` must be a number", value=cell, next_step=advised, example="800")
    elif column.type == "citations":
        for key in filter(None, (part.strip() for part in cell.split(";"))):
            if records.complete and key not in records.ids:
                rule = no_such("record", key, records)
                yield Problem(
                    file, line, at, rule, value=key, next_step=where("record"), example="klazen2010; clark2016"
                )


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"[-+0-9.eE]+", cell)) and _finite(cell)


def _finite(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False
