"""Appraisals on the site: judgements with their reasons, and nothing of answers that are still blind."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from guidewright.grading.reconciliation import State
from guidewright.publish.snapshot import to_json
from tests.grading.appraised import SOUND
from tests.publish.conftest import Site, build

pytestmark = pytest.mark.xdist_group("appraisals")

#: Answers that only somebody who is not done has given.
UNSEEN = "an answer that nobody else may see"


def answer(folder: Path, reviewer: str, study: str, answers: dict[str, str], reason: str = "as seen") -> None:
    path = folder / f"grading/appraisals/{reviewer}.csv"
    with path.open("a", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for item, said in answers.items():
            writer.writerow([study, "rob2", item, said, reason, "p 3", "2026-11-06"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The starter with invented answers to RoB 2: one study reconciled by agreement, one still open, one differing."""
    from typer.testing import CliRunner

    from guidewright.cli.app import app

    folder = tmp_path_factory.mktemp("appraised") / "starter"
    assert CliRunner().invoke(app, ["new", str(folder)]).exit_code == 0
    for reviewer in ("example-member-one", "example-member-two"):
        answer(folder, reviewer, "hart-1977", SOUND)
    answer(folder, "example-member-one", "madras-1980", SOUND)
    answer(folder, "example-member-two", "madras-1980", {**SOUND, "1.2": "N"}, "<script>window.pwned=1</script>")
    answer(folder, "example-member-one", "stein-1953", SOUND, UNSEEN)
    return build(folder)


def read(site: Site, name: str) -> str:
    return (site.html / name).read_text(encoding="utf-8")


def test_nothing_of_a_blind_answer_leaves_the_files(site: Site) -> None:
    open_ = [one for one in site.snapshot.appraisals if one.state is State.OPEN]
    assert {(one.study, one.instrument) for one in open_} == {("stein-1953", "rob2"), ("stein-1953", "quality-facts")}
    assert UNSEEN not in to_json(site.snapshot)
    for path in site.html.rglob("*"):
        if path.suffix in {".html", ".json", ".js"}:
            assert UNSEEN not in path.read_text(encoding="utf-8"), path
    assert "No answers are shown before both people are done" in read(site, "en/studies/stein-1953.html")


def test_a_study_page_shows_judgements_answers_reasons_and_who(site: Site) -> None:
    text = read(site, "en/studies/hart-1977.html")
    for words in ("reconciled", "appraisers agree", "low risk of bias", "An unvaccinated control group", "Consensus"):
        assert words in text
    assert "两人一致" in read(site, "zh/studies/hart-1977.html")


def test_differences_leave_a_domain_open_with_what_is_missing(site: Site) -> None:
    text = read(site, "en/studies/madras-1980.html")
    assert "done; differences to settle" in text
    assert "Still possible: low risk of bias, high risk of bias" in text
    assert "Missing: 1.2" in text


def test_pages_of_an_analysis_draw_and_list_the_same_judgements(site: Site) -> None:
    text = read(site, "en/appraisals/q01-tuberculosis.html")
    assert text.count("gw-drawing gw-traffic") == 4, "wide and narrow, two instruments"
    assert "gw-risk-bars" in text
    assert "Studies count by their weight in the pooled analysis." in text
    assert "<td>low risk of bias</td>" in text


def test_people_come_before_recorded_facts_beside_the_forest_plot(site: Site) -> None:
    text = read(site, "en/analyses/q01-tuberculosis.html")
    assert "Symbols beside the plot: RoB 2" in text
    assert "gw-risk-good" in text


def test_the_flagship_shows_recorded_facts_as_such(flagship: Site) -> None:
    assert {one.state for one in flagship.snapshot.appraisals} == {State.RECORDED}
    text = read(flagship, "en/studies/vertos-ii.html")
    assert "Drawn from the recorded facts of the studies; not appraised independently by two people." in text
    assert "Symbols beside the plot: Three quality facts" in read(flagship, "en/analyses/q06-pain.html")


def test_every_instrument_has_a_page_with_its_rules_and_how_far_they_were_verified(site: Site) -> None:
    for instrument in site.snapshot.instruments:
        for tag in ("zh", "en"):
            text = read(site, f"{tag}/instruments/{instrument.id}.html")
            assert instrument.title[tag].split("：")[0].split(":")[0] in text
            for question in instrument.questions.values():
                assert question.text[tag].replace("'", "&#39;") in text or question.text[tag] in text, question.id
    assert "From general knowledge; not verified" in read(site, "en/instruments/quadas-2.html")
    assert "1.2 is no / probably no" in read(site, "en/instruments/rob2.html")


def test_scripts_in_reasons_do_not_run_and_nothing_overflows(site: Site, browser: Browser) -> None:
    for width in (1280, 390):
        page = browser.new_page(viewport={"width": width, "height": 900})
        for name in ("zh/studies/madras-1980.html", "en/appraisals/index.html", "en/instruments/amstar2.html"):
            page.goto((site.html / name).as_uri())
            assert page.evaluate("window.pwned") is None
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, (name, width)
        page.close()
