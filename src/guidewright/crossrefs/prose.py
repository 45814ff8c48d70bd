"""What prose names: references, things, bound numbers; and what it may not hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guidewright.crossrefs.loaded import Loaded
from guidewright.crossrefs.names import COUNT_FAMILIES, COUNTS, Names, no_such, where
from guidewright.guideline.bindings import EXAMPLE, BindingError, parse
from guidewright.guideline.prose import bindings, citations, faults, links
from guidewright.problems import Problem, did_you_mean
from guidewright.reading.markdown_file import Prose


def prose_problems(one: Loaded, known: Mapping[str, Names], strata: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    """Everything wrong with the prose of one file."""
    for prose in one.prose.values():
        lines = prose.text.split("\n")
        for fault in faults(prose.text):
            column = max(lines[fault.line].find(fault.text.split("\n")[0]), 0) + 1 if fault.line < len(lines) else 1
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
                    no_such("record", spot.text, known["record"]),
                    spot.text,
                    where("record"),
                )
        for spot in bindings(prose.text):
            yield from _binding_problems(prose, spot.offset, spot.text, known, strata)
        for line, kind, identifier in links(prose.text):
            names = known[kind]
            if names.complete and identifier not in names.ids:
                yield Problem(
                    one.file,
                    prose.line + line,
                    1,
                    no_such(kind, identifier, names),
                    value=f"{kind}:{identifier}",
                    next_step=where(kind),
                )


def _in_prose(
    prose: Prose, offset: int, rule: str, value: str, next_step: str | None, example: str | None = None
) -> Problem:
    line = prose.text.count("\n", 0, offset)
    column = offset - (prose.text.rfind("\n", 0, offset) + 1) + 1
    return Problem(prose.file, prose.line + line, column, rule, value=value, next_step=next_step, example=example)


def _binding_problems(
    prose: Prose, offset: int, text: str, known: Mapping[str, Names], strata: Mapping[str, tuple[str, ...]]
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
        more = "known counts are: " + ", ".join(COUNTS) if kind == "count" else where(kind)
        yield _in_prose(prose, offset, no_such(kind, identifier, names), text, more)
    elif binding.function == "pooled" and identifier in strata:
        yield from _stratum_problems(prose, offset, text, binding.arguments[1:], strata[identifier])


def _stratum_problems(
    prose: Prose, offset: int, text: str, named: tuple[str, ...], strata: tuple[str, ...]
) -> Iterator[Problem]:
    """The stratum exists, or there is only one result to name."""
    listed = "its results are: " + ", ".join(strata)
    if named and named[0] not in strata:
        hint = did_you_mean(named[0], strata)
        yield _in_prose(prose, offset, "the analysis has no such stratum" + (f"; {hint}" if hint else ""), text, listed)
    elif not named and len(strata) > 1 and "overall" not in strata:
        yield _in_prose(prose, offset, "the analysis has several results; name the stratum", text, listed, EXAMPLE)
