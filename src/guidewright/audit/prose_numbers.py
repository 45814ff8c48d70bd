"""Numbers that prose says of one study: participants, percentages and effects, against everything known of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from guidewright.audit.editions import claims_of
from guidewright.audit.findings import Finding, Side, found
from guidewright.audit.passages import CONFIDENCE, Sentence
from guidewright.audit.sides import of_study, same
from guidewright.evidence.studies import Study
from guidewright.project import Project
from guidewright.words import say

_PEOPLE = re.compile(
    r"(?<![\d.])(\d[\d,]*)\s*(?:例(?!骨折)(?:患者)?|名患者|participants?|patients?|women|people)(?![a-z])",
    re.IGNORECASE,
)
#: A percentage or a number with decimals, not part of a date, of a name or of a version.
_EFFECT = re.compile(r"(?<![\w.])[−-]?(\d+\.\d+|\d+(?=\s*%))(?!\.?\d)")
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def number_findings(project: Project, sentence: Sentence, cite: str, study: Study) -> Iterator[Finding]:
    """Numbers in a sentence about one study that nothing known of it has."""
    text = sentence.unquoted
    known = _known(project, study, cite)
    size = study.participants
    for hit in _PEOPLE.finditer(text):
        value = float(hit[1].replace(",", ""))
        if size is not None and value not in known:
            side = of_study(project, study, ("participants",), same(size.value), size)
            yield _finding(project, sentence, "prose-participants", cite, study, hit[0], side, known=size.value)
    unknown = [hit[0].strip() for hit in _EFFECT.finditer(CONFIDENCE.sub("", text)) if not _among(hit[1], known)]
    if unknown:
        side = of_study(project, study, (), say("side.not-here"))
        yield _finding(project, sentence, "prose-number", cite, study, ", ".join(unknown), side)


def _among(number: str, known: set[float]) -> bool:
    """Whether a number is known, or is a known one rounded as it is."""
    value, half = float(number), 0.5 * 10 ** -_decimals(number)
    return any(abs(value - one) <= half + 1e-9 for one in known)


def _decimals(number: str) -> int:
    return len(number.partition(".")[2])


def _finding(
    project: Project, sentence: Sentence, rule: str, cite: str, study: Study, words: str, side: Side, **more: object
) -> Finding:
    language = project.guideline.languages.get(sentence.language, sentence.language)
    here = Side(say("side.prose", language=language), same(sentence.text), sentence.file, sentence.line)
    place = f"{sentence.name}/{sentence.language}-{cite}-{re.sub(r'[^0-9.]+', '-', words).strip('-')}"
    return found(
        rule,
        place,
        [here, side],
        place=sentence.name,
        language=language,
        words=words,
        cite=cite,
        study=study.name,
        **more,
    )


def _known(project: Project, study: Study, cite: str) -> set[float]:
    """Every number known of a study: its facts and notes, its results, what an edition prints, our analyses, and what
    follows from them: shares of events and relative changes in percent.
    """
    values = set(_numbers(study.model_dump(mode="json")))
    for placed in project.extraction:
        row = placed.value
        if row.study != study.id:
            continue
        values |= set(_numbers(row.model_dump(mode="json")))
        if row.estimate is not None:
            values.add(round(100 * (1 - row.estimate), 6))
        for events, total in ((row.events1, row.total1), (row.events2, row.total2)):
            if events is not None and total:
                values.add(100 * events / total)
    for _, _, claim in claims_of(project):
        if cite in claim.cites:
            values |= set(_numbers(claim.model_dump(mode="json")))
    values |= set(_numbers(project.records[cite].model_dump(mode="json")))
    for name, result in project.results.items():
        if any(row.study == study.id for stratum in result.strata for row in stratum.studies):
            values |= set(
                _numbers([name, [s.model_dump(mode="json", include={"summary", "i2", "k"}) for s in result.strata]])
            )
    return {abs(value) for value in values}


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | float):
        yield float(value)
    elif isinstance(value, str):
        yield from (float(hit.replace(",", "")) for hit in _NUMBER.findall(value))
    elif isinstance(value, dict):
        for one in value.values():
            yield from _numbers(one)
    elif isinstance(value, BaseModel):
        yield from _numbers(value.model_dump(mode="json"))
    elif isinstance(value, Iterable):
        for one in value:
            yield from _numbers(one)
