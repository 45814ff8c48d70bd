"""The flow of a project's review: its found records and decisions put together.

Reads the exports, as everything does that works on found records; see :mod:`guidewright.found_records`.
"""

from __future__ import annotations

from guidewright.evidence.dedupe.merging import publications
from guidewright.evidence.found import found_reference
from guidewright.evidence.prisma.computing import Material, compute
from guidewright.evidence.prisma.flow import Flow
from guidewright.evidence.prisma.links import cited
from guidewright.evidence.selecting.state import selection
from guidewright.found_records import records_of_project
from guidewright.project import Project


def flow_of(project: Project, question: str | None = None) -> Flow:
    """The flow of a project that was loaded without problems; with ``question``, of the searches made for it.

    A project without exports is followed from the references that somebody decided about.
    """
    records, _problems = records_of_project(project.root, project.searches)  # loading has reported them
    units = publications(records, project.duplicates)
    if not records:
        decided = {line.record for lines in project.screening.values() for line in lines}
        references = [one for key, one in project.records.items() if key in decided]
        units = publications([found_reference(one) for one in references], project.duplicates)
        cites = {one.found.id: one.found.id for one in units}
    else:
        cites = cited(units, project.records.values())
    studies = {report.cite: study.id for study in project.studies.values() for report in study.reports}
    material = Material(project.searches, selection(units, project.screening), cites, studies, bool(records))
    return compute(material, question)
