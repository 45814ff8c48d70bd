"""GB/T 7714 in Chinese, Vancouver in English, as plain text."""

from __future__ import annotations

from guidewright.evidence.bibliography import Identification, Name, Record
from guidewright.publish.references import format_references

ENGLISH = Record(
    key="klazen2010",
    entry_type="article",
    title="Vertebroplasty versus conservative treatment",
    year=2010,
    language="en",
    author=(
        Name(family="Klazen", given="C. A. H."),
        Name(family="Lohle", given="P. N. M."),
        Name(family="de Vries", given="J."),
    ),
    authors_incomplete=True,
    journal="Lancet",
    volume="376",
    number="9746",
    pages="1085--1092",
)
CHINESE = Record(
    key="zh",
    entry_type="article",
    title="原发性骨质疏松症诊疗指南(2022)",
    year=2022,
    language="zh",
    author=tuple(Name(literal=n) for n in ("毛海青", "孟斌", "杨惠林", "邓忠良")),
    journal="中华骨质疏松和骨矿盐疾病杂志",
    volume="15",
    number="6",
    pages="573--611",
)


def test_chinese_pages_use_gb_t_7714() -> None:
    found = format_references([ENGLISH, CHINESE], "zh")
    assert found["klazen2010"] == (
        "KLAZEN C A H, LOHLE P N M, DE VRIES J, et al. Vertebroplasty versus conservative treatment[J]. "
        "Lancet, 2010, 376(9746): 1085-1092."
    )
    assert found["zh"] == (
        "毛海青, 孟斌, 杨惠林, 等. 原发性骨质疏松症诊疗指南(2022)[J]. "
        "中华骨质疏松和骨矿盐疾病杂志, 2022, 15(6): 573-611."
    )


def test_english_pages_use_vancouver() -> None:
    found = format_references([ENGLISH, CHINESE], "en")
    assert found["klazen2010"] == (
        "Klazen CAH, Lohle PNM, de Vries J, et al. Vertebroplasty versus conservative treatment. "
        "Lancet. 2010;376(9746):1085–92."
    )


def test_a_reference_that_is_not_identified_is_not_set() -> None:
    unknown = Record(key="ref015", entry_type="misc", identification=Identification.NOT_IDENTIFIED, sourcenumber=15)
    assert format_references([unknown], "en") == {}


def test_a_title_cannot_become_markup() -> None:
    nasty = ENGLISH.model_copy(update={"title": "A <script>alert(1)</script> {{ x }} $y$ \\input{z}"})
    assert "<script>alert(1)</script>" in format_references([nasty], "en")["klazen2010"]  # text, escaped when printed
