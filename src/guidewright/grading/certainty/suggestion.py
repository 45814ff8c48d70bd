"""What the rules suggest for each reason, and the certainty that this comes to.

Facts may be missing. Then every rule that may still hold contributes, so a suggestion is the set of levels that remain
possible; it is determined if there is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from guidewright.evidence.studies import Design
from guidewright.grading.certainty.body import Body
from guidewright.grading.certainty.facts import FactValue, fact_of, missing_of
from guidewright.grading.certainty.rules import CertaintyRule, CertaintyRules, Condition, ReasonRules
from guidewright.grading.facts import Missing


@dataclass(frozen=True)
class Suggestion:
    """The suggestion for one reason, with the values behind it."""

    reason: str
    levels: tuple[int, ...]
    """Levels that remain possible, from the strongest rating down; one if determined."""
    rules: tuple[str, ...]
    """The rule that gave it, or those that may."""
    seen: tuple[tuple[str, FactValue], ...]
    """The facts that were looked at."""
    missing: tuple[Missing, ...]
    """What would settle it."""
    asked: bool = True
    """False for reasons to rate up where the evidence starts high."""

    @property
    def determined(self) -> int | None:
        """The suggested levels, if one answer remains."""
        return self.levels[0] if len(self.levels) == 1 else None


@dataclass(frozen=True)
class Suggested:
    """All suggestions for a body of evidence."""

    starts: tuple[str, ...]
    """Where it starts; several while the design of a study is not known."""
    reasons: tuple[Suggestion, ...]
    possible: tuple[str, ...]
    """Levels of certainty that remain possible, highest first."""

    @property
    def certainty(self) -> str | None:
        """The suggested certainty, if one remains."""
        return self.possible[0] if len(self.possible) == 1 else None


def suggest(body: Body, rules: CertaintyRules) -> Suggested:
    """Apply the rules to a body of evidence."""
    starts = starts_of([one.design for one in body.studies], rules)
    asked = starts != (rules.levels[0].id,)
    reasons = tuple(
        _suggestion(reason, body, rules)
        if reason.direction == "down" or asked
        else Suggestion(reason.id, (0,), (), (), (), asked=False)
        for reason in rules.reasons
    )
    return Suggested(starts, reasons, possible_levels(starts, [one.levels for one in reasons], rules))


def starts_of(designs: Sequence[Design | None], rules: CertaintyRules) -> tuple[str, ...]:
    """The level at which studies of these designs start together: the lowest of theirs.

    A design that is not known, or for which there is no start, may be any.
    """
    points = {design: rules.level(start.level).points for start in rules.starts for design in start.designs}
    known = [points[one] for one in designs if one in points]
    lowest = {min(known)} if known else set()
    if len(known) < len(designs) or not designs:
        lowest |= {one for one in points.values() if not known or one < min(known)}
    return tuple(rules.at(one) for one in sorted(lowest, reverse=True))


def possible_levels(starts: Sequence[str], levels: Sequence[Sequence[int]], rules: CertaintyRules) -> tuple[str, ...]:
    """Certainties that remain possible, highest first.

    Reasons to rate up count where none of the five has rated down, and only for evidence that does not start high.
    """
    split = sum(reason.direction == "down" for reason in rules.reasons)
    found = {
        certainty_of(start, combination[:split], combination[split:], rules)
        for start in starts
        for combination in product(*levels)
    }
    return tuple(one.id for one in rules.levels if one.id in found)


def certainty_of(start: str, down: Sequence[int], up: Sequence[int], rules: CertaintyRules) -> str:
    """The certainty from where the evidence starts and the levels down (negative) and up."""
    gained = sum(up) if not any(down) and start != rules.levels[0].id else 0
    return rules.at(rules.level(start).points + sum(down) + gained)


# --- one reason ---------------------------------------------------------------------------------------------------

Truth = Literal["yes", "no", "open"]


def lowest_of(levels: Sequence[Sequence[str]], rules: CertaintyRules) -> tuple[str, ...]:
    """What the lowest of several certainties can be, highest first, where each has ``levels`` that remain possible.

    A level is possible if one of them can have it and none must lie below it.
    """
    height = {one.id: one.points for one in rules.levels}
    ceiling = min(max(height[level] for level in some) for some in levels)
    named = {level for some in levels for level in some}
    return tuple(one.id for one in rules.levels if one.id in named and one.points <= ceiling)


def _suggestion(reason: ReasonRules, body: Body, rules: CertaintyRules) -> Suggestion:
    seen: dict[str, FactValue] = {}
    may_hold: list[CertaintyRule] = []
    open_facts: list[str] = []
    for rule in reason.rules:
        truths = []
        for condition in rule.when:
            value = seen.setdefault(condition.fact, fact_of(condition.fact, body, rules))
            truths.append((condition.fact, truth_of(condition, value, rules)))
            if truths[-1][1] == "no":
                break
        if any(truth == "no" for _fact, truth in truths):
            continue
        may_hold.append(rule)
        open_facts += [fact for fact, truth in truths if truth == "open"]
        if all(truth == "yes" for _fact, truth in truths):
            break
    levels = tuple(sorted({rule.levels for rule in may_hold}))
    missing = [one for fact in open_facts for one in missing_of(fact, body, rules)] if len(levels) > 1 else []
    return Suggestion(
        reason=reason.id,
        levels=levels,
        rules=tuple(rule.id for rule in may_hold),
        seen=tuple(seen.items()),
        missing=tuple(dict.fromkeys(missing)),
    )


def truth_of(condition: Condition, value: FactValue, rules: CertaintyRules) -> Truth:
    """Whether a fact meets a condition, as far as it is known."""
    if value is None:
        return "open"
    if isinstance(value, bool):
        return "yes" if value == condition.equals else "no"
    low, high = value if isinstance(value, tuple) else (value, value)
    ends = {_meets(condition, low, rules), _meets(condition, high, rules)}
    if len(ends) > 1:
        return "open"
    return "yes" if ends.pop() else "no"


def _meets(condition: Condition, number: float, rules: CertaintyRules) -> bool:
    return (
        (condition.at_least is None or number >= rules.limit(condition.at_least))
        and (condition.above is None or number > rules.limit(condition.above))
        and (condition.below is None or number < rules.limit(condition.below))
    )
