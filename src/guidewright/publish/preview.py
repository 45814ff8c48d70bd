"""Show the site on this machine and rebuild it when a file of the project is saved.

The pages are those of ``guidewright build``. A few lines of script that ask whether there is something new are added
while serving and are not in the files.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

#: Folders whose files are watched, relative to the project.
WATCHED = ("evidence", "grading", "metaanalysis/analyses", "guideline_src", "mkdocs.yml")
#: Seconds of quiet after a save before the site is rebuilt; editors save in several steps.
QUIET = 0.3
_ASK = "/_guidewright/version"
_SCRIPT_AT = "/_guidewright/reload.js"
#: A file of its own, since the policy of the pages lets no other inline script run than those of the theme.
_SCRIPT = (
    "(function(){var v=null;setInterval(function(){"
    f'fetch("{_ASK}").then(function(r){{return r.text()}}).then(function(n){{'
    "if(v!==null&&n!==v)location.reload();v=n}).catch(function(){})},700)})()"
)


class _Handler(SimpleHTTPRequestHandler):
    """Serves the finished pages, with the question for news in each."""

    version: Callable[[], int]

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if self.path.partition("?")[0] == _ASK:
            self._send(str(type(self).version()).encode(), "text/plain")
        elif self.path.partition("?")[0] == _SCRIPT_AT:
            self._send(_SCRIPT.encode(), "text/javascript")
        elif path.suffix == ".html" and path.is_file():
            tag = f'<script src="{_SCRIPT_AT}"></script></body>'
            self._send(
                path.read_bytes().replace(b"</body>", tag.encode()),
                "text/html; charset=utf-8",
            )
        else:
            super().do_GET()

    def _send(self, data: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_arguments: Any) -> None:
        """Keep quiet: every reader would fill the terminal."""


class _Saved(FileSystemEventHandler):
    def __init__(self, tell: Callable[[], None]) -> None:
        self.tell = tell

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Tell of changes, not of files that were only opened or read."""
        if event.event_type in {"created", "modified", "moved", "deleted"} and not event.is_directory:
            self.tell()


class Preview:
    """A server of ``html`` that calls ``rebuild`` after every save below ``root``.

    ``rebuild`` returns whether there is something new to show; whatever it cannot build it tells the user itself.
    """

    def __init__(self, root: Path, html: Path, rebuild: Callable[[], bool], port: int) -> None:
        self.root, self.rebuild, self.number = root, rebuild, 0
        self._saved = threading.Event()
        handler = type("Handler", (_Handler,), {"version": lambda: self.number})
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
                if self.rebuild():
                    self.number += 1
        finally:
            observer.stop()
            self.server.shutdown()
            self.server.server_close()
