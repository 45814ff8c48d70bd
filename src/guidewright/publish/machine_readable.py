"""What a page says of itself to programs: citation tags, and JSON-LD in the vocabulary of schema.org.

Google Scholar and reference managers read the ``citation_`` tags, search engines the JSON-LD. Both hold what the page
shows and nothing else; where nobody is named, no author is given.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from guidewright.publish.pages import Page
from guidewright.publish.snapshot import Snapshot
from guidewright.publish.views import RecommendationView
from guidewright.values import in_language


def head_tags(snapshot: Snapshot, page: Page, language: str) -> str:
    """Elements for the head of one page in one language."""
    tags = [
        f'<meta name="{name}" content="{escape(content)}">' for name, content in _citation(snapshot, page, language)
    ]
    data = _json_ld(snapshot, page, language)
    if data is not None:
        # `<` is written as an escape so that no text of the data can end the element
        body = json.dumps(data, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
        tags.append(f'<script type="application/ld+json">{body}</script>')
    return "\n".join(tags)


def _citation(snapshot: Snapshot, page: Page, language: str) -> list[tuple[str, str]]:
    guideline = snapshot.guideline
    title = in_language(guideline.title, language)
    tags = [
        ("citation_title", title if page.address == "index.html" else f"{page.title} - {title}"),
        ("citation_publication_date", guideline.date.replace("-", "/")),
        ("citation_language", language),
        *(("citation_author", person.name) for person in guideline.people),
    ]
    address = _address(snapshot, page, language)
    return [*tags, ("citation_public_url", address)] if address else tags


def _json_ld(snapshot: Snapshot, page: Page, language: str) -> dict[str, Any] | None:
    if page.template == "home":
        return _guideline(snapshot, page, language)
    if page.template == "recommendation":
        return _recommendation(snapshot, page.about["view"], page, language)
    return None


def _guideline(snapshot: Snapshot, page: Page, language: str) -> dict[str, Any]:
    guideline = snapshot.guideline
    return _without_nothing(
        {
            "@context": "https://schema.org",
            "@type": "MedicalGuideline",
            "name": in_language(guideline.title, language),
            "description": in_language(guideline.summary, language),
            "guidelineDate": guideline.date,
            "version": guideline.edition,
            "inLanguage": language,
            "url": _address(snapshot, page, language),
        }
    )


def _recommendation(snapshot: Snapshot, view: RecommendationView, page: Page, language: str) -> dict[str, Any]:
    labels = {one.strength: in_language(one.label, language) for one in snapshot.scheme.strengths}
    address = _address(snapshot, page, language)
    clauses = [
        _without_nothing(
            {
                "@type": "MedicalGuidelineRecommendation",
                "identifier": clause.id,
                "name": in_language(clause.clause.statement, language),
                "recommendationStrength": labels.get(clause.grade.stated or clause.grade.strength or ""),
                "evidenceLevel": clause.highest_stated_level,
                "guidelineDate": snapshot.guideline.date,
                "url": f"{address}#{clause.id}" if address else None,
            }
        )
        for clause in view.clauses
    ]
    whole = _guideline(snapshot, page, language)
    del whole["@context"]
    return _without_nothing(
        {
            "@context": "https://schema.org",
            "@type": "MedicalWebPage",
            "name": page.title,
            "inLanguage": language,
            "url": address,
            "isPartOf": whole,
            "mainEntity": clauses,
        }
    )


def _address(snapshot: Snapshot, page: Page, language: str) -> str | None:
    root = snapshot.guideline.site_url
    return f"{root.rstrip('/')}/{language}/{page.address}" if root else None


def site_map(snapshot: Snapshot, addresses: Mapping[str, frozenset[str]]) -> str | None:
    """The site map of all languages, each page with its other languages; nothing without a public address."""
    root = (snapshot.guideline.site_url or "").rstrip("/")
    if not root:
        return None
    entries = []
    for tag, pages in addresses.items():
        for address in sorted(pages):
            others = "".join(
                f'<xhtml:link rel="alternate" hreflang="{other}" href="{escape(f"{root}/{other}/{address}")}"/>'
                for other, theirs in addresses.items()
                if address in theirs
            )
            entries.append(f"<url><loc>{escape(f'{root}/{tag}/{address}')}</loc>{others}</url>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
        + "\n".join(entries)
        + "\n</urlset>\n"
    )


def _without_nothing(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}
