"""The languages of one text say the same: numbers, citations, links, bound values, structure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from guidewright.audit.findings import Finding, Side, found
from guidewright.audit.passages import CONFIDENCE, line_at, linked, plain
from guidewright.audit.sides import of_clause, of_file, same
from guidewright.audit.strengths import clauses_of
from guidewright.audit.texts import pairs_of
from guidewright.guideline.prose import bindings, citations
from guidewright.project import Project
from guidewright.reading.markdown_file import Prose
from guidewright.words import say

#: A number in digits that no letter touches: not T11, OF1, SF-36, Ia or a part of a name.
_NUMBER = re.compile(r"(?<![A-Za-z0-9_.–-])\d[\d,]*(?:\.\d+)?(?![A-Za-z0-9_])")
#: A space that groups the digits of one number.
_GAP = re.compile(r"(?<=\d)[\s\u2009\u00a0\u202f](?=\d{3}(?!\d))")
_SCALES = {"万": 1e4, "亿": 1e8, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_SCALED = re.compile(rf"(\d[\d,]*(?:\.\d+)?)\s*({'|'.join(_SCALES)})", re.IGNORECASE)
_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
]
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_CHINESE = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2, "双": 2, "百": 100, "千": 1000, "半": 0.5}
_OTHER = {
    **{"once": 1, "twice": 2, "half": 0.5, "both": 2, "single": 1, "sixfold": 6, "sevenfold": 7, "double": 2, "a": 1},
    **{"hundred": 100, "thousand": 1000},
}


_WORDS = {
    **{word: float(n) for n, word in enumerate(_ONES)},
    **{word: float(n) for n, word in enumerate(_ORDINALS, start=1)},
    **{word: float(n) for n, word in enumerate(_MONTHS, start=1)},
    **{word: float(n) for word, n in {**_TENS, **_OTHER}.items()},
}
_WORD = re.compile(rf"\b({'|'.join(_WORDS)})\b")
_ONE_CHINESE = re.compile(f"[{''.join(_CHINESE)}]")


def digits(text: str) -> set[float]:
    """Numbers that a text writes in digits; not 0 and 1, which words such as "yearly" or "none" stand for."""
    plain_text = CONFIDENCE.sub("", _GAP.sub("", text))
    whole = {_scaled(hit) for hit in _SCALED.finditer(plain_text)}
    rest = _SCALED.sub("", plain_text)
    return whole | {float(hit[0].replace(",", "")) for hit in _NUMBER.finditer(rest) if hit[0].strip(",")} - {0.0, 1.0}


def _scaled(hit: re.Match[str]) -> float:
    """``150万`` and ``1.5 million`` are one number."""
    return round(float(hit[1].replace(",", "")) * _SCALES[hit[2].casefold()], 3)


def any_numbers(text: str) -> set[float]:
    """Numbers that a text writes in any way: in digits, also within names, in words, as months, in ranges."""
    text = _GAP.sub("", text)
    scaled = {_scaled(hit) for hit in _SCALED.finditer(text)}
    loose = scaled | {float(hit.replace(",", "")) for hit in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)}
    loose |= {float(hit) for hit in re.findall(r"\d+(?:\.\d+)?", text)}
    loose |= {_WORDS[hit] for hit in _WORD.findall(text.casefold())}
    loose |= {_CHINESE[hit] for hit in _ONE_CHINESE.findall(text)}
    for tens, ones in re.findall(r"([二三四五六七八九]?)十([一二三四五六七八九]?)", text):
        loose.add(float((_CHINESE[tens] if tens else 1) * 10 + (_CHINESE[ones] if ones else 0)))
    return loose


def missing_numbers(one: str, other: str) -> list[float]:
    """Numbers of a text that the other does not have in any form; those within a range that it names are there."""
    wanted = digits(one)
    if not wanted:
        return []
    has = any_numbers(other)
    ranges = [(float(a), float(b)) for a, b in re.findall(r"(\d+)\s*(?:～|~|–|—|-|to|至|and)\s*(\d+)", other)]
    return sorted(n for n in wanted if n not in has and not any(a < n < b and n == int(n) for a, b in ranges))


def language_findings(project: Project) -> Iterator[Finding]:
    """Everything about two languages."""
    for (kind, name), texts in project.prose.items():
        tags = [tag for tag in project.languages if tag in texts]
        for tag in project.languages:
            if tag not in texts:
                sides = [of_file(project, kind, name, (), say("side.not-here"))]
                yield found("language-missing", f"{name}/{tag}", sides, place=name, tag=_name(project, tag))
        if len(tags) > 1:
            yield from _prose(project, kind, name, texts, tags[0], tags[1])
    yield from _changed_alone(project)
    for kind, name, path, text in pairs_of(project):
        tags = [tag for tag in project.languages if tag in text]
        for one, other in ((0, 1), (1, 0)) if len(tags) > 1 else ():
            missing = missing_numbers(text[tags[one]], text[tags[other]])
            if missing:
                where = ".".join(map(str, path))
                sides = [
                    of_file(project, kind, name, (*path, tags[one]), same(text[tags[one]])),
                    of_file(project, kind, name, (*path, tags[other]), same(text[tags[other]])),
                ]
                yield found(
                    "language-numbers",
                    f"{name}/{where}-{tags[one]}",
                    sides,
                    place=f"{name}, {where}",
                    tag=_name(project, tags[one]),
                    numbers=_listed(missing),
                )


def _changed_alone(project: Project) -> Iterator[Finding]:
    """Clauses whose wording changed in one language since the edition before, and stayed in another."""
    for edition in project.past_editions[:1]:
        before = {clause.id: clause.statement for clause in edition.clauses}
        for rec, n, clause in clauses_of(project):
            was = before.get(rec + clause.id, {})
            tags = [tag for tag in project.languages if tag in was and tag in clause.statement]
            changed = [tag for tag in tags if clause.statement[tag] != was[tag]]
            stayed = [tag for tag in tags if tag not in changed and tag not in project.recommendations[rec].outdated_in]
            if changed and stayed:
                sides = [
                    of_clause(project, rec, ("clauses", n, "statement", tag), same(clause.statement[tag]))
                    for tag in (*changed, *stayed)
                ]
                yield found(
                    "language-changed-alone",
                    rec + clause.id,
                    sides,
                    clause=rec + clause.id,
                    edition=edition.edition,
                    changed=", ".join(_name(project, tag) for tag in changed),
                    stayed=", ".join(_name(project, tag) for tag in stayed),
                )


def _name(project: Project, tag: str) -> str:
    return project.guideline.languages.get(tag, tag)


def _listed(numbers: list[float]) -> str:
    return ", ".join(f"{number:g}" for number in numbers)


def _prose(
    project: Project, kind: str, name: str, texts: Mapping[str, Prose], first: str, second: str
) -> Iterator[Finding]:
    for one, other in ((first, second), (second, first)):
        here, there = texts[one], texts[other]
        missing = missing_numbers(_words(here.text), _words(there.text))
        if missing:
            yield _only(
                project,
                "language-numbers",
                name,
                texts,
                one,
                other,
                "numbers",
                _listed(missing),
                _spot(here, missing[0]),
            )
        for rule, blank, pick in (
            ("language-citations", "cites", citations),
            ("language-bindings", "bindings", bindings),
        ):
            has = {spot.text for spot in pick(there.text)}
            more = [(spot.text, spot.offset) for spot in pick(here.text) if spot.text not in has]
            if more:
                listed = ", ".join(dict.fromkeys(text for text, _ in more))
                yield _only(project, rule, name, texts, one, other, blank, listed, more[0][1])
        targets = set(linked(there.text))
        extra = [target for target in linked(here.text) if target not in targets]
        if extra:
            listed = ", ".join(dict.fromkeys(extra))
            yield _only(project, "language-links", name, texts, one, other, "links", listed, here.text.find(extra[0]))
    for pattern, zh, en in ((r"^#{2,6} ", "标题", "headings"), (r"^\s*(?:[-*]|\d+\.) ", "列表项", "list items")):
        counts = [len(re.findall(pattern, texts[tag].text, re.MULTILINE)) for tag in (first, second)]
        if counts[0] != counts[1]:
            sides = [
                Side(say("side.prose", language=_name(project, tag)), same(n), texts[tag].file, texts[tag].line)
                for tag, n in zip((first, second), counts, strict=True)
            ]
            yield found(
                "language-structure",
                f"{name}/{en.replace(' ', '-')}",
                sides,
                place=name,
                first=_name(project, first),
                second=_name(project, second),
                what={"zh": zh, "en": en},
                n=counts[0],
                m=counts[1],
            )


def _words(text: str) -> str:
    """Words of a text without addresses and bound values."""
    return plain(re.sub(r"\{\{.*?\}\}", "", text, flags=re.DOTALL))


def _spot(prose: Prose, number: float) -> int:
    hit = re.search(rf"(?<!\d){re.escape(f'{number:g}')}(?!\d)", prose.text)
    return hit.start() if hit else 0


def _only(
    project: Project,
    rule: str,
    name: str,
    texts: Mapping[str, Prose],
    one: str,
    other: str,
    blank: str,
    listed: str,
    offset: int,
) -> Finding:
    here, there = texts[one], texts[other]
    sides = [
        Side(say("side.prose", language=_name(project, one)), same(listed), here.file, line_at(here, max(offset, 0))),
        Side(say("side.prose", language=_name(project, other)), say("side.not-here"), there.file, there.line),
    ]
    return found(rule, f"{name}/{one}", sides, place=name, tag=_name(project, one), **{blank: listed})
