"""``guidewright documents``."""

from __future__ import annotations

import time
from pathlib import Path

from guidewright.cli.build import compute
from guidewright.cli.console import load_or_exit, progress


def run(root: Path) -> None:
    """Load, pool, grade, and set every document; say where they are."""
    from guidewright.publish.documents import write_documents

    started = time.monotonic()
    project = load_or_exit(root)
    with progress("setting the documents") as step:
        snapshot = compute(project, step)
        out = write_documents(snapshot, project.root, progress=step)
    count = sum(1 for path in out.iterdir() if path.suffix in {".pdf", ".docx"})
    print(f"{count} documents in {out.relative_to(project.root)} after {time.monotonic() - started:.0f} s")
