"""Reports that are proposed as those of one study, and what is written."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from guidewright.evidence.bibliography import Name
from guidewright.evidence.citing import bibtex_of, key_for
from guidewright.evidence.found import Found
from guidewright.evidence.linking import kind_of_report, proposals, slug_of, study_names
from guidewright.evidence.study_file import StudyFileError, with_reports
from guidewright.reading.bibtex_file import read_bibtex
from tests.cli.running import run, run_json
from tests.evidence.intake_project import PEOPLE, PUBMED, intake_project
from tests.evidence.selecting.made import publication

WHO = "Firanescu, Cristina; de Vries, Jolanda; Lodder, Paul"


def test_a_registration_number_joins_whatever_the_titles() -> None:
    found, _ = proposals(
        [
            publication("a/1", title="Vertebroplasty or sham", authors=WHO, year=2018, registrations="NCT01200277"),
            publication(
                "a/2", title="Rationale and design of a trial", authors="X, Y", registrations="nct01200277", year=2011
            ),
            publication("a/3", title="Vertebroplasty or sham", authors=WHO, year=2018, registrations="NCT09999999"),
        ]
    )
    assert [one.publications for one in found] == [("a/2", "a/1"), ("a/3",)]
    assert found[0].signs[0].strength == "sure"
    assert found[0].registrations == ("NCT01200277",)


def test_a_name_joins_with_authors_in_common() -> None:
    found, _ = proposals(
        [
            publication(
                "a/1",
                title="Vertebroplasty or not (VERTOS II): an open trial",
                authors="Klazen, C; Lohle, P",
                year=2010,
            ),
            publication(
                "a/2", title="Pain of patients in the VERTOS II trial", authors="Venmans, A; Klazen, C", year=2011
            ),
            publication("a/3", title="Another VERTOS II study of elsewhere", authors="Nobody, N", year=2012),
            publication("a/4", title="Vertebroplasty by MRI: a trial", authors="Klazen, C", year=2010),
        ]
    )
    assert [one.publications for one in found] == [("a/1", "a/2"), ("a/3",), ("a/4",)]
    assert found[0].name == "VERTOS II"


def test_the_same_title_joins_and_a_similar_one_is_only_possible() -> None:
    units = [
        publication(
            "a/1", title="Bracing after burst fracture in adults", authors=WHO, year=2010, journal="Value in Health"
        ),
        publication("a/2", title="Bracing after burst fracture in adults", authors=WHO, year=2012, journal="Spine"),
        publication("a/3", title="Bracing after burst fracture in adults: ten years", authors=WHO, year=2014),
        publication("a/4", title="Bracing after burst fracture in adults", authors=WHO, year=2030),
    ]
    found, possible = proposals(units)
    assert ("a/1", "a/2") in [one.publications for one in found]
    assert ("a/4",) in [one.publications for one in found]
    assert {(sign.one, sign.other) for sign in possible} == {("a/1", "a/3"), ("a/2", "a/3")}
    assert proposals(list(reversed(units))) == (found, possible)


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Effects in the VERTOS II trial", {"VERTOS II"}),
        ("FREEDOM: denosumab", {"FREEDOM"}),
        ("Denosumab (FREEDOM) in women", {"FREEDOM"}),
        ("An RCT study of DXA (MRI)", set()),
        ("Nothing of that kind", set()),
    ],
)
def test_names_of_studies(title: str, names: set[str]) -> None:
    assert study_names(title) == names


@pytest.mark.parametrize(
    ("title", "conference", "kind"),
    [
        ("A trial: study protocol", False, "protocol"),
        ("A trial", True, "abstract"),
        ("A post hoc analysis of a trial", False, "subgroup"),
        ("Cost-effectiveness of it", False, "secondary"),
        ("Five years of follow-up", False, "follow-up"),
        ("A trial", False, "results"),
    ],
)
def test_kinds_of_reports(title: str, conference: bool, kind: str) -> None:
    assert kind_of_report(title, conference=conference, first=False).value == kind


def test_identifiers() -> None:
    assert slug_of("VERTOS II") == "vertos-ii"
    assert slug_of("张三 2019") == "2019"
    klazen = Found(id="a/1", authors=(Name(family="van Klazen", given="C"),), year=2010)
    assert key_for(klazen, {"vanklazen2010"}) == "vanklazen2010b"
    assert key_for(Found(id="cnki_1/12", authors=(Name(literal="张三"),), year=2019), ()) == "cnki-1-12"


@given(st.text(max_size=80), st.text(min_size=1, max_size=40))
def test_any_record_becomes_an_entry_that_can_be_read(title: str, author: str) -> None:
    record = Found(
        id="a/1", title=title, authors=(Name(literal=author), Name(family=author, given="A")), year=2010, doi="10.1/x y"
    )
    entries, problems = read_bibtex(bibtex_of(record, "key2010"), "records.bib")
    assert [entry.key for entry in entries] == ["key2010"]
    assert not [problem for problem in problems if "broken" in problem.rule]
    assert "doi" not in entries[0].fields


def test_included_reports_become_studies_with_their_records(tmp_path: Path) -> None:
    root = intake_project(tmp_path)
    for old in (root / "evidence/screening").glob("*.csv"):
        old.unlink()
    assert run("dedupe", "-C", root).exit_code == 0
    assert run("link", "-C", root).exit_code == 2
    lines = ["record,stage,decision,reason", *(
        f"{record},{stage},include," for record in ("embase/1", "embase/2", "pubmed/2")
        for stage in ("title-abstract", "full-text")
    )]  # fmt: skip
    (root / f"evidence/screening/{PEOPLE[0]}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    code, data = run_json("link", "-C", root, "--dry-run")
    assert code == 0
    assert sorted(data["new"]) == ["firanescu-2018", "koehl-2010"]
    assert not (root / "evidence/studies/koehl-2010.yml").exists()
    assert run("link", "-C", root).exit_code == 0
    study = yaml.safe_load((root / "evidence/studies/koehl-2010.yml").read_text(encoding="utf-8"))
    assert len(study["reports"]) == 2
    assert run("check", "-C", root, "--files-only").exit_code == 0
    before = {path: path.read_bytes() for path in (root / "evidence").rglob("*") if path.is_file()}
    code, data = run_json("link", "-C", root)
    assert data["new"] == []
    assert set(data["known"].values()) == {"firanescu-2018", "koehl-2010"}
    assert {path: path.read_bytes() for path in before} == before


STUDY = """# yaml-language-server: $schema=../../.guidewright/schemas/study.json
id: sham-trial
name: Sham trial   # kept as it is
reports:
  # the protocol comes first
  - {cite: old2011, kind: protocol}

