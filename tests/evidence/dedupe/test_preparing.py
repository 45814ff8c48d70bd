"""Titles, names, journals and pages as they are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidewright.evidence.bibliography import Name
from guidewright.evidence.dedupe.journals import journals_agree, read_journal
from guidewright.evidence.dedupe.letters import plain
from guidewright.evidence.dedupe.names import read_authors
from guidewright.evidence.dedupe.places import read_number, read_pages
from guidewright.evidence.dedupe.titles import read_title


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("The β-blocker&mdash;<i>in vivo</i>", "thebetablockerinvivo"),
        ("ＦＵＬＬ　ｗｉｄｔｈ", "fullwidth"),
        ("Straße naïve Ångström", "strassenaiveangstrom"),
        ("Findings (ALTS). [Review] [23 refs]", "findingsalts"),
        ("RETRACTED: A study of things", "astudyofthings"),
        ("HPV testing: a review (Provisional abstract)", "hpvtestingareview"),
        ("", ""),
    ],
)
def test_keys_of_titles(written: str, key: str) -> None:
    assert read_title(written).key == key


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("Phase II trial of drug B in 120 patients", "120 2 b"),
        ("Part one", "1"),
        ("Type I diabetes and I", "1"),
        ("骨质疏松指南（二）", "2"),
        ("A title without any", ""),
    ],
)
def test_numbers_in_titles(written: str, numbers: str) -> None:
    assert read_title(written).numbers == numbers


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Erratum: Something happened here", "erratum"),
        ("Something happened here: correction", "erratum"),
        ("Retraction notice to: Something", "retraction"),
        ("Something happened here - Reply", "reply"),
        ("作者答复：某某研究", "reply"),
        ("Comment on: Something happened here", "comment"),
        ("A trial of something: study protocol", "protocol"),
        ("Correction of deformity by osteotomy", ""),
        ("Reply-guided therapy", "reply"),
        ("Commentary boxes in text books", ""),
    ],
)
def test_notices(written: str, kind: str) -> None:
    assert read_title(written).notice == kind


@pytest.mark.parametrize("title", ["Editorial", "EDITORIAL.", "Letters to the editor", "述评"])
def test_titles_that_say_nothing(title: str) -> None:
    assert read_title(title).vague == (title != "Letters to the editor")


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("123-7", 123, 127),
        ("1106-1111+1117", 1106, 1111),
        ("S251-S261", 251, 261),
        ("S251-61", 251, 261),
        ("e12724", 12724, -1),
        ("pp. 12–19", 12, 19),
        ("110A-111A", 110, 111),
        ("94 p", -1, -1),
        ("no pagination", -1, -1),
        ("", -1, -1),
    ],
)
def test_pages(written: str, first: int, last: int) -> None:
    pages = read_pages(written)
    assert (pages.number, pages.last) == (first, last)


def test_a_cut_range_keeps_its_end() -> None:
    assert read_pages("Suppl-61").tail == 61
    assert read_pages("t-8").tail == 8


@pytest.mark.parametrize(("written", "number"), [("35 Suppl 1", "35"), ("Vol. 07", "7"), ("", ""), ("第3卷", "3")])
def test_volumes(written: str, number: str) -> None:
    assert read_number(written) == number


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Archives of Pathology & Laboratory Medicine", "Archives of Pathology and Laboratory Medicine"),
        ("Nat Rev Nephrol", "Nature Reviews Nephrology"),
        ("N Engl J Med", "The New England Journal of Medicine"),
        ("BMJ", "BMJ (Clinical research ed.)"),
        ("JBMR", "Journal of Bone and Mineral Research"),
        ("Haematology", "Hematology"),
        ("Proc Natl Acad Sci U S A", "Proceedings of the National Academy of Sciences U S A"),
        ("中华创伤杂志", "中华创伤杂志（中文版）"),
    ],
)
def test_journals_that_are_one(one: str, other: str) -> None:
    assert journals_agree(read_journal(one), read_journal(other))
    assert journals_agree(read_journal(other), read_journal(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Spine", "Bone"), ("Lancet Oncology", "Lancet Neurology"), ("Blood", "Stroke"), ("中华创伤杂志", "中华骨科杂志")],
)
def test_journals_that_are_two(one: str, other: str) -> None:
    assert not journals_agree(read_journal(one), read_journal(other))


def test_names_in_any_order() -> None:
    one = read_authors([Name(family="Kang", given="Si Hyun"), Name(family="de Joode", given="E. A.")])
    other = read_authors([Name(family="Si Hyun", given="Kang"), Name(family="Joode", given="E A")])
    assert one.names == other.names
    assert read_authors([Name(literal="张三"), Name(literal="李四")]).names == "张三 李四"
    assert read_authors([]).number == 0


@given(st.text(max_size=300))
def test_any_text_can_be_prepared(text: str) -> None:
    title = read_title(text)
    assert read_title(text) == title
    assert plain(plain(text)) == plain(text) or not text.isascii()
    assert " " not in title.key
    read_pages(text)
    read_number(text)
    read_journal(text)
    read_authors([Name(literal=text), Name(family=text, given=text)])
