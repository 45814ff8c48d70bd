"""``guidewright documents``."""

from __future__ import annotations

import time
from pathlib import Path

from guidewright.cli.console import load_or_exit, progress, wrong_use


def run(root: Path) -> None:
    """Load, pool, grade, and set every document; say where they are."""
    from guidewright.cli.build import compute

    need_documents()
    from guidewright.publish.documents import write_documents

    started = time.monotonic()
    project = load_or_exit(root)
    with progress("setting the documents") as step:
        snapshot = compute(project, step)
        out = write_documents(snapshot, project.root, progress=step)
    count = sum(1 for path in out.iterdir() if path.suffix in {".pdf", ".docx"})
    print(f"{count} documents in {out.relative_to(project.root)} after {time.monotonic() - started:.0f} s")
    print("the next build links them from the pages, as long as the content stays as it is")


def need_documents() -> None:
    """Say what is missing to set documents, if anything is."""
    from guidewright.publish.fonts import missing_for_documents

    if missing := missing_for_documents():
        names = " and ".join(missing)
        wrong_use(f"documents need {names}, an extra: pip install 'guidewright[documents]' (here: make documents)")
