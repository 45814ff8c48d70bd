"""XML, record by record: each one is cut out of the text and parsed by itself.

So a broken record costs no other one, its line is known, and nothing that stands in front of the records has any
effect: a document type, with the entities it may define (of a bomb, or of a file to fetch), is never given to the
parser, and inside of a record it is not allowed. Entities of HTML are resolved; any other one stays as it is written.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

# The parser sees single elements without document type, hence no entity can be defined (see above).
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from guidewright.evidence.found import Found
from guidewright.evidence.importers.export import Difference, OddLine, Reading
from guidewright.evidence.importers.fields import joined

_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9A-Fa-f]+);)([A-Za-z][A-Za-z0-9]*;)?")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Cut:
    """One record as it stands in the text."""

    line: int
    raw: str
    element: Element
    whole: bool
    """False where the record breaks off: it was read up to there."""


def announced(text: str, name: str) -> int:
    """Start tags of records."""
    return len(re.findall(rf"<(?:{name})(?=[\s>])", text))


def read(content: str, name: str, stem: str, found_of: Callable[[Cut, str], Found]) -> Reading:
    """Read all records of an XML text; ``found_of`` gets each one and its identifier."""
    records: list[Found] = []
    odd: list[OddLine] = []
    differences: list[Difference] = []
    for one in cut(content, name):
        if isinstance(one, Difference):
            differences.append(one)
            continue
        records.append(found_of(one, f"{stem}/{len(records) + 1}"))
        if not one.whole:
            why = "the record breaks off here or is no XML further on; read up to there"
            odd.append(OddLine(one.line + one.raw.count("\n"), one.raw.rpartition("\n")[2].strip(), why))
    return Reading(announced(content, name), tuple(records), tuple(odd), tuple(differences))


def cut(text: str, name: str) -> Iterator[Cut | Difference]:
    """Every record of a text; ``name`` is the name of its element, several are divided by ``|``."""
    starts = [match.start() for match in re.finditer(rf"<(?:{name})(?=[\s>])", text)]
    line, at = 1, 0
    for number, start in enumerate(starts):
        limit = starts[number + 1] if number + 1 < len(starts) else len(text)
        line += text.count("\n", at, start)
        at = start
        end = re.search(rf"</(?:{name})\s*>", text[start:limit])
        raw = text[start : start + end.end()] if end else text[start:limit].rstrip()
        element, whole = _parsed(raw)
        if element is None or not (len(element) or (element.text or "").strip()):
            yield Difference(line, -1, "a record without content, or one that cannot be read")
        else:
            yield Cut(line, raw, element, whole)


def _parsed(raw: str) -> tuple[Element | None, bool]:
    """The element, also where it breaks off, and whether it is whole."""
    parser: XMLPullParser[Any] = XMLPullParser(events=("start",))
    root: Element | None = None
    whole = False
    try:
        parser.feed(_resolved(raw))
        parser.close()
        whole = True
    except (ParseError, ValueError, LookupError):
        pass
    try:
        first: Any = next(iter(parser.read_events()), None)
        root = first[1] if first else None
    except (ParseError, ValueError):
        whole = False
    return root, whole


def _resolved(raw: str) -> str:
    """Entities of HTML as characters, other ampersands as text, characters that XML has not as blanks."""
    parts = _CDATA.split(_UNSEEN.sub(" ", raw))
    return "".join(part if part.startswith("<![CDATA[") else _ENTITY.sub(_character, part) for part in parts)


def _character(found: re.Match[str]) -> str:
    known = html.entities.html5.get(found[1]) if found[1] else None
    return known if known and known not in "<&" else "&amp;" + found[0][1:]


def text_of(element: Element | None) -> str:
    """All text within an element, markup left out."""
    return joined("".join(element.itertext()).split("\n")) if element is not None else ""


def texts(element: Element | None, path: str) -> list[str]:
    """Texts at a path that are not empty."""
    return [text for one in (element.iterfind(path) if element is not None else ()) if (text := text_of(one))]


def text(element: Element | None, *paths: str) -> str:
    """The first text that is not empty."""
    return next((found for path in paths for found in texts(element, path)), "")
