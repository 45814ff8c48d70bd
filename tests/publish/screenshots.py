"""Pictures of every kind of page in every look, for people: ``python -m tests.publish.screenshots FOLDER``.

Takes the site as it is built (``guidewright build`` first) and writes one PNG each, and ``index.html`` with all of them
side by side.
"""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

from playwright.sync_api import sync_playwright

from guidewright.guideline.analyses import pool_project
from guidewright.project import load
from guidewright.publish.taking import take
from tests.conftest import start_browser
from tests.publish.conftest import Site, served
from tests.publish.looks import LOOKS, opened, page_kinds

#: Pixels of a page that are shown; the longest pages have a hundred times as many.
HIGHEST = 3000


def main(root: Path, folder: Path) -> int:
    """Write the pictures; returns how many."""
    project, problems = load(root)
    assert project is not None, "\n".join(map(str, problems))
    site = Site(project, take(project, pool_project(project)), root / "site/html")
    folder.mkdir(parents=True, exist_ok=True)
    shown: list[tuple[str, list[str]]] = []
    with served(site.html) as site_address, sync_playwright() as playwright:
        browser = start_browser(playwright)
        for look in LOOKS:
            for language in site.snapshot.languages:
                with opened(browser, site_address, look) as page:
                    names = []
                    for kind, address in page_kinds(site, language).items():
                        page.goto(f"{site_address}/{language}/{address}")
                        high = min(HIGHEST, page.evaluate("document.documentElement.scrollHeight"))
                        names.append(f"{kind}-{language}-{look}.png")
                        page.screenshot(
                            path=folder / names[-1],
                            full_page=True,
                            clip={"x": 0, "y": 0, "width": look.size[0], "height": high},
                        )
                shown.append((f"{language}, {look}", names))
                print(f"{language}, {look}: {len(names)} pictures", flush=True)  # noqa: T201
        browser.close()
    (folder / "index.html").write_text(_sheet(shown), encoding="utf-8")
    return sum(len(names) for _heading, names in shown)


def _sheet(shown: list[tuple[str, list[str]]]) -> str:
    def figure(name: str) -> str:
        picture = f'<a href="{escape(name)}"><img src="{escape(name)}" alt=""></a>'
        return f"<figure>{picture}<figcaption>{escape(name)}</figcaption></figure>"

    body = "".join(f"<h2>{escape(heading)}</h2><div>{''.join(map(figure, names))}</div>" for heading, names in shown)
    style = (
        "body{font:14px system-ui;margin:2rem}div{display:flex;flex-wrap:wrap;gap:1rem}"
        "figure{margin:0;width:260px}"
        "img{width:100%;height:340px;object-fit:cover;object-position:top;border:1px solid #999}"
    )
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Pages</title><style>{style}</style>'
    return f"{head}{body}</html>\n"


if __name__ == "__main__":
    print(f"{main(Path(__file__).parents[2], Path(sys.argv[1]))} pictures in {sys.argv[1]}")  # noqa: T201
