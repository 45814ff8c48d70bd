"""The strengths of the other schemes once more, written out by hand: what one fully known body comes to.

They follow the sources as prose and know nothing of states, folding or YAML, so that the program can be held against
them. What a scheme does not ask of a study is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from guidewright.grading.facts import NOT_GRADABLE, Direction, Finding, Graded
from guidewright.grading.scheme import Scheme

NONE = "none"


class Seen(NamedTuple):
    """A study of which level and direction are known."""

    level: str
    direction: Direction


Judged = Mapping[str, str]


def aaos_2007(body: Sequence[Seen], _judged: Judged) -> str:
    top = best(body, ({"I"}, {"II", "III"}, {"IV", "V"}))
    if not top or disagree(top):
        return "I"
    return {"I": "A", "II": "B", "III": "B"}.get(top[0].level, "C")


def aaos_2010(body: Sequence[Seen], judged: Judged) -> str:
    top = best(body, ({"I"}, {"II", "III"}, {"IV", "V"}))
    if not top:
        return "Consensus" if judged["consensus-statement"] == "issued" else "Inconclusive"
    if disagree(top):
        return "Inconclusive"
    several = len(top) > 1
    if top[0].level == "I":
        return "Strong" if several else "Moderate"
    if top[0].level in {"II", "III"}:
        return "Moderate" if several else "Limited"
    return "Limited" if several else "Inconclusive"


def aaos_2014(body: Sequence[Seen], _judged: Judged) -> str:
    top = best(body, ({"high"}, {"moderate"}, {"low", "very-low"}))
    if not top:
        return "Consensus"
    if disagree(top) or top[0].level in {"low", "very-low"}:
        return "Limited"
    several = len(top) > 1
    if top[0].level == "high":
        return "Strong" if several else "Moderate"
    return "Moderate" if several else "Limited"


def aaos_2020(body: Sequence[Seen], judged: Judged) -> str:
    base, moved = aaos_2014(body, {}), judged["evidence-to-decision"]
    if base == "Consensus":
        return base
    paths = {
        ("Strong", "unchanged"): "Strong",
        ("Strong", "up"): "Strong",
        ("Strong", "down"): "Moderate",
        ("Strong", "down-two"): "Limited",
        ("Moderate", "unchanged"): "Moderate",
        ("Moderate", "up"): "Strong",
        ("Moderate", "down"): "Limited",
        ("Limited", "unchanged"): "Limited",
        ("Limited", "up"): "Moderate",
        ("Limited", "down"): "Consensus",
    }
    return paths.get((base, moved), NONE)


def sign(body: Sequence[Seen], judged: Judged) -> str:
    basis = [one for one in body if one.level not in {NOT_GRADABLE, "1-", "2-"}]
    top = best(basis, ({"1++"}, {"1+"}, {"2++"}, {"2+"}, {"3", "4"}))
    if not top:
        return "GPP" if judged["practice-point"] == "issued" else NONE
    level, direct, consistent = top[0].level, judged["directness"] == "direct", not disagree(top)
    if level in {"3", "4"}:
        return "D"
    if not direct:
        return {"1++": "B", "1+": "B", "2++": "C", "2+": "D"}[level]
    if level == "1++":
        return "A"
    if not consistent:
        return NONE
    if level == "1+":
        return "A" if 2 * len(top) > len(basis) else "B"
    return "B" if level == "2++" else "C"


def grade(_body: Sequence[Seen], judged: Judged) -> str:
    return judged["panel-decision"]


TABLES: dict[str, Callable[[Sequence[Seen], Judged], str]] = {
    "aaos-2007": aaos_2007,
    "aaos-2010": aaos_2010,
    "aaos-2014": aaos_2014,
    "aaos-2020": aaos_2020,
    "sign": sign,
    "grade": grade,
}


def best(body: Sequence[Seen], tiers: Sequence[set[str]]) -> list[Seen]:
    """The studies of the highest tier present."""
    return next((found for tier in tiers if (found := [one for one in body if one.level in tier])), [])


def disagree(body: Sequence[Seen]) -> bool:
    return len({one.direction for one in body}) > 1


# --- as the program takes them ------------------------------------------------------------------------------------


def every_study(scheme: Scheme) -> list[Seen]:
    """Every study of which all that the scheme asks is known."""
    return [Seen(level, way) for level in (*scheme.level_names, NOT_GRADABLE) for way in Direction]


def every_judgement(scheme: Scheme) -> list[dict[str, str]]:
    """Everything that the group may have decided."""
    choices = [[(fact.id, value.id) for value in fact.values] for fact in scheme.judged]
    return [dict(one) for one in product(*choices)]


def graded(name: str, levels: frozenset[str], directions: frozenset[Direction]) -> Graded:
    """A study as the program takes it; its findings are those that go with its directions."""
    null = frozenset({Finding.NULL_PRECISE}) if Direction.NO_DIFFERENCE in directions else frozenset[Finding]()
    clear = frozenset({Finding.SIGNIFICANT}) if directions - {Direction.NO_DIFFERENCE} else frozenset[Finding]()
    return Graded(name, levels, findings=null | clear, directions=directions)


def known(name: str, one: Seen) -> Graded:
    return graded(name, frozenset({one.level}), frozenset({one.direction}))
