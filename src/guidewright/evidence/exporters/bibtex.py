"""BibTeX in UTF-8, signs that mean something to LaTeX escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from guidewright.evidence.bibliography import Name
from guidewright.evidence.found import Found
from guidewright.evidence.importers.kinds_of_publication import PLAINLY

TYPES = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "paper-conference": "inproceedings",
    "thesis": "phdthesis",
    "report": "techreport",
    "manuscript": "unpublished",
    "pamphlet": "booklet",
}
#: Types of which BibTeX has one for several: the exact one is written beside it.
_SHARED = frozenset({"article-magazine", "article-newspaper"})
_CONTAINER = {"chapter": "booktitle", "paper-conference": "booktitle"}
_PUBLISHER = {"thesis": "school", "report": "institution"}
_ESCAPED = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
#: Signs that LaTeX joins: two hyphens are a dash.
_JOINED = re.compile(r"(?<=[-`'!?<>,])(?=[-`'<>,])")


def write_bibtex(records: Iterable[Found]) -> str:
    """Records as BibTeX; keys are made of the identifiers of the records."""
    return "\n".join(_entry(record, number) for number, record in enumerate(records, start=1))


def _entry(record: Found, number: int) -> str:
    key = re.sub(r"[^A-Za-z0-9:.-]+", "-", record.id).strip("-") or "record"
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(record))
    return f"@{TYPES.get(record.kind, 'misc')}{{{key}.{number},\n{lines}}}\n"


def _fields(record: Found) -> Iterator[tuple[str, str]]:
    if record.authors:
        yield "author", " and ".join(_name(name) for name in record.authors)
    if record.kind and (record.kind not in TYPES or record.kind in _SHARED):
        yield "type", escaped(PLAINLY.get(record.kind, record.kind))
    text = (
        ("title", record.title),
        ("translatedtitle", record.translated_title),
        (_CONTAINER.get(record.kind, "journal"), record.journal),
        ("year", str(record.year or "")),
        ("volume", record.volume),
        ("number", record.issue),
        ("pages", record.pages),
        (_PUBLISHER.get(record.kind, "publisher"), record.publisher),
        ("issn", record.issn),
        ("pmid", record.pmid),
        ("language", record.language),
        ("abstract", record.abstract),
        ("keywords", "; ".join(record.keywords) + (";" if record.keywords else "")),
        ("database", record.database),
        ("registration", "; ".join(record.registrations)),
    )
    yield from ((name, escaped(value)) for name, value in text if value)
    plain = (("doi", record.doi), ("url", record.url), ("unique-id", record.accession))
    yield from ((name, re.sub(r"[{}]", "", value)) for name, value in plain if value)


def _name(name: Name) -> str:
    if name.literal:
        return f"{{{escaped(name.literal)}}}"
    return ", ".join(escaped(part) for part in (name.family, name.given) if part)


def escaped(text: str) -> str:
    """Text as LaTeX shows it unchanged."""
    return "".join(_ESCAPED.get(sign, sign) for sign in _JOINED.sub("\0", text)).replace("\0", "{}")
