"""Rules that need two files: words of the scheme, what analyses select, sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from guidewright.crossrefs.loaded import Loaded, Path
from guidewright.crossrefs.names import Names, dangling
from guidewright.evidence.extraction import Extraction
from guidewright.evidence.searches import Searches
from guidewright.evidence.studies import Study
from guidewright.grading.scheme import Scheme
from guidewright.guideline.recommendation import Recommendation
from guidewright.metaanalysis.analysis import Analysis
from guidewright.metaanalysis.selection import SourcedRow, choose
from guidewright.problems import Problem, did_you_mean
from guidewright.reading.typing_slips import advice


def strata_of(analysis: Analysis, rows: Iterable[Extraction]) -> tuple[str, ...]:
    """Names of the strata of an analysis, in order."""
    chosen, _left_out = choose(analysis, [SourcedRow(row, "", "") for row in rows])
    return tuple(dict.fromkeys(one.stratum for one in chosen))


@dataclass(frozen=True)
class AnalysisChecks:
    """What the extracted rows make of the analyses."""

    problems: tuple[Problem, ...]
    strata: Mapping[str, tuple[str, ...]]
    """What ``pooled(analysis, …)`` may name; nothing where an analysis is at fault itself or cannot be read."""


def analysis_checks(loaded: Mapping[str, list[Loaded]], known: Mapping[str, Names]) -> AnalysisChecks:
    """What an analysis selects exists among the extracted rows; what it is compared with belongs to its strata."""
    rows = [one.value for one in loaded["extraction"] if isinstance(one.value, Extraction)]
    if len(rows) != len(loaded["extraction"]):
        return AnalysisChecks((), {})
    about: dict[str, list[Extraction]] = {}
    for row in rows:
        about.setdefault(row.outcome, []).append(row)
    problems: list[Problem] = []
    strata: dict[str, tuple[str, ...]] = {}
    for one in loaded["analysis"]:
        analysis = one.value
        if not isinstance(analysis, Analysis) or any(dangling(one, known)):
            continue
        outcomes = analysis.select.outcomes
        # in the order of the files, which is that of the strata
        selected = about.get(outcomes[0], []) if len(outcomes) == 1 else [r for r in rows if r.outcome in outcomes]
        unknown_times = list(_times(one, analysis, selected))
        problems += unknown_times
        if unknown_times:
            continue
        names = strata_of(analysis, selected)
        if not names:
            next_step = "check outcomes, interventions, comparators and time points against evidence/extraction"
            problems.append(one.problem(("select",), "no extracted result fits this analysis", next_step=next_step))
        problems += _compared(one, analysis, names)
        strata[analysis.id] = names + (("overall",) if analysis.overall.pooled else ())
    return AnalysisChecks(tuple(problems), {} if problems else strata)


def _scheme_words(loaded: Mapping[str, list[Loaded]], schemes: Mapping[str, Scheme]) -> Iterator[Problem]:
    """Levels and strengths are words of the scheme in force."""
    data = loaded["scheme"][0].data if loaded["scheme"] else None
    chosen_scheme = data.get("scheme") if isinstance(data, dict) else None
    if not isinstance(chosen_scheme, str) or chosen_scheme not in schemes:
        return
    scheme = schemes[chosen_scheme]
    levels, strengths = scheme.level_names, tuple(s.strength for s in scheme.strengths)

    def level(one: Loaded, path: Path, word: str) -> Iterator[Problem]:
        yield from _scheme_word(one, path, word, levels, f"must be a level of the scheme {scheme.id}")

    for one in loaded["study"]:
        review = one.value.review if isinstance(one.value, Study) else None
        for n, word in enumerate(review.included_levels.value if review and review.included_levels else ()):
            yield from level(one, ("review", "included_levels", "value", n), word)
    for one in loaded["recommendation"]:
        for n, clause in enumerate(one.value.clauses if isinstance(one.value, Recommendation) else ()):
            here: Path = ("clauses", n)
            for m, item in enumerate(clause.evidence):
                if item.stated_level is not None:
                    yield from level(one, (*here, "evidence", m, "stated_level"), item.stated_level)
                if item.cite in [other.cite for other in clause.evidence[:m]]:
                    rule = f"`{item.cite}` stands twice in this clause"
                    advised = "delete one; a reference carries a clause once"
                    yield one.problem((*here, "evidence", m, "cite"), rule, value=item.cite, next_step=advised)
            for name, chosen in (("stated", clause.stated), ("override", clause.override)):
                if chosen is not None:
                    rule = f"must be a strength of the scheme {scheme.id}"
                    yield from _scheme_word(one, (*here, name, "strength"), chosen.strength, strengths, rule)


def _scheme_word(one: Loaded, path: Path, word: str, known: tuple[str, ...], rule: str) -> Iterator[Problem]:
    if word in known:
        return
    number = int(word) if word in {"1", "2", "3", "4", "5", "6", "7", "8", "9"} else 0
    hint = f"did you mean {known[number - 1]}?" if 0 < number <= len(known) else did_you_mean(word, known)
    yield one.problem(
        path,
        f"{rule}: " + ", ".join(known) + (f"; {hint}" if hint else ""),
        value=word,
        next_step=advice(word) or "write it in the words of the scheme; if nothing is stated leave it out",
        example=f'{path[-1]}: "{known[0]}"' if isinstance(path[-1], str) else f"[{known[0]}]",
    )


def _times(one: Loaded, analysis: Analysis, rows: Iterable[Extraction]) -> Iterator[Problem]:
    times = {row.time_point for row in rows}
    for n, time_point in enumerate(analysis.select.time_points):
        if time_point not in times:
            hint = did_you_mean(time_point, times)
            yield one.problem(
                ("select", "time_points", n),
                "no result was extracted for this time point" + (f"; {hint}" if hint else ""),
                value=time_point,
                next_step=advice(time_point) or "extracted are: " + ", ".join(sorted(times)),
            )


def _compared(one: Loaded, analysis: Analysis, strata: tuple[str, ...]) -> Iterator[Problem]:
    for n, published in enumerate(analysis.published):
        if published.stratum is not None and strata and published.stratum not in strata:
            hint = did_you_mean(published.stratum, strata)
            yield one.problem(
                ("published", n, "stratum"),
                "the analysis has no such stratum" + (f"; {hint}" if hint else ""),
                value=published.stratum,
                next_step="its strata are: " + ", ".join(strata),
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
                added = f"{' + '.join(map(_shown, numbers))} = {_shown(sum(numbers))}"
                yield one.problem(
                    ("sums", n),
                    f"{added}, but `{declared.total}` is {_shown(total)}",
                    next_step="correct the counts, or remove the sum if the publication itself does not add up",
                )


def _boxes(loaded: Mapping[str, list[Loaded]]) -> Iterator[Problem]:
    """One number for each box of the flow diagram."""
    for one in loaded["searches"]:
        first: dict[str, str] = {}
        for n, count in enumerate(one.value.counts if isinstance(one.value, Searches) else ()):
            if count.box is None or count.part:
                continue
            if count.box in first:
                yield one.problem(
                    ("counts", n, "box"),
                    f"the number of this box is declared already, by `{first[count.box]}`",
                    value=count.box,
                    next_step="if it is only a part of the box, add `part: true`; else remove one of the two",
                    example="part: true",
                )
            first.setdefault(count.box, count.id)


def _shown(number: int) -> str:
    """A count as text; Python refuses to print one of thousands of digits."""
    return str(number) if number < 10**18 else "more than 10^18"


def rule_problems(loaded: Mapping[str, list[Loaded]], schemes: Mapping[str, Scheme]) -> Iterator[Problem]:
    """All problems of this kind, but for those of :func:`analysis_checks`."""
    yield from _scheme_words(loaded, schemes)
    yield from _sums(loaded)
    yield from _boxes(loaded)
