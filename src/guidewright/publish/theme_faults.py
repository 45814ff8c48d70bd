"""What the theme (Material 9.8) does wrongly, mended before and after it.

It prints titles as they are, so they reach it as markup. What it writes that is not valid HTML is mended in the
finished pages: readers notice none of it, but a page that validates shows at once when a fault of our own comes in.
"""

from __future__ import annotations

import re
from html import escape

#: `autocomplete` belongs to fields that hold text; the theme puts it on the switches that open its drawers.
_SWITCH = re.compile(r'(<input\b(?=[^>]*type="(?:checkbox|radio)")[^>]*?) autocomplete="[^"]*"')
#: The theme leaves the value out where a heading of the navigation does not take the focus.
_TABINDEX = re.compile(r'(<label\b[^>]*?) tabindex=""')
_END = re.compile(r"(&(?:lt|#60);)(?=/title)", re.IGNORECASE)
_HEADING = re.compile(r"^# .*$", re.MULTILINE)
_LABEL = re.compile(r'(<label\b[^>]*?) for="([^"]*)"')


def title(text: str) -> str:
    """A title for the settings of the builder: text, as the markup that shows it.

    The theme turns entities of a title back into signs where it fills the ``title`` element, which only ``</title`` can
    end: a space without width in that keeps it from doing so.
    """
    return _END.sub("\\1\u200b", escape(text))


def with_safe_heading(markdown: str) -> str:
    """A page whose heading cannot end the ``title`` element, where the builder puts it with its entities undone."""
    return _HEADING.sub(lambda found: _END.sub("\\1\u200b", found[0]), markdown, count=1)


def mended(html: str) -> str:
    """A page without the faults of the theme: the same elements, in the same order, with the same words."""
    html = _SWITCH.sub(r"\1", html)
    html = _TABINDEX.sub(r"\1", html)
    # a page without a table of contents still has the label of the switch that would open it
    return _LABEL.sub(lambda found: found[0] if f'id="{found[2]}"' in html else found[1], html)
