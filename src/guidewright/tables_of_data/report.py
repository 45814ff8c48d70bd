"""The report on a pooled table: studies, result, heterogeneity, and what else was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from guidewright.metaanalysis.moderators import MetaRegression, OmnibusTest, Subgroups
from guidewright.publish.numbers import decimal, p_words, percent
from guidewright.tables_of_data.document import Block, Grid, Heading, Paragraphs, clean
from guidewright.tables_of_data.results import left_out
from guidewright.tables_of_data.shown import Shown, figures


def report(shown: Shown, file: str, columns: Sequence[str], versions: Sequence[str]) -> Iterator[Block]:
    """The blocks of the report. ``columns`` and ``versions`` say which headings and programs were used."""
    analysis = shown.analysis
    label = analysis.measure.label
    yield Heading(f"{label[0].upper()}{label[1:]} ({analysis.measure}): {clean(file)}", 1)
    yield Paragraphs([shown.how, f"columns: {clean(', '.join(columns))}"])
    yield Heading("Studies")
    yield _studies(shown)
    yield Heading("Pooled result")
    yield Paragraphs([*_result(shown), *_heterogeneity(shown)])
    if analysis.subgroups is not None:
        yield Heading("Subgroups")
        yield from _subgroups(shown, analysis.subgroups)
    if analysis.regression is not None:
        yield Heading("Meta-regression")
        yield from _regression(shown, analysis.regression)
    if analysis.leave_one_out is not None:
        yield Heading("Leave-one-out")
        yield _left_out(shown)
    if (test := analysis.egger) is not None:
        yield Heading("Egger's test")
        slope = f"slope {figures(test.slope)} (SE {figures(test.slope_se)})"
        yield Paragraphs([f"{slope}, t = {decimal(test.statistic)}, df = {test.df}, {p_words(test.p)}"])
    if analysis.notices:
        yield Heading("Notices")
        yield Paragraphs([clean(notice.text) for notice in analysis.notices])
    yield Heading("Programs")
    yield Paragraphs([", ".join(versions)])


def _studies(shown: Shown) -> Grid:
    pooled, headings = shown.analysis.pooled, shown.data_headings
    header = ("Row", "Study", *headings, str(shown.analysis.measure), shown.ci, "Weight")
    rows = [(str(one.row), clean(one.name), *one.data, *shown.of_study(one)) for one in shown.studies]
    blank, ends = ("",) * len(headings), shown.natural_interval(pooled.low, pooled.high)
    rows.append(("", f"Pooled (k = {pooled.k})", *blank, shown.natural(pooled.estimate), ends, ""))
    if shown.prediction is not None:
        rows.append(("", "Prediction interval", *blank, "", shown.prediction, ""))
    return Grid(header, rows, 2)


def _result(shown: Shown) -> Iterator[str]:
    analysis, pooled = shown.analysis, shown.analysis.pooled
    if pooled.estimate is None:
        yield f"{analysis.measure}: no estimate"
        return
    df = getattr(pooled, "df", None)
    value = decimal(getattr(pooled, "statistic" if hasattr(pooled, "statistic") else "z"))
    test = f", z = {value}" if df is None else f", t = {value}, df = {df:g}"
    test = f"{test}, {p_words(pooled.p)}" if analysis.measure.null is not None else ""  # one group: no null hypothesis
    ends = f"{shown.ci} {shown.natural_interval(pooled.low, pooled.high)}"
    yield f"{analysis.measure} {shown.natural(pooled.estimate)} ({ends}){test}"
    if analysis.measure.scale != "identity":
        ends = f"{figures(pooled.low)} to {figures(pooled.high)}"
        numbers = f"{figures(pooled.estimate)} (SE {figures(pooled.se)}, {ends})"
        yield f"scale of analysis ({analysis.measure.scale}): {numbers}"
    if shown.prediction is not None:
        yield f"prediction interval: {shown.prediction}"


def _heterogeneity(shown: Shown) -> Iterator[str]:
    pooled, limits = shown.analysis.pooled, shown.analysis.heterogeneity
    tau2, i2 = f"tau2 {figures(getattr(pooled, 'tau2', None))}", f"I2 {percent(pooled.i2, 2)}"
    if limits is not None:
        tau2 += f" ({shown.ci} {figures(limits.tau2_low)} to {figures(limits.tau2_high)})"
        i2 += f" ({shown.ci} {percent(limits.i2_low, 2)} to {percent(limits.i2_high, 2)})"
    if shown.analysis.options.tau2_method is not None:
        yield tau2
    yield f"{i2}, H2 {decimal(pooled.h2)}"
    yield shown.q


def _subgroups(shown: Shown, found: Subgroups) -> Iterator[Block]:
    rows = [
        (
            clean(one.name),
            str(one.k),
            shown.natural(one.estimate),
            shown.natural_interval(one.low, one.high),
            p_words(one.p),
            figures(one.tau2),
            percent(one.i2, 1),
        )
        for one in found.subgroups
    ]
    yield Grid(("Subgroup", "k", str(shown.analysis.measure), shown.ci, "p", "tau2", "I2"), rows)
    if found.interaction is not None:
        yield Paragraphs([f"test for differences between subgroups: {_test(found.interaction, 'Q')}"])


def _regression(shown: Shown, found: MetaRegression) -> Iterator[Block]:
    rows = [
        (clean(c.name), figures(c.estimate), figures(c.se), f"{figures(c.low)} to {figures(c.high)}", p_words(c.p))
        for c in found.coefficients
    ]
    yield Grid((f"Coefficient ({shown.analysis.measure.scale} scale)", "Estimate", "SE", shown.ci, "p"), rows)
    lines = [f"k = {found.k}"]
    if found.qm is not None:
        lines.append(f"test of moderators: {_test(found.qm, 'QM')}")
    if found.qe is not None:
        lines.append(f"residual heterogeneity: QE = {decimal(found.qe)}, df = {found.qe_df}, {p_words(found.qe_p)}")
    if found.tau2_method is not None:
        lines.append(f"residual tau2 {figures(found.tau2)}, I2 {percent(found.i2, 2)}, R2 {percent(found.r2, 2)}")
    yield Paragraphs(lines)


def _test(test: OmnibusTest, name: str) -> str:
    if test.residual_df is None:
        return f"{name} = {decimal(test.statistic)}, df = {test.df}, {p_words(test.p)}"
    return f"F = {decimal(test.statistic)}, df = {test.df} and {test.residual_df:.4g}, {p_words(test.p)}"


def _left_out(shown: Shown) -> Grid:
    rows = []
    for one in left_out(shown.analysis):
        row = int(one["row"] or 0)
        ends = shown.natural_interval(one["low"], one["high"])
        numbers = (shown.natural(one["estimate"]), ends, p_words(one["p"]))
        name = clean(shown.studies[row - 1].name)
        rows.append((str(row), name, *numbers, figures(one.get("tau2")), percent(one["i2"], 1)))
    return Grid(("Row", "Without", str(shown.analysis.measure), shown.ci, "p", "tau2", "I2"), rows, 2)
