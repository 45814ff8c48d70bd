"""Citation keys and BibTeX entries for found publications that are cited from now on."""

from __future__ import annotations

import re
from collections.abc import Collection

from guidewright.evidence.bibliography import Name
from guidewright.evidence.dedupe.letters import plain, words
from guidewright.evidence.exporters.bibtex import TYPES
from guidewright.evidence.found import Found

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_PMID = re.compile(r"\d{1,9}")
_WEB = re.compile(r"https?://[^\s<>\"'`]+")
#: What BibTeX takes for the end of a name or of its part.
_SPLITS = re.compile(r"[,~]|\band\b", re.IGNORECASE)


def key_for(found: Found, taken: Collection[str]) -> str:
    """First author and year (``klazen2010``), with a letter if that is taken; the identifier where no name is Latin."""
    author = found.authors[0] if found.authors else None
    family = "".join(
        word for word in words(plain((author.family or author.literal or "") if author else "")) if word.isascii()
    )
    stem = f"{family[:40]}{found.year or ''}" if family else re.sub(r"[^A-Za-z0-9]+", "-", found.id).strip("-")
    if not stem or not stem[0].isalnum():
        stem = f"record-{stem}"
    for suffix in ("", *"bcdefghijklmnopqrstuvwxyz", *(str(n) for n in range(2, 10_000))):
        if f"{stem}{suffix}" not in taken:
            return f"{stem}{suffix}"
    raise ValueError("ten thousand publications of one author in one year")


def bibtex_of(found: Found, key: str) -> str:
    """An entry for ``records.bib``. Braces and backslashes are left out, since they would be LaTeX there."""
    fields = {
        "title": _plain(found.title) or found.id,
        "year": str(found.year) if found.year and 1500 <= found.year <= 2100 else "",
        "journal": found.journal,
        "volume": found.volume,
        "number": found.issue,
        "pages": found.pages,
        "publisher": found.publisher,
        "doi": found.doi if _DOI.fullmatch(found.doi) else "",
        "pmid": found.pmid if _PMID.fullmatch(found.pmid) else "",
        "url": found.url if _WEB.fullmatch(found.url) else "",
        "language": found.language,
        "foundby": "search",
    }
    lines = [f"  {name} = {{{value}}}," for name, words_ in fields.items() if (value := _plain(words_))]
    if authors := " and ".join(filter(None, (_name(name) for name in found.authors))):
        lines.insert(1, f"  author = {{{authors}}},")
    return "\n".join([f"@{TYPES.get(found.kind, 'article')}{{{key},", *lines, "}"]) + "\n"


def _name(name: Name) -> str:
    """A name as BibTeX takes it; a whole one, or one that BibTeX would split wrongly, in braces."""
    family, given, whole = (_plain(part or "") for part in (name.family, name.given, name.literal))
    if not whole and family and given and not _SPLITS.search(f"{family} {given}"):
        return f"{family}, {given}"
    whole = whole or f"{family} {given}".strip()
    return f"{{{whole}}}" if whole else ""


def _plain(text: str) -> str:
    shown = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(re.sub(r"[{}\\]", "", shown).split())
