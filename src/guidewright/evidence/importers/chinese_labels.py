"""Texts with Chinese labels: CNKI's self-defined format, VIP's custom format, SinoMed's and Wanfang's text formats.

CNKI: ``Title-题名: ...``, where ``DataType`` or ``SrcDatabase-来源库`` comes first. VIP: ``【题　名】...``, with
``【序  号】1/20`` in front. SinoMed: ``标题：...`` or ``【标题】...``, with ``流水号`` among the first. Labels are
compared without blanks and brackets. A record begins where the first label of the file comes again, or a title comes
twice.
"""

from __future__ import annotations

import re
from dataclasses import replace

from guidewright.evidence.found import Found
from guidewright.evidence.importers import fields
from guidewright.evidence.importers.export import Reading
from guidewright.evidence.importers.kinds_of_publication import kind_of
from guidewright.evidence.importers.names import names
from guidewright.evidence.importers.tagged import Entry, Grammar, reading

#: Meaning -> labels, as the databases write them.
LABELS = {
    "number": "序号 DataType 记录 题录",
    "title": "题名 标题 中文标题 中文题名 篇名 文献标题 中文篇名 论文题名 标题名称",
    "translated_title": "英文标题 英文题名 英文篇名 外文题名",
    "authors": "作者 著者 中文作者 作者姓名 责任者",
    "translated_authors": "英文作者 作者拼音",
    "address": "机构 作者单位 单位 地址 作者机构 第一作者单位 作者单位名称",
    "journal": "刊名 来源 文献来源 期刊 期刊名称 出处 中文刊名 来源刊名 期刊名 文献出处",
    "translated_journal": "英文刊名 外文刊名",
    "year": "年 年份 出版年 发表年 发表年份",
    "date": "出版时间 发表时间 出版日期 发表日期 在线出版日期 更新日期",
    "volume": "卷 卷号",
    "issue": "期 期号",
    "pages": "页码 起止页 起止页码 页",
    "page_count": "页数",
    "keywords": "关键词 主题词 中文关键词 自由词 特征词",
    "translated_keywords": "英文关键词",
    "abstract": "摘要 文摘 中文摘要",
    "translated_abstract": "英文摘要",
    "database": "来源库 数据库 来源数据库 DataBase",
    "accession": "流水号 文献编号 记录号 UI",
    "issn": "ISSN ISSN号 国际标准刊号 ISBN ISBN号 ISSN/ISBN",
    "doi": "DOI DOI号",
    "url": "链接 网址 原文链接 全文链接",
    "language": "语种 语言 文献语种",
    "kind": "文献类型 文献类别 类型",
    "publisher": "出版社 学位授予单位 授予单位 出版者",
    "other": "分类号 中图分类号 CN CN号 基金 基金项目 资助基金 导师 学位 国内统一刊号 刊号 被引 被引频次 下载"
    " 下载频次 通讯作者 第一作者 分类 栏目"
    " 国别 出版地 统一刊号 DOI链接 文献标识码 学科 FirstDuty Fund CLC MeSH 医学主题词 年卷期 作者简介 收稿日期"
    " 参考文献 相关链接",
}  # fmt: skip
_MEANING = {label: meaning for meaning, labels in LABELS.items() for label in labels.split()}
_HAN = "\u4e00-\u9fff"
_CNKI = re.compile(rf"^(?:[A-Za-z]{{2,20}}-([{_HAN}]{{1,8}})|(DataType|Fund|CLC|FirstDuty))[ \t]*[:：][ \t]*(.*)$")
_BRACKETED = re.compile(r"^[ \t\u3000]*【([^】]{1,12})】[ \t\u3000]*[:：]?[ \t\u3000]*(.*)$")
_COLON = re.compile(rf"^[ \t]*([A-Z{_HAN}][A-Za-z{_HAN} \u3000/]{{0,9}})[ \t]*[:：][ \t]*(.*)$")
_HEADERS = re.compile(
    r"^\s*〖|^\s*(?:检索结果|检索式|检索时间|导出时间)\s*[:：]|^\s*[-=*_]{3,}\s*$|^\s*\d{1,7}\s*[.、]?\s*$"
)
START = re.compile(
    rf"^(?:[A-Za-z]{{2,20}}-[{_HAN}]{{1,8}}[ \t]*[:：]|DataType: |[ \t\u3000]*【(?:序|题|标|流|篇)[^】]{{1,8}}】)",
    re.MULTILINE,
)
#: VIP puts year, volume, issue and pages behind the journal: ``中国康复2019 25(6):33-36``
_SOURCE = re.compile(
    r"^(?P<journal>.+?)[,，.．]?\s*(?P<year>(?:19|20)\d\d)(?:\s*年)?[,，;；]?\s*(?P<volume>\d+)?\s*(?:卷)?\s*[(（](?:第)?(?P<issue>[^)）]+?)(?:期)?[)）]\s*[:：]?\s*(?P<pages>[\w+,-]*)"
)


