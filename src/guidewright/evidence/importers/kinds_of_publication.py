"""Types of publication as formats write them -> the types of CSL, by which records are compared and cited."""

from __future__ import annotations

ARTICLE = "article-journal"

#: Types of RIS.
RIS = {
    "JOUR": ARTICLE,
    "JFULL": ARTICLE,
    "EJOUR": ARTICLE,
    "ABST": ARTICLE,
    "INPR": ARTICLE,
    "MGZN": "article-magazine",
    "NEWS": "article-newspaper",
    "BOOK": "book",
    "EBOOK": "book",
    "EDBOOK": "book",
    "SER": "book",
    "CHAP": "chapter",
    "ECHAP": "chapter",
    "ENCYC": "entry-encyclopedia",
    "DICT": "entry-dictionary",
    "CONF": "book",
    "CPAPER": "paper-conference",
    "THES": "thesis",
    "RPRT": "report",
    "GOVDOC": "report",
    "STAND": "standard",
    "PAT": "patent",
    "DATA": "dataset",
    "AGGR": "dataset",
    "ELEC": "webpage",
    "BLOG": "post-weblog",
    "UNPB": "manuscript",
    "MANSCPT": "manuscript",
    "COMP": "software",
    "CASE": "legal_case",
    "BILL": "bill",
    "STAT": "legislation",
    "LEGAL": "legislation",
    "HEAR": "hearing",
    "MAP": "map",
    "ART": "graphic",
    "FIGURE": "figure",
    "SOUND": "song",
    "MUSIC": "musical_score",
    "MPCT": "motion_picture",
    "VIDEO": "motion_picture",
    "SLIDE": "graphic",
    "PCOMM": "personal_communication",
    "ICOMM": "personal_communication",
    "PAMP": "pamphlet",
    "CLSWK": "classic",
    "PREPRINT": "article",
    "UNBILL": "bill",
    "CTLG": "book",
    "GEN": "document",
    "MISC": "document",
}

#: Names of types, in small letters, of EndNote, Refer, RefWorks, NoteExpress, reference managers and databases.
_NAMED = {
    "journal article": ARTICLE,
    "article": ARTICLE,
    "journal": ARTICLE,
    "article in press": ARTICLE,
    "review": ARTICLE,
    "electronic article": ARTICLE,
    "journal, electronic": ARTICLE,
    "期刊": ARTICLE,
    "期刊论文": ARTICLE,
    "editorial": ARTICLE,
    "letter": ARTICLE,
    "note": ARTICLE,
    "short survey": ARTICLE,
    "erratum": ARTICLE,
    "data paper": ARTICLE,
    "journalarticle": ARTICLE,
    "article-journal": ARTICLE,
    "magazine article": "article-magazine",
    "newspaper article": "article-newspaper",
    "报纸": "article-newspaper",
    "book": "book",
    "whole book": "book",
    "book, whole": "book",
    "edited book": "book",
    "monograph": "book",
    "electronic book": "book",
    "book, edited": "book",
    "book section": "chapter",
    "book, section": "chapter",
    "book chapter": "chapter",
    "chapter": "chapter",
    "conference paper": "paper-conference",
    "conference proceedings": "paper-conference",
    "conference proceeding": "paper-conference",
    "conference abstract": "paper-conference",
    "conference review": "paper-conference",
    "proceedings paper": "paper-conference",
    "meeting abstract": "paper-conference",
    "会议": "paper-conference",
    "会议论文": "paper-conference",
    "thesis": "thesis",
    "dissertation": "thesis",
    "dissertation/thesis": "thesis",
    "dissertation abstract": "thesis",
    "学位论文": "thesis",
    "硕士": "thesis",
    "博士": "thesis",
    "report": "report",
    "government document": "report",
    "technical report": "report",
    "standard": "standard",
    "patent": "patent",
    "专利": "patent",
    "标准": "standard",
    "dataset": "dataset",
    "web page": "webpage",
    "electronic source": "webpage",
    "online database": "webpage",
    "unpublished work": "manuscript",
    "manuscript": "manuscript",
    "preprint": "article",
    "generic": "document",
    "legal rule or regulation": "legislation",
    "other article": "report",
    "成果": "report",
    "科技成果": "report",
    "年鉴": "chapter",
}

BIBTEX = {
    "article": ARTICLE,
    "book": "book",
    "mvbook": "book",
    "booklet": "pamphlet",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "conference": "paper-conference",
    "proceedings": "book",
    "mvproceedings": "book",
    "collection": "book",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "thesis": "thesis",
    "techreport": "report",
    "report": "report",
    "manual": "report",
    "patent": "patent",
    "online": "webpage",
    "electronic": "webpage",
    "www": "webpage",
    "unpublished": "manuscript",
    "dataset": "dataset",
    "periodical": "periodical",
    "software": "software",
    "suppperiodical": ARTICLE,
    "inreference": "entry",
    "reference": "book",
    "standard": "standard",
    "misc": "document",
}

#: ``PT`` of Web of Science.
WEB_OF_SCIENCE = {"J": ARTICLE, "B": "book", "S": "chapter", "C": "paper-conference", "P": "patent"}


#: Types of CSL name themselves.
_NAMED |= {kind: kind for kind in (*RIS.values(), *BIBTEX.values(), *WEB_OF_SCIENCE.values()) if kind not in _NAMED}


#: CSL calls a preprint an article, a word by which databases mean papers of journals; tables and BibTeX say it plainly.
PLAINLY = {"article": "preprint"}


def kind_of(*values: str) -> str:
    """The type that is named first; nothing where no value names one that is known."""
    for value in values:
        for part in (value, *value.replace(";", ",").split(",")):
            if (kind := _NAMED.get(part.strip().casefold())) is not None:
                return kind
    return ""
