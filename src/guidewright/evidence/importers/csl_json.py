"""CSL-JSON (Zotero, Mendeley, Citavi, Crossref): a list of items, one item, or ``{"items": [...]}``.

Items are decoded one by one, so a file that breaks off gives all that stand before the break.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from guidewright.evidence.bibliography import Name
from guidewright.evidence.found import Found
from guidewright.evidence.importers import fields
from guidewright.evidence.importers.export import Difference, Reading
from guidewright.evidence.importers.names import name_of

_SPACE = re.compile(r"[\s,]*")
_FIELDS = frozenset({"title", "author", "DOI", "issued", "container-title", "abstract", "PMID", "URL"})


def announced(text: str) -> int:
    """Items that begin: opening braces in the list of items."""
    return sum(1 for _ in _starts(text))


def read(text: str, stem: str) -> Reading:
    """Read a CSL-JSON text."""
    decoder = json.JSONDecoder()
    records: list[Found] = []
    differences: list[Difference] = []
    line, seen = 1, 0
    for start in _starts(text):
        line += text.count("\n", seen, start)
        seen = start
        try:
            item, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            differences.append(Difference(line, -1, "an item that is no JSON, or breaks off"))
            continue
        if not isinstance(item, dict) or not _FIELDS & item.keys():
            differences.append(Difference(line, -1, "an item without title, authors or any other field of CSL"))
            continue
        records.append(_found(item, f"{stem}/{len(records) + 1}", line, text[start:end]))
    return Reading(announced(text), tuple(records), (), tuple(differences))


def _starts(text: str) -> Iterator[int]:
    """Places at which items begin: braces on the level of the items, text within quotes left out."""
    opening = re.match(r"\s*(\{)?", text)
    outer = 1 if opening and opening[1] and re.match(r"\s*\{\s*\"items\"\s*:", text) else 0
    bracket = 1 if text.lstrip().startswith("[") or outer else 0
    depth = 0
    for found in re.finditer(r'"(?:[^"\\\n]|\\.)*"|[\[\]{}]', text):
        sign = found[0]
        if sign in "[{":
            if (
                sign == "{"
                and depth == outer + bracket
                and (bracket or found.start() == len(text) - len(text.lstrip()))
            ):
                yield found.start()
            depth += 1
        elif sign in "]}":
            depth -= 1


def _found(item: Mapping[str, Any], identifier: str, line: int, raw: str) -> Found:
    def text(*names: str) -> str:
        return next((found for name in names if (found := _text(item.get(name)))), "")

    extra = text("note")
    return Found(
        id=identifier,
        kind=text("type"),
        title=text("title"),
        translated_title=_text(item["custom"].get("translated-title")) if isinstance(item.get("custom"), dict) else "",
        authors=tuple(_names(item.get("author"))),
        year=_year(item),
        journal=text("container-title", "container-title-short", "journalAbbreviation"),
        volume=text("volume"),
        issue=text("issue"),
        pages=fields.pages(text("page") or text("number") if text("type").startswith("article") else text("page")),
        publisher=text("publisher"),
        doi=fields.doi(text("DOI")) or fields.doi(*(found for found in re.findall(r"(?i)\bdoi:\s*(10\.\S+)", extra))),
        pmid=fields.pmid(text("PMID")) or fields.pmid(extra),
        issn=fields.issn([text("ISSN"), text("ISBN")]),
        language=fields.language(text("language")),
        abstract=fields.abstract(text("abstract")),
        keywords=fields.keywords([text("keyword")]),
        registrations=fields.registrations(raw),
        url=text("URL"),
        database=text("source"),
        accession=text("accession") or _accession(item),
        line=line,
        raw=raw,
    )


def _accession(item: Mapping[str, Any]) -> str:
    return _text(item.get("archive_location")) or _text(item.get("call-number"))


def _text(value: object) -> str:
    if isinstance(value, list):
        return next((found for one in value if (found := _text(one))), "")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return fields.plain(str(value))


def _names(value: object) -> Iterator[Name]:
    for one in value if isinstance(value, list) else ():
        if not isinstance(one, dict):
            continue
        literal, family, given = (_text(one.get(key)) for key in ("literal", "family", "given"))
        particle = _text(one.get("non-dropping-particle"))
        given = " ".join(
            part for part in (given, _text(one.get("dropping-particle")), _text(one.get("suffix"))) if part
        )
        family = " ".join(part for part in (particle, family) if part)
        if re.search(r"[\u3400-\u9fff]", family + given) and not literal:
            literal = family + given
        if literal:
            if name_of(literal) is not None:
                yield Name(literal=literal)
        elif family and given:
            yield Name(family=family, given=given)
        elif family or given:
            yield Name(literal=family or given)


def _year(item: Mapping[str, Any]) -> int | None:
    for name in ("issued", "published", "published-print", "published-online", "original-date"):
        date = item.get(name)
        if isinstance(date, dict):
            parts = date.get("date-parts")
            first = parts[0] if isinstance(parts, list) and parts else None
            if isinstance(first, list) and first and (found := fields.year(_text(first[0]))):
                return found
            if found := fields.year(_text(date.get("raw")), _text(date.get("literal"))):
                return found
        elif found := fields.year(_text(date)):
            return found
    return None
