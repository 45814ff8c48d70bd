"""The standards as data: complete, each item with a function that exists, each judged with a place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from guidewright.audit.checklist_items import ORDER, items, standards
from guidewright.audit.checklists import PROBES, Checklist, checklists_of
from guidewright.audit.findings import Finding
from guidewright.audit.probes import Grounds
from guidewright.grading.certainty.rules import DOWN, UP
from guidewright.project import load
from tests.audit.mutations import Bench

#: Items of each standard; PRISMA has 27 with 42 parts. STAR is itemised as far as its form was seen.
NUMBER = {
    **{"agree2": 23, "right": 35, "checkup": 16, "prisma2020": 42, "iom2011": 8},
    **{"gin_coi": 9, "amstar2": 16, "china2022": 12, "star": 17},
}


@pytest.fixture(scope="module")
def lists(work: Bench, clean: tuple[Finding, ...]) -> tuple[Checklist, ...]:
    return checklists_of(work.project(), clean)


def test_every_standard_has_all_its_items() -> None:
    assert {name: len(one.items) for name, one in standards().items()} == NUMBER
    assert tuple(standards()) == ORDER
    assert len(items()) == sum(NUMBER.values())


def test_every_item_has_words_and_a_function_that_exists() -> None:
    for item in items().values():
        assert set(item.ask) == {"zh", "en"}
        assert item.probe is None or item.probe in PROBES, item.id
        assert item.probe is not None or item.check != "auto", item.id
    assert set(PROBES) == {item.probe for item in items().values() if item.probe}


def test_what_is_from_memory_says_so() -> None:
    assert standards()["agree2"].standing == "verified"
    assert {item.standing for item in standards()["checkup"].items} == {"knowledge"}


def test_every_item_is_judged_with_a_place_that_exists(lists: tuple[Checklist, ...], work: Bench) -> None:
    for one in (judged for checklist in lists for judged in checklist.items):
        assert one.state in {"met", "not-met", "judge"}
        assert one.state != "met" or one.item.check == "auto"
        assert one.shown or one.item.check != "auto", one.item.id
        for shown in one.shown:
            if shown.file:
                assert shown.line <= len((work.root / shown.file).read_text(encoding="utf-8").splitlines()), one.item.id


def test_some_items_of_the_flagship(lists: tuple[Checklist, ...]) -> None:
    states = {judged.item.id: judged.state for checklist in lists for judged in checklist.items}
    assert states["right-1a"] == "met"
    assert states["star-2"] == "met"
    assert states["prisma2020-7"] == "not-met"
    assert states["agree2-22"] == "not-met"
    assert states["agree2-15"] == "judge"
    assert states["star-19–39"] == "judge"


def test_certainty_is_met_once_every_reason_of_every_body_is_decided() -> None:
    project, _problems = load(Path(__file__).parents[2] / "src/guidewright/starter")
    assert project is not None
    ((name, record),) = project.certainty.items()
    (body,) = record.bodies
    one = body.decisions[0]

    def state(*reasons: str) -> str:
        decisions = tuple(one.model_copy(update={"reason": reason, "levels": 0}) for reason in reasons)
        changed = record.model_copy(update={"bodies": (body.model_copy(update={"decisions": decisions}),)})
        return PROBES["certainty"](Grounds(replace(project, certainty={name: changed}), ()))[0]

    assert state() == state(*DOWN[:1]) == state(*DOWN[:-1], *UP) == "judge"
    assert state(*DOWN, *UP) == "met"


def test_remarks_name_items_that_exist(work: Bench) -> None:
    for edition in work.project().as_published:
        for remark in edition.remarks:
            assert set(remark.asked_by) <= set(items()), remark.id
