"""Documents for readers to take away: what they are called, and which of them were made of just this content.

``guidewright documents`` sets them into ``site/exports/documents`` and leaves there the checksum of the snapshot that
they were made of. A build puts them on the site and links them where the checksum is that of its own snapshot: pages
never offer a document that says something else than they do.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from guidewright.publish.routes import relative
from guidewright.publish.snapshot import Snapshot, to_json
from guidewright.words import word
from guidewright.writing import write

FORMATS = ("pdf", "docx")
FOLDER = "site/exports/documents"
_MARK = "made-of.txt"


def document_name(snapshot: Snapshot, language: str, recommendation: str | None = None) -> str:
    """File name without suffix: of a recommendation, or of the whole guideline."""
    return f"{recommendation or snapshot.guideline.id}-{snapshot.guideline.edition}-{language}"


def mark(snapshot: Snapshot, root: Path) -> None:
    """Note beside the documents what they were made of."""
    write(root / FOLDER / _MARK, _checksum(to_json(snapshot)) + "\n")


@dataclass(frozen=True)
class DocumentFiles:
    """The documents of this very content: their file names. None if they were not made or are of another state."""

    names: frozenset[str]
    outdated: bool = False
    """Whether there are documents, but of another state."""

    def links(self, snapshot: Snapshot, language: str, page: str, recommendation: str | None = None) -> Markup:
        """Links from a page to the documents of a recommendation, or of the whole; empty if there are none."""
        name = document_name(snapshot, language, recommendation)
        items = Markup("").join(
            Markup('<li><a href="{}" download>{}</a></li>').format(
                relative(page, f"../documents/{name}.{kind}"),
                word(f"download.{kind}", language, what=word(_what(recommendation), language)),
            )
            for kind in FORMATS
            if f"{name}.{kind}" in self.names
        )
        return Markup('<ul class="gw-links gw-downloads">{}</ul>').format(items) if items else Markup("")


#: No document was made.
NO_FILES = DocumentFiles(frozenset())


def document_files(root: Path, snapshot_json: Callable[[], str]) -> DocumentFiles:
    """The documents that may be linked from the pages of a snapshot; its JSON is asked for only if there are any."""
    folder = root / FOLDER
    names = frozenset(path.name for path in _files(folder))
    kept = folder / _MARK
    if not names or not kept.is_file():
        return DocumentFiles(frozenset(), outdated=bool(names))
    same = kept.read_text(encoding="utf-8").strip() == _checksum(snapshot_json())
    return DocumentFiles(names) if same else DocumentFiles(frozenset(), outdated=True)


def documents_outdated(snapshot: Snapshot, root: Path) -> bool:
    """Whether there are documents, but of another state than this snapshot."""
    return document_files(root, lambda: to_json(snapshot)).outdated


def publish(root: Path, found: DocumentFiles, html: Path) -> None:
    """Put the documents into the finished site, and no others."""
    out = html / "documents"
    if out.is_dir():
        shutil.rmtree(out)
    for name in sorted(found.names):
        out.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / FOLDER / name, out / name)


def _what(recommendation: str | None) -> str:
    return "download.recommendation" if recommendation else "download.guideline"


def _files(folder: Path) -> Iterator[Path]:
    for kind in FORMATS:
        yield from sorted(folder.glob(f"*.{kind}"))


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
