"""What axe-core finds wrong on a page."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

#: WCAG 2.2 at level AA holds the rules of the levels and versions below it; best practice is asked for as well.
STANDARD = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
#: Rules whose answer depends on colours, and on the size of the window.
OF_COLOURS = ("color-contrast", "link-in-text-block")
OF_SIZES = ("target-size", "scrollable-region-focusable", "color-contrast")
#: Rows of a list or table that are looked at where rows are all made by the same lines of a template.
FEW = 12

_SHORTEN = """most => document.querySelectorAll('article :is(ul, ol, dl, tbody)').forEach(list =>
  [...list.children].slice(most).forEach(row => row.remove()))"""
_RUN = """only => axe.run(document, {runOnly: only, resultTypes: ['violations'], preload: false}).then(found =>
  found.violations.map(v => `${v.id} (${v.impact}): ${v.help}: ` +
    v.nodes.map(n => `${n.target.join(' ')} ${n.html.slice(0, 120)} ${n.failureSummary}`).join('\\n')))"""


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def start_axe(page: Page, *, rows: int | None = FEW) -> None:
    """Bring axe into a page, and shorten long lists to so many rows."""
    page.evaluate(_axe())
    if rows is not None:
        page.evaluate(_SHORTEN, rows)


def violations(page: Page, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe finds by the standard, or by some rules only, each with the elements."""
    only: dict[str, Any] = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": STANDARD}
    found: list[str] = page.evaluate(_RUN, only)
    return found
