"""The figures of examples.py with what the library computes of the BCG trials in place of made-up numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from guidewright.figures.bubble import Bubble
from guidewright.figures.figure import Figure
from guidewright.figures.forest import Forest
from guidewright.figures.funnel import Funnel, Precision
from guidewright.figures.influence import Influence, Panel
from guidewright.figures.points import Curve, Stroke, Study
from guidewright.figures.rows import Kind, Row
from guidewright.figures.specification import Specification, SpecificationCurve
from guidewright.metaanalysis import cumulative, gosh, influence, meta_regression, multiverse, pool, subgroups
from guidewright.metaanalysis.bias import doi_plot, trim_and_fill
from guidewright.metaanalysis.moderators import bubble_plot
from guidewright.metaanalysis.options import Interval, Model, Tau2Method
from guidewright.metaanalysis.sensitivity import multiverse as choices
from guidewright.metaanalysis.sensitivity.baujat import baujat
from guidewright.metaanalysis.sensitivity.information_size import information_size_risks
from guidewright.metaanalysis.sensitivity.tau2_profile import tau2_profile
from guidewright.metaanalysis.sensitivity.trial_sequential import trial_sequential
from tests.figures import examples
from tests.figures.examples import LABELS, LOGS, SES, TRIALS, Words, said, words

Y, V = np.array(LOGS), np.array(SES) ** 2
YEARS = [one[1] for one in TRIALS]
ALLOCATIONS = [one[7] for one in TRIALS]


def natural(found: Any) -> tuple[float, float, float]:
    return tuple(math.exp(one) for one in (found.estimate, found.low, found.high))  # type: ignore[return-value]


@cache
def fits() -> dict[str, Any]:
    """Everything that is drawn, computed once."""
    order = np.argsort(YEARS, kind="stable")
    return {
        "pooled": pool(Y, V),
        "common": pool(Y, V, model=Model.COMMON),
        "by": subgroups(Y, V, ALLOCATIONS, order=("random", "alternate", "systematic")),
        "filled": trim_and_fill(Y, V, model=Model.COMMON),
        "influence": influence(Y, V),
        "baujat": baujat(Y, V),
        "regression": meta_regression(Y, V, {"latitude": [one[6] for one in TRIALS]}),
        "doi": doi_plot(Y, V),
        "profile": tau2_profile(Y, V),
        "gosh": gosh(Y, V, subsets=4000, model=Model.COMMON),
        "order": order,
        "cumulative": cumulative(Y, V, YEARS),
        "sequential": trial_sequential(
            Y,
            V,
            [one[3] + one[5] for one in TRIALS],
            required=information_size_risks(0.03, 0.2),
            order=YEARS,
        ),
    }


def _forest(figure: Forest, say: Words) -> Forest:
    by, pooled, common = fits()["by"], fits()["pooled"], fits()["common"]
    subtotals, rows, group = iter(by.subgroups), [], None
    for row in figure.rows:
        if row.kind is Kind.SUMMARY and row.indent:
            group = next(subtotals)
            rows.append(_summary(row, natural(group)))
        elif row.kind is Kind.NOTE and row.indent and group is not None:
            text = say("异质性：Q={:.2f}，df={}，I²={:.0f}%", "Heterogeneity: Q = {:.2f}, df = {}, I² = {:.0f}%")
            rows.append(replace(row, label=text.format(group.q, group.q_df, group.i2)))
        elif row.kind is Kind.SUMMARY:
            one = common if row.label == say("共同效应", "Common effect") else pooled
            rows.append(_summary(row, natural(one)))
        elif row.kind is Kind.PREDICTION:
            low, high = math.exp(pooled.prediction_low), math.exp(pooled.prediction_high)
            rows.append(replace(row, cells=("", "", f"{low:.2f} to {high:.2f}", ""), low=low, high=high))
        else:
            rows.append(row)
    test = say("亚组间检验：p={:.2f}", "Test between groups: p = {:.2f}").format(by.interaction.p)
    return replace(figure, rows=rows, notes=(test, f"τ² = {pooled.tau2:.3f}"), references=())


def _summary(row: Row, numbers: tuple[float, float, float]) -> Row:
    cells = ("", "", said(numbers), "") if len(row.cells) == 4 else (said(numbers),)
    return replace(row, cells=cells, estimate=numbers[0], low=numbers[1], high=numbers[2])


def _cumulative(figure: Forest, say: Words) -> Forest:
    results, order = fits()["cumulative"].results, fits()["order"]
    rows = []
    for n, row in enumerate(figure.rows):
        if row.kind is Kind.STUDY and n < len(order):
            numbers = tuple(math.exp(getattr(results, name)[n]) for name in ("estimate", "low", "high"))
            rows.append(replace(_summary(row, numbers), label=f"+ {LABELS[order[n]]}"))  # type: ignore[arg-type]
        else:
            rows.append(_summary(row, natural(fits()["pooled"])) if row.kind is Kind.SUMMARY else row)
    return replace(figure, rows=rows)


def _funnel(figure: Funnel, say: Words) -> Funnel:
    if figure.precision is not Precision.SE:
        return replace(figure, studies=[one for one in figure.studies if not one.hollow])
    filled = fits()["filled"]
    added = [
        Study(f"{say('填补', 'Imputed')}: {LABELS[row]}", math.exp(y), math.sqrt(v), hollow=True, named=False)
        for row, y, v in zip(filled.mirrored_rows, filled.imputed_y, filled.imputed_v, strict=True)
    ]
    studies = [*(one for one in figure.studies if not one.hollow), *added]
    return replace(figure, studies=studies, estimate=figure.estimate and math.exp(filled.observed.estimate))


def _specification(figure: SpecificationCurve, say: Words) -> SpecificationCurve:
    without = frozenset(n for n, year in enumerate(YEARS) if year == 1948)
    options = [
        (model, method, interval, left)
        for left in (frozenset[int](), without)
        for model, method, interval in (
            (Model.RANDOM, Tau2Method.REML, Interval.WALD),
            (Model.RANDOM, Tau2Method.REML, Interval.KNAPP_HARTUNG),
            (Model.RANDOM, Tau2Method.DL, Interval.WALD),
            (Model.RANDOM, Tau2Method.DL, Interval.KNAPP_HARTUNG),
            (Model.COMMON, Tau2Method.REML, Interval.WALD),
        )
    ]
    found = multiverse(
        [
            choices.Specification(Y, V, "RR", model=model, tau2_method=method, interval=interval, excluded=left)
            for model, method, interval, left in options
        ]
    )
    names = {Interval.WALD: "Wald", Interval.KNAPP_HARTUNG: "Knapp-Hartung"}
    shown = []
    for one in found.results:
        model, method, interval, left = options[one.number]
        described = (
            method.value if model is Model.RANDOM else say("共同效应", "common"),
            names[interval],
            "1948" if left else say("无", "none"),
        )
        shown.append(Specification(*natural(one), described, one.number == found.main))
    kept = sum(one.keeps for one in found.results)
    share = say("{}种设定中{}种支持结论。", "{1} of {0} specifications keep the conclusion.").format(len(shown), kept)
    dimensions = (say("模型", "Model"), *figure.dimensions[1:])
    return replace(figure, specifications=shown, share=share, dimensions=dimensions)


def _influence(figure: Influence, say: Words) -> Influence:
    found = fits()["influence"]
    k = len(Y)
    columns = (
        (found.studentised_deleted_residual, (-1.96, 1.96), 0.0, lambda x: abs(x) > 1.96),
        (found.dffits, (), 0.0, lambda x: abs(x) > 3 * math.sqrt(1 / (k - 1))),
        (found.cooks_distance, (), None, lambda x: x > 0.45),
        (found.hat, (3 / k,), 1 / k, lambda x: x > 3 / k),
    )
    panels = [
        Panel(panel.title, values.tolist(), [bool(beyond(x)) for x in values], cuts, centre)
        for panel, (values, cuts, centre, beyond) in zip(figure.panels, columns, strict=True)
    ]
    return replace(figure, panels=panels)


def _bubble(figure: Bubble, say: Words) -> Bubble:
    plot = bubble_plot(fits()["regression"], "latitude")
    line = plot.line

    def band(low: Any, high: Any) -> list[tuple[float, float, float]]:
        return [(x, math.exp(a), math.exp(b)) for x, a, b in zip(plot.x, low, high, strict=True)]

    return replace(
        figure,
        studies=[Study(LABELS[one.row], one.x, math.exp(one.y), one.weight) for one in plot.points],
        line=[(x, math.exp(y)) for x, y in zip(plot.x, line.estimate, strict=True)],
        band=band(line.low, line.high),
        prediction=band(line.prediction_low, line.prediction_high),
    )


def _sequential(figure: Any, say: Words) -> Any:
    found = fits()["sequential"]
    looks = [Study(LABELS[one.row], one.participants, one.z) for one in found.looks]
    boundaries = [
        Curve(points, say("序贯界限", "boundary") if sign > 0 else "", Stroke.DASHED)
        for sign in (1, -1)
        if (points := [(one.participants, sign * one.boundary) for one in found.looks if one.boundary is not None])
    ]
    return replace(figure, looks=looks, boundaries=boundaries, required=found.required.participants)


def _profile(figure: Any, say: Words) -> Any:
    found = fits()["profile"]
    top = float(found.log_likelihood_maximum)
    inside = found.tau2[found.log_likelihood >= top - 1.92]
    return replace(
        figure,
        points=list(zip(found.tau2.tolist(), found.log_likelihood.tolist(), strict=True)),
        estimate=float(found.maximum),
        height=top,
        low=float(inside.min()),
        high=float(inside.max()),
        cutoff=top - 1.92,
    )


def _others(figure: Any, say: Words) -> Any:
    found = fits().get(figure.identifier)
    pooled = fits()["pooled"]
    match figure.identifier:
        case "baujat":
            numbers = zip(found.heterogeneity, found.influence, strict=True)
            return replace(figure, studies=[Study(t, x, y) for t, (x, y) in zip(LABELS, numbers, strict=True)])
        case "labbe":
            ratio = math.exp(pooled.estimate)
            return replace(figure, curves=[Curve([(0, 0), (0.3, 0.3 * ratio)], figure.curves[0].words)])
        case "doi":
            points = zip(found.rows, found.y, found.z, strict=True)
            studies = [Study(LABELS[row], math.exp(y), abs(z)) for row, y, z in points]
            return replace(figure, studies=studies, asymmetry=f"LFK {found.lfk:.1f}".replace("-", "−"))
        case "gosh":
            return replace(figure, estimates=np.exp(found.estimate).tolist(), heterogeneity=found.i2.tolist())
        case "radial":
            return replace(figure, estimate=math.exp(pooled.estimate))
    return figure


DRAWN: dict[str, Callable[[Any, Words], Figure]] = {
    "forest": _forest,
    "cumulative": _cumulative,
    "specification": _specification,
    "influence": _influence,
    "bubble": _bubble,
    "sequential": _sequential,
    "profile": _profile,
    **dict.fromkeys(("funnel", "contours", "inverse", "size"), _funnel),
}


def every(language: str) -> list[Figure]:
    """Every kind of figure, of real data."""
    say = words(language)
    return [DRAWN.get(one.identifier, _others)(one, say) for one in examples.every(language)]
