"""Reports of one study among included publications: a trial has a protocol, results, follow-ups and subgroups.

What is proposed rests on signs that are named with it. ``sure``: a registration number in common. ``likely``: the
same title by the same authors in two places, or a study name (VERTOS II) and authors in common. ``possible``: a similar
title by the same first author and mostly the same authors within a few years; these are shown and not joined.
Publications with different registration numbers are never joined.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from rapidfuzz import fuzz

from guidewright.evidence.dedupe.groups import Groups
from guidewright.evidence.dedupe.letters import plain, words
from guidewright.evidence.dedupe.merging import Publication, natural
from guidewright.evidence.dedupe.names import Authors, read_authors
from guidewright.evidence.dedupe.titles import Title, read_title
from guidewright.evidence.studies import ReportKind

Strength = Literal["sure", "likely", "possible"]
#: Years between the reports of one study, at most, where only title and authors tell.
YEARS = 5
#: A name of a study: capitals within a word, a number or numeral behind it, before a word that says what it is.
_NAME = r"([A-Z][A-Za-z]*[A-Z][A-Za-z-]*(?:[ -](?:I{1,3}|IV|V|\d{1,2}))?)"
_NAMED = (
    re.compile(rf"\b{_NAME}[ -](?:trial|study|randomi[sz]ed|cohort|investigators|registry|extension)\b"),
    re.compile(rf"\({_NAME}\)"),
    re.compile(rf"^{_NAME}:"),
    re.compile(rf":\s*(?:the\s+)?{_NAME}$"),
)
_NO_NAMES = frozenset(
    [
        "RCT",
        "MRI",
        "CT",
        "DXA",
        "BMI",
        "BMD",
        "QOL",
        "VAS",
        "ODI",
        "PVP",
        "PKP",
        "OVCF",
        "HIV",
        "HPV",
        "DNA",
        "RNA",
        "USA",
        "UK",
        "EU",
        "II",
        "III",
        "IV",
        "COVID",
    ]
)


@dataclass(frozen=True)
class Sign:
    """What speaks for two publications being reports of one study."""

    one: str
    other: str
    strength: Strength
    why: str
    """``registration NCT01200277``, ``name VERTOS II``, ``same title``, ``similar title``."""


@dataclass(frozen=True)
class Proposal:
    """Publications that are proposed as reports of one study, the first by year first."""

    name: str
    """Name of the study in titles, or first author and year."""
    publications: tuple[str, ...]
    registrations: tuple[str, ...]
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    publication: Publication
    title: Title
    authors: Authors
    names: frozenset[str]


def proposals(publications: Sequence[Publication]) -> tuple[list[Proposal], list[Sign]]:
    """Every study among publications, those with one report too; and the signs that are only possible."""
    read = {one.found.id: _read(one) for one in publications}
    ids = sorted(read, key=natural)
    number = {name: n for n, name in enumerate(ids)}
    signs = [sign for pair in _pairs(read) if (sign := _sign(read[pair[0]], read[pair[1]])) is not None]
    groups = Groups(
        (min(a, b), max(a, b))
        for a, b in combinations(range(len(ids)), 2)
        if _different_trials(read[ids[a]].publication, read[ids[b]].publication)
    )
    kept = []
    order = {"sure": 0, "likely": 1, "possible": 2}
    for sign in sorted(signs, key=lambda s: (order[s.strength], natural(s.one), natural(s.other))):
        if sign.strength != "possible" and groups.join(number[sign.one], number[sign.other]):
            kept.append(sign)
    members: dict[int, list[str]] = defaultdict(list)
    for name in ids:
        members[groups.group_of(number[name])].append(name)
    found = [_proposal([read[name] for name in group], kept) for group in members.values()]
    joined = {frozenset(pair) for group in members.values() for pair in combinations(group, 2)}
    possible = [
        sign for sign in signs if sign.strength == "possible" and frozenset((sign.one, sign.other)) not in joined
    ]
    return sorted(found, key=lambda one: natural(one.publications[0])), possible


def study_names(title: str) -> frozenset[str]:
    """Names of studies in a title: ``VERTOS II``."""
    found = {match for pattern in _NAMED for match in pattern.findall(title)}
    return frozenset(name for name in found if name.upper() not in _NO_NAMES and not name.islower())


def kind_of_report(title: str, *, conference: bool, first: bool) -> ReportKind:
    """What a publication is to its study, as its title says."""
    text = plain(title)
    if "protocol" in text or "rationale and design" in text or "研究方案" in text:
        return ReportKind.PROTOCOL
    if conference:
        return ReportKind.ABSTRACT
    if any(word in text for word in ("subgroup", "post hoc", "post-hoc", "亚组")):
        return ReportKind.SUBGROUP
    if any(word in text for word in ("secondary analysis", "secondary outcome", "cost-effectiveness", "二次分析")):
        return ReportKind.SECONDARY
    if not first and any(word in text for word in ("follow-up", "follow up", "long-term", "extension", "随访")):
        return ReportKind.FOLLOW_UP
    return ReportKind.RESULTS


def _read(publication: Publication) -> _Read:
    found = publication.found
    return _Read(publication, read_title(found.title), read_authors(found.authors), study_names(found.title))


def _pairs(read: Mapping[str, _Read]) -> Iterable[tuple[str, str]]:
    """Publications that share a registration number, a study name or an author."""
    by: dict[str, list[str]] = defaultdict(list)
    for name, one in read.items():
        keys = {f"r {number.upper()}" for number in one.publication.found.registrations}
        keys |= {f"n {word.upper()}" for word in one.names} | {f"a {one.authors.first}"} - {"a "}
        keys |= {f"t {one.title.key}"} if not one.title.vague else set()
        for key in keys:
            by[key].append(name)
    pairs = {tuple(sorted(pair, key=natural)) for names in by.values() for pair in combinations(names, 2)}
    return sorted((pair[0], pair[1]) for pair in pairs)


def _different_trials(one: Publication, other: Publication) -> bool:
    left, right = ({r.upper() for r in publication.found.registrations} for publication in (one, other))
    return bool(left and right and not left & right)


def _sign(one: _Read, other: _Read) -> Sign | None:
    here, there = one.publication.found, other.publication.found

    def sign(strength: Strength, why: str) -> Sign:
        return Sign(here.id, there.id, strength, why)

    shared = {r.upper() for r in here.registrations} & {r.upper() for r in there.registrations}
    if shared:
        return sign("sure", f"registration {sorted(shared)[0]}")
    if _different_trials(one.publication, other.publication):
        return None
    authors = fuzz.token_set_ratio(one.authors.names, other.authors.names)
    names = {name.upper() for name in one.names} & {name.upper() for name in other.names}
    if names and _people(one.authors) & _people(other.authors):
        return sign("likely", f"name {sorted(names)[0]}")
    years = abs((here.year or 0) - (there.year or 0)) if here.year and there.year else 0
    if years > YEARS or authors < 60 or one.title.vague or other.title.vague:
        return None
    if one.title.key == other.title.key and authors >= 75:
        return sign("likely", "same title")
    alike = fuzz.ratio(one.title.key, other.title.key)
    if alike >= 70 and one.authors.first == other.authors.first != "":
        return sign("possible", "similar title")
    return None


def _people(authors: Authors) -> set[str]:
    return set(authors.names.split())


def _proposal(group: Sequence[_Read], signs: Sequence[Sign]) -> Proposal:
    ordered = sorted(group, key=lambda one: (one.publication.found.year or 9999, natural(one.publication.found.id)))
    ids = tuple(one.publication.found.id for one in ordered)
    names = sorted({name for one in ordered for name in one.names}, key=lambda name: (-_often(name, ordered), name))
    first = ordered[0]
    author = first.publication.found.authors[0] if first.publication.found.authors else None
    by = (author.family or author.literal or "") if author else ""
    year = first.publication.found.year
    shared = names[0] if names and (_often(names[0], ordered) > 1 or len(ordered) == 1) else ""
    name = shared or " ".join(filter(None, (by, str(year or "")))) or ids[0]
    registrations = sorted({r.upper() for one in ordered for r in one.publication.found.registrations})
    inner = tuple(sign for sign in signs if {sign.one, sign.other} <= set(ids))
    return Proposal(name, ids, tuple(registrations), inner)


def _often(name: str, group: Sequence[_Read]) -> int:
    return sum(name in one.names for one in group)


def slug_of(name: str) -> str:
    """A name as the identifier of a study: ``VERTOS II`` is ``vertos-ii``; empty where it has no Latin letters."""
    return "-".join(word for word in words(plain(name)) if word.isascii())[:60]
