"""``guidewright serve``."""

from __future__ import annotations

import gc
import signal
import socketserver
import time
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from guidewright.cli.build import pooled
from guidewright.cli.console import PROBLEMS, counted, load_or_exit, progress, wrong_use
from guidewright.problems import Problem

if TYPE_CHECKING:
    from guidewright.project import Project


def run(root: Path, port: int) -> None:
    """Show the site, and follow every save until interrupted."""
    from guidewright.project import NotAProjectError, load
    from guidewright.publish.on_demand import SiteOnDemand
    from guidewright.publish.preview import Preview
    from guidewright.publish.site import BuilderError
    from guidewright.publish.snapshot import to_json
    from guidewright.publish.taking import take, unfolding

    def show(project: Project) -> None:
        with progress("computing") as step:
            pooling = pooled(project, step, preview=True)
            site.show(unfolding(project, pooling), lambda: to_json(take(project, pooling)))
        # what was read stays for long: looking through it for what can be freed takes longer than reading a file
        gc.collect()
        gc.freeze()

    def reload() -> None:
        started = time.monotonic()
        try:
            project, problems = load(root)
            if project is None:
                _show(problems)
                return
            show(project)
        except (NotAProjectError, BuilderError) as error:
            print(error)
            return
        print(f"read again after {time.monotonic() - started:.1f} s")

    project = load_or_exit(root)
    site = SiteOnDemand(project.root)
    if fault := _taken(port):
        wrong_use(f"port {port} cannot be used: {fault}; choose another with --port")
    for stop in (signal.SIGINT, signal.SIGTERM):  # also where a script started it in the background
        signal.signal(stop, signal.default_int_handler)
    try:
        show(project)
    except BuilderError as error:
        print(error)
        raise typer.Exit(PROBLEMS) from None
    preview = Preview(project.root, project.root / "site/html", site, reload, port)
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
    print(f"{counted(len(problems), 'problem')}; the site stays as it was until the files are mended")
