"""The findings on the project of this repository: each was read against its sources, and each shows both sides."""

from __future__ import annotations

from pathlib import Path

import yaml

from guidewright.audit.findings import Finding
from tests.audit.mutations import Bench

LISTED = Path(__file__).with_name("flagship.yml")


def test_the_findings_are_those_that_were_read(clean: tuple[Finding, ...]) -> None:
    wanted = {
        f"{rule} {place}"
        for rule, places in yaml.safe_load(LISTED.read_text(encoding="utf-8")).items()
        for place in places
    }
    assert {f"{finding.rule} {finding.place}" for finding in clean} == wanted


def test_no_two_findings_share_rule_and_place(clean: tuple[Finding, ...]) -> None:
    assert len({(finding.rule, finding.place) for finding in clean}) == len(clean)
    assert len({finding.anchor for finding in clean}) == len(clean)


def test_every_finding_shows_both_sides_with_file_and_line(clean: tuple[Finding, ...], work: Bench) -> None:
    for finding in clean:
        assert len(finding.sides) >= 2, finding
        for side in finding.sides:
            assert all(side.says.get(tag) for tag in ("zh", "en")), finding
            if side.file:
                lines = (work.root / side.file).read_text(encoding="utf-8").splitlines()
                assert 1 <= side.line <= len(lines), finding
            else:
                assert side.source, finding


def test_sides_point_at_what_they_say(clean: tuple[Finding, ...], work: Bench) -> None:
    """Spot checks: the line holds the fact."""
    for rule, place, words in (
        ("printed-blinding", "r06/klazen2010", ("double-blind", "value: open")),
        ("printed-author", "r04/blattert2018", ("Blatter", "Blattert")),
        ("cross-reference-topic", "r13/r09", ("from: r13", "title:", "title:")),
    ):
        finding = next(one for one in clean if (one.rule, one.place) == (rule, place))
        for side, wanted in zip(finding.sides, words, strict=True):
            line = (work.root / side.file).read_text(encoding="utf-8").splitlines()[side.line - 1]
            assert wanted in line


def test_a_fingerprint_changes_with_the_facts_only(clean: tuple[Finding, ...], work: Bench) -> None:
    path = work.root / "guideline_src/editions/2025-as-published.yml"
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(work.root).as_posix()

    def fingerprint(changed: str) -> tuple[str, int]:
        path.write_text(changed, encoding="utf-8")
        try:
            found = work.findings(work.reread([name]))
        finally:
            path.write_text(text, encoding="utf-8")
        one = next(finding for finding in found if finding.rule == "printed-author")
        return one.fingerprint, one.line

    before = fingerprint(text)
    moved = fingerprint("# a comment\n" + text)
    changed = fingerprint(text.replace("author: Blatter\n", "author: Blater\n"))
    assert moved == (before[0], before[1] + 1)
    assert changed[0] != before[0]
