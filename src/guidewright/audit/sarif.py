"""Findings and problems as SARIF 2.1.0, which code hosts show beside the lines that they are about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from guidewright import __version__
from guidewright.audit.findings import Finding, Side
from guidewright.audit.rules import Rule, rules
from guidewright.problems import Problem

VERSION = "2.1.0"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
#: Problems of files, which no rule of the audit has found, go under this name.
FILE_PROBLEM = "file-problem"


def sarif(problems: Sequence[Problem], findings: Sequence[Finding]) -> dict[str, Any]:
    """One run with every rule of the audit, every problem and every finding. Answered findings are suppressed."""
    results = [_problem(problem) for problem in problems] + [_finding(finding) for finding in findings]
    driver = {
        "name": "Guidewright",
        "version": __version__,
        "rules": [_rule(one) for one in rules().values()] + [_file_rule()],
    }
    return {"$schema": SCHEMA, "version": VERSION, "runs": [{"tool": {"driver": driver}, "results": results}]}


def _rule(one: Rule) -> dict[str, Any]:
    return {
        "id": one.id,
        "shortDescription": {"text": one.title["en"]},
        "fullDescription": {"text": one.why["en"]},
        "help": {"text": one.do["en"]},
        "defaultConfiguration": {"level": one.severity},
        "properties": {"tags": [one.topic]},
    }


def _file_rule() -> dict[str, Any]:
    return {"id": FILE_PROBLEM, "shortDescription": {"text": "A file that cannot be used as it is"}}


def _location(file: str, line: int, column: int | None = None) -> dict[str, Any]:
    region: dict[str, int] = {"startLine": max(line, 1)}
    if column is not None:
        region["startColumn"] = max(column, 1)
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(file)}, "region": region}}


def _uri(file: str) -> str:
    """A path as a relative reference: only signs that a URI may hold."""
    safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/"
    return "".join(c if c in safe else "".join(f"%{byte:02X}" for byte in c.encode()) for c in file)


def _problem(problem: Problem) -> dict[str, Any]:
    text = problem.rule + (f": {problem.value}" if problem.value is not None else "")
    return {
        "ruleId": FILE_PROBLEM,
        "level": "error",
        "message": {"text": text},
        "locations": [_location(problem.file, problem.line, problem.column)],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": finding.severity,
        "message": {"text": f"{finding.text['en']} {finding.next_step['en']}"},
        "locations": [_location(finding.file, finding.line)],
        "relatedLocations": [_related(n, side) for n, side in enumerate(finding.sides) if side.file],
        "partialFingerprints": {"guidewright/v1": finding.fingerprint},
        "properties": {"place": finding.place},
    }
    if finding.answer is not None:
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": next(iter(finding.answer.reason.values()))}
        ]
    return result


def _related(number: int, side: Side) -> dict[str, Any]:
    said = f"{side.who['en']}: {side.says.get('en', '')}" + (f" ({side.source})" if side.source else "")
    return {"id": number, "message": {"text": said}, **_location(side.file, side.line)}
