"""Every format: its name, how its content is recognised, and its reader. The name of a file says nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from guidewright.evidence.importers import (
    bibtex,
    chinese_labels,
    chinese_xml,
    cochrane,
    csl_json,
    endnote_xml,
    medline,
    noteexpress,
    ovid,
    pubmed_xml,
    refer,
    refworks,
    ris,
    web_of_science,
)
from guidewright.evidence.importers.export import Reading


@dataclass(frozen=True, slots=True)
class Format:
    """One format of text."""

    name: str
    sign: re.Pattern[str]
    """What only a text of this format has, at the beginning of its first record."""
    read: Callable[[str, str], Reading]
    """Text and name of the export without suffix -> what is in it."""
    also: re.Pattern[str] | None = None
    """What must stand in the text as well."""


#: In this order where two signs stand at the same place.
FORMATS = (
    Format("RIS", ris.START, ris.read),
    Format("MEDLINE (nbib)", medline.START, medline.read),
    Format("Ovid tagged", re.compile(f"{ovid.START.pattern}|{ovid.FIRST.pattern}", re.MULTILINE), ovid.read, re.compile(r"^[A-Z][A-Z0-9] {1,2}- ", re.MULTILINE)),
    Format("Web of Science tagged", web_of_science.START, web_of_science.read, re.compile(r"^(?:TI|AU|SO|UT) ", re.MULTILINE)),
    Format("Refer (EndNote)", refer.START, refer.read),
    Format("Refer (EndNote)", refer.ANY, refer.read, re.compile(r"^%T ", re.MULTILINE)),
    Format("NoteExpress", noteexpress.START, noteexpress.read),
    Format("RefWorks tagged", refworks.START, refworks.read, re.compile(r"^(?:T1|A1|SR|JF)", re.MULTILINE)),
    Format("Cochrane text", cochrane.START, cochrane.read, cochrane.FIELDS),
    Format("PubMed XML", re.compile(r"<(?:PubmedArticle|PubmedBookArticle)(?=[\s>])"), pubmed_xml.read),
    Format("EndNote XML", re.compile(r"<record(?=[\s>])"), endnote_xml.read, re.compile(r"<ref-type|<titles>")),
    Format("NoteFirst XML", re.compile(r"<Bibliography(?=[\s>])"), chinese_xml.read),
    Format("VIP XML", re.compile(r"<PeriodicalPaper(?=[\s>])"), chinese_xml.read),
    Format("BibTeX", bibtex.START, bibtex.read, re.compile(r"=")),
    Format("Chinese labelled text", chinese_labels.START, chinese_labels.read),
    Format("Chinese labelled text", re.compile(r"^[ \t]*(?:流水号|标题|中文标题|中文题名|题名|篇名|作者|著者)[ \t]*[:：]", re.MULTILINE), chinese_labels.read,
           re.compile(r"^[ \t]*(?:标题|中文标题|中文题名|题名|篇名)[ \t]*[:：]", re.MULTILINE)),
)  # fmt: skip
_JSON = re.compile(r"\s*(?:\[\s*(?:\{|\])|\{\s*\")")


def format_of(text: str) -> tuple[str, Callable[[str, str], Reading]] | None:
    """The format of a text by what stands first in it; nothing where it is a table, or no format that we know."""
    if _JSON.match(text):
        return "CSL-JSON", csl_json.read
    found = [
        (at.start(), number)
        for number, one in enumerate(FORMATS)
        if (at := one.sign.search(text)) is not None and (one.also is None or one.also.search(text))
    ]
    if not found:
        return None
    chosen = FORMATS[min(found)[1]]
    return chosen.name, chosen.read


#: Names of all formats, for the manual.
NAMES = tuple(dict.fromkeys([*(one.name for one in FORMATS), "CSL-JSON", "Table (CSV, TSV, XLSX)"]))
