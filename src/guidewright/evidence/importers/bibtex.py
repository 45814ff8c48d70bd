"""BibTeX and BibLaTeX, of Scopus, Web of Science, Google Scholar and reference managers, divided by bibtexparser.

What it puts aside is read as well: entries with a key that stands before (two records may have one), entries that
give a field twice, and entries whose braces do not close, from which the fields that stand on lines of their own are
taken.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bibtexparser import middlewares, parse_string
from bibtexparser.middlewares.names import parse_single_name_into_parts
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, ParsingFailedBlock

from guidewright.evidence.bibliography import Name
from guidewright.evidence.found import Found
from guidewright.evidence.importers import fields
from guidewright.evidence.importers.export import Difference, OddLine, Reading
from guidewright.evidence.importers.kinds_of_publication import BIBTEX, kind_of
from guidewright.evidence.importers.names import name_of
from guidewright.reading.bibtex_file import plain

logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # it logs what it also returns

#: ``@set`` of BibLaTeX only names other entries.
START = re.compile(r"^[ \t]*@(?!(?:string|comment|preamble|set)\b)([A-Za-z]+)[ \t]*[{(]", re.MULTILINE | re.IGNORECASE)
_FIELD = re.compile(r"^[ \t]*([A-Za-z][\w-]{1,40})[ \t]*=[ \t]*(.+?),?[ \t]*$", re.MULTILINE)
_MATH = re.compile(r"(?<!\\)\$([^$\n]{1,80})(?<!\\)\$")
#: What an entry takes over from the one it refers to by ``crossref``.
_INHERITED = {"title": "booktitle", "year": "year", "date": "date", "publisher": "publisher", "isbn": "isbn"}


@dataclass(frozen=True, slots=True)
class _Block:
    """One entry: type, key, fields as they are written, and its place."""

    kind: str
    key: str
    line: int
    raw: str
    values: Mapping[str, str]
    broken: str = ""


def announced(text: str) -> int:
    """Lines that begin an entry."""
    return len(START.findall(text))


def read(text: str, stem: str) -> Reading:
    """Read a BibTeX text."""
    blocks = list(_blocks(text))
    by_key = {block.key.casefold(): block for block in reversed(blocks)}
    records = [_found(block, by_key, f"{stem}/{number}") for number, block in enumerate(blocks, start=1)]
    odd = [OddLine(block.line, block.raw.split("\n")[0].strip(), block.broken) for block in blocks if block.broken]
    lines = {block.line for block in blocks}
    starts = {text.count("\n", 0, at.start()) + 1 for at in START.finditer(text)}
    several = [Difference(line, 1, "a record that begins within another line") for line in sorted(lines - starts)]
    missed = [
        Difference(line, -1, "an entry that stands within another one, or holds nothing")
        for line in sorted(starts - lines)
    ]
    same = len(blocks) - len(lines)  # more than one entry on a line
    differences = [*several, *missed, *([Difference(1, same, "entries on one line")] if same else [])]
    return Reading(announced(text), tuple(records), tuple(odd), tuple(differences))


def _blocks(text: str) -> Iterator[_Block]:
    library = middlewares.ResolveStringReferencesMiddleware().transform(parse_string(text, parse_stack=[]))
    for one in library.blocks:
        line = (one.start_line or 0) + 1
        raw = one.raw or ""
        twice = isinstance(one, DuplicateFieldKeyBlock)
        broken = "the entry gives a field twice; the first one counts" if twice else ""
        block: Any = one
        if isinstance(one, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
            block = one.ignore_error_block
        if isinstance(block, Entry):
            values: dict[str, str] = {}
            for item in block.fields:
                name = item.key.rpartition("\n")[2].strip().casefold()
                values.setdefault(name, str(item.value))
            if block.entry_type.casefold() != "set":
                yield _Block(block.entry_type.casefold(), block.key.strip(), line, raw, values, broken)
        elif isinstance(block, ParsingFailedBlock) and (start := START.search(raw)):
            values = {name.casefold(): value for name, value in reversed(_FIELD.findall(raw))}
            if values:
                key = raw[start.end() :].partition(",")[0].strip()
                why = "the braces or quotes of this entry do not close; its fields were read line by line"
                yield _Block(start[1].casefold(), key, line, raw, values, why)


def _found(block: _Block, by_key: Mapping[str, _Block], identifier: str) -> Found:
    values = dict(block.values)
    parent = by_key.get(_bare(values.get("crossref", "")).casefold())
    if parent is not None and parent is not block:
        for name, own in _INHERITED.items():
            if name in parent.values:
                values.setdefault(own, parent.values[name])

    def text(*names: str) -> str:
        return next((found for name in names if (found := _plain(values.get(name, "")))), "")

    def written(*names: str) -> str:
        return next((found for name in names if (found := _bare(values.get(name, "")))), "")

    kind = BIBTEX.get(block.kind, "")
    if kind in {"document", "", "article-journal"}:
        kind = kind_of(text("type"), text("document_type")) or kind
    title, subtitle = text("title"), text("subtitle")
    accession = written("unique-id") or (block.key if re.match(r"(?:WOS|MEDLINE|BIOSIS):", block.key) else "")
    return Found(
        id=identifier,
        kind=kind,
        title=f"{title}: {subtitle}" if title and subtitle else title or text("booktitle"),
        translated_title=text("translatedtitle"),
        authors=tuple(_authors(_bare(values.get("author", ""), deepest=1))),
        year=fields.year(text("year"), text("date"), text("issued")),
        journal=text("journal", "journaltitle")
        or (text("booktitle", "maintitle") if title else "")
        or text("journal-iso", "shortjournal"),
        volume=text("volume"),
        issue=text("number", "issue"),
        pages=fields.pages(re.sub(r"\s*[-–—]+\s*", "-", text("pages")))
        or fields.pages(text("article-number", "eid", "art_number", "articleno")),
        publisher=text("publisher", "school", "institution", "organization"),
        doi=fields.doi(written("doi")) or fields.doi_of_addresses([written("url"), written("note")]),
        pmid=fields.pmid(written("pmid", "pubmed_id"))
        or (fields.pmid(written("eprint")) if written("eprinttype") == "pubmed" else ""),
        issn=fields.issn([text("issn"), text("isbn"), text("eissn")]),
        language=fields.language(text("language", "langid")),
        abstract=fields.abstract(text("abstract")),
        keywords=fields.keywords(_keywords(text("author_keywords") or text("keywords", "keyword"))),
        registrations=fields.registrations(block.raw),
        url=written("url"),
        database=_database(text("database"), text("source"), accession),
        accession=accession,
        line=block.line,
        raw=block.raw,
    )


def _database(stated: str, source: str, accession: str) -> str:
    """The database by name; ``source`` names one at Scopus, elsewhere anything."""
    if stated:
        return fields.database(stated)
    return "Scopus" if source == "Scopus" else "Web of Science" if accession.startswith("WOS") else ""


def _bare(value: str, deepest: int = 9) -> str:
    """A value without what encloses it; around a list of authors only the first pair is the field's own."""
    value = value.strip()
    for _ in range(deepest):
        if len(value) < 2 or (value[0], value[-1]) not in {("{", "}"), ('"', '"')} or not _encloses(value):
            break
        value = value[1:-1].strip()
    return " ".join(value.split())


