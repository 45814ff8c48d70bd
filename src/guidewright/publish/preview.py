"""Show the site on this machine, and what is new in it when a file of the project is saved.

The pages are those of ``guidewright build``. A few lines of script that ask whether there is something new are added
while serving.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from html import escape
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from guidewright.publish.site import BuilderError

#: Folders whose files are watched, relative to the project.
WATCHED = ("evidence", "grading", "metaanalysis/analyses", "guideline_src", "mkdocs.yml")
#: Seconds of quiet after a save before the project is read again; editors save in several steps.
QUIET = 0.1
_ASK = "/_guidewright/version"
_SCRIPT_AT = "/_guidewright/reload.js"
#: A file of its own, since the policy of the pages lets no other inline script run than those of the theme.
_SCRIPT = (
    "(function(){var v=null;setInterval(function(){"
    f'fetch("{_ASK}?page="+encodeURIComponent(location.pathname)).then(function(r){{return r.text()}})'
    ".then(function(n){if(v!==null&&n!==v)location.reload();v=n}).catch(function(){})},400)})()"
)


class Source(Protocol):
    """What is served: files by their address below the root, and a version of each that changes with it."""

    def file(self, path: str) -> bytes | None:
        """The file, or nothing. Raises BuilderError if it cannot be made."""

    def version(self, path: str) -> str:
        """Changes whenever the file does."""


class _Handler(SimpleHTTPRequestHandler):
    """Serves pages with the question for news in each; what is not made on demand comes from the finished site."""

    source: Source

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        path = unquote(address.path).lstrip("/")
        if address.path == _ASK:
            page = parse_qs(address.query).get("page", [""])[0].lstrip("/")
            self._send(self.source.version(page).encode(), "text/plain")
        elif address.path == _SCRIPT_AT:
            self._send(_SCRIPT.encode(), "text/javascript")
        else:
            try:
                data = self.source.file(path)
            except BuilderError as error:
                self._send(_page_of(str(error)), "text/html; charset=utf-8", HTTPStatus.INTERNAL_SERVER_ERROR)
                return
            if data is None:
                super().do_GET()
                return
            if path.endswith(".html") or not path:
                tag = f'<script src="{_SCRIPT_AT}"></script></body>'
                self._send(data.replace(b"</body>", tag.encode()), "text/html; charset=utf-8")
            else:
                self._send(data, self.guess_type(path))

    def _send(self, data: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_arguments: Any) -> None:
        """Keep quiet: every reader would fill the terminal."""


def _page_of(message: str) -> bytes:
    html = f'<!doctype html><title>guidewright</title><body><pre>{escape(message)}</pre><script src="{_SCRIPT_AT}">'
    return f"{html}</script></body>".encode()


class _Saved(FileSystemEventHandler):
    def __init__(self, tell: Callable[[], None]) -> None:
        self.tell = tell

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Tell of changes, not of files that were only opened or read."""
        if event.event_type in {"created", "modified", "moved", "deleted"} and not event.is_directory:
            self.tell()


class Preview:
    """A server of ``source`` that calls ``reload`` after every save below ``root``.

    What ``source`` does not know comes from the folder ``html``.
    """

    def __init__(self, root: Path, html: Path, source: Source, reload: Callable[[], None], port: int) -> None:
        self.root, self.reload = root, reload
        self._saved = threading.Event()
        handler = type("Handler", (_Handler,), {"source": source})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), partial(handler, directory=str(html)))

    @property
    def address(self) -> str:
        """Where the site can be seen."""
        return f"http://127.0.0.1:{self.server.server_address[1]}/"

    def run(self) -> None:
        """Serve until interrupted."""
        observer = Observer()
        for name in WATCHED:
            path = self.root / name
            if path.exists():
                observer.schedule(_Saved(self._saved.set), str(path), recursive=path.is_dir())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        observer.start()
        try:
            while True:
                self._saved.wait()
                while self._saved.is_set():
                    self._saved.clear()
                    threading.Event().wait(QUIET)
                self.reload()
        finally:
            observer.stop()
            self.server.shutdown()
            self.server.server_close()
