"""Cross-references to the wrong recommendation: by number, and by what they are about."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from guidewright.audit.findings import Finding, Side, found
from guidewright.audit.passages import line_at
from guidewright.audit.sides import of_clause, printed, same
from guidewright.project import Project
from guidewright.reading.markdown_file import Prose
from guidewright.values import Text
from guidewright.words import say

#: Words that are in every topic and tell recommendations apart by nothing.
_COMMON = frozenset(
    [
        "the",
        "of",
        "and",
        "a",
        "an",
        "to",
        "in",
        "for",
        "with",
        "by",
        "on",
        "as",
        "or",
        "from",
        "is",
        "are",
        "recommendation",
    ]
)
#: How many times better another recommendation must fit the topic before the reference is called wrong.
CLEARLY = 2.0
#: Score from which the words of a link fit a recommendation: two words that few recommendations have.
FITS = 2.5
_LINK = re.compile(r"\[([^\]]+)\]\(recommendation:([a-z0-9-]+)\)")


def topic_words(text: Text) -> set[str]:
    """Words of a text by which topics are compared: English words without endings, pairs of Chinese characters."""
    found_ones: set[str] = set()
    for words in text.values():
        low = words.casefold()
        for word in re.findall(r"[a-z]{3,}", low):
            if word not in _COMMON:
                found_ones.add(word[:6])
        for run in re.findall(r"[\u4e00-\u9fff]{2,}", low):
            found_ones |= {run[n : n + 2] for n in range(len(run) - 1)}
    return found_ones


def _profiles(project: Project) -> dict[str, set[str]]:
    return {
        rec.id: set().union(
            topic_words(rec.title), *(topic_words(c.about) | topic_words(c.statement) for c in rec.clauses)
        )
        for rec in project.recommendations.values()
    }


def scores(project: Project, topic: Text) -> dict[str, float]:
    """How well each recommendation fits a topic: shared words, each the heavier the fewer recommendations have it."""
    profiles = _profiles(project)
    spread = Counter(word for words in profiles.values() for word in words)
    wanted = topic_words(topic)
    return {
        rec: sum(math.log((1 + len(profiles)) / spread[word]) for word in wanted & words)
        for rec, words in profiles.items()
    }


def cross_reference_findings(project: Project) -> Iterator[Finding]:
    """References of the edition, by their topic; links in our prose, by the number and topic that they name."""
    for edition in project.as_published:
        for n, reference in enumerate(edition.cross_references):
            better = _better(project, reference.topic, reference.to)
            if better is not None:
                says = {
                    tag: f"{words} → {project.recommendations[reference.to].number}"
                    for tag, words in reference.topic.items()
                }
                sides = [
                    printed(project, edition, ("cross_references", n), says),
                    _title(project, reference.to),
                    _title(project, better),
                ]
                yield _wrong(
                    project,
                    f"{reference.from_}/{reference.to}",
                    sides,
                    reference.from_,
                    reference.topic,
                    reference.to,
                    better,
                )
    for (kind, name), texts in project.prose.items():
        for tag, prose in texts.items():
            yield from _links(project, kind, name, tag, prose)


def _title(project: Project, rec: str) -> Side:
    return of_clause(project, rec, ("title",), project.recommendations[rec].title)


def _wrong(project: Project, place: str, sides: list[Side], where: str, topic: Text, to: str, better: str) -> Finding:
    recs = project.recommendations
    return found(
        "cross-reference-topic",
        place,
        sides,
        place=where,
        topic=topic,
        to=recs[to].number,
        to_title=recs[to].title,
        better=recs[better].number,
        better_title=recs[better].title,
    )


def _better(project: Project, topic: Text, to: str) -> str | None:
    """A recommendation that fits the topic clearly better than the one that is named."""
    each = scores(project, topic)
    best = max(each, key=lambda rec: each[rec])
    return best if best != to and each[best] > 0 and each[best] >= CLEARLY * each[to] else None


def _links(project: Project, kind: str, name: str, tag: str, prose: Prose) -> Iterator[Finding]:
    for hit in _LINK.finditer(prose.text):
        words, to = hit[1], hit[2]
        rec = project.recommendations.get(to)
        if rec is None:
            continue
        here = Side(
            say("side.prose", language=project.guideline.languages[tag]),
            same(hit[0]),
            prose.file,
            line_at(prose, hit.start()),
        )
        number = re.search(r"(?:推荐意见|recommendations?\s*|clause\s*r0?)(\d{1,2})|^(\d{1,2})$", words, re.IGNORECASE)
        if number:
            if int(number[1] or number[2]) != rec.number:
                sides = [here, of_clause(project, to, ("number",), same(rec.number))]
                yield found("link-number", f"{name}/{tag}-{to}", sides, place=name, words=words, number=rec.number)
            continue
        each = scores(project, {tag: words})
        better = _better(project, {tag: words}, to)
        # a link may name a part of what a recommendation is about; only words that fit it not at all are suspicious
        if better is not None and each[to] == 0 and each[better] >= FITS and len(topic_words({tag: words})) > 1:
            sides = [here, _title(project, to), _title(project, better)]
            yield _wrong(project, f"{name}/{tag}-{to}", sides, name, same(words), to, better)
