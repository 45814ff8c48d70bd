"""What templates ask of the certainty of evidence, for one language."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from guidewright.grading.certainty.library import certainty_rules
from guidewright.guideline.certainty import AnalysisCertainty, BodyCertainty
from guidewright.guideline.question_certainty import QuestionCertainty
from guidewright.publish import certainty_words as words
from guidewright.publish.forest_figures import stratum_name
from guidewright.publish.snapshot import Snapshot
from guidewright.publish.views import AnalysisView
from guidewright.words import word


def certainty_functions(snapshot: Snapshot, language: str) -> dict[str, Callable[..., Any] | Any]:
    """Functions of the templates by name."""
    rules = certainty_rules()

    @cache
    def by_analysis() -> dict[str, AnalysisCertainty]:
        return {one.analysis: one for one in snapshot.certainty}

    @cache
    def by_question() -> dict[str, QuestionCertainty]:
        return {one.question: one for one in snapshot.question_certainty}

    names = {view.study.id: view.study.name for view in snapshot.studies}
    actors = {one.id: one.name for one in snapshot.guideline.people}
    actors |= {one.id: one.name.get(language, one.id) for one in snapshot.guideline.groups}
    views = {view.analysis.id: view for view in snapshot.analyses}

    def name(body: BodyCertainty) -> str:
        """Outcome, and the stratum where that says something else."""
        view: AnalysisView = views[body.analysis]
        outcome = body.outcome.name.get(language, body.outcome.id)
        if body.stratum == "all" or view.analysis.strata == "outcome":
            return outcome
        return f"{outcome}{word('comma', language)}{stratum_name(snapshot, view, body.stratum, language)}"

    return {
        "certainty_rules": rules,
        "certainty_of": lambda analysis: by_analysis().get(analysis),
        "question_certainty": lambda question: by_question().get(question),
        "body_name": name,
        "fact_shown": lambda fact, value: words.fact_shown(fact, value, language),
        "change_words": lambda suggestion: words.change_words(suggestion, language),
        "missing_words": lambda suggestion: words.missing_words(suggestion, language),
        "level_words": lambda possible: words.level_words(possible, rules, language),
        "reason_label": lambda reason: words.reason_label(reason, rules, language),
        "rule_labels": lambda suggestion: words.rule_labels(suggestion, rules, language),
        "sof_notes": lambda bodies: words.footnotes(bodies, names, language),
        "per_1000": words.per_1000,
        "difference_range": lambda at: words.difference_range(at, language),
        "plain_statement": lambda body: words.plain_statement(snapshot, views[body.analysis], body, language),
        "dict_by_reason": lambda decisions: {one.reason: one for one in decisions},
        "on_familiar_scale": lambda one: words.on_familiar_scale(one, language),
        "intervention_name": lambda one: words.intervention_name(snapshot, one, language),
        "start_words": lambda starts: " / ".join(
            one.label.get(language, one.label["en"]) for one in rules.starts if one.level in starts
        ),
        "actor": lambda identifier: actors.get(identifier, identifier),
        "certainty_condition": lambda condition: words.condition_words(condition, rules, language),
    }
