"""All findings of a project, the most severe first."""

from __future__ import annotations

from collections.abc import Sequence

from guidewright.audit.agreement import agreement_findings, equal_words_findings, outcome_findings
from guidewright.audit.answers import with_answers
from guidewright.audit.appraisals import appraisal_findings
from guidewright.audit.bodies import body_findings, protocol_quotes, window_findings
from guidewright.audit.claim_results import claim_result_findings
from guidewright.audit.claims import claim_findings
from guidewright.audit.counts import citation_findings, count_findings
from guidewright.audit.crossreferences import cross_reference_findings
from guidewright.audit.findings import Finding
from guidewright.audit.flow import flow_findings
from guidewright.audit.languages import language_findings
from guidewright.audit.panel import panel_findings
from guidewright.audit.passages import sentences
from guidewright.audit.process import process_findings
from guidewright.audit.prose import prose_findings
from guidewright.audit.results import overlap_findings, result_findings
from guidewright.audit.rows import row_findings
from guidewright.audit.rules import SEVERITIES
from guidewright.audit.strengths import (
    equal_design_findings,
    level_findings,
    printed_design_findings,
    review_findings,
    split_findings,
    strength_findings,
)
from guidewright.audit.terms import term_findings
from guidewright.evidence.prisma.flow import Flow
from guidewright.guideline.analyses import Pooling
from guidewright.guideline.appraise import ClauseGrade
from guidewright.project import Project


def findings_of(project: Project, pooling: Pooling, grades: Sequence[ClauseGrade], flow: Flow) -> tuple[Finding, ...]:
    """Run every check, and put the answers of the group beside what they answer."""
    said = tuple(sentences(project))
    found = [
        *strength_findings(project, grades),
        *level_findings(project, grades),
        *panel_findings(project),
        *printed_design_findings(project),
        *equal_design_findings(project),
        *review_findings(project, grades),
        *split_findings(project),
        *agreement_findings(project, grades),
        *equal_words_findings(project),
        *outcome_findings(project),
        *body_findings(project),
        *protocol_quotes(project),
        *window_findings(project),
        *claim_findings(project),
        *claim_result_findings(project),
        *count_findings(project),
        *citation_findings(project),
        *cross_reference_findings(project),
        *term_findings(project, said),
        *language_findings(project),
        *prose_findings(project, said),
        *row_findings(project),
        *result_findings(project, pooling),
        *overlap_findings(project, pooling),
        *process_findings(project),
        *appraisal_findings(project, grades),
        *flow_findings(project, flow),
    ]
    answered = with_answers(project, found)
    return tuple(sorted(answered, key=lambda one: (SEVERITIES.index(one.severity), one.answer is not None)))
