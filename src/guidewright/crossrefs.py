"""What one file says of another: names that must exist, names that must be unique, numbers that must add up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel

from guidewright.evidence.extraction import Extraction
from guidewright.evidence.searches import Searches
from guidewright.grading.scheme import Scheme, SchemeChoice
from guidewright.guideline.bindings import EXAMPLE, BindingError, parse
from guidewright.guideline.prose import bindings, citations, faults, links
from guidewright.guideline.recommendation import Recommendation
from guidewright.kinds import KINDS, Kind
from guidewright.metaanalysis.analysis import Analysis
from guidewright.metaanalysis.selection import SourcedRow, choose
from guidewright.problems import Problem, did_you_mean
from guidewright.reading.markdown_file import Prose
from guidewright.reading.text import Place
from guidewright.values import Refers

Path = tuple[str | int, ...]

#: Counts that prose can quote with ``{{ count("…") }}``; the values are computed in the snapshot.
COUNTS = (
    "databases", "questions", "recommendations", "clauses", "aspects", "studies", "analyses", "references",
    "graded", "graded-identified", "graded-not-identified", "agree", "differ", "undetermined",
)  # fmt: skip
COUNT_FAMILIES = ("graded-level-", "clauses-stated-")


def _start(_path: Path) -> Place:
    return Place(1, 1)


@dataclass
class Loaded:
    """One thing of a file: what it is, its identifier as written, its value if valid, and where things stand."""

    kind: Kind
    file: str
    stem: str
    raw_id: Any = None
    value: Any = None
    place: Callable[[Path], Place] = _start
    key_place: Callable[[Path], Place] = _start
    prose: Mapping[str, Prose] = field(default_factory=dict)

    def problem(self, path: Path, rule: str, **more: str | None) -> Problem:
        """A problem at a path of this thing."""
        at = self.place(path)
        return Problem(self.file, at.line, at.column, rule, **more)


def crossref_problems(
    loaded: Mapping[str, list[Loaded]], schemes: Mapping[str, Scheme], languages: tuple[str, ...]
) -> list[Problem]:
    """All problems between files."""
    known = _known(loaded, schemes)
    strata = _strata(loaded)
    problems: list[Problem] = []
    for ones in loaded.values():
        for one in ones:
            problems += _dangling(one, known)
            problems += _prose_problems(one, known, strata)
            problems += _languages(one, languages)
    problems += _identity(loaded)
    problems += _scheme_words(loaded, schemes)
    problems += _extraction(loaded)
    problems += _analyses(loaded)
    problems += _sums(loaded)
    return problems


# --- names that must exist ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Names:
    """Known identifiers of a kind; ``complete`` is False while a file that would define more of them is broken."""

    ids: frozenset[str]
    complete: bool = True


def _known(loaded: Mapping[str, list[Loaded]], schemes: Mapping[str, Scheme]) -> dict[str, _Names]:
    known = {}
    for kind in KINDS:
        ones = loaded[kind.name]
        ids = {str(one.raw_id) for one in ones if one.raw_id}
        known[kind.name] = _Names(frozenset(ids), all(one.raw_id for one in ones))

    def inner(kind: str, pick: Callable[[Any], Iterable[str]]) -> _Names:
        values = [one.value for one in loaded[kind]]
        return _Names(
            frozenset(i for v in values if v is not None for i in pick(v)),
            None not in values and bool(values),
        )

    known["outcome"] = inner("question", lambda q: (o.id for o in q.outcomes))
    known["term"] = inner("glossary", lambda g: (t.id for t in g.terms))
    known["aspect"] = inner("guideline", lambda g: (a.id for a in g.aspects))
    known["group"] = inner("guideline", lambda g: (x.id for x in g.groups))
    known["person"] = inner("guideline", lambda g: (p.id for p in g.people))
    both = known["group"].ids | known["person"].ids
    known["person or group"] = _Names(both, known["group"].complete)
    known["declared count"] = inner("searches", lambda s: (c.id for c in s.counts))
    known["scheme"] = _Names(frozenset(schemes))
    known["clause"] = inner("recommendation", lambda r: (f"{r.id}{c.id}" for c in r.clauses))
    known["count"] = _Names(frozenset(COUNTS))
    return known


def references_in(value: BaseModel, path: Path = ()) -> Iterator[tuple[Path, str, str]]:
    """Every value that names something else: path, kind of thing, identifier."""
    for name, info in type(value).model_fields.items():
        here = (*path, info.alias or name)
        item = getattr(value, name)
        if isinstance(item, str):
            for mark in info.metadata:
                if isinstance(mark, Refers):
                    yield here, mark.kind, item
        yield from _references(item, info.annotation, here)


def _references(item: Any, annotation: Any, path: Path) -> Iterator[tuple[Path, str, str]]:
    if item is None:
        return
    if isinstance(item, BaseModel):
        yield from references_in(item, path)
        return
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        if isinstance(item, str):
            for mark in arguments[1:]:
                if isinstance(mark, Refers):
                    yield path, mark.kind, item
        yield from _references(item, arguments[0], path)
    elif isinstance(item, tuple) and origin is tuple:
        for index, inner in enumerate(item):
            yield from _references(inner, arguments[0], (*path, index))
    elif arguments and origin is not dict:
        for argument in arguments:
            yield from _references(item, argument, path)


def _dangling(one: Loaded, known: Mapping[str, _Names]) -> Iterator[Problem]:
    if one.value is None:
        return
    for path, kind, identifier in references_in(one.value):
        names = known[kind]
        if names.complete and identifier not in names.ids:
            yield one.problem(
                path, _no_such(kind, identifier, names), value=identifier, next_step=_where(kind)
            )


def _no_such(kind: str, identifier: str, names: _Names) -> str:
    hint = did_you_mean(identifier, names.ids)
    return f"there is no {kind} `{identifier}`" + (f"; {hint}" if hint else "")


def _where(kind: str) -> str:
    places = {k.name: k.pattern for k in KINDS}
    places |= {"outcome": "the `outcomes` of evidence/questions/*.yml", "term": "guideline_src/glossary.yml",
               "aspect": "`aspects` of guideline_src/guideline.yml", "group": "`groups` of guideline_src/guideline.yml",
               "person": "`people` of guideline_src/guideline.yml", "scheme": "the tool itself",
               "person or group": "`people` or `groups` of guideline_src/guideline.yml",
               "declared count": "`counts` of evidence/searches.yml", "clause": "guideline_src/recommendations/*.md"}  # fmt: skip
    return f"correct the name, or add it to {places.get(kind, 'the project')}"


def _prose_problems(
    one: Loaded, known: Mapping[str, _Names], strata: Mapping[str, tuple[str, ...]]
) -> Iterator[Problem]:
    for prose in one.prose.values():
        lines = prose.text.split("\n")
        for fault in faults(prose.text):
            column = (
                max(lines[fault.line].find(fault.text.split("\n")[0]), 0) + 1
                if fault.line < len(lines)
                else 1
            )
            yield Problem(
                one.file,
                prose.line + fault.line,
                column,
                fault.rule,
                value=fault.text,
                next_step=fault.next_step,
            )
        for spot in citations(prose.text):
            if known["record"].complete and spot.text not in known["record"].ids:
                yield _in_prose(
                    prose,
                    spot.offset,
                    _no_such("record", spot.text, known["record"]),
                    spot.text,
                    _where("record"),
                )
        for spot in bindings(prose.text):
            yield from _binding_problems(prose, spot.offset, spot.text, known, strata)
        for line, kind, identifier in links(prose.text):
            names = known[kind]
            if names.complete and identifier not in names.ids:
                yield Problem(one.file, prose.line + line, 1, _no_such(kind, identifier, names),
                              value=f"{kind}:{identifier}", next_step=_where(kind))  # fmt: skip


def _in_prose(
    prose: Prose, offset: int, rule: str, value: str, next_step: str | None, example: str | None = None
) -> Problem:
    line = prose.text.count("\n", 0, offset)
    column = offset - (prose.text.rfind("\n", 0, offset) + 1) + 1
    return Problem(
        prose.file, prose.line + line, column, rule, value=value, next_step=next_step, example=example
    )


def _binding_problems(
    prose: Prose, offset: int, text: str, known: Mapping[str, _Names], strata: Mapping[str, tuple[str, ...]]
) -> Iterator[Problem]:
    try:
        binding = parse(text)
    except BindingError as error:
        yield _in_prose(prose, offset, str(error), text, "write one call with names in quotes", EXAMPLE)
        return
    kind, identifier = binding.names
    names = known[kind]
    if kind == "count" and identifier.startswith(COUNT_FAMILIES):
        return
    if names.complete and identifier not in names.ids:
        more = "known counts are: " + ", ".join(COUNTS) if kind == "count" else _where(kind)
        yield _in_prose(prose, offset, _no_such(kind, identifier, names), text, more)
    elif binding.function == "pooled" and identifier in strata:
        yield from _stratum_problems(prose, offset, text, binding.arguments[1:], strata[identifier])


def _stratum_problems(
    prose: Prose, offset: int, text: str, named: tuple[str, ...], strata: tuple[str, ...]
) -> Iterator[Problem]:
    """The stratum exists, or there is only one result to name."""
    listed = "its results are: " + ", ".join(strata)
    if named and named[0] not in strata:
        hint = did_you_mean(named[0], strata)
        yield _in_prose(
            prose, offset, "the analysis has no such stratum" + (f"; {hint}" if hint else ""), text, listed
        )
    elif not named and len(strata) > 1 and "overall" not in strata:
        yield _in_prose(
            prose, offset, "the analysis has several results; name the stratum", text, listed, EXAMPLE
        )


# --- identity and languages ---------------------------------------------------------------------------------------


def _identity(loaded: Mapping[str, list[Loaded]]) -> Iterator[Problem]:
    """Identifiers agree with file names and stand once; numbers stand once."""
    for kind in KINDS:
        if kind.naming == "free":
            continue
        seen: dict[str, Loaded] = {}
        numbers: dict[int, Loaded] = {}
        for one in loaded[kind.name]:
            identifier = str(one.raw_id) if one.raw_id else None
            if identifier is None:
                continue
            fits = one.stem == identifier or (
                kind.naming == "prefix" and one.stem.startswith(identifier + "-")
            )
            if not fits:
                yield one.problem(("id",), f"`id` and file name disagree; the file is called `{one.stem}`", value=identifier,
                                  next_step="rename the file or change the id")  # fmt: skip
            if identifier in seen:
                yield one.problem(("id",), f"`{identifier}` stands in {seen[identifier].file} as well", value=identifier,
                                  next_step="give one of them another id")  # fmt: skip
            seen[identifier] = one
            number = getattr(one.value, "number", None)
            if number in numbers:
                yield one.problem(
                    ("number",), f"number {number} is taken by {numbers[number].file}", value=str(number)
                )
            if number is not None:
                numbers[number] = one


def _languages(one: Loaded, languages: tuple[str, ...]) -> Iterator[Problem]:
    """Words stand in a language of the guideline."""
    if one.value is None or one.kind.name == "result":
        return
    for path, tags in _texts(one.value, ()):
        for tag in tags:
            if tag not in languages:
                at = one.key_place((*path, tag))
                yield Problem(one.file, at.line, at.column, f"`{tag}` is no language of this guideline", value=tag,
                              next_step="languages are declared in guideline_src/guideline.yml: " + ", ".join(languages))  # fmt: skip


def _texts(value: BaseModel, path: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    for name, info in type(value).model_fields.items():
        item = getattr(value, name)
        here = (*path, info.alias or name)
        if isinstance(item, dict) and name not in {"languages", "terms", "synonyms"}:
            yield here, tuple(item)
        elif isinstance(item, BaseModel):
            yield from _texts(item, here)
        elif isinstance(item, tuple):
            for index, inner in enumerate(item):
                if isinstance(inner, BaseModel):
                    yield from _texts(inner, (*here, index))
                elif isinstance(inner, dict):
                    yield (*here, index), tuple(inner)


def strata_of(analysis: Analysis, rows: Iterable[Extraction]) -> tuple[str, ...]:
    """Names of the strata of an analysis, in order."""
    chosen, _left_out = choose(analysis, [SourcedRow(row, "", "") for row in rows])
    return tuple(dict.fromkeys(one.stratum for one in chosen))


def _strata(loaded: Mapping[str, list[Loaded]]) -> dict[str, tuple[str, ...]]:
    """What ``pooled(analysis, …)`` may name; nothing for analyses that cannot be read at the moment."""
    rows = [one.value for one in loaded["extraction"]]
    analyses = [one.value for one in loaded["analysis"]]
    if None in rows or None in analyses:
        return {}
    return {a.id: strata_of(a, rows) + (("overall",) if a.overall.pooled else ()) for a in analyses}


# --- rules that need two files ------------------------------------------------------------------------------------


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
                yield one.problem(
                    ("clauses", n, "id"), f"two clauses are called `{clause.id}`", value=clause.id
                )
            for m, item in enumerate(clause.evidence):
                if item.stated_level is not None and item.stated_level not in levels:
                    yield one.problem(("clauses", n, "evidence", m, "stated_level"),
                                      f"must be a level of the scheme {scheme.id}: " + ", ".join(levels), value=item.stated_level)  # fmt: skip
                if item.cite in [other.cite for other in clause.evidence[:m]]:
                    yield one.problem(
                        ("clauses", n, "evidence", m),
                        f"`{item.cite}` stands twice in this clause",
                        value=item.cite,
                    )
            for name, chosen in (("stated", clause.stated), ("override", clause.override)):
                if chosen is not None and chosen.strength not in strengths:
                    yield one.problem(("clauses", n, name, "strength"),
                                      f"must be a strength of the scheme {scheme.id}: " + ", ".join(strengths), value=chosen.strength)  # fmt: skip


def _extraction(loaded: Mapping[str, list[Loaded]]) -> Iterator[Problem]:
    """A result is extracted once."""
    seen: dict[tuple[str, ...], Loaded] = {}
    for one in loaded["extraction"]:
        if not isinstance(one.value, Extraction):
            continue
        if one.value.key in seen:
            first = seen[one.value.key]
            yield one.problem((), f"the same result stands in {first.file}:{first.place(()).line}",
                              value=" ".join(one.value.key), next_step="delete one, or tell them apart by `subgroup`")  # fmt: skip
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
            yield one.problem(("select",), "no extracted result fits this analysis",
                              next_step="check outcomes, interventions, comparators and time points against evidence/extraction")  # fmt: skip
        times = {row.time_point for row in rows if row.outcome in one.value.select.outcomes}
        for n, time_point in enumerate(one.value.select.time_points):
            if time_point not in times:
                hint = did_you_mean(time_point, times)
                yield one.problem(("select", "time_points", n),
                                  "no result was extracted for this time point" + (f"; {hint}" if hint else ""), value=time_point,
                                  next_step="extracted are: " + ", ".join(sorted(times)))  # fmt: skip


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
                yield one.problem(("sums", n), f"{' + '.join(map(str, numbers))} = {sum(numbers)}, but `{declared.total}` is {total}",
                                  next_step="correct the counts, or remove the sum if the publication itself does not add up")  # fmt: skip
