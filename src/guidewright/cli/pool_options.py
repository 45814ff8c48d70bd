"""The options by which ``guidewright pool`` takes a table; nothing heavy is imported, so that help is instant."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from guidewright.metaanalysis.options import Interval, Model, Prediction, Tau2Method
from guidewright.tables_of_data.methods import Method

#: Columns of numbers, under the names of the library; a test holds that none is missing.
COLUMNS: Mapping[str, str] = {
    "events1": "events in group 1",
    "total1": "participants in group 1, those with the event among them",
    "events2": "events in group 2",
    "total2": "participants in group 2",
    "time1": "person-time in group 1",
    "time2": "person-time in group 2",
    "mean1": "mean of group 1, or of the first measurement",
    "sd1": "its standard deviation",
    "n1": "participants in group 1 (means)",
    "mean2": "mean of group 2, or of the second measurement",
    "sd2": "its standard deviation",
    "n2": "participants in group 2 (means)",
    "both": "pairs with the event in both conditions",
    "only1": "pairs with the event in condition 1 only",
    "only2": "pairs with the event in condition 2 only",
    "neither": "pairs without the event",
    "events": "events in a single group",
    "total": "participants in a single group",
    "time": "person-time in a single group",
    "mean": "mean of a single group",
    "sd": "its standard deviation",
    "n": "participants, or pairs of measurements",
    "r": "correlation; a number stands for all studies",
    "t": "t statistic of a regression coefficient",
    "predictors": "predictors in the regression; a number stands for all studies",
    "r2": "R squared of the regression",
    "alpha": "Cronbach's alpha",
    "items": "number of items; a number stands for all studies",
    "homozygotes1": "participants with two copies of the first allele",
    "heterozygotes": "participants with one copy of each allele",
    "homozygotes2": "participants with two copies of the second allele",
    "estimate": "printed estimate, a ratio as it is printed",
    "y": "effect on the scale of analysis, the logarithm of a ratio",
    "v": "its sampling variance",
    "se": "standard error on the scale of analysis",
    "low": "lower limit, on the scale of the effect",
    "high": "upper limit, on the scale of the effect",
    "p": "two-sided p value",
    "df": "degrees of freedom of interval or p value; a number stands for all studies",
}

#: Longer names of columns whose own is a letter.
ALSO: Mapping[str, tuple[str, ...]] = {"v": ("--variance",)}


@dataclass(frozen=True)
class TableOptions:
    """A table and what is asked of it."""

    data: Annotated[
        Path | None,
        typer.Argument(metavar="DATA", help="Table to pool: .csv, .tsv or .xlsx. Without it the project is pooled."),
    ] = None
    figure: Annotated[
        Path | None,
        typer.Argument(metavar="FIGURE", help="File (.svg) for --svg; without it the figure goes to standard output."),
    ] = None
    measure: Annotated[str | None, typer.Option(help="Effect measure: RR, OR, RD, MD, SMD, HR, GEN, ...")] = None
    method: Annotated[Method, typer.Option(help="How studies are combined.")] = Method.INVERSE_VARIANCE
    model: Annotated[Model | None, typer.Option(help="What the studies estimate; random unless said.")] = None
    tau2: Annotated[Tau2Method | None, typer.Option(help="Estimator of tau2; REML unless said.")] = None
    interval: Annotated[Interval | None, typer.Option(help="Kind of interval; wald unless said.")] = None
    prediction: Annotated[Prediction | None, typer.Option(help="Distribution of the prediction interval.")] = None
    level: Annotated[float, typer.Option(help="Level of the intervals.")] = 0.95
    printed_level: Annotated[float, typer.Option(help="Level of the intervals in the table.")] = 0.95
    zero_cells: Annotated[
        str | None,
        typer.Option(metavar="ADD/TO", help="Constant for empty cells, and to which rows: only0, all, if0all, none."),
    ] = None
    drop_double_zero: Annotated[
        bool, typer.Option("--drop-double-zero", help="Leave out tables without any event in either group.")
    ] = False
    variance_formula: Annotated[
        str | None, typer.Option(metavar="NAME", help="Formula of the sampling variances; LS unless said.")
    ] = None
    study: Annotated[str | None, typer.Option(metavar="HEADING", help="Names of the studies.")] = None
    subgroup: Annotated[str | None, typer.Option(metavar="HEADING", help="Pool within its values, and compare.")] = None
    moderator: Annotated[
        list[str] | None,
        typer.Option(metavar="HEADING", help="Meta-regression on numbers or a factor; may be repeated."),
    ] = None
    leave_one_out: Annotated[bool, typer.Option("--leave-one-out", help="Pool without each study in turn.")] = False
    egger: Annotated[bool, typer.Option("--egger", help="Egger's test of funnel plot asymmetry.")] = False
    sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook; the first unless said.")] = None
    as_markdown: Annotated[bool, typer.Option("--md", help="Print the report as Markdown.")] = False
    as_svg: Annotated[bool, typer.Option("--svg", help="Draw a forest plot.")] = False
    columns: Mapping[str, str] = field(default_factory=dict)
    """Headings by the name of the column; each name is an option."""


def takes_table(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command every option of :class:`TableOptions`, which it gets as one value, ``table``."""
    hints = get_type_hints(TableOptions, include_extras=True)
    defaults = {name: one.default for name, one in inspect.signature(TableOptions).parameters.items()}
    names = [name for name in defaults if name != "columns"]

    @wraps(command)
    def run(**given: Any) -> None:
        columns = {name: value for name in COLUMNS if (value := given.pop(f"column_{name}")) is not None}
        given["moderator"] = given["moderator"] or None  # not said is an empty list here
        table = TableOptions(**{name: given.pop(name) for name in names}, columns=columns)
        command(table=table, **given)

    own = inspect.signature(command, eval_str=True)
    parameters = [one for name, one in own.parameters.items() if name != "table"]
    parameters += [_parameter(name, hints[name], defaults[name]) for name in names]
    parameters += [_column(name, meaning) for name, meaning in COLUMNS.items()]
    ordered = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]
    run.__signature__ = own.replace(parameters=ordered)  # type: ignore[attr-defined]
    return run


def _parameter(name: str, hint: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint)


def _column(name: str, meaning: str) -> inspect.Parameter:
    option = typer.Option(f"--{name}", *ALSO.get(name, ()), metavar="HEADING", help=f"Column: {meaning}.")
    return _parameter(f"column_{name}", Annotated[str | None, option], None)
