"""Files that pages offer for download, written beside the pages of a language so that every builder copies them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from guidewright.publish.citing import Citation, citation_files, reference_files
from guidewright.publish.sheets import to_csv, to_xlsx
from guidewright.publish.site_sheets import site_sheets
from guidewright.publish.snapshot import Snapshot

#: Folder of the downloads, relative to the pages of a language.
FOLDER = "downloads"
#: Formats of documents that `guidewright documents` sets beforehand.
DOCUMENTS = ("pdf", "docx")


def downloads(
    snapshot: Snapshot, root: Path, language: str, cited: Mapping[str, Citation]
) -> Iterator[tuple[str, bytes]]:
    """Every file by its name: tables, references, citations, and the documents that have been set."""
    for sheet in site_sheets(snapshot, language):
        yield f"{sheet.name}.csv", to_csv(sheet)
        yield f"{sheet.name}.xlsx", to_xlsx(sheet)
    yield from reference_files(snapshot.references)
    yield from citation_files(cited)
    for name in documents_set(snapshot, root, language):
        yield name, (root / "site/exports/documents" / name).read_bytes()


def documents_set(snapshot: Snapshot, root: Path, language: str) -> tuple[str, ...]:
    """Names of the documents of this edition that have been set in a language."""
    folder = root / "site/exports/documents"
    stems = [snapshot.guideline.id, *(view.recommendation.id for view in snapshot.recommendations)]
    names = [document_name(snapshot, stem, language, kind) for stem in stems for kind in DOCUMENTS]
    return tuple(name for name in names if (folder / name).is_file())


def document_name(snapshot: Snapshot, stem: str, language: str, kind: str) -> str:
    """File name of the document of a recommendation, or of the whole guideline."""
    return f"{stem}-{snapshot.guideline.edition}-{language}.{kind}"
