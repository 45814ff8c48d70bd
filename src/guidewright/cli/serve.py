"""``guidewright serve``."""

from __future__ import annotations

import signal
import socketserver
import time
from pathlib import Path

import typer

from guidewright.cli.build import compute
from guidewright.cli.console import PROBLEMS, load_or_exit, progress, wrong_use
from guidewright.problems import Problem


def run(root: Path, port: int) -> None:
    """Build, serve, and rebuild on every save until interrupted."""
    from guidewright.project import NotAProjectError, load
    from guidewright.publish.preview import Preview
    from guidewright.publish.site import BuilderError, Kept, build_site, write_pages

    def rebuild() -> bool:
        started = time.monotonic()
        try:
            project, problems = load(root)
        except NotAProjectError as error:
            print(error)
            return False
        if project is None:
            _show(problems)
            return False
        with progress("rebuilding") as step:
            snapshot = compute(project, step, preview=True)
            changed = write_pages(snapshot, project.root, kept)
            tags = [tag for tag, paths in changed.items() if paths]
            if not tags:
                return False
            try:
                build_site(snapshot, project.root, progress=step, languages=tags, kept=kept)
            except BuilderError as error:
                print(error)
                return False
        pages = sum(len(paths) for paths in changed.values())
        print(f"{pages} pages changed, shown after {time.monotonic() - started:.1f} s")
        return True

    kept = Kept()
    project = load_or_exit(root)
    if fault := _taken(port):
        wrong_use(f"port {port} cannot be used: {fault}; choose another with --port")
    for stop in (signal.SIGINT, signal.SIGTERM):  # also where a script started it in the background
        signal.signal(stop, signal.default_int_handler)
    with progress("building the site") as step:
        snapshot = compute(project, step, preview=True)
        write_pages(snapshot, project.root, kept)
        try:
            html = build_site(snapshot, project.root, progress=step, kept=kept)
        except BuilderError as error:
            print(error)
            raise typer.Exit(PROBLEMS) from None
    preview = Preview(project.root, html, rebuild, port)
    print(f"{preview.address} shows the site; it follows every save. Stop with Ctrl+C.")
    try:
        preview.run()
    except KeyboardInterrupt:
        print("stopped")


def _taken(port: int) -> str | None:
    """Why a port cannot be used. Asked before the site is built, which takes a while."""
    try:
        with socketserver.TCPServer(("127.0.0.1", port), socketserver.BaseRequestHandler):
            return None
    except OSError as error:
        return error.strerror


def _show(problems: list[Problem]) -> None:
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems; the site stays as it was until they are mended")
