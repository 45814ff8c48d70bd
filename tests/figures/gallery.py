"""A page with every kind of figure, from real data, to look at: ``python -m tests.figures.gallery FOLDER``.

Writes FOLDER/gallery-<language>.html and photographs every figure in both themes at 1280 and 390 px, and a print
(PDF). What an accessibility tree says of each is written to FOLDER/<language>.aria.txt.
"""

from __future__ import annotations

import sys
from html import escape
from importlib.resources import files
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from guidewright.figures.figure import Figure
from tests.figures.computed import every

LANGUAGES = ("en", "zh")
WIDTHS = (1280, 390)
#: Theme -> the name of its colours in the style sheet.
THEMES = {"light": "default", "dark": "slate"}
#: What the site's theme gives a page beside our style sheet.
GROUND = """
html { font-size: 20px; }
body { margin: 0; padding: 1rem; font: 16px/1.5 sans-serif; }
body { background: var(--md-default-bg-color); color: var(--md-default-fg-color); }
[data-md-color-scheme="default"] { --md-default-bg-color: #fff; --md-default-fg-color: #000000de; }
[data-md-color-scheme="slate"] { --md-default-bg-color: #1e2129; --md-default-fg-color: #e2e4e9d1; }
main { max-width: 61rem; margin: auto; }
table { border-collapse: collapse; font-size: 12px; }
td, th { border: 1px solid var(--gw-line); padding: 2px 6px; text-align: start; }
"""


def page(language: str) -> str:
    """The gallery as HTML: each figure in both layouts, followed by its table."""
    sheet = files("guidewright.publish").joinpath("assets/guidewright.css").read_text(encoding="utf-8")
    body = "".join(_section(one) for one in every(language))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Gallery</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{GROUND}{sheet}</style></head>'
        f'<body data-md-color-scheme="default" class="md-typeset"><main>{body}</main></body></html>'
    )


def _section(one: Figure) -> str:
    head, *rows = ("".join(f"<th>{escape(c)}</th>" for c in one.table.header), *map(_row, one.table.rows))
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return (
        f'<section id="{one.identifier}"><figure class="gw-figure">{one.draw()}{one.draw(narrow=True)}</figure>'
        f"<details><summary>{escape(one.title)}</summary>{table}</details></section>"
    )


def _row(cells: tuple[str, ...]) -> str:
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def photograph(browser: Browser, folder: Path, language: str) -> None:
    """Every figure in both themes and widths, the print, and the accessibility tree."""
    file = folder / f"gallery-{language}.html"
    file.write_text(page(language), encoding="utf-8")
    told = []
    for width in WIDTHS:
        view = browser.new_page(viewport={"width": width, "height": 900}, device_scale_factor=2 if width < 600 else 1)
        view.goto(file.as_uri())
        for theme, scheme in THEMES.items():
            view.evaluate(f"document.body.dataset.mdColorScheme = '{scheme}'")
            for one in every(language):
                figure = view.locator(f"#{one.identifier} figure")
                figure.screenshot(path=folder / f"{one.identifier}-{language}-{theme}-{width}.png")
                if theme == "light":
                    told.append(f"{width} {one.identifier}\n{figure.aria_snapshot()}")
        view.close()
    printed = browser.new_page()
    printed.goto(file.as_uri())
    printed.pdf(path=folder / f"print-{language}.pdf", format="A4")
    printed.close()
    (folder / f"{language}.aria.txt").write_text("\n\n".join(told) + "\n", encoding="utf-8")


def main(folder: Path) -> None:
    """Make the gallery with the Chromium of the system."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for language in LANGUAGES:
            photograph(browser, folder, language)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
