"""What an extracted result says: significant or not, and for or against the intervention."""

from __future__ import annotations

from typing import Literal

from guidewright.evidence.extraction import Extraction
from guidewright.evidence.questions import Outcome
from guidewright.evidence.studies import Study
from guidewright.grading.finding import significant_by_p
from guidewright.project import Placed, Project
from guidewright.values import Text
from guidewright.words import say

Direction = Literal["for", "against", "no-difference"]
#: Measures for which no effect is 1; for the others it is 0.
RATIOS = frozenset({"RR", "OR", "HR"})


def outcome_of(project: Project, identifier: str) -> Outcome | None:
    """The first declaration of an outcome."""
    return next((o for q in project.questions.values() for o in q.outcomes if o.id == identifier), None)


def interval_of(row: Extraction) -> tuple[float | None, float | None, float | None, float]:
    """Estimate, lower and upper limit as group 1 against group 2, and the value of no effect."""
    null = 1.0 if row.effect in RATIOS else 0.0
    if row.difference == "2-1" and row.effect not in RATIOS:
        turned = [None if value is None else -value for value in (row.estimate, row.ci_high, row.ci_low)]
        return turned[0], turned[1], turned[2], null
    return row.estimate, row.ci_low, row.ci_high, null


def significance(project: Project, row: Extraction) -> bool | None:
    """Whether a result excludes no effect: by its interval, or else by its p value; none if neither tells."""
    _, low, high, null = interval_of(row)
    if low is not None and high is not None:
        return low > null or high < null
    return significant_by_p(row.p, project.scheme_choice.significance)


def direction(project: Project, row: Extraction) -> Direction | None:
    """Direction of a result as seen from group 1; none if it cannot be told."""
    significant = significance(project, row)
    outcome = outcome_of(project, row.outcome)
    if significant is None or outcome is None:
        return None
    if not significant:
        return "no-difference"
    estimate, low, _, null = interval_of(row)
    value = low if low is not None else estimate
    if value is None and row.has_counts:
        value = (row.events1 or 0) / (row.total1 or 1)
        null = (row.events2 or 0) / (row.total2 or 1)
    if value is None or value == null:
        return None
    return "for" if (value < null) == (outcome.better == "lower") else "against"


def effects(project: Project, study: Study) -> list[Placed[Extraction]]:
    """Results of a study that tell an effect: not its baseline, not rows that are not to be used."""
    return [
        placed
        for placed in project.rows_of(study.id)
        if placed.value.time_point != "baseline" and placed.value.verified != "no"
    ]


def result_words(project: Project, row: Extraction) -> Text:
    """A result in words: outcome, time point, effect or counts, p value."""
    outcome = outcome_of(project, row.outcome)
    parts = []
    if row.estimate is not None:
        interval = f" ({row.ci_low:g} – {row.ci_high:g})" if row.ci_low is not None and row.ci_high is not None else ""
        parts.append(f"{row.effect} {row.estimate:g}{interval}")
    elif row.has_counts:
        parts.append(f"{row.events1}/{row.total1} : {row.events2}/{row.total2}")
    if row.p is not None:
        parts.append(f"p {row.p}")
    name = outcome.name if outcome else {"zh": row.outcome, "en": row.outcome}
    return say("found-result.row", outcome=name, time=row.time_point, result=", ".join(parts) or "–")


def join(texts: list[Text], between: str = "; ") -> Text:
    """Several texts as one, in each language."""
    return {tag: between.join(text.get(tag, "") for text in texts) for tag in ("zh", "en")}
