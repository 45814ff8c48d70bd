"""The grading schemes that a project can use: those of the tool and its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from guidewright.crossrefs import Loaded
from guidewright.grading.library import built_in_schemes, resolved
from guidewright.grading.scheme import Scheme
from guidewright.problems import Problem


def schemes_of(own: Sequence[Loaded]) -> tuple[Mapping[str, Scheme], list[Problem]]:
    """Every scheme by name, and what is wrong with those of the project."""
    built_in = built_in_schemes()
    problems = []
    usable: dict[str, Scheme] = {}
    for one in own:
        if not isinstance(one.value, Scheme):
            continue
        if one.value.id in built_in:
            rule = "a scheme of the tool has this name"
            advised = "choose another name, so that readers can tell them apart"
            problems.append(one.problem(("id",), rule, value=one.value.id, next_step=advised))
        elif one.value.levels_from is None or one.value.levels_from in {*built_in, *(o.raw_id for o in own)}:
            usable[one.value.id] = one.value
    whole, faults = resolved({**built_in, **usable})
    for name, fault in faults:
        one = next(one for one in own if one.raw_id == name)
        advised = "correct it; `docs/grading.md` shows how a scheme is written"
        problems.append(one.problem(("levels_from",), fault, next_step=advised))
    return whole, problems
