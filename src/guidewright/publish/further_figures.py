"""Pictures of further results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

from guidewright.figures.baujat import Baujat
from guidewright.figures.doi import Doi
from guidewright.figures.figure import Figure
from guidewright.figures.funnel import Funnel, Precision
from guidewright.figures.gosh import Gosh
from guidewright.figures.points import Curve, Stroke, Study
from guidewright.figures.rows import Column, Kind, Row
from guidewright.figures.sequential import Sequential
from guidewright.figures.specification import Specification, SpecificationCurve
from guidewright.figures.successive import Step, successive
from guidewright.publish.further_words import Words
from guidewright.publish.numbers import p_value, percent
from guidewright.words import word

Found = Mapping[str, Any]


def _common(words: Words, identifier: str, method: str, description: str) -> dict[str, Any]:
    title = words.view.analysis.title.get(words.language, words.view.analysis.id)
    return {
        "identifier": identifier,
        "title": f"{words.phrase(f'name.{method}')}: {title}",
        "description": description,
        "nothing": words.phrase("nothing"),
    }


def funnel(found: Found, words: Words, identifier: str) -> Figure:
    """Observed studies and those that trim and fill adds."""
    studies = [Study(words.label(row), study.estimate, study.se) for row, study in enumerate(words.pooled.studies)]
    imputed = [
        Study(words.label(row), words.natural(y), sqrt(v), hollow=True)
        for row, y, v in zip(found["mirrored_rows"], found["imputed_y"], found["imputed_v"], strict=True)
    ]
    said = words.effect(*(found["filled"][name] for name in ("estimate", "low", "high")))
    return Funnel(
        **_common(words, identifier, "trim-and-fill", said),
        studies=[*studies, *imputed],
        effect=words.axis,
        precision=Precision.SE,
        precision_title=words.phrase("column.se"),
        label_heading=words.phrase("study"),
        estimate=words.pooled.summary.estimate,
        estimate_words=words.phrase("figure.pooled"),
        cone_words=words.phrase("figure.cone"),
        observed_words=words.phrase("figure.observed"),
        imputed_words=words.phrase("figure.imputed"),
        status_heading=words.phrase("column.status"),
    )


def doi(found: Found, words: Words, identifier: str, said: str) -> Figure:
    """Effects against the absolute z of their rank."""
    points = zip(found["rows"], found["y"], found["z"], strict=True)
    return Doi(
        **_common(words, identifier, "doi", said),
        studies=[Study(words.label(row), words.natural(y), abs(z)) for row, y, z in points],
        effect=words.axis,
        y_title=words.phrase("figure.absolute-z"),
        label_heading=words.phrase("study"),
        tip_words=words.phrase("figure.tip"),
    )


def steps(results: Found, labels: Sequence[str], words: Words, identifier: str, said: str) -> Figure:
    """Results one below the other, with the pooled result of all studies at the foot."""
    rows = [
        Step(
            label,
            words.natural(results["estimate"][n]),
            words.natural(results["low"][n]),
            words.natural(results["high"][n]),
            (
                words.effect(results["estimate"][n], results["low"][n], results["high"][n], named=False),
                p_value(results["p"][n]),
                percent(results["i2"][n]),
            ),
        )
        for n, label in enumerate(labels)
    ]
    one = words.pooled.summary
    cells = (f"{words.shown(one.estimate, one.low, one.high)}", p_value(one.p), percent(words.pooled.i2))
    summary = Row(Kind.SUMMARY, words.phrase("all-studies"), cells, one.estimate, one.low, one.high)
    method = "leave-one-out" if "leave-one-out" in identifier else "cumulative"
    return successive(
        rows,
        **_common(words, identifier, method, said),
        effect=words.axis,
        label_heading=words.phrase("study"),
        columns=(Column(words.effect_heading, main=True), Column("p"), Column("I²")),
        summary=summary,
        summary_words=words.phrase("figure.pooled"),
    )


def baujat(found: Found, words: Words, identifier: str, said: str) -> Figure:
    """What each study adds to Q, and to the estimate."""
    points = zip(found["rows"], found["heterogeneity"], found["influence"], strict=True)
    return Baujat(
        **_common(words, identifier, "baujat", said),
        studies=[Study(words.label(row), x, y) for row, x, y in points],
        x_title=words.phrase("column.heterogeneity"),
        y_title=words.phrase("column.influence"),
        label_heading=words.phrase("study"),
    )


def gosh(found: Found, words: Words, identifier: str, said: str) -> Figure:
    """Estimates of subsets against their I2."""
    shown = [(words.natural(e), i2) for e, i2 in zip(found["estimate"], found["i2"], strict=True) if i2 is not None]
    return Gosh(
        **_common(words, identifier, "gosh", said),
        estimates=[one[0] for one in shown],
        heterogeneity=[one[1] for one in shown],
        effect=words.axis,
        heterogeneity_title="I² (%)",
        quantile_heading=words.phrase("column.quantile"),
        subsets_words=words.phrase("figure.subsets"),
    )


def specifications(found: Found, words: Words, identifier: str, said: str) -> Figure:
    """The specification curve."""
    declared = found["specifications"]
    results = found["multiverse"]["results"]
    names = ["model", "tau2", "interval", *(["excluded"] if any(one["excluded"] for one in declared) else [])]
    return SpecificationCurve(
        **_common(words, identifier, "multiverse", said),
        specifications=[
            Specification(
                words.natural(one["estimate"]),
                words.natural(one["low"]),
                words.natural(one["high"]),
                _choices(declared[one["number"]], words)[: len(names)],
                main=one["number"] == found["multiverse"]["main"],
            )
            for one in results
        ],
        dimensions=[words.phrase(f"column.{name}") for name in names],
        effect=words.axis,
        low_heading=words.phrase("column.low"),
        high_heading=words.phrase("column.high"),
        main_words=words.phrase("figure.main"),
        excluding_words=words.phrase("figure.excludes"),
        including_words=words.phrase("figure.includes"),
        share=said,
    )


def _choices(one: Found, words: Words) -> tuple[str, ...]:
    language = words.language
    random = one["model"] == "random"
    sets = {
        other.id: other.title
        for method in words.view.analysis.further
        if method.method == "multiverse"
        for other in method.exclude
    }
    return (
        word(f"model.{one['model']}", language),
        one["tau2"] if random else "–",
        word(f"interval.{one['interval']}", language),
        sets.get(one["excluded"], {}).get(language, one["excluded"]) or "–",
    )


def sequential(found: Found, words: Words, identifier: str, said: str) -> Figure:
    """The cumulative z with its boundaries."""
    looks = found["looks"]

    def curve(field: str, sign: int, name: str) -> Curve:
        points = [(one["participants"], sign * one[field]) for one in looks if one[field] is not None]
        stroke = Stroke.DASHED if field == "boundary" else Stroke.DOTTED
        return Curve(points, words.phrase(name) if sign > 0 else "", stroke)

    boundaries = [
        one
        for field, name in (("boundary", "figure.boundary"), ("futility", "figure.futility"))
        for sign in (1, -1)
        if (one := curve(field, sign, name)).points
    ]
    return Sequential(
        **_common(words, identifier, "trial-sequential", said),
        looks=[Study(words.label(one["row"]), one["participants"], one["z"]) for one in looks],
        x_title=words.phrase("figure.participants"),
        y_title=words.phrase("figure.z"),
        label_heading=words.phrase("study"),
        looks_words=words.phrase("figure.observed"),
        boundaries=boundaries,
        conventional_words=words.phrase("figure.conventional"),
        required=found["required"]["participants"],
        required_words=words.phrase("figure.required"),
        favours_low=words.axis.favours_low,
        favours_high=words.axis.favours_high,
    )
