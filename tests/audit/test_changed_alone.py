"""A clause that was changed in one language since the edition before, and in the other was not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from guidewright.audit.languages import language_findings
from guidewright.guideline.past_editions import PastClause, PastEdition, PastRecommendation
from guidewright.project import Project, load

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def starter() -> Project:
    project, _problems = load(ROOT / "src/guidewright/starter")
    assert project is not None
    return project


def with_edition_before(project: Project, statement: dict[str, str] | None = None) -> Project:
    """The project, and an edition in which its first clause said something else in the languages given."""
    one = next(iter(project.recommendations.values()))
    clause = one.clauses[0]
    before = PastClause(
        id=one.id + clause.id,
        statement={**clause.statement, **(statement or {})},
        direction=clause.direction,
        strength=None,
        references=(),
    )
    past = PastRecommendation(id=one.id, number=one.number, title=one.title, clauses=(before,))
    edition = PastEdition(edition="2019", date="2019-01-01", title=one.title, recommendations=(past,))
    return replace(project, past_editions=(edition,))


@pytest.mark.parametrize(
    ("was", "alarm"),
    [
        ({}, False),
        ({"zh": "旧的措辞。"}, True),
        ({"en": "Older wording."}, True),
        ({"zh": "旧的措辞。", "en": "Older wording."}, False),
    ],
)
def test_only_a_change_in_one_language_is_found(starter: Project, was: dict[str, str], alarm: bool) -> None:
    found = [
        one for one in language_findings(with_edition_before(starter, was)) if one.rule == "language-changed-alone"
    ]
    assert bool(found) is alarm
    if alarm:
        changed, stayed = (starter.guideline.languages[tag] for tag in (("zh", "en") if "zh" in was else ("en", "zh")))
        assert (
            f"since the 2019 edition the {changed} wording has changed and the {stayed} has not" in found[0].text["en"]
        )
        assert all(side.file.startswith("guideline_src/recommendations/") and side.line > 1 for side in found[0].sides)


def test_what_is_declared_to_be_out_of_date_is_no_finding(starter: Project) -> None:
    one = next(iter(starter.recommendations.values()))
    declared = {**starter.recommendations, one.id: one.model_copy(update={"outdated_in": ("en",)})}
    project = with_edition_before(replace(starter, recommendations=declared), {"zh": "旧的措辞。"})
    assert not [one for one in language_findings(project) if one.rule == "language-changed-alone"]
