"""What messages are made of: words for every rule, examples that the loader itself accepts, readable values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from guidewright.kinds import KINDS
from guidewright.problems import Problem, did_you_mean, in_order, quoted
from guidewright.reading.declarations import as_yaml, example_of, meaning
from guidewright.reading.typing_slips import advice, slip_in
from guidewright.reading.wording import PATTERNS
from guidewright.reading.yaml_file import read_yaml
from guidewright.schemas import json_schemas


def models() -> dict[str, type[BaseModel]]:
    """Every model of every kind of file."""
    found: dict[str, type[BaseModel]] = {}

    def collect(model: type[BaseModel]) -> None:
        if model.__name__ not in found:
            found[model.__name__] = model
            for info in model.model_fields.values():
                for inner in inner_models(info.annotation):
                    collect(inner)

    for kind in KINDS:
        collect(kind.model)
    return found


def inner_models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from inner_models(argument)


FIELDS = [(name, field, info) for name, model in models().items() for field, info in model.model_fields.items()]
#: Written by the tool, never by hand.
COMPUTED = {"Result", "Pooled", "StudyEffect", "Estimate", "SubgroupTest", "LeftOut", "SensitivityResult"}


@pytest.mark.parametrize(("model", "field", "info"), FIELDS, ids=[f"{m}.{f}" for m, f, _info in FIELDS])
def test_the_example_of_a_field_is_valid(model: str, field: str, info: FieldInfo) -> None:
    """The example that ends a message can be pasted into the file."""
    document, problems = read_yaml(f"{field}: {as_yaml(example_of(info))}", "example.yml")
    assert problems == []
    assert document is not None
    TypeAdapter(Annotated[info.annotation, *info.metadata, None]).validate_python(document.data[field])


@pytest.mark.parametrize(("model", "field", "info"), FIELDS, ids=[f"{m}.{f}" for m, f, _info in FIELDS])
def test_every_field_has_a_meaning(model: str, field: str, info: FieldInfo) -> None:
    if model not in COMPUTED:
        assert meaning(models()[model], (info.alias or field,)), f"{model}.{field} has no docstring"


def test_every_pattern_is_said_in_words() -> None:
    """A clinician never reads ``^[a-z0-9]+(-[a-z0-9]+)*$``."""
    patterns: set[str] = set()

    def collect(part: Any) -> None:
        if isinstance(part, dict):
            patterns.update(value for key, value in part.items() if key == "pattern" and isinstance(value, str))
            for key, value in part.items():
                patterns.update(value if key == "patternProperties" else ())
                collect(value)
        elif isinstance(part, list):
            for item in part:
                collect(item)

    collect(json_schemas())
    assert patterns - set(PATTERNS) == set()
    assert set(PATTERNS) - patterns == set(), "words for patterns that no model has"


def test_a_problem_prints_as_place_rule_value_advice_and_example() -> None:
    problem = Problem("a.yml", 3, 5, "must be a number", "5,2", "dose: 5.2", "write a decimal point")
    assert str(problem) == (
        "a.yml:3:5: must be a number\n    found:   5,2\n    do this: write a decimal point\n    example: dose: 5.2"
    )
    assert json.loads(json.dumps(problem.as_dict())) == {
        "file": "a.yml",
        "line": 3,
        "column": 5,
        "rule": "must be a number",
        "value": "5,2",
        "example": "dose: 5.2",
        "next_step": "write a decimal point",
    }


def test_problems_of_one_place_can_be_ordered_whatever_they_lack() -> None:
    bare, full = Problem("a.yml", 1, 1, "rule"), Problem("a.yml", 1, 1, "rule", "value", "example", "advice")
    assert in_order([full, bare, full]) == [bare, full]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("骨质　疏松", "骨质\\u3000疏松"),
        ("pain\u200b", "pain\\u200b"),
        ("a\nb", "a\\nb"),
        ("x" * 100, "x" * 80 + " …"),
        ("ends\udcff", "ends\\udcff"),
    ],
)
def test_values_are_shown_so_that_hidden_characters_are_seen_and_others_stay(value: str, shown: str) -> None:
    assert quoted(value) == shown


@pytest.mark.parametrize(
    ("wrong", "known", "hint"),
    [
        ("blindng", ["blinding", "design"], "did you mean blinding?"),
        ("PMID", ["pmid", "doi"], "did you mean pmid?"),
        ("level II", ["I", "II", "III"], "did you mean II?"),
        ("hits", ["hits-pubmed", "records"], "did you mean hits-pubmed?"),
        ("weather", ["blinding", "design"], None),
        ("", ["blinding"], None),
    ],
)
def test_did_you_mean(wrong: str, known: list[str], hint: str | None) -> None:
    assert did_you_mean(wrong, known) == hint


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("r01，r02", "type `,` in place of the sign `，`"),
        ("“2”", 'type `"` in place of the curly quote `“`'),
        ("１２", "type `1` in place of the sign `１`"),
        ("−0.5", "type `-` in place of the sign `−`"),
        ("a\u00a0b", "the non-breaking space"),
        ("ref001\u200b", "delete the character that cannot be seen (\\u200b)"),
    ],
)
def test_advice_about_signs_of_other_keyboards(value: str, says: str) -> None:
    assert says in str(advice(value))


def test_no_advice_where_there_is_nothing_odd() -> None:
    assert advice("5,2") is None
    assert advice("骨质疏松") is None


@pytest.mark.parametrize(
    ("line", "column", "says"),
    [
        ("  value： open", 8, "full-width one"),
        ("- id： a", 5, "full-width one"),
        ("\tvalue: open", 1, "a tab"),
        ("  \tvalue: open", 3, "a tab"),
        ("　value: open", 1, "full-width space"),
        ("name: “A: b”", 7, "curly quote"),
        ("used_by: [r01，r02", 14, "does not separate"),
        ("name:open", 5, "no space after the colon"),
        ("url: https://example.org", None, None),
        ("note: 疼痛：轻", None, None),
    ],
)
def test_slips_in_a_line(line: str, column: int | None, says: str | None) -> None:
    slip = slip_in(line)
    assert (slip.column if slip else None) == column
    assert says is None or (slip is not None and says in slip.rule)
