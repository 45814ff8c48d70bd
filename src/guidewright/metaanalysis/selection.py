"""Which extracted rows an analysis pools, and which it leaves out, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from guidewright.evidence.extraction import Extraction
from guidewright.metaanalysis.analysis import Analysis
from guidewright.metaanalysis.result import LeftOut
from guidewright.metaanalysis.row_effects import Effect, EffectChoices, NoEffectError, effect_of
from guidewright.words import say


@dataclass(frozen=True)
class SourcedRow:
    """An extracted row with its file and line and a label for people."""

    row: Extraction
    place: str
    label: str
    year: int | None = None
    """Year of the report."""
    covariates: Mapping[str, float | str] = field(default_factory=dict)
    """Covariates of the study, by name."""


@dataclass(frozen=True)
class Chosen:
    """A row with its effect, and the stratum to which it belongs."""

    source: SourcedRow
    effect: Effect
    stratum: str


def choose(analysis: Analysis, rows: Iterable[SourcedRow]) -> tuple[list[Chosen], list[LeftOut]]:
    """Select the rows of an analysis.

    Returns the rows with their effects, in order of stratum as they appear in the files (time points by time), and
    the rows that were selected but cannot or shall not be pooled.
    """
    chosen: list[Chosen] = []
    left_out: list[LeftOut] = []
    for source in rows:
        row = source.row
        if not _selected(analysis, row):
            continue
        reason = _excluded(analysis, row) or _unverified(analysis, row)
        if reason is None:
            try:
                effect = effect_of(row, analysis.measure, choices=choices_of(analysis))
            except NoEffectError:
                reason = say("row-left-out.no-effect")
            else:
                chosen.append(Chosen(source, effect, _stratum(analysis, row)))
        if reason is not None:
            left_out.append(LeftOut(study=row.study, row=source.place, reason=reason))
    if analysis.strata == "time_point":
        chosen.sort(key=lambda one: one.source.row.days)
    return chosen, left_out


# the same choices are one value, by which effects are kept
_choices = lru_cache(maxsize=1_000)(EffectChoices)


def choices_of(analysis: Analysis) -> EffectChoices:
    """How an analysis computes effects."""
    zero = analysis.zero_cells
    return _choices(zero.add, zero.to, zero.drop_double_zero, analysis.variance)


def _selected(analysis: Analysis, row: Extraction) -> bool:
    select = analysis.select
    return (
        row.outcome in select.outcomes
        and (not select.interventions or row.intervention in select.interventions)
        and (not select.comparators or row.comparator in select.comparators)
        and (not select.time_points or row.time_point in select.time_points)
        and (not select.studies or row.study in select.studies)
        and (row.subgroup in select.subgroups if select.subgroups else row.subgroup is None)
    )


def _excluded(analysis: Analysis, row: Extraction) -> dict[str, str] | None:
    for exclusion in analysis.exclude:
        if (
            exclusion.study == row.study
            and exclusion.intervention in {None, row.intervention}
            and exclusion.outcome in {None, row.outcome}
            and exclusion.time_point in {None, row.time_point}
        ):
            return dict(exclusion.reason)
    return None


def _unverified(analysis: Analysis, row: Extraction) -> dict[str, str] | None:
    if row.verified == "no":
        return say("row-left-out.not-verified")
    if row.verified == "partly" and not analysis.partly_verified:
        return say("row-left-out.partly-verified")
    return None


def _stratum(analysis: Analysis, row: Extraction) -> str:
    return "all" if analysis.strata == "none" else str(getattr(row, analysis.strata))
