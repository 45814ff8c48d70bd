"""How to cite a recommendation or the whole guideline: set for people, and as files for reference managers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from guidewright.evidence.bibliography import Name
from guidewright.evidence.exporters.bibtex import write_bibtex
from guidewright.evidence.exporters.csl_json import write_csl_json
from guidewright.evidence.exporters.ris import write_ris
from guidewright.evidence.found import Found, found_reference
from guidewright.publish.references import format_items
from guidewright.publish.snapshot import Snapshot
from guidewright.publish.views import RecommendationView, ReferenceView
from guidewright.values import in_language
from guidewright.words import word

#: Formats of reference managers, by suffix of their files.
FORMATS = {"ris": write_ris, "bib": write_bibtex, "json": write_csl_json}


@dataclass(frozen=True)
class Citation:
    """How to cite one page: the words, and what reference managers get."""

    words: str
    item: Found


def citations(snapshot: Snapshot, language: str) -> Mapping[str, Citation]:
    """Citations by identifier of the recommendation, and of the whole guideline under its own.

    All are set in one run of the citation processor. Where nobody is named there is no author; where the guideline has
    no public address there is none.
    """
    items = {snapshot.guideline.id: _item(snapshot, None, language)}
    items |= {view.recommendation.id: _item(snapshot, view, language) for view in snapshot.recommendations}
    said = _set(json.dumps([_csl(item) for item in items.values()]), language)
    return {name: Citation(said[item.id], item) for name, item in items.items()}


@lru_cache(maxsize=4)
def _set(items: str, language: str) -> Mapping[str, str]:
    """Citations set, kept while nothing of them changes: a preview renders the pages after every save."""
    found: list[dict[str, Any]] = json.loads(items)
    return format_items(found, language)


def citation_files(cited: Mapping[str, Citation]) -> Iterator[tuple[str, bytes]]:
    """Files of reference managers: name and content."""
    for name, one in cited.items():
        for suffix, written in FORMATS.items():
            yield f"cite-{name}.{suffix}", written([one.item]).encode("utf-8")


def reference_files(references: tuple[ReferenceView, ...]) -> Iterator[tuple[str, bytes]]:
    """The identified references of the guideline for reference managers."""
    found = [found_reference(view.record) for view in references if view.record.identified]
    for suffix, written in FORMATS.items():
        yield f"references.{suffix}", written(found).encode("utf-8")


def _item(snapshot: Snapshot, view: RecommendationView | None, language: str) -> Found:
    guideline = snapshot.guideline
    title = in_language(guideline.title, language)
    root = (guideline.site_url or "").rstrip("/")
    name, page, container = guideline.id, "index.html", ""
    if view is not None:
        one = view.recommendation
        number = word("recommendation.number", language, number=one.number)
        name, page, container = one.id, f"recommendations/{one.id}.html", title
        title = f"{number}{word('colon', language)}{in_language(one.title, language)}"
    return Found(
        id=f"{guideline.id}-{guideline.edition}-{name}" if view else f"{guideline.id}-{guideline.edition}",
        kind="webpage",
        title=title,
        authors=tuple(Name(literal=person.name) for person in guideline.people),
        year=int(guideline.date[:4]),
        journal=container,
        language=language,
        url=f"{root}/{language}/{page}" if root else "",
    )


def _csl(item: Found) -> dict[str, object]:
    found: dict[str, object] = {
        "id": item.id,
        "type": item.kind,
        "title": item.title,
        "author": [{"literal": str(name)} for name in item.authors],
        "container-title": item.journal,
        "issued": {"date-parts": [[item.year]]},
        "URL": item.url,
        "language": item.language,
    }
    return {key: value for key, value in found.items() if value}
