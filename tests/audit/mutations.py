"""Seeds one fault each into copies of the project and counts how many the audit finds.

``python -m tests.audit.mutations`` prints the table.

The project is loaded once. For each fault the one file that holds it is read again from a copy, as a person would have
written it, and every check runs over the whole project.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from guidewright import project as loading
from guidewright.audit.findings import Finding
from guidewright.audit.run import findings_of
from guidewright.crossrefs import Loaded
from guidewright.crossrefs.names import names_of
from guidewright.grading.library import built_in_schemes
from guidewright.guideline.analyses import Pooling, pool_project
from guidewright.guideline.appraise import grade
from guidewright.kinds import KINDS, ROOMS
from guidewright.loading.contents import read_file
from guidewright.loading.files import files_of
from guidewright.loading.tables import tables_of
from guidewright.review_flow import flow_of

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).with_suffix(".yml")
Key = tuple[str, str, str]


def key(finding: Finding) -> Key:
    return finding.rule, finding.place, finding.fingerprint


@dataclass
class Bench:
    """A copy of the project, read once, in which one file at a time can be changed."""

    root: Path
    loaded: dict[str, list[Loaded]]
    languages: dict[str, str]
    pooling: Pooling | None = None

    def project(self, loaded: dict[str, list[Loaded]] | None = None) -> loading.Project:
        ones = loaded or self.loaded
        tables, problems = tables_of(self.root, ones["table"], tuple(self.languages), names_of(ones["record"]))
        assert not problems
        return loading._assemble(self.root, ones, tables, built_in_schemes())

    def findings(self, loaded: dict[str, list[Loaded]] | None = None, *, pool: bool = False) -> tuple[Finding, ...]:
        project = self.project(loaded)
        if self.pooling is None:
            self.pooling = pool_project(project, verified=False)
        pooling = pool_project(project, verified=False) if pool else self.pooling
        return findings_of(project, pooling, grade(project, pooling.results), flow_of(project))

    def reread(self, names: list[str]) -> dict[str, list[Loaded]]:
        """What the copy holds once the named files have been read again."""
        loaded = {kind: [one for one in ones if one.file not in names] for kind, ones in self.loaded.items()}
        for kind in KINDS:
            for path in sorted(self.root.glob(kind.pattern)):
                if path.relative_to(self.root).as_posix() in names:
                    ones, problems = read_file(self.root, path, kind, self.languages)
                    assert not problems, problems[0]
                    loaded[kind.name] += ones
            order = {one.file: n for n, one in enumerate(self.loaded[kind.name])}
            loaded[kind.name].sort(key=lambda one: order.get(one.file, len(order)))
        return loaded


def bench(root: Path) -> Bench:
    """Copy what a project consists of, and read it."""
    for room in ROOMS:
        copytree(ROOT / room, root / room)
    loaded: dict[str, list[Loaded]] = {kind.name: [] for kind in KINDS}
    languages: dict[str, str] = {}
    for kind in KINDS:
        for path in files_of(root.resolve(), kind)[0]:
            ones, problems = read_file(root.resolve(), path, kind, languages or None)
            assert not problems, problems[0]
            loaded[kind.name] += ones
            if kind.name == "guideline":
                languages = dict(ones[0].value.languages)
    return Bench(root.resolve(), loaded, languages)


def cases() -> list[dict[str, Any]]:
    return list(yaml.safe_load(CASES.read_text(encoding="utf-8")))


def seeded(work: Bench, case: dict[str, Any]) -> tuple[Finding, ...]:
    """All findings of the copy with the fault of a case; the copy is put right again."""
    edits = [case, *([case["also"]] if "also" in case else [])]
    before: dict[Path, str | None] = {}
    for edit in edits:
        path = work.root / edit.get("in", edit.get("write"))
        before[path] = path.read_text(encoding="utf-8") if path.exists() else None
        text = before[path]
        if "in" in edit:
            assert text is not None and edit["replace"] in text, (
                f"{case['fault']}: {edit['in']} has no {edit['replace']!r}"
            )
            path.write_text(text.replace(edit["replace"], edit["by"], 1), encoding="utf-8")
        else:
            path.write_text(edit["by"], encoding="utf-8")
    try:
        names = [path.relative_to(work.root).as_posix() for path in before]
        return work.findings(work.reread(names), pool=bool(case.get("pool")))
    finally:
        for path, text in before.items():
            if text is None:
                path.unlink()
            else:
                path.write_text(text, encoding="utf-8")


def outcomes(work: Bench) -> Iterator[tuple[dict[str, Any], bool, list[Finding]]]:
    """Each case, whether its fault was found, and what else is new."""
    clean = {key(finding) for finding in work.findings()}
    for case in cases():
        new = [finding for finding in seeded(work, case) if key(finding) not in clean]
        yield case, any(finding.rule == case["finds"] for finding in new), [f for f in new if f.rule != case["finds"]]


def main() -> None:
    # ruff: noqa: T201 - this is the command that prints the table
    with TemporaryDirectory() as folder:
        work = bench(Path(folder))
        print(f"{len(work.findings())} findings in the clean copy")
        found = number = 0
        for case, hit, others in outcomes(work):
            number, found = number + 1, found + hit
            also = ", ".join(sorted({finding.rule for finding in others}))
            print(f"{'found ' if hit else 'MISSED'} {case['kind']:<16} {case['fault']:<56} {case['finds']:<28} {also}")
        print(f"{found} of {number} faults found")


if __name__ == "__main__":
    main()
