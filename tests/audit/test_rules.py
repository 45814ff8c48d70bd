"""The rules as data: complete in both languages, all in use, all in the manual."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
import yaml

from guidewright.audit.rules import SEVERITIES, rule, rules

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/guidewright/audit"
CODE = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.glob("*.py"))


@pytest.mark.parametrize("name", list(rules()))
def test_a_rule_is_complete_in_both_languages(name: str) -> None:
    one = rule(name)
    assert one.severity in SEVERITIES
    for text in (one.title, one.found, one.why, one.do):
        assert set(text) == {"zh", "en"}
        assert all(text.values())
    blanks = [{field for _, field, _, _ in string.Formatter().parse(words) if field} for words in one.found.values()]
    assert blanks[0] == blanks[1]


def test_every_rule_is_used_and_every_used_one_exists() -> None:
    named = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', CODE))
    assert not [name for name in rules() if name not in named]
    called = set(re.findall(r'found\(\s*"([a-z-]+)"', CODE))
    assert called <= set(rules())


def test_every_rule_is_in_the_manual() -> None:
    manual = (ROOT / "docs/audit.md").read_text(encoding="utf-8")
    for one in rules().values():
        assert f"| `{one.id}` | {one.severity} | {one.title['en']} |" in manual, one.id


def test_a_rule_without_an_entry_is_not_lost() -> None:
    assert rule("of-a-plugin").severity == "warning"


@pytest.mark.parametrize("path", sorted(SOURCE.glob("*/*.yml")), ids=lambda path: path.stem)
def test_words_are_read_whole(path: Path) -> None:
    """``{zh: a, en: b, c}`` would lose what follows the comma."""

    def walk(value: object) -> None:
        if isinstance(value, dict):
            assert None not in value.values(), value
            for one in value.values():
                walk(one)
        elif isinstance(value, list):
            for one in value:
                walk(one)

    walk(yaml.safe_load(path.read_text(encoding="utf-8")))
