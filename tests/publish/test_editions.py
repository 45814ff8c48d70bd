"""Editions side by side, with an invented earlier edition of the starter."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from guidewright.guideline.analyses import pool_project
from guidewright.guideline.past_editions import PastClause, compare, past_edition
from guidewright.project import load
from guidewright.publish.snapshot import from_json, to_json
from guidewright.publish.taking import take
from tests.publish.conftest import ROOT, Site, build
from tests.publish.keyboard import PHONE, follow
from tests.publish.looks import opened
from tests.publish.test_site import Links

pytestmark = pytest.mark.xdist_group("editions")

STARTER = ROOT / "src/guidewright/starter"


@dataclass(frozen=True)
class Two:
    """A site with an earlier edition, and the snapshot of that edition."""

    site: Site
    past: dict[str, Any]


def earlier(data: dict[str, Any]) -> dict[str, Any]:
    """The snapshot as an earlier edition: another wording, strength and reference, a clause and a whole page more."""
    past: dict[str, Any] = json.loads(json.dumps(data))
    past["guideline"]["edition"], past["guideline"]["date"] = "2020", "2020-01-31"
    view = past["recommendations"][0]
    clause = view["clauses"][0]
    clause["clause"]["statement"] = {"zh": "旧的<b>措辞</b>。", "en": "The <b>old</b> wording."}
    gone = json.loads(json.dumps(clause))
    gone["id"], gone["clause"]["id"], gone["grade"]["clause"] = f"{view['recommendation']['id']}z", "z", "z"
    gone["grade"]["clause"] = gone["id"]
    view["clauses"].append(gone)
    page = json.loads(json.dumps(view))
    page["recommendation"]["id"], page["recommendation"]["number"], page["clauses"] = "r99", 99, page["clauses"][:1]
    page["clauses"][0]["id"] = page["clauses"][0]["grade"]["clause"] = "r99a"
    past["recommendations"].append(page)
    first = next(iter(past["readings"].values()))
    past["readings"] |= {gone["id"]: first, "r99a": first}
    return past


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    root = tmp_path_factory.mktemp("editions") / "starter"
    shutil.copytree(STARTER, root)
    project, problems = load(root)
    assert project is not None, problems
    past = earlier(json.loads(to_json(take(project, pool_project(project)))))
    folder = root / "guideline_src/editions"
    folder.mkdir()
    (folder / "2020.json").write_text(json.dumps(past), encoding="utf-8")
    yield Two(build(root), past)


def test_a_snapshot_without_the_reading_of_a_clause_is_none(two: Two) -> None:
    data = json.loads(json.dumps(two.past))
    del data["readings"]["r99a"]
    with pytest.raises(ValueError, match="r99a"):
        from_json(json.dumps(data))


def read(two: Two, address: str) -> str:
    return (two.site.html / address).read_text(encoding="utf-8")


def test_a_snapshot_is_read_back_as_it_was_written(two: Two) -> None:
    again = from_json(to_json(two.site.snapshot))
    assert again.recommendations == two.site.snapshot.recommendations
    assert again.past_editions == two.site.snapshot.past_editions


@pytest.mark.parametrize("text", ["{}", "[]", '{"schemes": null}', '{"schemes": [1]}', '{"schemes": []}', "{"])
def test_what_is_no_snapshot_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError):
        from_json(text)


def test_prose_of_a_file_is_cleaned_again(two: Two) -> None:
    data = json.loads(to_json(two.site.snapshot))
    data["recommendations"][0]["rationale"]["en"] += "<script>alert(1)</script><p onclick=alert(1)>kept</p>"
    data["chapters"][0]["html"]["en"] += '<a href="javascript:alert(1)">kept</a>'
    again = from_json(json.dumps(data))
    assert again.recommendations[0].rationale["en"].endswith("<p>kept</p>")
    assert again.chapters[0].html["en"].endswith("<a>kept</a>")


def test_every_clause_is_compared(two: Two) -> None:
    now = past_edition(to_json(two.site.snapshot))
    kinds = {one.id: one.kind for one in compare(past_edition(json.dumps(two.past)), now)}
    first = now.clauses[0].id
    assert kinds[first] == "changed"
    assert kinds[f"{first[:-1]}z"] == kinds["r99a"] == "removed"
    assert {kinds[clause.id] for clause in now.clauses[1:]} <= {"kept"}
    assert {one.kind for one in compare(now, now)} == {"kept"}


def test_what_changed_in_a_clause_is_named() -> None:
    before = PastClause(
        id="r01a", statement={"en": "Old."}, direction="for", strength="2", references=("one1999", "two2001")
    )
    after = before.model_copy(update={"strength": "1", "references": ("two2001", "three2020")})
    edition = past_edition(
        json.dumps({"guideline": {"edition": "1", "date": "2020", "title": {"en": "T"}}, "recommendations": []})
    )

    def of(clause: PastClause) -> Any:
        recommendation = {"id": "r01", "number": 1, "title": {"en": "T"}, "clauses": (clause,)}
        return edition.model_copy(update={"recommendations": (type("R", (), recommendation)(),)})

    (change,) = compare(of(before), of(after))
    assert (change.kind, change.parts) == ("changed", ("strength", "evidence"))
    assert (change.added, change.dropped) == (("three2020",), ("one1999",))


def test_the_page_that_compares_says_what_changed_and_escapes_it(two: Two) -> None:
    html = read(two, "en/editions/2020.html")
    assert "The &#60;b&#62;old&#60;/b&#62; wording." in html or "The &lt;b&gt;old&lt;/b&gt; wording." in html
    assert "1 changed, 2 removed" in html
    assert "wording" in html
    assert (two.site.html / "en/downloads/changes-2020.csv").is_file()


def test_each_edition_stands_in_its_own_folder_and_says_that_it_is_superseded(two: Two) -> None:
    for tag, words in (("en", "superseded by edition"), ("zh", "已被")):
        page = read(two, f"editions/2020/{tag}/recommendations/r01.html")
        assert words in page
        assert f'href="../../../../{tag}/recommendations/r01.html"' in page
        assert f'href="../../editions/2020/{tag}/recommendations/r01.html"' in read(
            two, f"{tag}/recommendations/r01.html"
        )
    assert "superseded" not in read(two, "en/recommendations/r01.html")
    gone = read(two, "editions/2020/en/recommendations/r99.html")
    assert 'href="../../../../en/recommendations/r99.html"' in gone
    assert "no longer part of the guideline" in read(two, "en/recommendations/r99.html")


def test_addresses_of_the_edition_before_still_lead_somewhere(two: Two) -> None:
    """Permalinks of recommendations and clauses survive, also of those that are gone."""
    for recommendation in two.past["recommendations"]:
        page = two.site.html / f"en/recommendations/{recommendation['recommendation']['id']}.html"
        anchors = Links(page.read_text(encoding="utf-8")).anchors
        assert {clause["id"] for clause in recommendation["clauses"]} <= set(anchors)


def test_no_link_between_the_editions_is_broken(two: Two) -> None:
    for path in sorted(two.site.html.rglob("*.html")):
        if path.name == "404.html":
            continue
        for address in Links(path.read_text(encoding="utf-8")).links:
            if "editions/" in address or "../../../../" in address:
                target = (path.parent / address.partition("#")[0]).resolve()
                assert target.exists(), f"{path}: {address}"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_member_compares_editions_on_a_phone_by_keyboard(two: Two, browser: Browser, language: str) -> None:
    base = two.site.html.as_uri()
    before, now = (
        snapshot["recommendations"][0]["clauses"][0]["clause"]["statement"][language]
        for snapshot in (two.past, json.loads(to_json(two.site.snapshot)))
    )
    with opened(browser, base, PHONE) as page:
        page.goto(f"{base}/{language}/recommendations/r01.html")
        follow(page, lambda focus: focus["href"].endswith("editions/2020.html"))
        row = page.locator("tr#r01a")
        assert before in row.inner_text() and now in row.inner_text()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        follow(page, lambda focus: focus["href"].endswith("r01.html#r01a"))
        follow(page, lambda focus: f"editions/2020/{language}/" in focus["href"])
        assert before in page.locator(".gw-statement").first.inner_text()
        follow(page, lambda focus: focus["href"].endswith(f"{language}/recommendations/r01.html"))
        assert now in page.locator(".gw-statement").first.inner_text()


def snapshot_of(edition: str) -> str:
    return json.dumps({"guideline": {"edition": edition, "date": "1", "title": {"en": "T"}}, "recommendations": []})


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("2020.json", "{", "not JSON"),
        ("2020.json", "[]", "not a snapshot"),
        ("2020.json", snapshot_of("../x"), "not a snapshot"),
        ("2019.json", snapshot_of("2020"), "named after its edition"),
    ],
)
def test_a_file_that_is_no_snapshot_is_a_problem(tmp_path: Path, name: str, content: str, said: str) -> None:
    root = tmp_path / "starter"
    shutil.copytree(STARTER, root)
    (root / "guideline_src/editions").mkdir()
    (root / "guideline_src/editions" / name).write_text(content, encoding="utf-8")
    project, problems = load(root)
    assert project is None
    (problem,) = problems
    assert problem.file == f"guideline_src/editions/{name}"
    assert said in problem.rule
