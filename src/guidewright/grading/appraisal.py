"""Judgements of single studies (``grading/appraisals/<reviewer>.csv``), one file per reviewer."""

from __future__ import annotations

from guidewright.values import (
    ISODate,
    Slug,
    StudyId,
    Value,
)


class Judgement(Value):
    """One answer of one reviewer about one study."""

    study: StudyId
    """The study."""
    instrument: Slug
    """The appraisal instrument."""
    item: Slug
    """Signalling question or domain."""
    answer: str
    """The answer, as the instrument words it."""
    reason: str
    """Why."""
    place: str | None = None
    """Page or quotation of the report that shows it."""
    date: ISODate | None = None
    """Day of the judgement."""
