"""What the theme writes that is not valid HTML, mended in the finished pages (Material 9.8; the validator names each).

Readers notice none of these, but a page that validates shows at once when a fault of our own comes in.
"""

from __future__ import annotations

import re

#: `autocomplete` belongs to fields that hold text; the theme puts it on the switches that open its drawers.
_SWITCH = re.compile(r'(<input\b(?=[^>]*type="(?:checkbox|radio)")[^>]*?) autocomplete="[^"]*"')
#: The theme leaves the value out where a heading of the navigation does not take the focus.
_TABINDEX = re.compile(r'(<label\b[^>]*?) tabindex=""')
_LABEL = re.compile(r'(<label\b[^>]*?) for="([^"]*)"')


def mended(html: str) -> str:
    """A page without the faults of the theme: the same elements, in the same order, with the same words."""
    html = _SWITCH.sub(r"\1", html)
    html = _TABINDEX.sub(r"\1", html)
    # a page without a table of contents still has the label of the switch that would open it
    return _LABEL.sub(lambda found: found[0] if f'id="{found[2]}"' in html else found[1], html)
