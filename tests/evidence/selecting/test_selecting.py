"""What came of every publication, who is to judge what, where people differ and how they agree."""

from __future__ import annotations

import pytest
from sklearn.metrics import cohen_kappa_score

from guidewright.evidence.selecting.agreeing import agreements
from guidewright.evidence.selecting.conflicts import conflicts
from guidewright.evidence.selecting.state import Verdict, selection, with_decision, without_decision
from tests.evidence.selecting.made import publication, said

UNITS = [publication("a/1", "b/1"), publication("a/2"), publication("a/3"), publication("a/4")]


def verdicts(files: dict[str, list[tuple[str, str]]], stage: str = "title-abstract") -> dict[str, str]:
    rows = {name: [said(record, word, stage) for record, word in lines] for name, lines in files.items()}
    if stage == "full-text":
        for name in [one for one in rows if one != "consensus"]:
            rows[name] += [said(unit.found.id, "include") for unit in UNITS]
    state = selection(UNITS, rows)
    return {one: state.at(one, stage).verdict.value for one in state.publications}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second", "stage", "verdict"),
    [
        ("include", "include", "title-abstract", "included"),
        ("include", "unsure", "title-abstract", "included"),
        ("unsure", "unsure", "title-abstract", "included"),
        ("exclude", "exclude", "title-abstract", "excluded"),
        ("include", "exclude", "title-abstract", "conflict"),
        ("unsure", "exclude", "title-abstract", "conflict"),
        ("include", None, "title-abstract", "open"),
        (None, None, "title-abstract", "open"),
        ("include", "include", "full-text", "included"),
        ("include", "unsure", "full-text", "conflict"),
        ("unsure", "unsure", "full-text", "conflict"),
        ("exclude", "exclude", "full-text", "excluded"),
    ],
)
def test_two_reviewers(first: str | None, second: str | None, stage: str, verdict: str) -> None:
    files = {"li": [("a/2", first)] if first else [], "wu": [("a/2", second)] if second else []}
    assert verdicts(files, stage)["a/2"] == verdict
    assert verdicts(dict(reversed(files.items())), stage)["a/2"] == verdict


def test_one_reviewer_alone_decides_where_there_is_one() -> None:
    assert verdicts({"li": [("a/2", "exclude")]})["a/2"] == "excluded"


def test_a_decision_about_a_copy_is_one_about_the_publication() -> None:
    assert verdicts({"li": [("a/1", "include")], "wu": [("b/1", "exclude")]})["a/1"] == "conflict"


def test_consensus_settles_a_conflict() -> None:
    files = {"li": [("a/2", "include")], "wu": [("a/2", "exclude")], "consensus": [("a/2", "exclude")]}
    assert verdicts(files)["a/2"] == "excluded"
    assert verdicts({**files, "consensus": [("a/2", "unsure")]})["a/2"] == "included"


def test_full_texts_are_those_that_title_and_abstract_let_pass() -> None:
    state = selection(
        UNITS,
        {
            "li": [said("a/1", "include"), said("a/2", "exclude"), said("a/3", "unsure")],
            "wu": [said("a/1", "include"), said("a/2", "include"), said("a/3", "include")],
        },
    )
    assert state.asked("full-text") == ["a/1", "a/3"]
    assert state.open_for("li", "full-text") == ["a/1", "a/3"]
    assert state.open_for("li", "title-abstract") == ["a/4"]
    assert state.with_verdict("title-abstract", Verdict.CONFLICT) == ["a/2"]


def test_what_is_open_for_one_says_nothing_of_the_other() -> None:
    mine = [said("a/1", "include")]
    alone = selection(UNITS, {"li": mine, "wu": []})
    beside = selection(UNITS, {"li": mine, "wu": [said("a/2", "exclude"), said("a/1", "exclude")]})
    assert alone.open_for("li", "title-abstract") == beside.open_for("li", "title-abstract")


def test_conflicts_of_decisions_and_of_reasons() -> None:
    through = [said(unit.found.id, "include") for unit in UNITS]
    state = selection(
        UNITS,
        {
            "li": [
                *through,
                said("a/1", "exclude", "full-text", reason="population"),
                said("a/2", "include", "full-text"),
                said("a/3", "exclude", "full-text", reason="language"),
            ],
            "wu": [
                *through,
                said("a/1", "exclude", "full-text", reason="outcomes"),
                said("a/2", "exclude", "full-text", reason="outcomes"),
                said("a/3", "exclude", "full-text", reason="language"),
            ],
        },
    )
    assert [(one.publication, one.kind) for one in conflicts(state)] == [("a/1", "reason"), ("a/2", "decision")]
    assert state.at("a/3", "full-text").reason == "language"
    assert [one.publication for one in conflicts(state, "title-abstract")] == []


def test_agreement_is_that_of_others_and_stands_for_each_stage_and_reason() -> None:
    units = [publication(f"a/{n}") for n in range(1, 41)]
    words = ("include", "exclude", "unsure")
    first = [words[(n * 7) % 3] for n in range(40)]
    second = [words[(n * 7 + (n % 5 == 0)) % 3] for n in range(40)]
    rows = {
        name: [
            said(unit.found.id, word, reason="population" if word == "exclude" and n % 2 else None)
            for n, (unit, word) in enumerate(zip(units, given, strict=True))
        ]
        for name, given in (("li", first), ("wu", second))
    }
    found = list(agreements(selection(units, rows)))
    assert [one.about for one in found] == ["decision", "going on", "population"]
    kappa, percent = found[0].agreement.kappa, found[0].agreement.percent
    assert kappa is not None
    assert percent is not None
    assert kappa.estimate == pytest.approx(cohen_kappa_score(first, second), abs=1e-12)
    assert percent.estimate == pytest.approx(sum(a == b for a, b in zip(first, second, strict=True)) / 40)
    assert kappa.low is not None
    assert kappa.low < kappa.estimate
    going = [word == "exclude" for word in first], [word == "exclude" for word in second]
    other = found[1].agreement
    assert other.kappa is not None
    assert other.kappa.estimate == pytest.approx(cohen_kappa_score(*going), abs=1e-12)
    assert other.pabak is not None
    shares = sum(a == b for a, b in zip(*going, strict=True)) / 40
    assert other.pabak.estimate == pytest.approx(2 * shares - 1)


def test_lines_are_replaced_not_repeated() -> None:
    rows = [said("a/1", "include"), said("a/1", "include", "full-text")]
    changed = with_decision(rows, said("a/1", "exclude"))
    assert [(row.stage, row.decision) for row in changed] == [("full-text", "include"), ("title-abstract", "exclude")]
    assert without_decision(changed, "a/1", "title-abstract") == [rows[1]]
