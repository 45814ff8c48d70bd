"""Acceptance: one extracted number changes its result, the forest plot, every sentence that quotes it, nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from guidewright.guideline.analyses import pool_project, save_results
from guidewright.guideline.bindings import parse
from guidewright.metaanalysis.result import Pooled, Result
from guidewright.project import Project, load
from guidewright.publish import numbers
from guidewright.publish.site import write_pages
from guidewright.publish.taking import take
from tests.publish.conftest import copy_flagship

pytestmark = pytest.mark.xdist_group("one number")

NUMBER = re.compile(r"\d+(?:\.\d+)?")
BINDING = re.compile(r"\{\{(.+?)\}\}")
#: Written from the number of rows and of people in them, which no effect changes.
COUNTS = {"k", "participants"}
SINGULAR = {"recommendations": "recommendation", "chapters": "chapter", "studies": "study", "analyses": "analysis"}


@dataclass(frozen=True)
class Change:
    """One number of one extracted row."""

    file: str
    row: str
    before: str
    after: str
    study: str
    analysis: str
    stratum: str


CHANGES = [
    Change(
        file="evidence/extraction/osteoporosis-drugs.csv",
        row="fpt,neer2001,teriparatide,placebo,vertebral-fracture,21 months,,",
        before="22,444,64,448",
        after="26,444,64,448",
        study="fpt",
        analysis="q14-anabolic",
        stratum="teriparatide",
    ),
    # this row also decides what the trial found for clause r06a, where it is shown
    Change(
        file="evidence/extraction/vertebroplasty-sham.csv",
        row="invest,kallmes2009,vertebroplasty,sham-procedure,pain,1 month,,68,63,,,,,MD,",
        before="0.7,-0.3,1.7",
        after="0.75,-0.3,1.7",  # still near the middle of its interval, so that the audit has nothing to say
        study="invest",
        analysis="q06-pain",
        stratum="1 month",
    ),
]


TERMS = re.compile(r'<a class="gw-term"[^>]*>([^<]*)</a>')


@dataclass(frozen=True)
class Built:
    """A pooled project and its pages."""

    root: Path
    project: Project
    files: dict[str, bytes]

    def text(self, name: str) -> list[str]:
        """Lines of a page, without the links that explain a term where it first stands."""
        return TERMS.sub(r"\1", self.files[name].decode()).splitlines()


def build(root: Path) -> Built:
    """`guidewright pool`, then the pages."""
    project, problems = load(root)
    assert project is not None, "\n".join(map(str, problems))
    pooling = pool_project(project)
    save_results(project, pooling)
    project = replace(project, results=pooling.results)
    write_pages(take(project, pool_project(project)), root)
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    return Built(root, project, files)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(copy_flagship(tmp_path_factory.mktemp("before")))


@pytest.fixture(scope="module", params=CHANGES, ids=[change.analysis for change in CHANGES])
def changed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Change, Built]:
    change: Change = request.param
    root = copy_flagship(tmp_path_factory.mktemp("after"))
    file = root / change.file
    text = file.read_text(encoding="utf-8")
    assert text.count(change.row + change.before) == 1
    file.write_text(text.replace(change.row + change.before, change.row + change.after), encoding="utf-8")
    return change, build(root)


def quoting(project: Project, change: Change, language: str) -> Iterator[str]:
    """Pages whose prose quotes the changed stratum in a language."""
    for (kind, name), prose in project.prose.items():
        folder = {"recommendation": "recommendations", "chapter": "chapters"}[kind]
        for found in BINDING.findall(prose[language].text if language in prose else ""):
            binding = parse(found)
            if binding.arguments == (change.analysis, change.stratum) and binding.field not in COUNTS:
                yield f"{folder}/{name}"


def expected_files(project: Project, change: Change) -> set[str]:
    showing = {f"analyses/{change.analysis}", "analyses/index", f"studies/{change.study}"}
    showing |= {
        f"recommendations/{r.id}"
        for r in project.recommendations.values()
        if any(change.analysis in clause.analyses for clause in r.clauses)
    }
    showing |= {
        f"audit/{r.id}{clause.id}"
        for r in project.recommendations.values()
        for clause in r.clauses
        if change.analysis in clause.analyses
    }
    # the tables that can be downloaded hold the extracted and the pooled numbers
    files = {
        f"site/pages/{language}/downloads/{name}.{kind}"
        for language in project.languages
        for name in ("results", "analyses")
        for kind in ("csv", "xlsx")
    }
    pages = files | {
        f"site/pages/{language}/{page}.md"
        for language in project.languages
        for page in showing | set(quoting(project, change, language))
    }
    return {change.file, f"metaanalysis/results/{change.analysis}.json", "site/exports/snapshot.json", *pages}


def test_nothing_else_changes(before: Built, changed: tuple[Change, Built]) -> None:
    change, after = changed
    assert before.files.keys() == after.files.keys()
    different = {name for name in before.files if before.files[name] != after.files[name]}
    assert different == expected_files(before.project, change)


def test_every_changed_line_is_explained_by_the_analysis(before: Built, changed: tuple[Change, Built]) -> None:
    """It is the drawing of this forest plot, or the same words with numbers of the old and of the new result."""
    change, after = changed
    old, new = (numbers_of(built, change) for built in (before, after))
    for name in expected_files(before.project, change):
        if not name.endswith(".md"):
            continue
        a, b = (without_certainty(built.text(name)) for built in (before, after))
        assert len(a) == len(b), name
        assert a != b
        for one, other in zip(a, b, strict=True):
            if one == other:
                continue
            assert (change.analysis in one) == (change.analysis in other)
            if one.startswith("<svg"):
                assert f'aria-labelledby="forest-{change.analysis}-' in one
                assert f'aria-labelledby="forest-{change.analysis}-' in other
                continue
            assert NUMBER.sub("#", one) == NUMBER.sub("#", other), name
            for x, y in zip(NUMBER.findall(one), NUMBER.findall(other), strict=True):
                assert x == y or (x in old and y in new), (name, x, y)


def test_the_certainty_changes_in_its_stratum_only(before: Built, changed: tuple[Change, Built]) -> None:
    """Its words may come and go with the number, so its lines are not compared one by one."""
    change, after = changed
    old, new = (json.loads(built.files["site/exports/snapshot.json"])["certainty"] for built in (before, after))
    assert [one["analysis"] for one in old] == [one["analysis"] for one in new]
    for one, other in zip(old, new, strict=True):
        for a, b in zip(one["bodies"], other["bodies"], strict=True):
            concerned = (a["analysis"], a["stratum"]) == (change.analysis, change.stratum)
            assert (a != b) == concerned, (a["analysis"], a["stratum"])


def test_the_forest_plot_changes(before: Built, changed: tuple[Change, Built]) -> None:
    change, after = changed
    for language in before.project.languages:
        drawings = [
            [
                line
                for line in built.text(f"site/pages/{language}/analyses/{change.analysis}.md")
                if line.startswith("<svg")
            ]
            for built in (before, after)
        ]
        assert len(drawings[0]) == len(drawings[1]) > 0
        assert all(one != other for one, other in zip(*drawings, strict=True))


def test_every_sentence_that_quotes_it_has_the_new_number(before: Built, changed: tuple[Change, Built]) -> None:
    change, after = changed
    quoted = 0
    for language in before.project.languages:
        old, new = (numbers.summary(*summary_of(built, change), language) for built in (before, after))
        assert old != new
        for page in set(quoting(before.project, change, language)):
            name = f"site/pages/{language}/{page}.md"
            sentences = [line for line in before.text(name) if old in line and not line.startswith("<svg")]
            assert sentences
            assert not any(old in line for line in after.text(name))
            assert sum(new in line for line in after.text(name)) == sum(old in line for line in before.text(name))
            quoted += len(sentences)
    assert quoted >= len(before.project.languages)


def test_the_result_changes_in_its_stratum_only(before: Built, changed: tuple[Change, Built]) -> None:
    change, after = changed
    old, new = (built.project.results[change.analysis] for built in (before, after))
    assert old.inputs != new.inputs
    assert old.seal != new.seal
    assert (old.left_out, old.checked_with, old.overall) == (new.left_out, new.checked_with, new.overall)
    for a, b in zip(strata(old), strata(new), strict=True):
        assert (a == b) == (a.stratum != change.stratum)
    for name, result in before.project.results.items():
        assert name == change.analysis or result == after.project.results[name]


def test_the_snapshot_changes_where_the_number_is_shown(before: Built, changed: tuple[Change, Built]) -> None:
    change, after = changed
    old, new = (json.loads(built.files["site/exports/snapshot.json"]) for built in (before, after))
    for document in (old, new):
        del document["certainty"]  # see above
    places = set()
    for path, value in leaves(old):
        if value != at(new, path):
            places.add(place(old, path))
    assert {path for path, _value in leaves(old)} == {path for path, _value in leaves(new)}
    showing = {
        ("recommendations", recommendation["recommendation"]["id"])
        for recommendation in old["recommendations"]
        if any(change.analysis in clause["clause"]["analyses"] for clause in recommendation["clauses"])
    }
    languages = before.project.languages
    quoted = {tuple(page.split("/")) for language in languages for page in quoting(before.project, change, language)}
    assert {("analyses", change.analysis), ("studies", change.study)} <= places
    assert places <= {("analyses", change.analysis), ("studies", change.study)} | showing | quoted
    assert quoted <= places


#: How lines of the summary of findings, of its footnotes and of the reasons of a certainty begin.
CERTAINTY = ('<tr class="gw-sof"', "<dt><sup>", '<tr class="gw-reason"')


def without_certainty(lines: list[str]) -> list[str]:
    return [line for line in lines if not line.startswith(CERTAINTY)]


# --- numbers and places -------------------------------------------------------------------------------------------


def strata(result: Result) -> list[Pooled]:
    return [*result.strata, *(part for one in result.sensitivity for part in one.strata)]


def summary_of(built: Built, change: Change) -> tuple[Any, Any]:
    result = built.project.results[change.analysis]
    pooled = result.stratum(change.stratum)
    assert pooled is not None
    return result.measure, pooled.summary


def numbers_of(built: Built, change: Change) -> set[str]:
    """Every number of the changed stratum and of the extracted row, as pages may write it."""
    result = built.project.results[change.analysis]
    values = [
        value
        for part in strata(result)
        if part.stratum == change.stratum
        for _path, value in leaves(part.model_dump(mode="json"))
    ]
    values += [
        value
        for placed in built.project.extraction
        if placed.value.study == change.study
        for value in placed.value.model_dump().values()
    ]
    known = [value for value in values if isinstance(value, int | float)]
    written = {numbers.decimal(value, places) for value in known for places in (0, 1, 2, 3)}
    written |= {numbers.p_value(value) for value in known} | {f"{value:g}" for value in known}
    return {found for text in written for found in NUMBER.findall(text)}


Path_ = tuple[str | int, ...]


def leaves(data: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Every value of a document with its path."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else None
    if items is None:
        yield path, data
        return
    for key, value in items:
        yield from leaves(value, (*path, key))


def at(data: Any, path: Path_) -> Any:
    for key in path:
        data = data[key]
    return data


def place(snapshot: Any, path: Path_) -> tuple[str, str]:
    """Part of the snapshot, and the thing in it."""
    part, thing = str(path[0]), snapshot[path[0]][path[1]]
    return part, thing[SINGULAR[part]]["id"]
