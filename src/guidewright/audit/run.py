"""All findings of a project, the most severe first."""

from __future__ import annotations

from collections.abc import Sequence

from guidewright.audit.findings import Finding
from guidewright.audit.panel import panel_findings
from guidewright.audit.results import result_findings
from guidewright.audit.strengths import count_findings, level_findings, strength_findings
from guidewright.guideline.analyses import Pooling
from guidewright.guideline.appraise import ClauseGrade
from guidewright.project import Project


def findings_of(project: Project, pooling: Pooling, grades: Sequence[ClauseGrade]) -> tuple[Finding, ...]:
    """Run every check."""
    found = [
        *strength_findings(project, grades),
        *count_findings(project),
        *result_findings(project, pooling),
        *level_findings(project, grades),
        *panel_findings(project),
    ]
    return tuple(sorted(found, key=lambda finding: finding.severity))
