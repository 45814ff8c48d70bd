"""What published editions claim, with the studies that they mean."""

from __future__ import annotations

from collections.abc import Iterator

from guidewright.evidence.studies import Study
from guidewright.guideline.statements import AsPublished, Claim
from guidewright.project import Project


def claims_of(project: Project) -> Iterator[tuple[AsPublished, int, Claim]]:
    """Every claim of every edition, with its number in the file."""
    for edition in project.as_published:
        for n, claim in enumerate(edition.claims):
            yield edition, n, claim


def known_claims(project: Project) -> Iterator[tuple[AsPublished, int, Claim, str, Study]]:
    """Claims about references whose study is known: edition, number, claim, citation key, study."""
    for edition, n, claim in claims_of(project):
        for cite in claim.cites:
            study = project.study_of(cite)
            if study is not None:
                yield edition, n, claim, cite, study
