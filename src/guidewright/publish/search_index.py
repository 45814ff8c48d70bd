"""The search index as readers need it: Chinese by character, other names of a term, and the recommendation first.

The index is made from the finished pages (:mod:`guidewright.publish.search_sections`), in the file and with the
settings that the builder wrote. Beyond what the builders would do:

* A zero-width space stands between Han characters, and before a word in Latin letters, at which the separator of the
  search splits, so that a term is found inside a sentence. A single letter stays with what it ends, as in 维生素D.
* Each page that uses a term of the glossary is found by its other names too: abbreviation, synonyms in every
  language, and forms to avoid, which include common misspellings; and by the forms in which readers type the words of
  all of these: plurals, adjectives, British and American spelling (:mod:`guidewright.publish.word_forms`). Every word
  of a page is found by both spellings.
* Recommendations weigh more than what they rest on, so that they come before the study that uses the same words.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

from guidewright.guideline.glossary import Term
from guidewright.publish.search_sections import Entry
from guidewright.publish.word_forms import phrases, spellings, word_forms
from guidewright.words import word

ZERO_WIDTH_SPACE = "\u200b"
_HAN = re.compile(r"([\u3400-\u4dbf\u4e00-\u9fff])(?=[\u3400-\u4dbf\u4e00-\u9fff]|[A-Za-z]{2})")
_LATIN = re.compile("[a-z0-9]")
_TAG = re.compile(r"<[^>]+>")
#: Words in small Latin letters as the search divides a text; hyphens part them.
_WORD = re.compile(r"[a-z\u00c0-\u024f]+")
#: Weight of pages in the order of results. The theme weighs a title 1,000 times a text, so small numbers suffice to
#: put one kind before another among pages that have the word in the title, or among those that have it in the text.
#: The lists of evidence repeat the words of the recommendations in their headings, so they come after every text.
WEIGHTS: Mapping[str, float] = {
    "recommendations/": 4.0,
    "pathways/": 2.0,
    "tools/": 2.0,
    "tables/": 2.0,
    "evidence/": 0.001,
}


@dataclass(frozen=True)
class Names:
    """By what a text is known to use a term, by what other names readers look for it, and forms of the words of these.

    Other names are as they are shown; what a text uses and the forms are in small letters.
    """

    used: tuple[str, ...]
    others: tuple[str, ...]
    forms: tuple[str, ...]


def names_of(terms: Iterable[Term]) -> tuple[Names, ...]:
    """The names of every term of the glossary."""
    found = []
    for one in terms:
        used = {form for name in (*one.name.values(), one.abbreviation or "") if name for form in phrases(name)}
        others = tuple(_names(one))
        forms = {form for name in others for form in word_forms(name)}
        found.append(Names(tuple(sorted(used)), others, tuple(sorted(forms))))
    return tuple(found)


def improved(entries: list[Entry], names: Iterable[Names], language: str) -> list[Entry]:
    """The entries of one page, the page as a whole first, with everything above."""
    if not entries:
        return []
    page = entries[0]["location"]
    first = entries[0]
    said = " ".join(f"{one['title']} {one['text']}" for one in entries)
    plain = unescape(_TAG.sub(" ", said)).casefold()
    here = frozenset(_WORD.findall(plain))
    glossary = page.startswith("glossary")  # it has every term with all its names
    terms = [term for term in names if glossary or _uses(term, plain, here)]
    others = [] if glossary else [name for term in terms for name in term.others if name.casefold() not in plain]
    words = sorted(here | {*(one for name in others for one in _WORD.findall(name.casefold()))})
    typed = {form for term in terms for form in term.forms} | {form for one in here for form in spellings(one)}
    forms = sorted(form for form in typed if not _begins(form, words))
    for key, more in (("glossary.also", list(dict.fromkeys(others))), ("glossary.forms", forms)):
        if more:
            text = f"<p>{escape(word(key, language))}{escape(', '.join(more))}</p>"
            first = {**first, "text": first["text"] + text}
    weight = next((one for start, one in WEIGHTS.items() if page.startswith(start)), None)
    return [_spaced(one, weight) for one in (first, *entries[1:])]


def filled(text: str, pages: Iterable[list[Entry]]) -> str:
    """The index file of a builder (JSON, or JSON assigned to a variable) with these entries as its content."""
    start, end = text.index("{"), text.rindex("}") + 1
    index = json.loads(text[start:end])
    if "docs" in index:
        index["docs"] = [one for entries in pages for one in entries]
    else:  # Zensical's index names the page above each entry and orders its results itself
        index["items"] = [_item(one, entries[0]) for entries in pages for one in entries]
    return text[:start] + json.dumps(index, ensure_ascii=False, separators=(",", ":")) + text[end:]


def _item(one: Entry, page: Entry) -> dict[str, Any]:
    level = 1 if one is page else 2
    return {k: v for k, v in one.items() if k != "boost"} | {"level": level, "path": [page["title"]], "tags": []}


def _spaced(one: Entry, weight: float | None) -> Entry:
    title, text = (_HAN.sub(rf"\1{ZERO_WIDTH_SPACE}", part) for part in (one["title"], one["text"]))
    entry: Entry = {"location": one["location"], "title": title, "text": text}
    if weight is not None:
        entry["boost"] = weight
    return entry


def _uses(term: Names, plain: str, here: frozenset[str]) -> bool:
    """Whether a text uses a term; ``here`` are its words, which tell of most names that they cannot stand in it."""
    return any(
        _stands_in(used, plain) for used in term.used if (first := _WORD.match(used)) is None or first[0] in here
    )


def _stands_in(name: str, plain: str) -> bool:
    """Whether a name stands in a text; in Latin letters as whole words only."""
    start = plain.find(name)
    while start >= 0:
        end = start + len(name)
        around = plain[max(0, start - 1) : start] + plain[end : end + 1]
        if not (name.isascii() and _LATIN.search(around)):
            return True
        start = plain.find(name, start + 1)
    return False


def _begins(form: str, words: list[str]) -> bool:
    """Whether one of the words, which are in order, begins so: then the search finds it already."""
    place = bisect_left(words, form)
    return place < len(words) and words[place].startswith(form)


def _names(term: Term) -> Iterator[str]:
    yield from term.name.values()
    if term.abbreviation:
        yield term.abbreviation
    for names in term.synonyms.values():
        yield from names
    yield from term.avoid
