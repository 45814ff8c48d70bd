"""The search index as readers need it: Chinese by character, other names of a term, and the recommendation first.

The index is made from the finished pages (:mod:`guidewright.publish.search_sections`), in the file and with the
settings that the builder wrote. Beyond what the builders would do:

* A zero-width space stands between Han characters, at which the separator of the search splits, so that a term is found
  inside a sentence.
* Each page that uses a term of the glossary is found by its other names too: abbreviation, synonyms in every
  language, and forms to avoid, which include common misspellings.
* Recommendations weigh more than what they rest on, so that they come before the study that uses the same words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

from guidewright.guideline.glossary import Term
from guidewright.publish.search_sections import Entry
from guidewright.words import word

ZERO_WIDTH_SPACE = "\u200b"
_HAN = re.compile(r"([\u3400-\u4dbf\u4e00-\u9fff])(?=[\u3400-\u4dbf\u4e00-\u9fff])")
_LATIN = re.compile("[a-z0-9]")
_TAG = re.compile(r"<[^>]+>")
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
    """By what a text is known to use a term, folded to small letters, and by what else readers look for it."""

    used: tuple[str, ...]
    others: tuple[str, ...]


def names_of(terms: Iterable[Term]) -> tuple[Names, ...]:
    """The names of every term of the glossary."""
    found = []
    for one in terms:
        used = [name.casefold() for name in (*one.name.values(), one.abbreviation or "") if name]
        found.append(Names(tuple(used), tuple(_names(one))))
    return tuple(found)


def improved(entries: list[Entry], names: Iterable[Names], language: str) -> list[Entry]:
    """The entries of one page, the page as a whole first, with everything above."""
    if not entries:
        return []
    page = entries[0]["location"]
    first = entries[0]
    if not page.startswith("glossary"):
        said = " ".join(f"{one['title']} {one['text']}" for one in entries)
        plain = unescape(_TAG.sub(" ", said)).casefold()
        lacking = [
            name
            for term in names
            if any(_stands_in(used, plain) for used in term.used)
            for name in term.others
            if name.casefold() not in plain
        ]
        if lacking:
            more = f"<p>{escape(word('glossary.also', language))}{escape(', '.join(dict.fromkeys(lacking)))}</p>"
            first = {**first, "text": first["text"] + more}
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


def _names(term: Term) -> Iterator[str]:
    yield from term.name.values()
    if term.abbreviation:
        yield term.abbreviation
    for names in term.synonyms.values():
        yield from names
    yield from term.avoid
