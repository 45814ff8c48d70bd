"""CSL-JSON: what citeproc, pandoc and reference managers read. What CSL has no name for stands in ``custom``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from guidewright.evidence.bibliography import Name
from guidewright.evidence.found import Found


def write_csl_json(records: Iterable[Found]) -> str:
    """Records as CSL-JSON."""
    return json.dumps([_item(record) for record in records], ensure_ascii=False, indent=1) + "\n"


def _item(record: Found) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": record.id,
        "type": record.kind or "document",
        "title": record.title,
        "author": [_name(name) for name in record.authors],
        "issued": {"date-parts": [[record.year]]} if record.year else None,
        "container-title": record.journal,
        "volume": record.volume,
        "issue": record.issue,
        "page": record.pages,
        "publisher": record.publisher,
        "DOI": record.doi,
        "PMID": record.pmid,
        "ISBN" if record.kind in {"book", "chapter"} and "-" not in record.issn else "ISSN": record.issn,
        "language": record.language,
        "abstract": record.abstract,
        "keyword": "; ".join(record.keywords),
        "URL": record.url,
        "source": record.database,
        "archive_location": record.accession,
        "note": "Registration: " + "; ".join(record.registrations) if record.registrations else "",
        "custom": {"translated-title": record.translated_title} if record.translated_title else None,
    }
    return {name: value for name, value in item.items() if value}


def _name(name: Name) -> dict[str, str]:
    if name.literal:
        return {"literal": name.literal}
    return {key: value for key, value in (("family", name.family), ("given", name.given)) if value}
