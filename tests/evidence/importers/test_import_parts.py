"""Decoding, names and single fields."""

from __future__ import annotations

import codecs

import pytest

from guidewright.evidence.importers import decoding, fields
from guidewright.evidence.importers.decoding import decode
from guidewright.evidence.importers.export import UnreadableError
from guidewright.evidence.importers.headings import guess
from guidewright.evidence.importers.names import listed_parts, name_of, names, written
from guidewright.evidence.importers.reading import read_export, stem_of

RIS = "TY  - JOUR\nTI  - {}\nER  - \n"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("张三;李四", ["张三", "李四"]),
        ("张三；李四；", ["张三", "李四"]),
        ("张三,李四，王五", ["张三", "李四", "王五"]),
        ("张三、李四", ["张三", "李四"]),
        ("张三 李四", ["张三", "李四"]),
        ("张 三", ["张三"]),
        ("李, 明", ["李明"]),
        ("张三~(1),李四~(1,2)", ["张三", "李四"]),
        ("张三[1,2];李四[3]", ["张三", "李四"]),
        ("阿布都热西提·买买提;张三", ["阿布都热西提·买买提", "张三"]),
        ("中华医学会骨质疏松和骨矿盐疾病分会", ["中华医学会骨质疏松和骨矿盐疾病分会"]),
        ("北京大学学报(哲学社会科学版)编辑部;张三", ["北京大学学报(哲学社会科学版)编辑部", "张三"]),
        ("Klazen, C. A. H.; Lohle, P.", ["Klazen, C. A. H.", "Lohle, P."]),
        ("Clark W", ["Clark, W"]),
        ("de Vries J.", ["de Vries, J."]),
        ("Liu R.-X.", ["Liu, R.-X."]),
        ("Clark, William 1,2,*", ["Clark, William"]),
        ("Clark, William M.D., Ph.D.", ["Clark, William"]),
        ("Comstock, BA", ["Comstock, BA"]),
        ("Comstock BA", ["Comstock, BA"]),
        ("Smith MD", ["Smith, MD"]),
        ("John Smith MD", ["John Smith"]),
        ("Werner, S. M. [Author, Reprint Author; E-mail: a@example.org]", ["Werner, S. M."]),
        ("World Health Organization", ["World Health Organization"]),
        ("et al.", []),
        ("张三 等", ["张三"]),
        ("张三,李四,等.", ["张三", "李四"]),
        ("", []),
        (" ; ,", []),
    ],
)
def test_names_of_a_field(value: str, expected: list[str]) -> None:
    assert [written(name) for name in names([value])] == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Liu R., Adler D.G.", ["Liu R.", "Adler D.G."]),
        ("Smith, J., Doe, K.", ["Smith, J.", "Doe, K."]),
        ("Bos, Patrick", ["Bos, Patrick"]),
        ("['Marx, Karl', 'Lindgren, Astrid']", ["Marx, Karl", "Lindgren, Astrid"]),
        ("Smith John and Doe Jane", ["Smith John", "Doe Jane"]),
        ("A Smith, B Doe, C Miller", ["A Smith", "B Doe", "C Miller"]),
        ("[not a list", ["[not a list"]),
    ],
)
def test_names_of_a_cell(value: str, expected: list[str]) -> None:
    assert listed_parts(value) == expected


def test_a_chinese_name_is_never_split() -> None:
    name = name_of("欧阳明")
    assert name is not None
    assert (name.literal, name.family, name.given) == ("欧阳明", None, None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10.1136/BMJ.K1551", "10.1136/bmj.k1551"),
        ("https://doi.org/10.1136/bmj.k1551.", "10.1136/bmj.k1551"),
        ("http://dx.doi.org/10.1016%2FS0140-6736%2810%2960954-3", "10.1016/s0140-6736(10)60954-3"),
        ("doi: 10.1016/S0140-6736(10)60954-3)", "10.1016/s0140-6736(10)60954-3"),
        ("10.1056/NEJMoa0900429 [doi]", "10.1056/nejmoa0900429"),
        ("10.3969/j.issn.1672-9676.2020.01.039", "10.3969/j.issn.1672-9676.2020.01.039"),
        ("DOI", ""),
        ("", ""),
    ],
)
def test_doi(value: str, expected: str) -> None:
    assert fields.doi(value) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("1106-1111+1117", "", "1106-1111+1117"),
        ("94-98,93", "", "94-98,93"),
        ("1085", "1092", "1085-1092"),
        ("349-69", "369", "349-69"),
        ("152", "152", "152"),
        ("457-60-", "", "457-60"),
        ("pp. 11 - 31", "", "11-31"),
        ("493--518", "", "493-518"),
        ("No", "Specified", ""),
        ("No Pagination Specified", "", ""),
        ("e0815", "", "e0815"),
        ("S12", "S15", "S12-S15"),
        ("", "12", "12"),
    ],
)
def test_pages(start: str, end: str, expected: str) -> None:
    assert fields.pages(start, end) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2009 Aug 6", 2009),
        ("1948/07//", 1948),
        ("10 15", None),
        ("20160812", 2016),
        ("2016年8月", 2016),
        ("0000 Year", None),
    ],
)
def test_year(value: str, expected: int | None) -> None:
    assert fields.year(value) == expected


