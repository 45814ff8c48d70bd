"""Rows of tables: each says one thing once, and its file is called after somebody or something declared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from guidewright.crossrefs.loaded import Loaded
from guidewright.crossrefs.names import Names, no_such
from guidewright.grading.appraisal import CONSENSUS
from guidewright.problems import Problem

#: Kind of file -> (what a row is called, what makes it unique, whether also across files, what to do).
_ONCE: Mapping[str, tuple[str, Callable[[Any], tuple[str, ...]], bool, str]] = {
    "extraction": ("result", lambda row: row.key, True, "delete one, or tell them apart by `subgroup`"),
    "screening": (
        "decision",
        lambda row: (row.record, row.stage),
        False,
        "delete one; another reviewer has a file of their own",
    ),
    "appraisal": (
        "judgement",
        lambda row: row.key,
        False,
        "delete one; another reviewer has a file of their own",
    ),
    "duplicates": (
        "pair",
        lambda row: row.pair,
        False,
        "delete one; a person's line counts more than an automatic one",
    ),
    "vote": ("vote", lambda row: (row.voter, row.clause), False, "delete one; a person votes once on a clause"),
}

#: Kind of file -> what its name says, and where that is declared in ``guideline.yml``.
_NAMED_AFTER: Mapping[str, tuple[str, str]] = {
    "vote": ("voting round", "rounds"),
    "screening": ("person", "people"),
    "appraisal": ("person", "people"),
}


def row_problems(loaded: Mapping[str, list[Loaded]], known: Mapping[str, Names]) -> Iterator[Problem]:
    """Rows that stand twice, and files called after a person or a round that is not declared."""
    for kind, (what, key_of, everywhere, advised) in _ONCE.items():
        seen: dict[tuple[str, ...], Loaded] = {}
        for one in loaded[kind]:
            if one.value is None:
                continue
            key = key_of(one.value) if everywhere else (one.file, *key_of(one.value))
            if key in seen:
                first = seen[key]
                rule = f"the same {what} stands in {first.file}:{first.place(()).line}"
                yield one.problem((), rule, value=" ".join(filter(None, key_of(one.value))), next_step=advised)
            else:
                seen[key] = one
    for kind, (what, declared) in _NAMED_AFTER.items():
        yield from _named_after(loaded[kind], what, declared, known)


def _named_after(ones: list[Loaded], what: str, declared: str, known: Mapping[str, Names]) -> Iterator[Problem]:
    names = known[what.rpartition(" ")[2]]
    for file, stem in dict.fromkeys((one.file, one.stem) for one in ones):
        if names.complete and stem not in names.ids and not (what == "person" and stem == CONSENSUS):
            advised = f"call the file after a {what}, or declare it in `{declared}` of guideline_src/guideline.yml"
            yield Problem(file, 1, 1, no_such(what, stem, names), value=stem, next_step=advised)
