"""What a reader's browser loads for one page of each kind before searching, and how far the first view jumps.

Usage: python benchmarks/weight.py [SITE [PAGE ...]]; needs a built site, Chromium and playwright. Kilobytes are
those of every file the page loads over HTTP, as served without compression and as gzip would send them, but for the
index and the script of the search, which the theme fetches after the page and which are not counted; CLS is the
cumulative layout shift that the browser reports in the first two seconds, wide and narrow.
"""

from __future__ import annotations

import gzip
import shutil
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, Response, sync_playwright

GOAL_KILOBYTES, GOAL_SHIFT = 300, 0.0
_OF_SEARCH = ("/search/search_index", "/workers/", "/lunr/")
_SHIFT = """() => new Promise(done => { let sum = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) sum += one.value })
    .observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(sum), 2000) })"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def kinds(folder: Path) -> list[str]:
    """The heaviest page of each kind, a kind being a folder or a page of its own."""
    heaviest: dict[str, Path] = {}
    for path in folder.rglob("*.html"):
        inside = path.relative_to(folder)
        own = len(inside.parts) == 1 or inside.name in {"index.html", "levels.html", "questions.html", "search.html"}
        kind = inside.as_posix() if own else inside.parts[0] + "/"
        if kind not in heaviest or path.stat().st_size > heaviest[kind].stat().st_size:
            heaviest[kind] = path
    return [heaviest[kind].relative_to(folder).as_posix() for kind in sorted(heaviest) if kind != "404.html"]


def weigh(browser: Browser, address: str, width: int) -> tuple[float, float, float]:
    """Kilobytes as they are, kilobytes as gzip, and the layout shift."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    sizes: list[tuple[int, int]] = []

    def add(answer: Response) -> None:
        if answer.ok and not any(part in answer.url for part in _OF_SEARCH):
            body = answer.body()
            sizes.append((len(body), len(gzip.compress(body, 6))))

    page.on("response", add)
    page.goto(address, wait_until="load")
    shift = float(page.evaluate(_SHIFT))
    page.close()
    return sum(s[0] for s in sizes) / 1000, sum(s[1] for s in sizes) / 1000, shift


def main() -> None:
    """The table, the heaviest page last."""
    site = Path(sys.argv[1] if len(sys.argv) > 1 else "site/html").resolve()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    program = next(p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name)))
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for page in sys.argv[2:] or [f"{tag}/{one}" for tag in ("zh", "en") for one in kinds(site / tag)]:
            address = f"http://127.0.0.1:{server.server_address[1]}/{page}"
            plain, packed, wide = weigh(browser, address, 1280)
            narrow = weigh(browser, address, 390)[2]
            rows.append((packed, plain, wide, narrow, page))
            print(f"{len(rows)} {page}", file=sys.stderr)
        browser.close()
    server.shutdown()
    print(f"{'gzip kB':>8} {'plain kB':>9} {'CLS 1280':>9} {'CLS 390':>8}  page (heaviest of its kind)")
    for packed, plain, wide, narrow, page in sorted(rows, key=lambda row: row[1]):
        print(f"{packed:>8.0f} {plain:>9.0f} {wide:>9.3f} {narrow:>8.3f}  {page}")
    worst, shift = max(row[1] for row in rows), max(max(row[2:4]) for row in rows)
    above = sum(row[1] > GOAL_KILOBYTES for row in rows)
    print(f"worst {worst:.0f} kB plain, {above} of {len(rows)} pages above the goal of {GOAL_KILOBYTES} kB.")
    print(f"Largest shift {shift:.3f}; goal {GOAL_SHIFT:.0f}")


if __name__ == "__main__":
    main()
