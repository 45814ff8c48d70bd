"""Names that must exist: every value that names something of another file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel

from guidewright.crossrefs.loaded import Loaded, Path
from guidewright.grading.scheme import Scheme
from guidewright.kept import kept
from guidewright.kinds import KINDS
from guidewright.problems import Problem, did_you_mean
from guidewright.reading.typing_slips import advice
from guidewright.values import Refers

#: Counts that prose can quote with ``{{ count("…") }}``; the values are computed in the snapshot.
COUNTS = (
    "databases",
    "questions",
    "recommendations",
    "clauses",
    "aspects",
    "studies",
    "analyses",
    "references",
    "graded",
    "graded-identified",
    "graded-not-identified",
    "agree",
    "differ",
    "undetermined",
)
COUNT_FAMILIES = ("graded-level-", "clauses-stated-")


@dataclass(frozen=True)
class Names:
    """Known identifiers of a kind; ``complete`` is False while a file that would define more of them is broken."""

    ids: frozenset[str]
    complete: bool = True


def names_of(ones: Iterable[Loaded]) -> Names:
    """Identifiers of one kind of thing."""
    each = [one.names for one in ones]
    return Names(frozenset(name for names in each for name in names), all(each))


def known_names(
    loaded: Mapping[str, list[Loaded]], schemes: Mapping[str, Scheme], instruments: Iterable[str] = ()
) -> dict[str, Names]:
    """Identifiers of every kind of thing, from the files that could be read and what comes with the tool."""
    known: dict[str, Names] = {}
    for kind in KINDS:
        known[kind.name] = names_of(loaded[kind.name])

    def inner(kind: str, pick: Callable[[Any], Iterable[str]]) -> Names:
        values = [one.value for one in loaded[kind]]
        return Names(frozenset(i for v in values if v is not None for i in pick(v)), None not in values)

    known["outcome"] = inner("question", lambda q: (o.id for o in q.outcomes))
    known["term"] = inner("glossary", lambda g: (t.id for t in g.terms))
    known["aspect"] = inner("guideline", lambda g: (a.id for a in g.aspects))
    known["group"] = inner("guideline", lambda g: (x.id for x in g.groups))
    known["person"] = inner("guideline", lambda g: (p.id for p in g.people))
    known["round"] = inner("guideline", lambda g: (r.id for r in g.rounds))
    both = known["group"].ids | known["person"].ids
    known["person or group"] = Names(both, known["group"].complete)
    known["declared count"] = inner("searches", lambda s: (c.id for c in s.counts))
    own = known["grading-scheme"]
    known["scheme"] = Names(frozenset(schemes) | own.ids, own.complete)
    known["instrument"] = Names(known["instrument"].ids | frozenset(instruments), known["instrument"].complete)
    clauses = {
        f"{name}{clause.id}"
        for one in loaded["recommendation"]
        for name in one.names
        for clause in (one.value.clauses if one.value is not None else ())
    }
    readable = all(one.value is not None for one in loaded["recommendation"])
    known["clause"] = Names(frozenset(clauses), readable)
    known["count"] = Names(frozenset(COUNTS))
    return known


@kept(200_000)
def references_in(value: BaseModel) -> tuple[tuple[Path, str, str], ...]:
    """Every value that names something else: path, kind of thing, identifier."""
    return tuple(_of_value(value, ()))


def _of_value(value: BaseModel, path: Path) -> Iterator[tuple[Path, str, str]]:
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
        yield from _of_value(item, path)
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
    elif isinstance(item, dict) and origin is dict:
        for key, inner in item.items():
            yield from _references(inner, arguments[1], (*path, key))
    elif arguments and origin is not dict:
        for argument in arguments:
            yield from _references(item, argument, path)


def dangling(one: Loaded, known: Mapping[str, Names]) -> Iterator[Problem]:
    """Values that name something which does not exist."""
    if one.value is None:
        return
    for path, kind, identifier in references_in(one.value):
        if kind.endswith("found record"):
            continue  # see crossrefs.found
        names = known[kind]
        if names.complete and identifier not in names.ids:
            advised = "delete this computed file" if one.kind.name == "result" else advice(identifier) or where(kind)
            yield one.problem(path, no_such(kind, identifier, names), value=identifier, next_step=advised)


def no_such(kind: str, identifier: str, names: Names) -> str:
    """Say that a name is not known, and which known one is near."""
    hint = did_you_mean(identifier, names.ids)
    return f"there is no {kind} `{identifier}`" + (f"; {hint}" if hint else "")


def where(kind: str) -> str:
    """Say where things of a kind are defined."""
    places = {k.name: k.pattern for k in KINDS}
    places |= {
        "outcome": "the `outcomes` of evidence/questions/*.yml",
        "term": "guideline_src/glossary.yml",
        "aspect": "`aspects` of guideline_src/guideline.yml",
        "group": "`groups` of guideline_src/guideline.yml",
        "person": "`people` of guideline_src/guideline.yml",
        "round": "`rounds` of guideline_src/guideline.yml",
        "person or group": "`people` or `groups` of guideline_src/guideline.yml",
        "declared count": "`counts` of evidence/searches.yml",
        "clause": "guideline_src/recommendations/*.md",
    }
    if kind == "scheme":
        return "correct the name; schemes come with the tool or stand in grading/schemes/"
    return f"correct the name, or add it to {places.get(kind, 'the project')}"
