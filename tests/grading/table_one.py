"""Table 1 of the guideline once more, written out by hand: what one fully known body of evidence comes to.

It follows DESIGN section 4 and knows nothing of states, folding or YAML, so that the program can be held against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Literal, NamedTuple

from hypothesis import settings

from guidewright.grading.facts import DIRECTIONS_OF, NOT_GRADABLE, Direction, Finding, Graded, Quality, StudyKind

LEVELS = ("I", "II", "III", "IV")
STUDY, REVIEW = StudyKind.STUDY, StudyKind.REVIEW
Claim = Literal["effect", "equivalence"]


class Known(NamedTuple):
    """A study of which everything is known."""

    level: str
    kind: StudyKind
    quality: Quality
    finding: Finding
    direction: Direction
    homogeneous: bool


class Verdict(NamedTuple):
    """What a fully known body comes to, and the rules that give it."""

    strength: str
    rules: frozenset[str]


def verdict(body: Sequence[Known], claim: Claim = "effect", minimum: int = 1) -> Verdict:
    """The strength of a fully known body."""
    graded = [one for one in body if one.level != NOT_GRADABLE]
    if not graded:
        return Verdict("none", frozenset())
    level = min((one.level for one in graded), key=LEVELS.index)
    top = [one for one in graded if one.level == level]
    fired = {rule for one in top for rule in rules_of(one, claim)}
    merits = {rule for rule in fired if rule.startswith("1.")}
    differ, few = level == "I" and len({one.direction for one in top}) > 1, len(top) < minimum
    if claim == "equivalence" and not merits:
        differ = False  # nothing carries the claim, so nothing is contradicted
    if merits and not differ and not few:
        return Verdict("1", frozenset(merits))
    seconds = {rule for rule in fired if rule.startswith("2.")}
    seconds |= {"2.5"} if differ else set()
    seconds |= {"2.6"} if merits and few else set()
    if seconds:
        return Verdict("2", frozenset(seconds))
    thirds = {rule for rule in fired if rule.startswith("3.")}
    return Verdict("3" if thirds else "none", frozenset(thirds))


def rules_of(one: Known, claim: Claim) -> set[str]:
    """The rows of table 1 that one study fulfils by itself."""
    single = one.kind is STUDY
    rows = {
        "1.1": one.level == "I" and single and one.quality is Quality.HIGH and one.finding is Finding.SIGNIFICANT,
        "1.2": one.level == "I" and single and one.quality is Quality.HIGH and one.finding is Finding.NULL_PRECISE,
        "1.3": one.level == "I" and not single and one.homogeneous,
        "2.1": one.level == "I" and single and one.quality is Quality.LESSER,
        "2.2": one.level == "II" and single,
        "2.3": one.level == "I" and not single and not one.homogeneous,
        "2.4": one.level == "II" and not single,
        "3.1": one.level == "III",
        "3.2": one.level == "IV",
    }
    alike = claim == "effect" or one.finding is Finding.NULL_PRECISE
    return {rule for rule, holds in rows.items() if holds and (alike or not rule.startswith("1."))}


def completions(study: Graded) -> list[Known]:
    """Everything that a study may turn out to be; what no rule asks of it is said once."""
    found = set()
    pairs = [(f, d) for f in study.findings for d in study.directions & DIRECTIONS_OF[f]]
    for level, kind, quality, (finding, direction), same in product(
        study.levels, study.kinds, study.qualities, pairs, study.homogeneous
    ):
        if level == NOT_GRADABLE:
            found.add(Known(level, STUDY, Quality.HIGH, Finding.SIGNIFICANT, Direction.FOR, True))
        elif kind is STUDY:
            found.add(Known(level, kind, quality, finding, direction, True))
        else:
            found.add(Known(level, kind, Quality.HIGH, finding, direction, same))
    return sorted(found)


def known(name: str, one: Known) -> Graded:
    """A fully known study as the program takes it."""
    return Graded(
        name,
        *(frozenset({value}) for value in (one.level, one.kind, one.quality, one.finding, one.direction)),
        homogeneous=frozenset({one.homogeneous}),
    )


#: Every study of which everything is known.
EVERYTHING_KNOWN = completions(Graded("any", levels=frozenset({*LEVELS, NOT_GRADABLE})))


def alternatives(study: Graded) -> Iterator[tuple[str, str, Graded]]:
    """Every one fact of a study settled otherwise: fact, value, and the study as it then is."""
    for level in LEVELS:
        yield "level", level, replace(study, levels=frozenset({level}))
    if STUDY in study.kinds:
        for quality in Quality:
            yield "quality", quality.value, replace(study, qualities=frozenset({quality}))
    for finding, directions in DIRECTIONS_OF.items():
        for direction in directions:
            changed = replace(study, findings=frozenset({finding}), directions=frozenset({direction}))
            yield "finding", f"{finding.value} ({direction.value})", changed
    if study.kinds == {REVIEW}:
        for same in (True, False):
            yield "homogeneous", str(same).lower(), replace(study, homogeneous=frozenset({same}))


def examples(number: int) -> settings:
    """So many examples in CI, and as many times more as the profile of ``tests/conftest.py`` asks for."""
    return settings(max_examples=number * settings.default.max_examples // 100)
