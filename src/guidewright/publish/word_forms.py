"""Forms of the English words of a name, by which readers look for it too: plurals, adjectives, both spellings.

The search takes what is typed for the beginning of a word, so it finds "kyphoplasty" when "kyphoplast" is typed, and
not when "kyphoplasties" is. It has no stemmer: that would cut abbreviations, and would not be asked for beginnings of
words. So the other forms stand in the index. Chinese has none of this; the rules are ``word_forms.yml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from guidewright.own_data import own_yaml

#: A word in Latin letters, which a hyphen or an apostrophe may hold together.
WORD = re.compile(r"[a-z\u00c0-\u024f]+(?:[-'’][a-z\u00c0-\u024f]+)*", re.IGNORECASE)
#: Shorter words are articles, prepositions and the like, and shorter abbreviations are words when they end in "s".
SHORTEST = 4
SHORTEST_ABBREVIATION = 3
#: What holds the parts of a word together.
_JOINT = re.compile("[-'’]")
#: Separates the head of a name from what belongs to it, as in "loss of height".
_OF = re.compile(r"\s+(?:of|to|in|by)\s+")


@cache
def _rules() -> Mapping[str, Any]:
    rules: Mapping[str, Any] = own_yaml(
        files("guidewright.publish").joinpath("word_forms.yml").read_text(encoding="utf-8")
    )
    return rules


@cache
def spellings(text: str) -> frozenset[str]:
    """A text in small letters as the British and as the Americans write it, with and without accents; itself too."""
    found = {text, _plain(text)}
    for british, american in _rules()["spellings"]:
        found |= {one.replace(british, american) if british in one else one.replace(american, british) for one in found}
    if any(letters in text for letters in _rules()["one_spelling"]):
        return frozenset(found)
    for british, american in _rules()["spellings_of_endings"]:
        pairs = ((british, american), (american, british))
        found |= {re.sub(rf"{a}\b", b, one) for one in found for a, b in pairs if a in one}
    return frozenset(found)


@cache
def numbers_and_adjectives(word: str) -> frozenset[str]:
    """The other forms of a word in small letters."""
    for family in _rules()["families"]:
        if word in family:
            return frozenset(family) - {word}
    rule = next(one for one in _rules()["endings"] if word.endswith(one["of"]))
    stem = word.removesuffix(rule["of"])
    return frozenset(stem + ending for ending in rule["forms"]) - {word}


def phrases(name: str) -> frozenset[str]:
    """A name in small letters as running text may have it: in the plural, and in both spellings; itself too."""
    folded = name.casefold()
    head = _head(folded)
    if not head:
        return spellings(folded)
    before, _head_word, after = folded.rpartition(head)
    return frozenset(
        spelled for form in {head, *numbers_and_adjectives(head)} for spelled in spellings(f"{before}{form}{after}")
    )


def word_forms(name: str) -> frozenset[str]:
    """Single words that readers may type for a name and that are not in it, all in small letters.

    The last word of a name, or the one before "of", is what the name is a kind of, and has its plural; the other words
    have their spellings, and the adjective or the noun of the same root. A word with a hyphen is typed as one as well.
    """
    return frozenset(_forms(name)) - set(WORD.findall(name.casefold()))


def _forms(name: str) -> Iterator[str]:
    head = _head(name.casefold())
    for match in WORD.finditer(name):
        word = match[0].casefold()
        if not word.isalpha():
            yield _JOINT.sub("", word)
        yield from spellings(word)
        last = _JOINT.split(word)[-1]
        if match[0].isupper():
            yield from {f"{word}s"} if len(word) >= SHORTEST_ABBREVIATION else ()
            continue
        if len(last) < SHORTEST:
            continue
        if word == head or last.endswith(("osis", "otic")) or any(last in family for family in _rules()["families"]):
            for one in numbers_and_adjectives(last):
                yield from spellings(one)


def _head(folded: str) -> str:
    """The word of a name that has its plural; empty where the name ends in no word of Latin letters."""
    kind = _OF.split(folded)[0]
    words = WORD.findall(kind)
    return words[-1] if words and kind.endswith(words[-1]) and len(words[-1]) > 1 else ""


def _plain(text: str) -> str:
    """Without accents."""
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
