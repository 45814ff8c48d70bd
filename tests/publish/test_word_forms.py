"""Forms of the words of a name, by which readers look for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from guidewright.project import load
from guidewright.publish.search_index import Names, improved, names_of
from guidewright.publish.search_sections import Entry
from guidewright.publish.word_forms import WORD, numbers_and_adjectives, phrases, spellings, word_forms

ROOT = Path(__file__).parents[2]
PROJECT = load(ROOT)[0]
assert PROJECT is not None
TERMS = {term.id: term for term in PROJECT.glossary.terms}


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("diphosphonate", {"diphosphonates"}),
        ("Kyphoplasty", {"kyphoplasties"}),
        ("Osteoporosis", {"osteoporotic", "osteoporoses"}),
        ("osteoporotic fracture", {"osteoporosis", "fractures"}),
        ("bone marrow oedema", {"edema", "edemas", "oedemas"}),
        ("selective estrogen receptor modulator", {"oestrogen", "modulators"}),
        ("randomised trial", {"randomized", "trials"}),
        ("loss of height", {"losses"}),
        ("Responsible vertebra", {"vertebrae", "vertebral"}),
        ("Fracture non-union", {"nonunion", "unions"}),
        ("Kümmell disease", {"kummell", "diseases"}),
        ("PVP", {"pvps"}),
        ("CTX", {"ctxs"}),
        ("OF", set()),
        ("Case series", set()),
        ("risedronate", {"risedronates"}),
        ("骨质疏松症", set()),
    ],
)
def test_forms_of_a_name(name: str, forms: set[str]) -> None:
    assert word_forms(name) == forms


def test_a_name_stands_in_a_text_in_the_plural_and_in_both_spellings() -> None:
    assert phrases("Burst fracture") == {"burst fracture", "burst fractures"}
    assert "randomized controlled trials" in phrases("Randomised controlled trial")
    assert phrases("骨质疏松症") == {"骨质疏松症"}


@pytest.mark.parametrize("word", ["therapy", "osteoporosis", "analysis", "vertebra", "trial"])
def test_the_plural_leads_back_to_the_singular(word: str) -> None:
    assert any(word in numbers_and_adjectives(form) for form in numbers_and_adjectives(word) if form[-1] in "se")


@pytest.mark.parametrize("word", ["oedema", "estrogen", "randomisation", "randomized", "anesthesia"])
def test_both_spellings_lead_to_one_another(word: str) -> None:
    assert len(spellings(word)) == 2
    assert all(spellings(one) == spellings(word) for one in spellings(word))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("term", sorted(TERMS))
def test_a_page_that_uses_a_term_is_found_by_every_form_of_every_name(term: str, language: str) -> None:
    """As the search finds it: by the beginning of a word. On the page the name of the language alone stands."""
    name = TERMS[term].name[language]
    page: list[Entry] = [{"location": "recommendations/r01.html", "title": "R", "text": f"<p>{name}</p>"}]
    one: Names = names_of([TERMS[term]])[0]
    (found,) = improved(page, [one], language)
    words = [part for word in WORD.findall(found["text"].casefold()) for part in (word, *word.split("-"))]
    for form in one.forms:
        assert any(word.startswith(form) for word in words), form
    for other in one.others:
        for word in WORD.findall(other.casefold()):
            assert any(there.startswith(word) for there in words), word


def test_a_page_with_the_plural_uses_the_term() -> None:
    page: list[Entry] = [{"location": "a.html", "title": "A", "text": "<p>Two vertebroplasties</p>"}]
    (found,) = improved(page, names_of([TERMS["vertebroplasty"]]), "en")
    assert "percutaneous vertebroplasty" in found["text"]


def test_the_page_of_the_glossary_is_found_by_every_form() -> None:
    page: list[Entry] = [{"location": "glossary.html", "title": "Glossary", "text": ""}]
    (found,) = improved(page, names_of(TERMS.values()), "en")
    assert "diphosphonates" in found["text"]
    assert "kyphoplasties" in found["text"]


def test_every_word_of_a_page_is_found_by_both_spellings() -> None:
    page: list[Entry] = [
        {"location": "a.html", "title": "A", "text": "<p>Oedema, randomised; otherwise 水肿 tumor</p>"}
    ]
    (found,) = improved(page, (), "en")
    assert found["text"].endswith("<p>Other word forms: edema, randomized, tumour</p>")
