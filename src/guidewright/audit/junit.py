"""Findings and problems as JUnit XML, which build servers show as tests: one test for each rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from guidewright.audit.findings import Finding
from guidewright.audit.rules import SEVERITIES, Severity, rules
from guidewright.problems import Problem

#: Characters that XML 1.0 cannot hold, not even as references.
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(problems: Sequence[Problem], findings: Sequence[Finding], fail_on: Severity) -> str:
    """A suite for the files and one for each topic.

    A test fails if its rule has an unanswered finding that is as severe as ``fail_on``; what is milder or answered is
    told in its output.
    """
    suites = [_suite("files", [_case("files", "file-problem", [str(problem) for problem in problems], [])])]
    severe = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    for topic in dict.fromkeys(rule.topic for rule in rules().values()):
        cases = []
        for rule in rules().values():
            here = [finding for finding in findings if finding.rule == rule.id]
            if rule.topic == topic:
                failing = [str(f) for f in here if f.answer is None and f.severity in severe]
                mild = [str(f) for f in here if f.answer is not None or f.severity not in severe]
                cases.append(_case(topic, rule.id, failing, mild))
        suites.append(_suite(topic, cases))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="guidewright">\n'
        + "".join(suites)
        + "</testsuites>\n"
    )


def _suite(name: str, cases: Sequence[tuple[str, bool]]) -> str:
    failures = sum(failed for _, failed in cases)
    body = "".join(text for text, _ in cases)
    return f'<testsuite name={_attribute(name)} tests="{len(cases)}" failures="{failures}">\n{body}</testsuite>\n'


def _case(topic: str, name: str, failing: Sequence[str], mild: Sequence[str]) -> tuple[str, bool]:
    parts = [f"<failure message={_attribute(text.splitlines()[0])}>{_text(text)}</failure>\n" for text in failing]
    if mild:
        parts.append(f"<system-out>{_text(chr(10).join(mild))}</system-out>\n")
    head = f"<testcase classname={_attribute('guidewright.' + topic)} name={_attribute(name)}>\n"
    return f"{head}{''.join(parts)}</testcase>\n", bool(failing)


def _text(words: str) -> str:
    return escape(_NOT_XML.sub("�", words))


def _attribute(words: str) -> str:
    return quoteattr(_NOT_XML.sub("�", words))
