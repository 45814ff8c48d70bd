"""Absolute effects and plain statements as readers see them, and pages that print what people wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from guidewright.grading.absolute import absolute_effect
from guidewright.guideline.analyses import pool_project
from guidewright.guideline.certainty import AtBaseline
from guidewright.project import load
from guidewright.publish.certainty_words import difference_range, footnotes, per_1000, plain_statement
from guidewright.publish.site import write_pages
from guidewright.publish.snapshot import Snapshot
from guidewright.publish.taking import take

pytestmark = pytest.mark.xdist_group("certainty words")

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    project, problems = load(ROOT)
    assert project is not None, problems
    return take(project, pool_project(project))


@pytest.mark.parametrize(
    ("risk", "shown"),
    [
        (0, "0"),
        (0.0004, "0.4"),
        (0.001, "1"),
        (0.0026, "2.6"),
        (0.0099, "9.9"),
        (0.00999, "10"),
        (0.0945, "94"),
        (1, "1000"),
    ],
)
def test_people_of_a_thousand(risk: float, shown: str) -> None:
    assert per_1000(risk) == shown


def test_a_difference_names_its_direction_at_both_ends() -> None:
    effect = absolute_effect("RR", 0.1, estimate=0.9, low=0.7, high=1.15)
    at = AtBaseline({"en": "x"}, 0.1, None, (), "total", effect)
    assert difference_range(at, "en") == "10 fewer (30 fewer to 15 more)"
    assert difference_range(at, "zh") == "少10（少30至多15）"


def test_statements_of_the_flagship_hold_back_while_nothing_is_decided(snapshot: Snapshot) -> None:
    views = {view.analysis.id: view for view in snapshot.analyses}
    said = {
        (one.analysis, body.stratum): plain_statement(snapshot, views[one.analysis], body, "en")
        for one in snapshot.certainty
        for body in one.bodies
    }
    assert said["q06-pain", "1 month"] == (
        "Pain: no important difference between vertebroplasty and sham procedure. The certainty is not determined."
    )
    assert said["q14-antiresorptive", "zoledronate"].startswith("New radiographic vertebral fracture: less frequent")
    assert all("probably" not in one and "possibly" not in one for one in said.values())
    assert all(body.decided is None and not body.decisions for one in snapshot.certainty for body in one.bodies)


def test_footnotes_with_the_same_words_share_a_letter(snapshot: Snapshot) -> None:
    bodies = next(one.bodies for one in snapshot.certainty if one.analysis == "q14-antiresorptive")
    notes = footnotes(bodies, {}, "en")
    assert len({note.letter for note in notes.legend}) == len({note.text for note in notes.legend}) == len(notes.legend)
    used = {note for row in (*notes.bodies.values(), *notes.risks.values()) for note in row}
    assert used == set(notes.legend)
    assert any("heterogeneity" in note.text.lower() for note in notes.bodies["overall"])


def test_reasons_to_rate_up_are_left_out_where_something_rates_down() -> None:
    project, problems = load(ROOT / "src/guidewright/starter")
    assert project is not None, problems
    bodies = take(project, pool_project(project)).certainty[0].bodies
    assert {one.reason: one.levels for one in bodies[0].suggested.reasons}["large-effect"] == (1,)
    said = [note.text for note in footnotes(bodies, {}, "en").legend]
    assert any(text.startswith("Inconsistency: down two levels; Example") for text in said)
    assert not any(text.startswith(("Large effect", "Dose-response")) for text in said)


def test_the_absolute_effects_of_the_flagship_follow_from_its_trials(snapshot: Snapshot) -> None:
    """FREEDOM: 264 of 3691 fractures with placebo and 86 of 3702 with denosumab, so 72 and 23 of 1,000."""
    bodies = next(one.bodies for one in snapshot.certainty if one.analysis == "q14-antiresorptive")
    at = next(body for body in bodies if body.stratum == "denosumab").baselines[0]
    assert at.effect is not None
    assert (per_1000(at.risk), per_1000(at.effect.risk)) == ("72", "23")
    assert at.trials == ("freedom",)


BAD = "<script>x</script>[a](javascript:x)"


def test_what_members_wrote_reaches_the_page_as_text(starter: Path) -> None:
    votes = starter / "guideline_src/votes/delphi-1.csv"
    text = votes.read_text(encoding="utf-8").replace(
        ",6,2026-11-10,example rating: the trials disagree", f',2,2026-11-10,"{BAD}"'
    )
    votes.write_text(text, encoding="utf-8")
    for file, old in (
        ("guideline_src/decisions/r01-vaccination.yml", "示例：各试验结果差异很大，见合并分析。"),
        ("grading/certainty/q01-tuberculosis.yml", "示例：没有理由怀疑。"),
    ):
        path = starter / file
        content = path.read_text(encoding="utf-8")
        assert old in content
        path.write_text(content.replace(old, f"'{BAD}'"), encoding="utf-8")
    project, problems = load(starter)
    assert project is not None, problems
    write_pages(take(project, pool_project(project)), starter)
    pages = starter / "site/pages/zh"
    for name in ("votes.md", "recommendations/r01.md", "analyses/q01-tuberculosis.md"):
        content = (pages / name).read_text(encoding="utf-8")
        assert "&#60;script&#62;" in content, name
        assert BAD[:8] not in content
        assert "(javascript:x)" not in content.replace("&#93;(javascript:x)", "")
