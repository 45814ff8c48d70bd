"""Terms of a question to highlight in titles and abstracts, by the part of the question they come from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from guidewright.evidence.questions import Question
from guidewright.evidence.selecting.library import everyday_words

#: Field of a question -> letter of PICOS.
PARTS = {"population": "P", "intervention": "I", "comparator": "C", "outcomes": "O", "study_designs": "S"}
_WORD = re.compile(r"[A-Za-z][A-Za-z-]{3,}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")
_CHINESE_SPLIT = re.compile(r"[的与和或及、，；。（）其对在为后前内无有者及以上下单独看待]+")


@dataclass(frozen=True)
class Mark:
    """A stretch of a text to highlight: start, end (in characters), and the part of the question."""

    start: int
    end: int
    part: str


def terms_of(questions: Sequence[Question]) -> Mapping[str, str]:
    """Terms in lower case -> letter of PICOS. A term of several parts belongs to the first of them."""
    found: dict[str, str] = {}
    for question in questions:
        for field, letter in PARTS.items():
            texts = [one.name for one in question.outcomes] if field == "outcomes" else [getattr(question, field)]
            for text in texts:
                for words in text.values():
                    for term in _terms(words):
                        found.setdefault(term, letter)
    return found


def _terms(words: str) -> Iterator[str]:
    for word in _WORD.findall(words):
        if word.lower() not in everyday_words():
            yield _stem(word.lower())
    for run in _CHINESE.findall(words):
        yield from (part for part in _CHINESE_SPLIT.split(run) if len(part) >= 2)


def _stem(word: str) -> str:
    """The part of an English word that its forms have in common; short words stay whole."""
    for ending in ("ies", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4 and not word.endswith("ss"):
            return word[: -len(ending)]
    return word


def marks(text: str, terms: Mapping[str, str]) -> list[Mark]:
    """Where the terms stand in a text, in order, without overlaps; an English term begins a word."""
    if not terms:
        return []
    ordered = sorted(terms, key=lambda term: (-len(term), term))
    latin = [re.escape(term) for term in ordered if term.isascii()]
    other = [re.escape(term) for term in ordered if not term.isascii()]
    parts = ([rf"\b(?:{'|'.join(latin)})\w*"] if latin else []) + other
    found = []
    for match in re.finditer("|".join(parts), text, re.IGNORECASE):
        word = match[0].lower()
        part = terms.get(word) or next((terms[term] for term in ordered if word.startswith(term)), "")
        found.append(Mark(match.start(), match.end(), part))
    return found
