"""What prose names: references, things, bound numbers; and what it may not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from guidewright.crossrefs.dead_marks import dead_marks
from guidewright.crossrefs.loaded import Loaded
from guidewright.crossrefs.names import COUNT_FAMILIES, COUNTS, Names, no_such, where
from guidewright.guideline.bindings import EXAMPLE, BindingError, parse
from guidewright.guideline.prose import bindings, citations, faults, links
from guidewright.problems import Problem, did_you_mean
from guidewright.reading.markdown_file import Prose
from guidewright.reading.typing_slips import advice


def prose_problems(one: Loaded, known: Mapping[str, Names], strata: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    """Everything wrong with the prose of one file."""
    for prose in one.prose.values():
        finder = _Finder(prose.text)
        for fault in faults(prose.text):
            yield _in_prose(prose, finder.offset(fault.line, fault.text), fault.rule, fault.text, fault.next_step)
        for line, kind, identifier in links(prose.text):
            names, written = known[kind], f"{kind}:{identifier}"
            offset = finder.offset(line, written)
            if names.complete and identifier not in names.ids:
                yield _in_prose(prose, offset, no_such(kind, identifier, names), written, where(kind))
        for spot in citations(prose.text):
            if known["record"].complete and spot.text not in known["record"].ids:
                rule = no_such("record", spot.text, known["record"])
                yield _in_prose(prose, spot.offset, rule, spot.text, where("record"))
        for spot in bindings(prose.text):
            yield from _binding_problems(prose, spot.offset, spot.text, known, strata)
        for mark in dead_marks(prose.text):
            yield _in_prose(prose, mark.offset, mark.rule, mark.text, mark.next_step, mark.example)


class _Finder:
    """Where things stand of which the Markdown parser knows only the paragraph."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self.after: dict[str, int] = {}

    def offset(self, line: int, written: str) -> int:
        """Offset of the next place at which something is written, at or after a line."""
        start = max(self.starts[min(line, len(self.starts) - 1)], self.after.get(written, 0))
        for needle in (written.split("\n", maxsplit=1)[0], unquote(written)):
            at = self.text.find(needle, start) if needle else -1
            if at >= 0:
                self.after[written] = at + len(needle)
                return at
        return start if start < len(self.text) else 0


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
        advised = advice(text) or "write one call with names in quotes"
        yield _in_prose(prose, offset, str(error), text, advised, EXAMPLE)
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
