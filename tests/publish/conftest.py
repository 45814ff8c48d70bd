"""Sites built once for the whole run. All tests that use one share a worker (``xdist_group``)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import CliRunner

from guidewright.cli.app import app
from guidewright.guideline.analyses import pool_project
from guidewright.project import Project, load
from guidewright.publish.site import build_site, write_pages
from guidewright.publish.snapshot import Snapshot
from guidewright.publish.taking import take

ROOT = Path(__file__).parents[2]
CONTENT = ("evidence", "grading", "metaanalysis", "guideline_src", "mkdocs.yml")


@dataclass(frozen=True)
class Site:
    """A project, its snapshot and its finished site."""

    project: Project
    snapshot: Snapshot
    html: Path


def copy_flagship(folder: Path) -> Path:
    for name in CONTENT:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    return folder


def build(root: Path) -> Site:
    project, problems = load(root)
    assert project is not None, "\n".join(map(str, problems))
    snapshot = take(project, pool_project(project))
    write_pages(snapshot, root)
    return Site(project, snapshot, build_site(snapshot, root))


@pytest.fixture(scope="session")
def flagship(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return build(copy_flagship(tmp_path_factory.mktemp("flagship")))


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    folder = tmp_path / "starter"
    assert CliRunner().invoke(app, ["new", str(folder)]).exit_code == 0
    return folder


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A site over HTTP, as readers get it."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def address(flagship: Site) -> Iterator[str]:
    """The flagship over HTTP."""
    with served(flagship.html) as found:
        yield found
