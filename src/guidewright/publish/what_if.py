"""The data of the what-if on the audit page of a clause: the same rules and facts by which Python grades it, as JSON.

It stands in the page as data, not as script, so it passes a strict content security policy and works from ``file://``;
``assets/what-if.js`` reads it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from guidewright.grading.facts import NOT_GRADABLE, Graded
from guidewright.grading.scheme import Scheme
from guidewright.guideline.readings import SchemeReading
from guidewright.publish.snapshot import Snapshot
from guidewright.publish.views import ClauseView
from guidewright.values import in_language
from guidewright.words import word

#: Fields of a rule that the script needs; the rest is for readers.
_RULE = (
    *("id", "when", "at_least", "same_direction", "mostly", "no_studies"),
    *("directions_differ", "fewer_than_minimum", "judged"),
)
_STRENGTH = ("strength", "same_direction", "minimum_studies_apply", "equivalence_finding")


def what_if(snapshot: Snapshot, view: ClauseView, language: str) -> Markup:
    """The data of one clause as a block that holds no script and ends nowhere before its end."""
    names = {one.study.id: one.study.name for one in snapshot.studies}
    names |= {one.key: in_language(one.short, language) for one in snapshot.references}
    minimum = snapshot.scheme_choice.minimum_studies
    data = {
        "schemes": [
            scheme_data(
                snapshot.scheme_by_name(reading.scheme), reading, view.clause.claim, minimum, language, names.get
            )
            for reading in snapshot.readings[view.id]
        ],
        "words": _words(language),
    }
    return Markup(  # noqa: S704 - JSON in which no sign can end the element or start markup
        f'<script type="application/json" id="what-if-data">{safe_json(data)}</script>'
    )


def safe_json(data: object) -> str:
    """JSON on one line for an element of a page: signs that mean something to HTML are written as escapes."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})


def scheme_data(
    scheme: Scheme,
    reading: SchemeReading | None,
    claim: str,
    minimum_studies: int,
    language: str,
    name: Callable[[str], str | None] = lambda identifier: identifier,
) -> dict[str, Any]:
    """A scheme as the script takes it: its rules as they stand in the scheme file, with labels in one language."""
    data = scheme.model_dump(mode="json")
    return {
        "id": scheme.id,
        "title": in_language(scheme.title, language),
        "claim": claim,
        "minimum_studies": minimum_studies,
        "ranks": scheme.ranks,
        "level_names": scheme.level_names,
        "level_words": {level: _level(level, language) for level in (*scheme.level_names, NOT_GRADABLE)},
        "judged": [
            {
                "id": fact["id"],
                "label": in_language(fact["label"], language),
                "values": [{"id": one["id"], "label": in_language(one["label"], language)} for one in fact["values"]],
            }
            for fact in data["judged"]
        ],
        "strengths": [
            {
                **{key: strength[key] for key in _STRENGTH},
                "label": in_language(strength["label"], language),
                "rules": [
                    {**{key: rule[key] for key in _RULE}, "label": in_language(rule["label"], language)}
                    for rule in strength["rules"]
                ],
            }
            for strength in data["strengths"]
        ],
        "studies": [study_data(study, name(study.study)) for study in reading.facts] if reading else [],
        "decided": reading.judged if reading else {},
    }


def study_data(study: Graded, name: str | None = None) -> dict[str, Any]:
    """The facts of a study as the script takes them."""
    return {
        "name": name or study.study,
        "levels": sorted(study.levels),
        "kinds": sorted(study.kinds),
        "qualities": sorted(study.qualities),
        "findings": sorted(study.findings),
        "directions": sorted(study.directions),
        "homogeneous": sorted(study.homogeneous),
    }


def _level(level: str, language: str) -> str:
    if level == NOT_GRADABLE:
        return word("level.not-gradable", language)
    return word("level.badge", language, level=level)


def _words(language: str) -> dict[str, Any]:
    values = {name: word(f"quality.{name}", language) for name in ("high", "lesser")}
    values |= {
        name: word(f"finding-kind.{name}", language) for name in ("significant", "null-precise", "null-imprecise")
    }
    values |= {name: word(f"direction-found.{name}", language) for name in ("for", "against", "no-difference")}
    values |= {"true": word("yes", language), "false": word("no", language)}
    return {
        "of": values,
        "comma": word("comma", language),
        "colon": word("colon", language),
        "semicolon": word("semicolon", language),
        "unknown": word("level.undetermined", language),
        "level": word("fact.level", language),
        "quality": word("fact.quality", language),
        "finding": word("fact.finding", language),
        "homogeneous": word("fact.homogeneous", language),
        "recorded": word("what-if.recorded", language),
        "before": word("what-if.before", language),
        "same": word("what-if.same", language),
        "rule": word("what-if.rule", language),
        "none": word("what-if.none", language),
        "highest": word("what-if.highest", language),
        "group": word("what-if.group", language),
        "scheme": word("what-if.scheme", language),
        "reset": word("what-if.reset", language),
    }
