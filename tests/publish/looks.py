"""Every kind of page, in every look: which pages stand for all, and the ways in which readers see them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Browser, Page

from guidewright.publish.pages import pages
from tests.publish.conftest import Site

Scheme = Literal["light", "dark"]

#: Pixels wide and high: a desk, and the phone that the issue names.
SIZES = {"wide": (1280, 900), "narrow": (390, 844)}
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@dataclass(frozen=True)
class Look:
    """A size of window and a choice of light or dark."""

    width: str = "wide"
    scheme: Scheme = "light"

    @property
    def size(self) -> tuple[int, int]:
        return SIZES[self.width]

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}"


LOOKS = tuple(Look(width, scheme) for width in SIZES for scheme in SCHEMES)


def page_kinds(site: Site, language: str) -> dict[str, str]:
    """Of each kind of page the largest, which has most of what such a page can have: kind -> address.

    Tools are of several kinds: those with a calculator ask questions in several ways.
    """
    found: dict[str, tuple[int, str]] = {}
    for page in pages(site.snapshot, language):
        size = (site.html / language / page.address).stat().st_size
        for kind in _kinds(page.template, page.about.get("tool")):
            found[kind] = max(found.get(kind, (0, "")), (size, page.address))
    return {kind: address for kind, (_size, address) in found.items()}


def _kinds(template: str, tool: object) -> Iterator[str]:
    calculator = getattr(tool, "calculated", None)
    if calculator is None:
        yield template
    else:
        yield from (f"{template}-{one.kind}" for one in calculator.inputs)


@contextmanager
def opened(
    browser: Browser, base: str, look: Look = Look(), *, script: bool = True, bypass: bool = False
) -> Iterator[Page]:
    """A page that records every error of the console and every request to another place; at the end there must be none.

    ``bypass`` sets the content policy of the pages aside, which a test needs to bring script of its own.
    """
    wide, high = look.size
    context = browser.new_context(
        viewport={"width": wide, "height": high},
        color_scheme=look.scheme,
        java_script_enabled=script,
        bypass_csp=bypass,
    )
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda m: troubles.append(f"console: {m.text}") if m.type == "error" else None)
    page.on("pageerror", lambda e: troubles.append(f"script: {e}"))
    own = (base, "data:", "blob:", "about:")
    page.on("request", lambda r: None if r.url.startswith(own) else troubles.append(f"request: {r.url}"))
    yield page
    context.close()
    assert not troubles


def show(page: Page, look: Look) -> None:
    """Show an open page in another look."""
    wide, high = look.size
    page.emulate_media(color_scheme=look.scheme)
    page.set_viewport_size({"width": wide, "height": high})