def _encloses(value: str) -> bool:
    """Whether the first and last characters belong together."""
    if value[0] == '"':
        return '"' not in value[1:-1]
    depth = 0
    for at, sign in enumerate(value):
        depth += (sign == "{") - (sign == "}")
        if depth == 0:
            return at == len(value) - 1
    return False


def _plain(value: str) -> str:
    bare = re.sub(r"\\textasciicircum(?:\{\}|(?![A-Za-z]))", "^", _bare(value))
    if "$" in bare:
        bare = _MATH.sub(lambda found: re.sub(r"[_^{}]|\\(?:textrm|mathrm|text|rm)\b", "", found[1]), bare)
    return fields.plain(plain(re.sub(r"(?<!\\)~", " ", bare)))


def _keywords(value: str) -> list[str]:
    return [value] if ";" in value else value.split(",")


def _authors(value: str) -> Iterator[Name]:
    for part in _divided(value):
        if part.startswith("{") and part.endswith("}") and _encloses(part):
            literal = _plain(part)
            yield Name(literal=literal) if literal else Name(literal=part)
        elif (name := _author(part)) is not None:
            yield name


def _author(part: str) -> Name | None:
    if "," in part or not re.search(r"\s", part) or re.search(r"[\u3400-\u9fff]", part):
        return name_of(_plain(part)) if _plain(part) else None
    try:
        names = parse_single_name_into_parts(part)
    except ValueError:
        return name_of(_plain(part))
    family, given = (_plain(" ".join(words)) for words in ([*names.von, *names.last], [*names.first, *names.jr]))
    if not family or family.casefold() == "others":
        return None
    return Name(family=family, given=given) if given else Name(literal=family)


def _divided(value: str) -> Iterator[str]:
    """Authors divided at ``and`` outside of braces."""
    depth, start = 0, 0
    for found in re.finditer(r"\{|\}|\s+and\s+|;\s+", value, re.IGNORECASE):
        sign = found[0]
        if sign in "{}":
            depth += 1 if sign == "{" else -1
        elif depth <= 0 and (sign.strip() != ";" or " and " not in value):
            yield value[start : found.start()].strip()
            start = found.end()
    if rest := value[start:].strip():
        yield rest
