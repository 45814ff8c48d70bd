"""Decisions as rows of a CSV file, in the columns of their model."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from guidewright.values import Value


def as_csv(model: type[Value], rows: Iterable[Value]) -> str:
    """The text of a file with these rows. Columns are the fields of the model, in order; nothing known is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = list(model.model_fields)
    writer.writerow(names)
    for row in rows:
        writer.writerow(["" if (value := getattr(row, name)) is None else _line(str(value)) for name in names])
    return out.getvalue()


def _line(text: str) -> str:
    """Text on one line, without characters that a table cannot hold."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
