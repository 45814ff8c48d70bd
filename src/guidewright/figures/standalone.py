"""A drawing as a file of its own, with the colours and rules that a page would have given it."""

from __future__ import annotations

import re
from html import escape

_LIGHT, _DARK = "#fff", "#1e2129"


def standalone(drawing: str, sheet: str) -> str:
    """The drawing with the rules of a style sheet that concern drawings, for both colour schemes.

    ``sheet`` is the text of the site's style sheet: its first two blocks set the colours of the light and the dark
    scheme, and the rules of drawings begin with ``.gw-drawing``.
    """
    blocks = re.findall(r"\{([^{}]*)\}", sheet)[:2]
    light, dark = ("".join(re.findall(r"--(?:gw-[a-z]+|md-text-font): [^;]+;", block)) for block in blocks)
    rules = "".join(re.findall(r"^\.gw-drawing .*$", sheet, flags=re.MULTILINE))
    css = (
        f":root{{color:#111;--md-default-bg-color:{_LIGHT};{light}}}"
        f"@media (prefers-color-scheme:dark){{:root{{color:#ddd;--md-default-bg-color:{_DARK};{dark}}}}}"
        f":root{{background:var(--md-default-bg-color)}}{rules}"
    )
    wide, high = re.findall(r'viewBox="0 0 (\S+) (\S+)"', drawing)[0]
    sized = drawing.replace("<svg ", f'<svg width="{wide}" height="{high}" ', 1)
    return sized.replace("</desc>", f"</desc><style>{escape(css, quote=False)}</style>", 1)
