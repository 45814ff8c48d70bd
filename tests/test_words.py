"""The tool's own words: every one that is asked for exists, in both languages, and none is left over."""

from __future__ import annotations

import re
import string
from enum import StrEnum
from pathlib import Path

import pytest

from guidewright.evidence.questions import QuestionType
from guidewright.evidence.studies import Design, ReportKind
from guidewright.guideline.recommendation import Role
from guidewright.guideline.statements import Claim
from guidewright.words import all_words, say, word

SOURCE = Path(__file__).parents[1] / "src/guidewright"
TEXTS = [p.read_text(encoding="utf-8") for pattern in ("**/*.py", "**/*.j2") for p in SOURCE.glob(pattern)]
#: Keys that are put together when asked for: ``say("design." ~ value)``.
PREFIXES = set(re.findall(r'(?:say|word)\(\s*f?"([a-z-]+\.[a-z-]*)(?:"|\{)', "\n".join(TEXTS)))
ASKED = set(re.findall(r'(?:say|word)\(\s*"([a-z][a-z0-9_.-]*)"', "\n".join(TEXTS)))
#: ``phrase`` of the further results leaves out the name of the group.
PHRASES = "\n".join(TEXTS)
ASKED |= {f"further.{key}" for key in re.findall(r'phrase\(\s*"([a-z][a-z0-9_.-]*)"', PHRASES)}
PREFIXES |= {f"further.{key}" for key in re.findall(r'phrase\(\s*f"([a-z-]+\.)\{', PHRASES)}


def test_every_word_that_is_asked_for_exists() -> None:
    missing = {key for key in ASKED if key not in all_words() and not key.endswith(".")}
    assert not missing


def test_no_word_is_left_over() -> None:
    everything = "\n".join(TEXTS)
    left = {
        key for key in all_words()
        if key not in ASKED
        and not any(key.startswith(p) for p in PREFIXES)
        and f'"{key}"' not in everything
        and f'"{key.partition(".")[0]}"' not in everything  # a group named as such
    }  # fmt: skip
    assert not left


@pytest.mark.parametrize("key", sorted(all_words()))
def test_languages_have_the_same_blanks(key: str) -> None:
    words = all_words()[key]
    blanks = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in words.values()]
    assert set(words) == {"zh", "en"}
    assert all(one == blanks[0] for one in blanks), key


@pytest.mark.parametrize(
    ("prefix", "members"),
    [("design", Design), ("report", ReportKind), ("question-type", QuestionType), ("role", Role)],
)
def test_every_value_of_a_list_has_words(prefix: str, members: type[StrEnum]) -> None:
    assert {f"{prefix}.{member.value}" for member in members} <= set(all_words())


def test_every_field_of_a_claim_has_words() -> None:
    fields = set(Claim.model_fields) - {"cites", "recommendation", "counted", "numbers"}
    assert {f"claim.{name}" for name in fields} <= set(all_words())


def test_values_in_two_languages_are_filled_in_each() -> None:
    said = say("reason.rule", label={"zh": "标签", "en": "label"}, rule="1.1")
    assert said["zh"].startswith("标签")
    assert said["en"].startswith("label")


def test_an_unknown_language_gets_english() -> None:
    assert word("nav.home", "fr") == "Home"
