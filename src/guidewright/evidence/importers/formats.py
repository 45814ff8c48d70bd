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
    announced: Callable[[str], int]
    """Text -> how many records it announces."""
    also: re.Pattern[str] | None = None
    """What must stand in the text as well."""


#: In this order where two signs stand at the same place.
FORMATS = (
    Format("RIS", ris.START, ris.read, ris.announced),
    Format("MEDLINE (nbib)", medline.START, medline.read, medline.announced),
    Format(
        "Ovid tagged",
        re.compile(f"{ovid.START.pattern}|{ovid.FIRST.pattern}", re.MULTILINE),
        ovid.read,
        ovid.announced,
        re.compile(r"^[A-Z][A-Z0-9] {1,2}- ", re.MULTILINE),
    ),
    Format(
        "Web of Science tagged",
        web_of_science.START,
        web_of_science.read,
        web_of_science.announced,
        re.compile(r"^(?:TI|AU|SO|UT) ", re.MULTILINE),
    ),
    Format("Refer (EndNote)", refer.START, refer.read, refer.announced),
    Format("Refer (EndNote)", refer.ANY, refer.read, refer.announced, re.compile(r"^%T ", re.MULTILINE)),
    Format("NoteExpress", noteexpress.START, noteexpress.read, noteexpress.announced),
    Format(
        "RefWorks tagged",
        refworks.START,
        refworks.read,
        refworks.announced,
        re.compile(r"^(?:T1|A1|SR|JF)", re.MULTILINE),
    ),
    Format("Cochrane text", cochrane.START, cochrane.read, cochrane.announced, cochrane.FIELDS),
    Format(
        "PubMed XML",
        re.compile(r"<(?:PubmedArticle|PubmedBookArticle)(?=[\s>])"),
        pubmed_xml.read,
        pubmed_xml.announced,
    ),
    Format(
        "EndNote XML",
        re.compile(r"<record(?=[\s>])"),
        endnote_xml.read,
        endnote_xml.announced,
        re.compile(r"<ref-type|<titles>"),
    ),
    Format("NoteFirst XML", re.compile(r"<Bibliography(?=[\s>])"), chinese_xml.read, chinese_xml.announced),
    Format("VIP XML", re.compile(r"<PeriodicalPaper(?=[\s>])"), chinese_xml.read, chinese_xml.announced),
    Format("BibTeX", bibtex.START, bibtex.read, bibtex.announced, re.compile(r"=")),
    Format("Chinese labelled text", chinese_labels.START, chinese_labels.read, chinese_labels.announced),
    Format(
        "Chinese labelled text",
        re.compile(r"^[ \t]*(?:流水号|标题|中文标题|中文题名|题名|篇名|作者|著者)[ \t]*[:：]", re.MULTILINE),
        chinese_labels.read,
        chinese_labels.announced,
        re.compile(r"^[ \t]*(?:标题|中文标题|中文题名|题名|篇名)[ \t]*[:：]", re.MULTILINE),
    ),
)
_CSL_JSON = Format("CSL-JSON", re.compile(r"\{"), csl_json.read, csl_json.announced)
#: Characters in which the first record stands, if not after an unusually long preface.
_ENOUGH = 200_000
_JSON = re.compile(r"\s*(?:\[\s*(?:\{|\])|\{\s*\")")


def format_of(text: str) -> Format | None:
    """The format of a text by what stands first in it; nothing where it is a table, or no format that we know."""
    if _JSON.match(text):
        return _CSL_JSON
    for part in (text[:_ENOUGH], text) if len(text) > _ENOUGH else (text,):
        found = [
            (at.start(), number)
            for number, one in enumerate(FORMATS)
            if (at := one.sign.search(part)) is not None and (one.also is None or one.also.search(part))
        ]
        if found:
            return FORMATS[min(found)[1]]
    return None


#: Names of all formats, for the manual.
NAMES = tuple(dict.fromkeys([*(one.name for one in FORMATS), _CSL_JSON.name, "Table (CSV, TSV, XLSX)"]))
