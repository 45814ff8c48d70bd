"""PubMed's XML: ``PubmedArticle`` and ``PubmedBookArticle``."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from guidewright.evidence.bibliography import Name
from guidewright.evidence.found import Found
from guidewright.evidence.importers import fields, xml_records
from guidewright.evidence.importers.export import Reading
from guidewright.evidence.importers.names import name_of
from guidewright.evidence.importers.xml_records import Cut, text, text_of, texts

RECORD = "PubmedArticle|PubmedBookArticle"


def announced(content: str) -> int:
    """Start tags of records."""
    return xml_records.announced(content, RECORD)


def read(content: str, stem: str) -> Reading:
    """Read PubMed's XML."""
    return xml_records.read(content, RECORD, stem, _found)


def _found(one: Cut, identifier: str) -> Found:
    element = one.element
    citation = element.find("MedlineCitation")
    article = citation.find("Article") if citation is not None else element.find("BookDocument")
    book = article.find("Book") if article is not None else None
    journal = article.find("Journal") if article is not None else None
    issue = journal.find("JournalIssue") if journal is not None else None
    pmid = text(citation, "PMID") or text(article, "PMID") or text(element, ".//PMID")
    title = text(article, "ArticleTitle")
    vernacular = text(article, "VernacularTitle")
    return Found(
        id=identifier,
        kind=("chapter" if title else "book") if book is not None else _kind(article),
        title=fields.plain(title or vernacular or text(book, "BookTitle")),
        translated_title=fields.plain(vernacular if title else ""),
        authors=_authors(article, book, chapter=bool(title)),
        year=_year(article, issue, book),
        journal=fields.plain(
            text(journal, "Title", "ISOAbbreviation")
            or text(citation, "MedlineJournalInfo/MedlineTA")
            or (text(book, "BookTitle") if title else "")
        ),
        volume=fields.plain(text(issue, "Volume")),
        issue=fields.plain(text(issue, "Issue")),
        pages=_pages(article),
        publisher=fields.plain(text(book, "Publisher/PublisherName")),
        doi=_doi(element, article),
        pmid=fields.pmid(pmid),
        issn=fields.issn(
            [*texts(journal, "ISSN"), *texts(citation, "MedlineJournalInfo/ISSNLinking"), *texts(book, "Isbn")]
        ),
        language=fields.language(text(article, "Language")),
        abstract=_abstract(article),
        keywords=fields.keywords(
            [
                *texts(citation, "MeshHeadingList/MeshHeading/DescriptorName"),
                *texts(citation, "KeywordList/Keyword"),
                *texts(article, "KeywordList/Keyword"),
            ]
        ),
        registrations=fields.registrations(one.raw),
        database="PubMed",
        accession=fields.pmid(pmid),
        line=one.line,
        raw=one.raw,
    )


def _kind(article: Element | None) -> str:
    types = {one.casefold() for one in texts(article, "PublicationTypeList/PublicationType")}
    return "article" if "preprint" in types else "article-journal"


def _authors(article: Element | None, book: Element | None, *, chapter: bool) -> tuple[Name, ...]:
    places = [article] if chapter or book is None else [article, book]
    lists = [
        found
        for place in places
        if place is not None
        for found in place.iterfind("AuthorList")
        if found.get("Type") != "editors"
    ]
    authors = [author for found in lists[:1] for author in found.iterfind("Author")]
    return tuple(name for author in authors if (name := _name(author)) is not None)


def _name(author: Element) -> Name | None:
    family, given = text(author, "LastName"), text(author, "ForeName", "Initials")
    suffix = text(author, "Suffix")
    if not family:
        return name_of(text(author, "CollectiveName"))
    given = " ".join(part for part in (given, suffix) if part)
    return Name(family=family, given=given) if given else Name(literal=family)


def _year(article: Element | None, issue: Element | None, book: Element | None) -> int | None:
    """Year of the issue; for what has none, of the electronic publication."""
    return fields.year(
        text(issue, "PubDate/Year", "PubDate/MedlineDate"),
        text(book, "PubDate/Year", "PubDate/MedlineDate"),
        text(article, "ArticleDate/Year"),
        text(article, "ContributionDate/Year"),
    )


def _pages(article: Element | None) -> str:
    found = fields.pages(text(article, "Pagination/MedlinePgn")) or fields.pages(
        text(article, "Pagination/StartPage"), text(article, "Pagination/EndPage")
    )
    if found or article is None:
        return found
    # An article number; the publisher's own identifiers (S0140-6736(20)30183-5) are no pages.
    numbers = [text_of(one) for one in article.iterfind("ELocationID") if one.get("EIdType") == "pii"]
    return next((fields.pages(one) for one in numbers if len(one) <= 9 and "(" not in one), "")


def _doi(element: Element, article: Element | None) -> str:
    places = list(article.iterfind("ELocationID")) if article is not None else []
    stated = [text_of(one) for one in places if one.get("EIdType") == "doi"]
    lists = [
        *element.iterfind("PubmedData/ArticleIdList/ArticleId"),
        *element.iterfind("PubmedBookData/ArticleIdList/ArticleId"),
    ]
    return fields.doi(*stated, *(text_of(one) for one in lists if one.get("IdType") == "doi"))


def _abstract(article: Element | None) -> str:
    """Sections with their labels, as PubMed shows them."""
    if article is None:
        return ""
    sections = [(one.get("Label"), text_of(one)) for one in article.iterfind("Abstract/AbstractText")]
    return fields.abstract(
        " ".join(
            f"{label}: {words}" if label and label != "UNLABELLED" else words for label, words in sections if words
        )
    )