def test_small_fields() -> None:
    assert fields.issn(["0140-6736 (Print)"]) == "0140-6736"
    assert fields.issn(["15333604"]) == "1533-3604"
    assert fields.issn(["978-3-642-32156-6"]) == "9783642321566"
    assert fields.language("chi") == fields.language("中文;") == fields.language("Chinese") == "zh"
    assert fields.language("Klingon") == "Klingon"
    assert fields.pmid("PUBMED 19657121") == "19657121"
    assert fields.pmid("000000000000") == ""
    assert fields.database("北京万方数据股份有限公司") == "Wanfang Data"
    assert fields.database("Ovid MEDLINE(R) ALL") == "MEDLINE"
    assert fields.abstract("<正>目的(#br)方法") == "目的 方法"
    assert fields.registrations("see nct01200277, ChiCTR2000030000 and ISRCTN 12345678") == (
        "NCT01200277",
        "ChiCTR2000030000",
        "ISRCTN12345678",
    )


def test_stems() -> None:
    assert [stem_of(name) for name in ("a.ris", "a.b.txt", "noname", ".hidden")] == ["a", "a.b", "noname", ".hidden"]


@pytest.mark.parametrize(
    ("raw", "text", "encoding"),
    [
        (codecs.BOM_UTF8 + "骨".encode(), "骨", "UTF-8 with byte order mark"),
        ("骨折".encode("utf-16"), "骨折", "UTF-16"),
        ("TY  - JOUR\nTI  - abc".encode("utf-16-le"), "TY  - JOUR\nTI  - abc", "UTF-16 without byte order mark"),
        ("TY  - JOUR\nTI  - abc".encode("utf-16-be"), "TY  - JOUR\nTI  - abc", "UTF-16 without byte order mark"),
        ("骨质疏松性椎体压缩骨折".encode("gb18030"), "骨质疏松性椎体压缩骨折", "GB18030"),
        ("Päckert, naïve".encode("cp1252"), "Päckert, naïve", "Windows-1252"),
        (b"a\r\nb\rc\x1a", "a\nb\nc", "UTF-8"),
        (
            b'<?xml version="1.0" encoding="ISO-8859-2"?><a>\xb1</a>',
            '<?xml version="1.0" encoding="ISO-8859-2"?><a>ą</a>',
            "ISO8859-2",
        ),
    ],
)
def test_encodings(raw: bytes, text: str, encoding: str) -> None:
    decoded = decode(raw)
    assert (decoded.text, decoded.encoding, decoded.notes) == (text, encoding, ())


def test_a_second_file_behind_the_first_brings_its_own_encoding() -> None:
    first, second = RIS.format("骨质疏松").encode("utf-8"), RIS.format("椎体强化术").encode("gb18030")
    export = read_export(first + RIS.format("脊柱").encode("utf-8-sig") + second, "both.ris")
    assert [record.title for record in export.records] == ["骨质疏松", "脊柱", "椎体强化术"]
    assert export.notes == ("1 lines are not UTF-8 and were read as GB18030: 8",)


def test_a_text_cut_within_a_character_is_read() -> None:
    raw = RIS.format("骨质疏松").encode("utf-8").partition(b"\nER")[0][:-1]
    export = read_export(raw, "cut.ris")
    assert len(export.records) == 1
    assert export.records[0].title.startswith("骨质疏")
    assert "could not be decoded" in " ".join(export.notes)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (bytes(range(256)) * 20, "not text"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "old Excel"),
        (b"\x1f\x8b\x08" + bytes(100), "gzip"),
        (b"PK\x03\x04" + bytes(100), "broken archive"),
        (b"Dear colleagues,\nthe meeting is on Monday.\n", "no format"),
    ],
)
def test_what_is_no_export_is_refused(raw: bytes, says: str) -> None:
    with pytest.raises(UnreadableError, match=says) as refused:
        read_export(raw, "x.ris")
    assert refused.value.next_step


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(UnreadableError, match="1,000 MB"):
        decoding.check_size(1_000_000_000)


def test_the_name_of_a_file_says_nothing() -> None:
    raw = RIS.format("A trial").encode()
    assert {read_export(raw, name).format for name in ("a.ris", "a.csv", "a.xml", "a.nbib", "a")} == {"RIS"}


def test_named_columns_count_before_guessed_ones() -> None:
    raw = b"TI;Wer;Jahr\nA trial;Clark, W.;2016\n"
    export = read_export(raw, "x.csv", {"title": "TI", "authors": "wer", "year": "Jahr"})
    assert [(r.title, written(r.authors[0]), r.year) for r in export.records] == [("A trial", "Clark, W.", 2016)]
    assert export.reading.columns == {"title": "TI", "authors": "Wer", "year": "Jahr"}


@pytest.mark.parametrize("columns", [{"title": "Titel"}, {"name": "TI"}])
def test_columns_that_are_not_there_are_named(columns: dict[str, str]) -> None:
    with pytest.raises(UnreadableError, match="there is no"):
        read_export(b"TI;AU\nA;B\n", "x.csv", columns)


def test_headings_of_screening_programs_are_known() -> None:
    rayyan = "key,title,year,month,day,journal,issn,volume,issue,pages,authors,url,language,abstract,notes,doi"
    covidence = "Title,Authors,Abstract,Published Year,Journal,Volume,Issue,Pages,Accession Number,DOI,Covidence #,Tags"
    zotero = "Key,Item Type,Publication Year,Author,Title,Publication Title,ISSN,DOI,Url,Abstract Note,Date,Pages"
    lens = "Lens ID,Title,Date Published,Publication Year,Source Title,ISSNs,Author/s,Abstract,Start Page,PMID,DOI"
    for line in (rayyan, covidence, zotero, lens):
        headings = line.split(",")
        found = {field: headings[place] for field, place in guess(headings).items()}
        assert found["title"].casefold() == "title"
        assert {"authors", "year", "journal", "doi", "abstract"} <= found.keys()
        assert "Year" in found["year"] or found["year"] == "year"
