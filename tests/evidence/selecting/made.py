"""Publications and decisions for tests."""

from __future__ import annotations

from typing import Any

from guidewright.evidence.dedupe.merging import Publication, merged
from guidewright.evidence.screening import ScreeningDecision
from tests.evidence.dedupe.made import found


def publication(identifier: str, *copies: str, **fields: Any) -> Publication:
    """A publication of one record, or of several alike."""
    return merged([found(one, **fields) for one in (identifier, *copies)])


def said(record: str, decision: str, stage: str = "title-abstract", **more: Any) -> ScreeningDecision:
    """A decision."""
    return ScreeningDecision.model_validate({"record": record, "stage": stage, "decision": decision, **more})
