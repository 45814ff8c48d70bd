"""Rules that need two files: words of the scheme, results extracted once, strata, sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from guidewright.crossrefs.loaded import Loaded
from guidewright.evidence.extraction import Extraction
from guidewright.evidence.searches import Searches
from guidewright.grading.scheme import Scheme, SchemeChoice
from guidewright.guideline.recommendation import Recommendation
from guidewright.metaanalysis.analysis import Analysis
from guidewright.metaanalysis.selection import SourcedRow, choose
from guidewright.problems import Problem, did_you_mean


def strata_of(analysis: Analysis, rows: Iterable[Extraction]) -> tuple[str, ...]:
    """Names of the strata of an analysis, in order."""
    chosen, _left_out = choose(analysis, [SourcedRow(row, "", "") for row in rows])
    return tuple(dict.fromkeys(one.stratum for one in chosen))


def strata_of_all(loaded: Mapping[str, list[Loaded]]) -> dict[str, tuple[str, ...]]:
    """What ``pooled(analysis, …)`` may name; nothing for analyses that cannot be read at the moment."""
    rows = [one.value for one in loaded["extraction"]]
    analyses = [one.value for one in loaded["analysis"]]
    if None in rows or None in analyses:
        return {}
    return {a.id: strata_of(a, rows) + (("overall",) if a.overall.pooled else ()) for a in analyses}


def _scheme_words(loaded: Mapping[str, list[Loaded]], schemes: Mapping[str, Scheme]) -> Iterator[Problem]:
    """Levels and strengths are words of the scheme in force."""
    choice = loaded["scheme"][0].value if loaded["scheme"] else None
    if not isinstance(choice, SchemeChoice) or choice.scheme not in schemes:
        return
    scheme = schemes[choice.scheme]
    levels, strengths = scheme.level_names, [s.strength for s in scheme.strengths]
    for one in loaded["recommendation"]:
        if not isinstance(one.value, Recommendation):
            continue
        letters = [clause.id for clause in one.value.clauses]
        for n, clause in enumerate(one.value.clauses):
            if clause.id in letters[:n]:
                yield one.problem(("clauses", n, "id"), f"two clauses are called `{clause.id}`", value=clause.id)
            for m, item in enumerate(clause.evidence):
                if item.stated_level is not None and item.stated_level not in levels:
                    yield one.problem(
                        ("clauses", n, "evidence", m, "stated_level"),
                        f"must be a level of the scheme {scheme.id}: " + ", ".join(levels),
                        value=item.stated_level,
                    )
                if item.cite in [other.cite for other in clause.evidence[:m]]:
                    yield one.problem(
                        ("clauses", n, "evidence", m),
                        f"`{item.cite}` stands twice in this clause",
                        value=item.cite,
                    )
            for name, chosen in (("stated", clause.stated), ("override", clause.override)):
                if chosen is not None and chosen.strength not in strengths:
                    yield one.problem(
                        ("clauses", n, name, "strength"),
                        f"must be a strength of the scheme {scheme.id}: " + ", ".join(strengths),
                        value=chosen.strength,
                    )


def _extraction(loaded: Mapping[str, list[Loaded]]) -> Iterator[Problem]:
    """A result is extracted once."""
    seen: dict[tuple[str, ...], Loaded] = {}
    for one in loaded["extraction"]:
        if not isinstance(one.value, Extraction):
            continue
        if one.value.key in seen:
            first = seen[one.value.key]
            yield one.problem(
                (),
                f"the same result stands in {first.file}:{first.place(()).line}",
                value=" ".join(one.value.key),
                next_step="delete one, or tell them apart by `subgroup`",
            )
        else:
            seen[one.value.key] = one


def _analyses(loaded: Mapping[str, list[Loaded]]) -> Iterator[Problem]:
    """Time points of an analysis exist among the extracted rows."""
    rows = [one.value for one in loaded["extraction"] if isinstance(one.value, Extraction)]
    if len(rows) != len(loaded["extraction"]):
        return
    for one in loaded["analysis"]:
        if not isinstance(one.value, Analysis):
            continue
        if not strata_of(one.value, rows):
            yield one.problem(
                ("select",),
                "no extracted result fits this analysis",
                next_step="check outcomes, interventions, comparators and time points against evidence/extraction",
            )
        times = {row.time_point for row in rows if row.outcome in one.value.select.outcomes}
        for n, time_point in enumerate(one.value.select.time_points):
            if time_point not in times:
                hint = did_you_mean(time_point, times)
                yield one.problem(
                    ("select", "time_points", n),
                    "no result was extracted for this time point" + (f"; {hint}" if hint else ""),
                    value=time_point,
                    next_step="extracted are: " + ", ".join(sorted(times)),
                )


def _sums(loaded: Mapping[str, list[Loaded]]) -> Iterator[Problem]:
    """Declared counts add up where the file says that they do."""
    for one in loaded["searches"]:
        if not isinstance(one.value, Searches):
            continue
        counts = {count.id: count.number for count in one.value.counts}
        for n, declared in enumerate(one.value.sums):
            parts = [counts.get(part) for part in declared.parts]
            total = counts.get(declared.total)
            numbers = [part for part in parts if part is not None]
            if total is not None and len(numbers) == len(parts) and sum(numbers) != total:
                yield one.problem(
                    ("sums", n),
                    f"{' + '.join(map(str, numbers))} = {sum(numbers)}, but `{declared.total}` is {total}",
                    next_step="correct the counts, or remove the sum if the publication itself does not add up",
                )


def rule_problems(loaded: Mapping[str, list[Loaded]], schemes: Mapping[str, Scheme]) -> Iterator[Problem]:
    """All problems of this kind."""
    yield from _scheme_words(loaded, schemes)
    yield from _extraction(loaded)
    yield from _analyses(loaded)
    yield from _sums(loaded)
