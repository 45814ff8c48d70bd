"""The forest plot of a pooled table, as a file of its own."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from guidewright.figures.effect import Effect
from guidewright.figures.forest import Forest
from guidewright.figures.rows import Column, Kind, Row
from guidewright.figures.standalone import standalone
from guidewright.publish.numbers import p_words, percent
from guidewright.tables_of_data.document import clean
from guidewright.tables_of_data.results import StudyResult
from guidewright.tables_of_data.shown import Shown, figures


def drawing(shown: Shown, file: str) -> str:
    """The forest plot as SVG with its own colours, readable on light and dark grounds."""
    sheet = files("guidewright.publish").joinpath("assets/guidewright.css").read_text(encoding="utf-8")
    return standalone(forest(shown, file).draw(), sheet)


def forest(shown: Shown, file: str) -> Forest:
    """The forest plot: the studies, by subgroup where there are any, and the pooled result."""
    measure, pooled = shown.analysis.measure, shown.analysis.pooled
    numbers = f"{measure} {shown.natural(pooled.estimate)} ({shown.ci} "
    return Forest(
        identifier="forest",
        title=f"Forest plot of {clean(file)}",
        description=f"{pooled.k} studies: {numbers}{shown.natural_interval(pooled.low, pooled.high)}).",
        nothing="No study has an effect.",
        rows=[*_rows(shown)],
        effect=Effect(measure.label, measure.null, measure.is_ratio),
        label_heading="Study",
        columns=[
            *(Column(words, before=True) for words in shown.data_headings),
            Column(f"{measure} ({shown.ci})", main=True),
            Column("Weight"),
        ],
        notes=[shown.how],
    )


def _rows(shown: Shown) -> Iterator[Row]:
    pooled, between = shown.analysis.pooled, shown.analysis.subgroups
    drawn: set[int] = set()
    for group in between.subgroups if between is not None else ():
        yield Row(Kind.HEADING, clean(group.name))
        yield from (_study(shown, shown.studies[row]) for row in group.rows)
        drawn |= set(group.rows)
        yield _summary(shown, f"{clean(group.name)} (k = {group.k})", group.estimate, group.low, group.high)
        yield Row(Kind.NOTE, f"tau2 {figures(group.tau2)}, I2 {percent(group.i2, 1)}", indent=1)
    rest = [one for one in shown.studies if one.row - 1 not in drawn]
    if drawn and rest:
        yield Row(Kind.HEADING, "Not in a subgroup")
    yield from (_study(shown, one) for one in rest)
    if drawn:
        yield Row(Kind.HEADING, "All studies")
    yield _summary(shown, f"Pooled (k = {pooled.k})", pooled.estimate, pooled.low, pooled.high)
    if shown.prediction is not None:
        low, high = (shown.analysis.natural(getattr(pooled, f"prediction_{end}", None)) for end in ("low", "high"))
        cells = (*("",) * len(shown.data_headings), shown.prediction, "")
        yield Row(Kind.PREDICTION, "Prediction interval", cells, None, low, high)
    tau2 = f"tau2 {figures(getattr(pooled, 'tau2', None))}, " if shown.analysis.options.tau2_method else ""
    yield Row(Kind.NOTE, f"{tau2}I2 {percent(pooled.i2, 1)}, {shown.q}")
    if between is not None and between.interaction is not None:
        yield Row(Kind.NOTE, f"differences between subgroups: {p_words(between.interaction.p)}")


def _study(shown: Shown, one: StudyResult) -> Row:
    estimate, ends, weight = shown.of_study(one)
    if one.estimate is None:
        return Row(Kind.STUDY, clean(one.name), (*one.data, estimate, weight), indent=1)
    cells = (*one.data, f"{estimate} ({ends})", weight)
    return Row(Kind.STUDY, clean(one.name), cells, one.estimate, one.low, one.high, one.weight, indent=1)


def _summary(shown: Shown, label: str, estimate: float | None, low: float | None, high: float | None) -> Row:
    words = f"{shown.natural(estimate)} ({shown.natural_interval(low, high)})"
    cells = (*("",) * len(shown.data_headings), words, "")
    estimate, low, high = map(shown.analysis.natural, (estimate, low, high))
    return Row(Kind.SUMMARY, label, cells, estimate, low, high)
