"""Tables whose columns are declared beside them."""

from __future__ import annotations

from guidewright.guideline.tables import TableSchema
from guidewright.problems import Problem
from guidewright.reading.csv_file import Table


def cell_problems(table: Table, schema: TableSchema, file: str, languages: tuple[str, ...]) -> list[Problem]:
    """Cells that do not fit their column."""
    problems = []
    for row in table.rows:
        for column in schema.columns:
            names = [f"{column.id}_{tag}" for tag in languages] if column.type == "text" else [column.id]
            for name in names:
                cell = row.cells.get(name)
                at = table.cell_number(name)
                if cell is None:
                    if column.required:
                        problems.append(Problem(file, row.line, at, f"`{name}` must not be empty"))
                elif column.allowed and cell not in column.allowed:
                    allowed = ", ".join(column.allowed)
                    problems.append(Problem(file, row.line, at, f"`{name}` must be one of: {allowed}", value=cell))
                elif column.type == "number" and not _is_number(cell):
                    problems.append(
                        Problem(file, row.line, at, f"`{name}` must be a number", value=cell, example="800")
                    )
    return problems


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
