"""Rows of tables: each says one thing once, and votes belong to a declared round."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from guidewright.crossrefs.loaded import Loaded
from guidewright.crossrefs.names import Names
from guidewright.problems import Problem, did_you_mean

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
        lambda row: (row.study, row.instrument, row.item),
        False,
        "delete one; another reviewer has a file of their own",
    ),
    "vote": ("vote", lambda row: (row.voter, row.clause), False, "delete one; a person votes once on a clause"),
}


def row_problems(loaded: Mapping[str, list[Loaded]], rounds: Names) -> Iterator[Problem]:
    """Rows that stand twice, and files of votes without a round."""
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
    yield from _rounds(loaded["vote"], rounds)


def _rounds(votes: list[Loaded], rounds: Names) -> Iterator[Problem]:
    for file, stem in dict.fromkeys((one.file, one.stem) for one in votes):
        if rounds.complete and stem not in rounds.ids:
            hint = did_you_mean(stem, rounds.ids)
            yield Problem(
                file,
                1,
                1,
                f"there is no voting round `{stem}`" + (f"; {hint}" if hint else ""),
                value=stem,
                next_step="call the file after a round, or declare it in `rounds` of guideline_src/guideline.yml",
            )
