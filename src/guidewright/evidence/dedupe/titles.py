"""What a title says, and what a database has added to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from guidewright.evidence.dedupe.letters import plain, squeezed, words
from guidewright.evidence.dedupe.library import word_lists

#: Spelled-out and Roman numbers, so that ``part two``, ``part II`` and ``part 2`` agree. ``i`` counts only after a
#: word that is numbered, since it is a pronoun, too.
_NUMBERS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "twelve": "12", "first": "1", "second": "2", "third": "3", "fourth": "4",
    "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12",
}  # fmt: skip
_CHINESE_NUMBERS = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "上": "1", "下": "2"}
_NUMBERED = {"part", "parts", "type", "phase", "stage", "grade", "class", "group", "chapter", "study", "trial"}
#: Single letters tell one of a series (hepatitis B, group C); ``a`` and ``s`` are words or what is left of words.
_LETTERS = frozenset("bcdefghjklmnopqrtuvwxyz")
_SPELLED = frozenset(_NUMBERS) | _LETTERS | {"i"}
_DIGITS = re.compile(r"\d+")
#: Signs around a title that say nothing.
_AROUND = ' "“”.[]*'
_CHINESE_PART = re.compile(r"[(（]?第?([一二三四五]|[上下])[)）部篇]?(?:部分|篇)?[)）]?\s*$|第([一二三四五])部分")
#: Notes of databases that may hold brackets themselves or be cut off: all from there on belongs to the note.
_NOTE_TO_THE_END = re.compile(
    r"[\s.]*\[(?:published erratum|erratum (?:appears|in)|corrected|comment (?:in|on)|see comment|retraction (?:in|of)"
    r"|republished|update (?:of|in)|summary for patients|reprint (?:in|of)|note:)"
)
_BRACKETS_AT_END = re.compile(r"[\s.]*\[([^\[\]]*)\]?[\s.]*$")
_PARENTHESES_AT_END = re.compile(r"[\s.]*\(([^()]*(?:\([^()]*\)[^()]*)*)\)[\s.]*$")
_OF_ANOTHER = re.compile(
    r"^(?:.{0,120}\bvol(?:ume)?\.? ?\d+.{0,40}\b(?:pg|p|pp|page)\b|.{4,160}\([^()]{0,30}\d{4}\).{0,40}\([\w\s,-]+\))"
)
_RETRACTED = re.compile(r"^(?:\[?retracted(?: article)?[\]:.]*|withdrawn[:.]|retracted:)\s*")


@dataclass(frozen=True, slots=True)
class Title:
    """A title prepared for comparison."""

    key: str
    """Letters and digits of the title alone, without additions of a database."""
    spaced: str
    """The same with one space between words."""
    sorted: str
    """Words in order of the alphabet, each joined to the next."""
    numbers: str
    """Numbers and single-letter names in it (``2 18 c``), sorted; two papers of a series differ in these."""
    notice: str
    """Kind of notice about another record (``erratum``), or nothing."""
    vague: bool
    """Whether it says no more than ``Editorial``."""


EMPTY = Title("", "", "", "", "", True)


@dataclass(frozen=True, slots=True)
class _Notice:
    kind: str
    start: tuple[str, ...]
    end: tuple[str, ...]
    anywhere: tuple[str, ...]


@cache
def _lists() -> tuple[re.Pattern[str], re.Pattern[str], tuple[_Notice, ...], frozenset[str]]:
    lists = word_lists()

    def either(phrases: list[str]) -> str:
        return "|".join(re.escape(phrase) for phrase in phrases)

    bracketed = re.compile(rf"^\W*(?:\d+ refs|(?:{either(lists['additions']['bracketed'])})\b)")
    parentheses = re.compile(rf"^\W*(?:{either(lists['additions']['in_parentheses'])})")
    notices = tuple(
        _Notice(kind, tuple(some["start"]), tuple(some["end"]), tuple(some.get("anywhere", ())))
        for kind, some in lists["notices"].items()
    )
    return bracketed, parentheses, notices, frozenset(squeezed(title) for title in lists["empty_titles"])


def read_title(raw: str) -> Title:
    """Prepare a title. One that stands wholly in brackets is a translation; the brackets fall away."""
    text = plain(raw).strip()
    if not text:
        return EMPTY
    text, of_another = _without_additions(text)
    text, notice = _without_notice(text)
    tokens = words(text.replace("'", ""))
    key = "".join(tokens)
    return Title(
        key,
        " ".join(tokens),
        "".join(sorted(tokens)),
        _numbers(tokens, text),
        notice or ("erratum" if of_another else ""),
        not key or len(key) < 4 or key in _lists()[3],
    )


def _without_additions(text: str) -> tuple[str, bool]:
    """The title alone; and whether an addition names the volume and page of another publication."""
    bracketed, parentheses, _, _ = _lists()
    text = _RETRACTED.sub("", text)
    if "[" in text and (note := _NOTE_TO_THE_END.search(text)) and len(squeezed(text[: note.start()])) >= 4:
        text = text[: note.start()].rstrip()
    of_another = False
    while "[" in text or "(" in text:
        found = _BRACKETS_AT_END.search(text)
        if found and (bracketed.match(found[1]) or found.start() >= 25) and found.start() > 0:
            if len(squeezed(text[: found.start()])) < 4:
                break
            text = text[: found.start()].rstrip()
            continue
        found = _PARENTHESES_AT_END.search(text)
        if found and found.start() > 10:
            if parentheses.match(found[1]):
                text = text[: found.start()].rstrip()
                continue
            if _OF_ANOTHER.match(found[1]):
                text, of_another = text[: found.start()].rstrip(), True
                continue
        break
    if text.startswith("[") and text.rstrip(". ").endswith("]"):
        text = text.strip("[]. ")
    return text, of_another


def _without_notice(text: str) -> tuple[str, str]:
    """The title of what a notice is about, so that the two are found together; and the kind of notice."""
    bare = text.strip(_AROUND)
    for notice in _lists()[2]:
        rest = ""
        if bare.startswith(notice.start):
            rest = bare[max(len(one) for one in notice.start if bare.startswith(one)) :]
        elif bare.endswith(notice.end):
            rest = bare[: -max(len(one) for one in notice.end if bare.endswith(one))]
        elif not any(one in bare for one in notice.anywhere):
            continue
        return (rest if notice.kind != "protocol" and len(squeezed(rest)) >= 10 else text), notice.kind
    return text, ""


def _numbers(tokens: list[str], text: str) -> str:
    spelled = _SPELLED.intersection(tokens)
    found = _DIGITS.findall(" ".join(tokens))
    if found:
        found = [number.lstrip("0") or "0" for number in found]
    if spelled:
        found += [_NUMBERS[word] for word in tokens if word in _NUMBERS]
        found += [word for word in tokens if word in _LETTERS]
        found += ["1" for before, word in pairwise(tokens) if word == "i" and before in _NUMBERED]
    if not text.isascii() and (part := _CHINESE_PART.search(text)):
        found.append(_CHINESE_NUMBERS[part[1] or part[2]])
    return " ".join(sorted(found)) if found else ""
