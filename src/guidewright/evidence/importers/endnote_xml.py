"""EndNote's XML, also as Zotero, Citavi, JabRef and Covidence write it: ``records/record``, text within ``style``."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from guidewright.evidence.found import Found
from guidewright.evidence.importers import fields, xml_records
from guidewright.evidence.importers.export import Reading
from guidewright.evidence.importers.kinds_of_publication import kind_of
from guidewright.evidence.importers.names import names
from guidewright.evidence.importers.xml_records import Cut, text, texts

RECORD = "record"


def announced(content: str) -> int:
    """Start tags of records."""
    return xml_records.announced(content, RECORD)


def read(content: str, stem: str) -> Reading:
    """Read EndNote's XML."""
    return xml_records.read(content, RECORD, stem, _found)


def _found(one: Cut, identifier: str) -> Found:
    record = one.element
    kind = _kind(record)
    secondary = text(
        record,
        "titles/secondary-title",
        "periodical/full-title",
        "alt-periodical/full-title",
        "titles/alt-title",
        "periodical/abbr-1",
    )
    authors = names(texts(record, "contributors/authors/author"))
    addresses = [*texts(record, "urls/related-urls/url"), *texts(record, "urls/web-urls/url")]
    provider, source = text(record, "remote-database-provider"), text(record, "remote-database-name")
    database = (
        "PubMed" if provider.upper() == "NLM" else fields.database(source or provider) if source or provider else ""
    )
    accession = text(record, "accession-num")
    return Found(
        id=identifier,
        kind=kind,
        title=fields.plain(text(record, "titles/title", "titles/short-title")),
        translated_title=fields.plain(text(record, "titles/translated-title")),
        authors=authors,
        year=fields.year(text(record, "dates/year"), *texts(record, "dates/pub-dates/date")),
        journal="" if kind in {"book", "thesis", "report"} else fields.plain(secondary),
        volume=fields.plain(text(record, "volume")),
        issue=fields.plain(text(record, "number", "issue")),
        pages=fields.pages(text(record, "pages")) or fields.pages(text(record, "electronic-resource-num-pages")),
        publisher=fields.plain(text(record, "publisher")),
        doi=fields.doi(*texts(record, "electronic-resource-num")) or fields.doi_of_addresses(addresses),
        pmid=fields.pmid(accession)
        if database in {"PubMed", "MEDLINE"}
        else fields.pmid(*(a for a in addresses if "pubmed" in a)),
        issn=fields.issn([*texts(record, "isbn"), *texts(record, "issn")]),
        language=fields.language(text(record, "language")),
        abstract=fields.abstract(text(record, "abstract")),
        keywords=fields.keywords(texts(record, "keywords/keyword")),
        registrations=fields.registrations(one.raw),
        url=next(iter(addresses), ""),
        database=database,
        accession=fields.plain(accession),
        line=one.line,
        raw=one.raw,
    )


def _kind(record: Element) -> str:
    element = record.find("ref-type")
    return kind_of(element.get("name", "") if element is not None else "") or kind_of(text(record, "work-type"))