# facts follow
registration:
  value: NCT01200277
  source: {cite: old2011}
"""


def _with_a_known_study(folder: Path) -> Path:
    """A project whose screening includes three publications, and that knows the study of one of them."""
    ris = """TY  - JOUR
AU  - Firanescu, C
TI  - Sham controlled trial of vertebroplasty, results after a year
PY  - 2018
AN  - NCT01200277
N1  - ClinicalTrials.gov NCT01200277
AB  - Registered as NCT01200277.
ER  -
TY  - JOUR
AU  - Li, Na
TI  - Bracing after burst fracture: a cohort study
PY  - 2019
ER  -
"""
    root = intake_project(folder, {"pubmed": PUBMED})
    kept = root / "evidence/searches/exports/embase.ris"
    kept.write_text(ris, encoding="utf-8")
    log = root / "evidence/searches.yml"
    text = log.read_text(encoding="utf-8")
    log.write_text(
        text.replace("databases:\n", "databases:\n  - {name: Embase, file: searches/exports/embase.ris}\n", 1),
        encoding="utf-8",
    )
    with (root / "evidence/records.bib").open("a", encoding="utf-8") as file:
        file.write("\n@article{old2011,\n  title = {Protocol of a sham controlled trial},\n  year = {2011},\n}\n")
    (root / "evidence/studies/sham-trial.yml").write_text(STUDY, encoding="utf-8")
    for old in (root / "evidence/screening").glob("*.csv"):
        old.unlink()
    lines = [
        "record,stage,decision",
        *(f"embase/{n},{s},include" for n in (1, 2) for s in ("title-abstract", "full-text")),
    ]
    (root / f"evidence/screening/{PEOPLE[0]}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return root


def test_a_new_report_goes_to_the_study_that_is_there(tmp_path: Path) -> None:
    root = _with_a_known_study(tmp_path)
    path = root / "evidence/studies/sham-trial.yml"
    code, data = run_json("link", "-C", root, "--dry-run")
    assert code == 0
    assert data["added"] == {"sham-trial": [{"cite": "firanescu2018", "kind": "results"}]}
    assert data["new"] == ["li-2019"]
    assert path.read_text(encoding="utf-8") == STUDY
    said = run("link", "-C", root)
    assert "sham-trial gets 1 more: firanescu2018" in said.stdout
    protocol = "  - {cite: old2011, kind: protocol}\n"
    more = "  - cite: firanescu2018\n    kind: results\n"
    assert path.read_text(encoding="utf-8") == STUDY.replace(protocol, protocol + more)
    assert run("check", "-C", root, "--files-only").exit_code == 0
    code, data = run_json("link", "-C", root)
    assert (data["added"], data["new"]) == ({}, [])
    assert data["known"]["embase/1"] == "sham-trial"


@pytest.mark.parametrize(
    "reports",
    [
        "reports: [{cite: a, kind: results}]\n",
        "reports:\n- cite: a\n  kind: results\n# end\n",
        "reports:\n    -   cite: a\n        kind: results   # note\n",
        "reports:\n  - cite: a\n    kind: results",
    ],
)
def test_reports_are_added_however_the_list_is_written(reports: str) -> None:
    text = "id: x\n" + reports
    changed = with_reports(text, [{"cite": "b", "kind": "protocol"}, {"cite": "c", "kind": "abstract"}])
    assert yaml.safe_load(changed)["reports"] == [
        {"cite": "a", "kind": "results"},
        {"cite": "b", "kind": "protocol"},
        {"cite": "c", "kind": "abstract"},
    ]
    for line in text.splitlines():
        assert line.split("}]")[0] in changed


def test_a_file_that_is_no_study_is_left_alone() -> None:
    for text in ("id: x\n", "reports: later\n", "reports: [\n"):
        with pytest.raises(StudyFileError):
            with_reports(text, [{"cite": "b", "kind": "protocol"}])
