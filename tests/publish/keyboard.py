"""A reader who has a keyboard and nothing else: Tab until the focus is where it is wanted, read its words, Enter."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.publish.looks import Look

PHONE = Look("narrow")
#: Presses of the Tab key after which a reader has given up.
MOST = 400
FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const free = x => {
    const there = document.elementFromPoint(x, box.y + box.height / 2);
    return there !== null && (one.contains(there) || there.contains(one));
  };
  return {
    words: `${one.innerText || ''} ${one.getAttribute('aria-label') || ''} ${one.getAttribute('name') || ''}`,
    href: one.getAttribute('href') || '', part: one.closest('article') ? 'article' : '', kind: one.localName,
    shown: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none',
    free: box.height === 0 || [box.x + 5, box.x + box.width / 2, box.right - 5].some(free),
  };
}"""
Wanted = Callable[[dict[str, str]], bool]


def go_to(page: Page, wanted: Wanted) -> None:
    """Press Tab until the focus is where a reader wants it; it must be seen there."""
    for _press in range(MOST):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus and wanted(focus):
            if not focus["free"]:  # what opens at the focus takes a moment
                page.wait_for_timeout(500)
                focus = page.evaluate(FOCUS)
            assert focus["shown"], focus
            assert focus["free"], focus
            return
    raise AssertionError("the keyboard does not reach it")


def follow(page: Page, wanted: Wanted) -> None:
    """Follow a link of the content."""
    before = page.url
    go_to(page, lambda focus: focus["part"] == "article" and focus["kind"] == "a" and wanted(focus))
    page.keyboard.press("Enter")
    page.wait_for_function("before => location.href !== before", arg=before)
    page.wait_for_load_state()
