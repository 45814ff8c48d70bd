"""Results of further methods as a page shows them: a name, a sentence or two, a picture with its table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guidewright.figures.figure import Figure
from guidewright.figures.table import Table
from guidewright.metaanalysis.further import FurtherResult
from guidewright.publish import further_figures
from guidewright.publish.further_words import Words
from guidewright.publish.numbers import decimal, p_value, p_words, percent
from guidewright.publish.snapshot import Snapshot
from guidewright.publish.views import AnalysisView

Found = Mapping[str, Any]


@dataclass(frozen=True)
class Section:
    """What a page shows of one method."""

    identifier: str
    title: str
    said: Sequence[str]
    figure: Figure | None = None
    table: Table | None = None


def sections(snapshot: Snapshot, view: AnalysisView, language: str) -> list[tuple[str, list[Section]]]:
    """The further results of an analysis: each stratum that has some, with its sections."""
    result = view.result
    terms = {term.id: term.name for term in snapshot.glossary.terms}
    found = []
    for pooled in [result.overall] if result.overall is not None else result.strata:
        words = Words(view, pooled, language, terms)
        if pooled.further:
            found.append((pooled.stratum, [_section(one, words, n) for n, one in enumerate(pooled.further, 1)]))
    return found


def _section(one: FurtherResult, words: Words, number: int) -> Section:
    title = words.phrase(f"name.{one.method}")
    identifier = f"{words.identifier}-{one.method}-{number}"
    if one.problem is not None:
        return Section(identifier, title, [words.phrase("cannot", problem=one.problem)])
    said, figure, table = SHOWN[one.method](one, words, identifier)
    return Section(identifier, title, said, figure, table if figure is None else figure.table)


Shown = tuple[list[str], Figure | None, Table | None]


def _asymmetry(one: FurtherResult, words: Words, _identifier: str) -> Shown:
    r = one.result
    said = [words.phrase("said.asymmetry", statistic=decimal(r["statistic"]), p=p_words(r["p"]))]
    if r.get("limit") is not None:
        said.append(words.phrase("said.limit", numbers=words.effect(r["limit"], r["limit_low"], r["limit_high"])))
    if r["k"] < 10:
        said.append(words.phrase("few"))
    return said, None, None


def _trim_and_fill(one: FurtherResult, words: Words, identifier: str) -> Shown:
    r, filled = one.result, one.result["filled"]
    numbers = words.effect(filled["estimate"], filled["low"], filled["high"])
    said = words.phrase("said.trim-and-fill", side=words.phrase(f"said.{r['side']}"), n=r["missing"], numbers=numbers)
    return [said], further_figures.funnel(r, words, identifier), None


def _estimate(one: FurtherResult, words: Words, _identifier: str) -> Shown:
    r = one.result
    numbers = words.effect(r["estimate"], r["low"], r["high"])
    said = [words.phrase("said.estimate", numbers=numbers, p=p_words(r["p"]))]
    if one.method == "selection-model" and r.get("lr_p") is not None:
        said.append(words.phrase("said.selection", p=p_words(r["lr_p"])))
    return said, None, None


def _cluster_robust(one: FurtherResult, words: Words, identifier: str) -> Shown:
    first = one.result["coefficients"][0]
    return _estimate(one.model_copy(update={"result": first}), words, identifier)


def _fail_safe(one: FurtherResult, words: Words, _identifier: str) -> Shown:
    return [words.phrase("said.fail-safe-n", n=one.result["number"])], None, None


def _excess(one: FurtherResult, words: Words, _identifier: str) -> Shown:
    r = one.result
    said = words.phrase("said.excess", observed=r["observed"], expected=decimal(r["expected"], 1), p=p_words(r["p"]))
    return [said], None, None


def _doi(one: FurtherResult, words: Words, identifier: str) -> Shown:
    said = words.phrase("said.doi", lfk=decimal(one.result["lfk"]))
    return [said], further_figures.doi(one.result, words, identifier, said), None


def _leave_one_out(one: FurtherResult, words: Words, identifier: str) -> Shown:
    estimates = [words.natural(value) for value in one.result["results"]["estimate"]]
    said = words.phrase("said.leave-one-out", low=decimal(min(estimates)), high=decimal(max(estimates)))
    labels = [words.phrase("fewer-without", study=words.label(row)) for row in one.result["rows"]]
    return [said], further_figures.steps(one.result["results"], labels, words, identifier, said), None


def _cumulative(one: FurtherResult, words: Words, identifier: str) -> Shown:
    by = one.options.get("by", "year")
    said = words.phrase("said.cumulative", by=words.phrase(f"said.{by}") if by in {"year", "precision"} else by)
    labels = [words.phrase("added", study=", ".join(words.label(row) for row in rows)) for rows in one.result["rows"]]
    return [said], further_figures.steps(one.result["results"], labels, words, identifier, said), None


def _influence(one: FurtherResult, words: Words, _identifier: str) -> Shown:
    r = one.result
    flagged = [words.label(row) for row, is_so in zip(r["rows"], r["influential"], strict=True) if is_so]
    said = (
        words.phrase("said.influence", studies=words.listed(flagged))
        if flagged
        else words.phrase("said.influence-none")
    )
    header = ("study", "column.residual", "column.dffits", "column.cook", "column.hat")
    fields = ("studentised_deleted_residual", "dffits", "cooks_distance", "hat")
    rows = [(words.label(row), *(decimal(r[name][n]) for name in fields)) for n, row in enumerate(r["rows"])]
    return [said], None, Table(tuple(words.phrase(name) for name in header), tuple(rows))


def _baujat(one: FurtherResult, words: Words, identifier: str) -> Shown:
    r = one.result
    most = max(range(len(r["rows"])), key=lambda n: r["heterogeneity"][n])
    said = words.phrase("said.baujat", study=words.label(r["rows"][most]))
    return [said], further_figures.baujat(r, words, identifier, said), None


def _gosh(one: FurtherResult, words: Words, identifier: str) -> Shown:
    estimates = sorted(words.natural(value) for value in one.result["estimate"])
    middle = estimates[len(estimates) // 2]
    said = words.phrase(
        "said.gosh",
        n=len(estimates),
        median=decimal(middle),
        low=decimal(estimates[0]),
        high=decimal(estimates[-1]),
    )
    return [said], further_figures.gosh(one.result, words, identifier, said), None


def _fragility(one: FurtherResult, words: Words, _identifier: str) -> Shown:
    index = one.result["index"]
    return (
        [words.phrase("said.fragility-none") if index is None else words.phrase("said.fragility", n=index)],
        None,
        None,
    )


def _shrunken(one: FurtherResult, words: Words, _identifier: str) -> Shown:
    r = one.result
    rows = [
        (words.label(n), words.effect(r["estimate"][n], r["low"][n], r["high"][n], named=False))
        for n in range(len(r["estimate"]))
    ]
    return [], None, Table((words.phrase("study"), words.effect_heading), tuple(rows))


def _true_effects(one: FurtherResult, words: Words, _identifier: str) -> Shown:
    r = one.result
    low, high = sorted(100 * (1 - r[name]) for name in ("above_low", "above_high"))
    said = words.phrase(
        "said.true-effects",
        share=percent(100 * r["below"]),
        threshold=decimal(words.natural(r["threshold"])),
        interval=words.range(low, high, 0),
    )
    return [said], None, None


def _sequential(one: FurtherResult, words: Words, identifier: str) -> Shown:
    r = one.result
    said = words.phrase(
        "said.sequential",
        required=f"{r['required']['participants']:.0f}",
        n=f"{r['looks'][-1]['participants']:.0f}",
        verdict=words.phrase(f"said.{r['evidence']}"),
    )
    return [said], further_figures.sequential(r, words, identifier, said), None


def _multiverse(one: FurtherResult, words: Words, identifier: str) -> Shown:
    found = one.result["multiverse"]
    share = percent(100 * found["share_keeping"])
    said = words.phrase("said.multiverse", n=len(found["results"]), share=share)
    return [said], further_figures.specifications(one.result, words, identifier, said), None


def _subgroups(one: FurtherResult, words: Words, _identifier: str) -> Shown:
    test = one.result["interaction"]
    said = [words.interaction(test)] if test else []
    rows = tuple(
        (
            words.level(one.options["by"], group["name"]),
            str(group["k"]),
            words.effect(group["estimate"], group["low"], group["high"], named=False),
            percent(group["i2"]),
        )
        for group in one.result["subgroups"]
    )
    header = (words.phrase("column.subgroup"), "k", words.effect_heading, "I²")
    return said, None, Table(header, rows)


def _regression(one: FurtherResult, words: Words, _identifier: str) -> Shown:
    fit = one.result.get("regression", one.result)
    said = (
        [words.phrase("said.regression", r2=percent(fit["r2"]), i2=percent(fit["i2"]))] if fit["r2"] is not None else []
    )
    if "permutation" in one.result:
        permuted = one.result["permutation"]
        said.append(words.phrase("said.permuted", n=permuted["permutations"], p=p_words(permuted["qm_p"])))
    rows = tuple(
        (
            coefficient["name"],
            f"{decimal(coefficient['estimate'], 4)} ({words.range(coefficient['low'], coefficient['high'], 4)})",
            p_value(coefficient["p"]),
        )
        for coefficient in fit["coefficients"]
    )
    return said, None, Table((words.phrase("column.term"), words.phrase("column.coefficient"), "p"), rows)


def _multilevel(one: FurtherResult, words: Words, identifier: str) -> Shown:
    first = one.result["coefficients"][0]
    return _estimate(one.model_copy(update={"result": first}), words, identifier)


#: How the result of each method is shown; a test holds that every method of an analysis file is among them.
SHOWN: Mapping[str, Callable[[FurtherResult, Words, str], Shown]] = {
    **dict.fromkeys(
        ("egger", "begg", "thompson-sharp", "harbord", "peters", "macaskill", "deeks", "schwarzer", "debray"),
        _asymmetry,
    ),
    "regression-test": _asymmetry,
    "trim-and-fill": _trim_and_fill,
    "pet-peese": _estimate,
    "selection-model": _estimate,
    "fail-safe-n": _fail_safe,
    "excess-significance": _excess,
    "doi": _doi,
    "leave-one-out": _leave_one_out,
    "cumulative": _cumulative,
    "influence": _influence,
    "baujat": _baujat,
    "gosh": _gosh,
    "fragility": _fragility,
    "shrunken-effects": _shrunken,
    "true-effects": _true_effects,
    "trial-sequential": _sequential,
    "multiverse": _multiverse,
    "subgroups": _subgroups,
    "meta-regression": _regression,
    "multilevel": _multilevel,
    "cluster-robust": _cluster_robust,
    "mantel-haenszel": _estimate,
    "peto": _estimate,
    "glmm": _estimate,
}
