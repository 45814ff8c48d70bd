"""What fields mean is read from the docstrings below them."""

from __future__ import annotations

import pytest

from guidewright.guideline.recommendation import Chapter
from guidewright.kinds import KINDS, Kind
from guidewright.meanings import WithMeanings, meanings
from guidewright.reading.declarations import meaning
from guidewright.values import Fact, Value


class Foreign(Value):
    """A model that is none of the tool's."""

    order: int
    """Not read."""


def test_fields_have_their_meaning_also_where_a_type_is_filled_in() -> None:
    assert meanings(Chapter)["order"] == "Place among the chapters."
    assert meanings(Fact[int])["value"] == "The fact itself."
    assert meanings(Foreign) == {}


def test_a_message_explains_the_field_at_its_place() -> None:
    assert meaning(Chapter, ("order",)) == "this field is: Place among the chapters."
    assert meaning(Chapter, ("no-such-field",)) is None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_field_of_a_file_is_explained_in_its_schema(kind: Kind) -> None:
    schema = kind.model.model_json_schema(by_alias=True, schema_generator=WithMeanings)
    assert schema["properties"]
    assert [name for name, field in schema["properties"].items() if not field.get("description")] == []
