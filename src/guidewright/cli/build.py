"""``guidewright build``."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from guidewright.cli.console import PROBLEMS, load_or_exit, progress, wrong_use
from guidewright.cli.documents import need_documents

if TYPE_CHECKING:
    from guidewright.guideline.analyses import Pooling
    from guidewright.project import Project
    from guidewright.publish.snapshot import Snapshot


def run(root: Path, builder: str, *, with_documents: bool = False) -> None:
    """Load, pool, grade, render and build; say where the site is."""
    from guidewright.publish.document_files import documents_outdated
    from guidewright.publish.site import Builder, BuilderError, build_site, write_pages

    if builder not in list(Builder):
        wrong_use(f"--builder must be one of: {', '.join(Builder)}")
    if with_documents:
        need_documents()
    started = time.monotonic()
    project = load_or_exit(root)
    with progress("building the site") as step:
        snapshot = compute(project, step)
        if with_documents:
            from guidewright.publish.documents import write_documents

            write_documents(snapshot, project.root, progress=step)
        step("rendering the pages")
        try:
            write_pages(snapshot, project.root)
            html = build_site(snapshot, project.root, builder=Builder(builder), progress=step)
        except BuilderError as error:
            print(error)
            raise typer.Exit(PROBLEMS) from None
        outdated = not with_documents and documents_outdated(snapshot, project.root)
    if outdated:
        print("PDF and Word are of an earlier state and not linked: `guidewright build --documents` sets them anew")
    count = sum(1 for _ in html.rglob("*.html"))
    seconds = time.monotonic() - started
    print(f"{count} pages in {html.relative_to(project.root)} after {seconds:.0f} s; open {html / 'index.html'}")


def compute(project: Project, step: Callable[[str], None]) -> Snapshot:
    """Pool what changed, keep the results, and take the snapshot."""
    from guidewright.guideline.analyses import save_results
    from guidewright.publish.taking import take

    pooling = pooled(project, step)
    save_results(project, pooling)
    step("grading")
    return take(project, pooling)


def pooled(project: Project, step: Callable[[str], None], *, preview: bool = False) -> Pooling:
    """Pool what changed. A preview does not wait for the second engines."""
    from guidewright.guideline.analyses import pool_project

    return pool_project(project, verified=not preview, progress=lambda name: step(f"pooling {name}"))
