"""NoteFirst's XML (``Bibliography``) and VIP's XML (``PeriodicalPaper``), which Wanfang, VIP and CNKI offer."""

from __future__ import annotations

from guidewright.evidence.found import Found
from guidewright.evidence.importers import fields, xml_records
from guidewright.evidence.importers.export import Reading
from guidewright.evidence.importers.kinds_of_publication import kind_of
from guidewright.evidence.importers.names import names
from guidewright.evidence.importers.xml_records import Cut, text, texts

RECORD = "Bibliography|PeriodicalPaper"


def announced(content: str) -> int:
    """Start tags of records."""
    return xml_records.announced(content, RECORD)


def read(content: str, stem: str) -> Reading:
    """Read NoteFirst's or VIP's XML."""
    return xml_records.read(content, RECORD, stem, _found)


def _found(one: Cut, identifier: str) -> Found:
    record = one.element
    vip = record.tag == "PeriodicalPaper"
    return Found(
        id=identifier,
        kind="article-journal" if vip else kind_of(text(record, "Type")),
        title=fields.plain(text(record, "PrimaryTitle/Title", "Titles/Title/Text", "Titles/Title")),
        authors=names([*texts(record, "Authors/Author/Info/FullName"), *texts(record, "Creators/Creator/Name")]),
        year=fields.year(text(record, "Year"), text(record, "PublishDate")),
        journal=fields.plain(text(record, "Medium/Media", "Periodical/Name")),
        volume=fields.plain(text(record, "Volume", "Volum")),
        issue=fields.plain(text(record, "Issue")),
        pages=fields.pages(text(record, "PageScope", "Page")),
        publisher=fields.plain(text(record, "Publisher")),
        doi=fields.doi(text(record, "DOI"), text(record, "Doi")),
        issn=fields.issn(texts(record, "Periodical/ISSN") or texts(record, "ISSN")),
        language=fields.language(text(record, "Language", "Titles/Title/Language")),
        abstract=fields.abstract(text(record, "Abstracts/Abstract/Text", "Abstracts/Abstract")),
        keywords=fields.keywords(texts(record, "Keywords/Keyword")),
        registrations=fields.registrations(one.raw),
        url=text(record, "Url", "URL"),
        database="VIP" if vip else "",
        accession=fields.plain(text(record, "ID")),
        line=one.line,
        raw=one.raw,
    )
