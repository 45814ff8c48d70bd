"""Every fault that is seeded is found, and the clean copy raises no alarm beyond the findings that were read."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from guidewright.audit.findings import Finding
from guidewright.audit.rules import rules
from tests.audit.mutations import Bench, cases, key, seeded

CASES = cases()


def test_there_are_faults_enough() -> None:
    assert len(CASES) >= 60
    assert max(Counter(case["fault"] for case in CASES).values()) == 1
    assert {case["finds"] for case in CASES} <= set(rules())


@pytest.mark.parametrize("case", CASES, ids=[case["fault"] for case in CASES])
def test_a_seeded_fault_is_found(case: dict[str, Any], clean: tuple[Finding, ...], work: Bench) -> None:
    known = {key(finding) for finding in clean}
    new = [finding.rule for finding in seeded(work, case) if key(finding) not in known]
    assert case["finds"] in new


def test_the_copy_is_clean_again_afterwards(clean: tuple[Finding, ...], work: Bench) -> None:
    assert {key(finding) for finding in work.findings()} == {key(finding) for finding in clean}
