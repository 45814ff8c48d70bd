"""Terms of the glossary explained where they first stand on a page.

A term becomes a link to its meaning, which is in the page. With script it opens in place, by mouse, touch or keyboard,
stays while it is read and is closed by Escape (WCAG 1.4.13, ``popover``); without script the link shows it at the foot
of the window, with a link that closes it. A button would need no script, but no line can break inside a button.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from guidewright.guideline.glossary import Term

#: Templates whose pages are read from the beginning; lists, tables and traces would be full of buttons.
TEMPLATES = frozenset({"recommendation", "chapter", "pathway", "tool"})
#: Parts of a page that are running text.
_RUNNING = re.compile(
    r'<(?P<tag>p|div) class="(?:gw-prose|gw-statement|gw-lead|gw-step-text)">.*?</(?P=tag)>|<dd>.*?</dd>', re.DOTALL
)
_PIECES = re.compile(r"(<[^>]+>)")
_TAG = re.compile(r"<(/?)([a-zA-Z0-9]+)")
#: Inside these a term stays as it is: it already leads somewhere, or is no running text.
_LEFT_ALONE = frozenset({"a", "button", "code", "pre", "svg", "table", "h1", "h2", "h3", "h4", "summary", "textarea"})
_LETTER = "A-Za-z0-9\u00c0-\u024f"


@dataclass(frozen=True)
class Explained:
    """A term in the language of the page: names by which it is recognised, full name and meaning, all escaped."""

    id: str
    names: tuple[str, ...]
    title: str
    meaning: str


class Explainer:
    """Explains terms on the pages of one language. ``escape`` makes text safe for HTML and Markdown alike."""

    def __init__(self, terms: Iterable[Term], language: str, escape: Callable[[object], str]) -> None:
        found = [one for term in terms if (one := _explained(term, language, escape)) is not None]
        self._by_name: Mapping[str, Explained] = {name: one for one in found for name in one.names}

    def explain(self, text: str, glossary: str, more: str, close: str) -> str:
        """The text of a page with its terms explained; ``glossary`` is its address, the others are words of links."""
        parts = [found[0] for found in _RUNNING.finditer(text)]
        running = "".join(parts)
        folded = running.casefold()
        names = tuple(name for name in self._by_name if name.casefold() in folded)
        if not names:
            return text
        pattern, used = _pattern(names), dict[str, Explained]()
        explained = _RUNNING.sub(lambda found: self._in_part(found[0], pattern, used), text)
        if not used:
            return text
        notes = "".join(
            f'<div popover id="term-{one.id}-note" class="gw-term-note"><p><strong>{one.title}</strong> {one.meaning}'
            f'</p><p><a href="{glossary}#term-{one.id}">{more}</a> '
            f'<a class="gw-close" href="#term-{one.id}">{close}</a></p></div>'
            for one in used.values()
        )
        # a section, since the search ends what it leaves out at the first closing tag of the same name
        return f'{explained}\n\n<section class="gw-terms" data-search-exclude data-unsearched>{notes}</section>\n'

    def _in_part(self, part: str, pattern: re.Pattern[str], used: dict[str, Explained]) -> str:
        inside: list[str] = []
        pieces = _PIECES.split(part)
        for n, piece in enumerate(pieces):
            if tag := _TAG.match(piece):
                name = tag[2].lower()
                if name in _LEFT_ALONE:
                    inside = inside[:-1] if tag[1] else [*inside, name]
            elif not inside:
                pieces[n] = pattern.sub(lambda found: self._link(found[0], used), piece)
        return "".join(pieces)

    def _link(self, words: str, used: dict[str, Explained]) -> str:
        one = self._by_name.get(words) or self._by_name.get(_lower(words)) or self._by_name[_upper(words)]
        if one.id in used:
            return words
        used[one.id] = one
        return f'<a class="gw-term" id="term-{one.id}" href="#term-{one.id}-note">{words}</a>'


def _explained(term: Term, language: str, escape: Callable[[object], str]) -> Explained | None:
    meaning, name = (term.definition or {}).get(language), term.name.get(language)
    if not meaning or not name:
        return None
    names = [str(escape(name)), *([str(escape(term.abbreviation))] if term.abbreviation else [])]
    if term.abbreviation:
        title = f"{names[0]} ({names[1]})" if language != "zh" else f"{names[0]}（{names[1]}）"
    else:
        title = names[0]
    forms = dict.fromkeys(form for one in names for form in (one, _lower(one)) if len(one) > 1)
    return Explained(term.id, tuple(forms), title, str(escape(meaning)))


def _lower(words: str) -> str:
    """With a small first letter, as a name stands inside a sentence; abbreviations stay."""
    return words[:1].lower() + words[1:] if not words[1:2].isupper() else words


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


@cache
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the names, the longest first; names in letters only as whole words, also after a Chinese character."""
    longest = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<![{_LETTER}&#])(?:{'|'.join(map(re.escape, longest))})(?![{_LETTER}])")
