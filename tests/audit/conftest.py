from __future__ import annotations

from pathlib import Path

import pytest

from guidewright.audit.findings import Finding
from tests.audit.mutations import Bench, bench


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A copy of the project of this repository, read once."""
    return bench(Path(tmp_path_factory.mktemp("copy") / "project"))


@pytest.fixture(scope="session")
def clean(work: Bench) -> tuple[Finding, ...]:
    """What the audit finds in the copy as it is."""
    return work.findings()
