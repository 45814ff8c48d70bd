"""Files that pages offer for download, written beside the pages of a language so that every builder copies them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guidewright.publish.citing import Citation, citation_files, reference_files
from guidewright.publish.sheets import to_csv, to_xlsx
from guidewright.publish.site_sheets import site_sheets
from guidewright.publish.snapshot import Snapshot

#: Folder of the downloads, relative to the pages of a language.
FOLDER = "downloads"


def downloads(snapshot: Snapshot, cited: Mapping[str, Citation], language: str) -> Iterator[tuple[str, bytes]]:
    """Every file by its name: tables, references and citations."""
    for sheet in site_sheets(snapshot, language):
        yield f"{sheet.name}.csv", to_csv(sheet)
        yield f"{sheet.name}.xlsx", to_xlsx(sheet)
    yield from reference_files(snapshot.references)
    yield from citation_files(cited)
