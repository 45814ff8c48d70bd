"""Headings of tables of records: which column holds what, as databases, registers and screening programs call it.

From the exports of PubMed, Scopus, Web of Science, Embase, CINAHL, Lens, Dimensions, ClinicalTrials.gov, WHO ICTRP,
CNKI, Wanfang, VIP, Zotero, Mendeley, JabRef, Rayyan, Covidence, ASReview and Publish or Perish. Headings are compared
in small letters, with underscores and hyphens as blanks and without what stands in brackets; the earlier name counts
before the later one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from guidewright.evidence.importers.chinese_labels import LABELS

#: Field -> headings, the better one first. A vertical bar divides them.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    field: tuple(names.split("|"))
    for field, names in {
        "title": "title|article title|study title|document title|primary title|public title|scientific title|ti"
        "|official title|item title|paper title"
        "|publication title and subtitle|t1|t",
        "translated_title": "original title|translated title|foreign title|title in english|vernacular title",
        "authors": "authors|author|author names|author/s|author full names|first authors|au|authors list"
        "|creators|author(s)|authors full name|af|a1|investigators",
        "year": "year|publication year|published year|pubyear|py|year published|publication date|date|date"
        " published|published|pub year|issue date|date enrollement"
        "|create date|y1|pd",
        "journal": "journal|source title|publication title|journal/book|journal title|secondary title|source|so"
        "|journal book|journal name|publication name"
        "|container title|booktitle|book title|source titles|t2|periodical|full journal title|jf|ta|journal"
        " abbreviation",
        "volume": "volume|vol|vl|volume number",
        "issue": "issue|number|issue number|is|no",
        "pages": "pages|page|pagination|page range|page numbers|pg|page no|page number",
        "start_page": "page start|start page|first page|beginning page|bp|sp|startpage|begin page",
        "end_page": "page end|end page|last page|ending page|ep|endpage",
        "article_number": "art. no.|article number|ar|article no|art no|elocation id|article no.",
        "publisher": "publisher|pu|publisher name|school|institution",
        "doi": "doi|di|doi link|digital object identifier|doi number|doi url|originalpaperdoi",
        "pmid": "pmid|pubmed id|medline pmid|pm|pubmedid|pubmed|originalpaperpubmedid",
        "issn": "issn|issns|sn|print issn|issn/isbn|issn isbn|eissn|ei|e issn|electronic issn|isbn|isbns|bn",
        "language": "language|language of original document|la|languages|article language",
        "abstract": "abstract|brief summary|abstract note|ab|summary|study summary|abstracts|notes abstract|n2",
        "keywords": "keywords|author keywords|key words|de|keyword|descriptors|mesh terms|conditions|condition"
        "|manual tags|tags|index keywords|kw"
        "|emtree medical index terms|subjects",
        "url": "url|link|study url|web address|source urls|article url|articleurl|urls|external url|open url"
        " link|links|fulltext url|fulltexturl|permalink|web page",
        "accession": "accession number|eid|ut|lens id|publication id|nct number|nct id|trialid|trial id|an|pui"
        "|accession|cochrane id|id|record id|key|unique id|ref"
        "|covidence #|rank",
        "database": "database|source database|db|indexing database|library catalog|retrieved from",
        "kind": "kind|document type|item type|publication type|type of reference|article type|dt|type|reference"
        " type|pt|entrytype|doctype|resource type|articletype|ty|study type",
    }.items()
}  # fmt: skip

#: Chinese headings, by the meanings of :mod:`guidewright.evidence.importers.chinese_labels`.
_CHINESE = {
    label.casefold(): meaning
    for meaning, labels in LABELS.items()
    if meaning in HEADINGS and meaning != "number"
    for label in labels.split()
}
_CHINESE |= {
    "年,卷(期)": "source_line",
    "年，卷（期）": "source_line",
    "年卷期": "source_line",
    "发表时间": "year",
    "出版时间": "year",
    "出版日期": "year",
}
#: Fields that a table may have besides: a line of journal, year, volume, issue and pages.
FIELDS = (*HEADINGS, "source_line")
#: Embase's ``Source`` and PubMed's ``Citation`` hold such a line, where the table has no columns of volume or pages.
SOURCE_LINES = frozenset({"source", "citation", "出处", "source line"})


@lru_cache(maxsize=10_000)
def plain_heading(heading: str) -> str:
    """A heading as headings are compared."""
    text = heading.strip().strip('"\ufeff').strip()
    if found := re.match(r"^[A-Za-z]+-([\u4e00-\u9fff]+)$", text):
        return found[1]
    if text.casefold() in {"author(s)", "art. no.", "author/s", "年,卷(期)", "年，卷（期）"}:
        return text.casefold()
    text = re.sub(r"\s*[(（\[][^)）\]]*[)）\]]", "", text).casefold()
    return " ".join(re.sub(r"[_-]", " ", text).split())


def guess(headings: Sequence[str]) -> dict[str, int]:
    """Field -> place of its column (from 0), for all columns whose heading is known."""
    plain = [plain_heading(heading) for heading in headings]
    found: dict[str, int] = {}
    for field, names in HEADINGS.items():
        place = next((plain.index(name) for name in names if name in plain), None)
        if place is None:
            place = next((at for at, name in enumerate(plain) if _CHINESE.get(name) == field), None)
        if place is not None:
            found[field] = place
    source = next(
        (at for at, name in enumerate(plain) if name in SOURCE_LINES or _CHINESE.get(name) == "source_line"), None
    )
    if source is not None and not {"volume", "pages", "start_page"} & found.keys():
        found["source_line"] = source
        if found.get("journal") == source:
            del found["journal"]
    return found


def recognised(headings: Sequence[str]) -> int:
    """How many headings are known: by this a line of headings is told from other lines."""
    found = guess(headings)
    return len(found) if {"title", "doi", "pmid", "authors"} & found.keys() else 0