def labelled(line: str) -> tuple[str, str] | None:
    """Meaning and value of a line that begins with a known label."""
    if found := _CNKI.match(line):
        label, value = found[1] or found[2], found[3]
    elif found := _BRACKETED.match(line) or _COLON.match(line):
        label, value = re.sub(r"[\s\u3000]", "", found[1]), found[2]
    else:
        return None
    meaning = _MEANING.get(label)
    return (meaning, value.strip()) if meaning else None


def announced(text: str) -> int:
    """Lines with the label that comes first in the file, or titles where these are more."""
    return _count(text.split("\n"))[1]


def _count(lines: list[str]) -> tuple[str, int]:
    meanings = [found[0] for line in lines if (found := labelled(line)) is not None]
    first = next(iter(meanings), "title")
    titles = meanings.count("title")
    if first not in {"number", "database", "accession", "title", "kind"} or meanings.count(first) < titles:
        first = "title"
    return first, meanings.count(first)


def read(text: str, stem: str) -> Reading:
    """Read a text with Chinese labels."""
    lines = text.split("\n")
    first, number = _count(lines)
    in_brackets = bool(_BRACKETED.search(text) or any(_BRACKETED.match(line) for line in lines))
    cnki = any(_CNKI.match(line) for line in lines)

    def split(line: str) -> tuple[str, str] | None:
        if cnki and not _CNKI.match(line):
            return None  # an abstract may hold 方法：, a label of other formats
        if in_brackets and not cnki and not _BRACKETED.match(line):
            return None
        return labelled(line)

    def starts(tag: str, entry: Entry | None, *, after_blank: bool) -> bool:
        return entry is not None and (
            (tag == first and entry.has(tag)) or (tag == first and after_blank and entry.has("title"))
        )

    grammar = Grammar(
        split=split,
        announces=lambda tag: tag == first,
        starts=starts,
        start_name=f"line of {LABELS[first].split()[0]}",
        carries_nothing=lambda line: bool(_HEADERS.match(line)),
    )
    found, scanned = reading(text, grammar, number, stem, _found)
    if first != "title":
        return found
    # A record of nothing but a title is one.
    return replace(
        found, announced=scanned.started, differences=tuple(one for one in found.differences if one.records > 0)
    )


def _found(entry: Entry, identifier: str, raw: str) -> Found:
    first, several = entry.first, entry.all
    source = _SOURCE.match(first("journal"))
    behind = {name: text or "" for name, text in source.groupdict().items()} if source else {}
    database = first("database")
    return Found(
        id=identifier,
        kind=kind_of(first("kind"), database) or "article-journal",
        title=fields.plain(first("title")),
        translated_title=fields.plain(first("translated_title")),
        authors=names(entry.lines("authors") or entry.lines("translated_authors")),
        year=fields.year(*several("year", "date"), behind.get("year", "")),
        journal=fields.plain(behind.get("journal") or first("journal", "translated_journal")),
        volume=fields.plain(first("volume") or behind.get("volume", "")),
        issue=fields.plain(first("issue") or behind.get("issue", "")),
        pages=fields.pages(first("pages") or behind.get("pages", "")),
        publisher=fields.plain(first("publisher")),
        doi=fields.doi(*several("doi")) or fields.doi_of_addresses(several("url")),
        issn=fields.issn(several("issn")),
        language=fields.language(first("language")),
        abstract=fields.abstract(first("abstract", "translated_abstract")),
        keywords=fields.keywords(entry.lines("keywords")),
        registrations=fields.registrations(raw),
        url=fields.plain(first("url")),
        database=_database(raw, first("url")),
        accession=fields.plain(first("accession")),
        line=entry.start,
        raw=raw,
    )


def _database(raw: str, address: str) -> str:
    if known := fields.known_database(address):
        return known
    if "SrcDatabase-来源库" in raw:
        return "CNKI"
    return "SinoMed" if "流水号" in raw else ""
