"""The search index as readers need it: Chinese by character, other names of a term, and the recommendation first.

The builder makes the index from the finished text. Three things are added, the same for every builder:

* A zero-width space between Han characters, at which the separator of the search splits, so that a term is found
  inside a sentence.
* Each page that uses a term of the glossary is found by its other names too: abbreviation, synonyms in every
  language, and forms to avoid, which include common misspellings.
* Recommendations weigh more than what they rest on, so that they come before the study that uses the same words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape, unescape
from typing import Any

from guidewright.guideline.glossary import Term
from guidewright.words import word

ZERO_WIDTH_SPACE = "\u200b"
_HAN = re.compile(r"([\u3400-\u4dbf\u4e00-\u9fff])(?=[\u3400-\u4dbf\u4e00-\u9fff])")
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


def improve(text: str, terms: Iterable[Term], language: str) -> str:
    """An index (JSON, or JSON assigned to a variable) with everything above; doing it twice changes nothing more."""
    start = text.index("{")
    end = text.rindex("}") + 1
    index = json.loads(text[start:end])
    if "docs" in index:  # Material's index; Zensical's has another shape and orders its results itself
        _add_names(index["docs"], list(terms), language)
        for doc in index["docs"]:
            weight = next((w for start_of, w in WEIGHTS.items() if doc["location"].startswith(start_of)), None)
            if weight is not None:
                doc["boost"] = weight
    return text[:start] + json.dumps(_spaced(index), ensure_ascii=False, separators=(",", ":")) + text[end:]


def _add_names(docs: list[dict[str, Any]], terms: list[Term], language: str) -> None:
    """Put the other names of the terms that a page uses into the entry of the page as a whole."""
    lead = f"<p>{escape(word('glossary.also', language))}"
    said: dict[str, str] = {}
    for doc in docs:
        page = doc["location"].partition("#")[0]
        said[page] = f"{said.get(page, '')} {doc['title']} {doc['text']}"
    for doc in docs:
        page = doc["location"]
        if "#" in page or lead in doc["text"] or page.startswith("glossary"):
            continue
        plain = unescape(_TAG.sub(" ", said[page])).replace(ZERO_WIDTH_SPACE, "").casefold()
        names = [name for term in terms if _uses(plain, term) for name in _names(term) if name.casefold() not in plain]
        if names:
            doc["text"] += f"{lead}{escape(', '.join(dict.fromkeys(names)))}</p>"


def _uses(plain: str, term: Term) -> bool:
    names = (*term.name.values(), term.abbreviation or "")
    return any(_stands_in(name.casefold(), plain) for name in names if name)


def _stands_in(name: str, plain: str) -> bool:
    """Whether a name stands in a text; in Latin letters as whole words only."""
    if not name.isascii():
        return name in plain
    return re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", plain) is not None


def _names(term: Term) -> Iterator[str]:
    yield from term.name.values()
    if term.abbreviation:
        yield term.abbreviation
    for names in term.synonyms.values():
        yield from names
    yield from term.avoid


def _spaced(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _spaced(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_spaced(item, key) for item in value]
    if isinstance(value, str) and key in {"title", "text", "path"}:
        return _HAN.sub(rf"\1{ZERO_WIDTH_SPACE}", value.replace(ZERO_WIDTH_SPACE, ""))
    return value
