"""The content policy of a page: only files of the site itself may run, load or be shown, and nothing is sent.

It stands in the page as a ``meta`` element, since the site is served by whatever an intranet has, or by nothing at all.
"""

from __future__ import annotations

import base64
import hashlib
import re

_INLINE = re.compile(r"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.DOTALL)
_CHARSET = re.compile(r'(<meta charset="[^"]*">)', re.IGNORECASE)
_TYPE = re.compile(r'\btype="([^"]*)"')
#: How the inline scripts of the theme begin. Any other inline script is none of ours, however it came into the page.
_THEME = (
    "__md_scope=new URL(",
    'var palette=__md_get("__palette")',
    "var target=document.getElementById(location.hash",
)
#: Types that a browser runs; a block of any other type (JSON, JSON-LD) is data.
_RUNS = frozenset({"", "text/javascript", "application/javascript", "module"})


def with_policy(html: str) -> str:
    """Put the policy into the head of a page. The three inline scripts of the theme are allowed by their checksum."""
    scripts = " ".join(sorted(_checksums(html)))
    # `file:` stands beside 'self', which does not match a page that is opened from disk in every browser;
    # styles may be inline because the theme sets positions that way
    policy = (
        "default-src 'none'; "
        f"script-src 'self' file: {scripts}; "
        "style-src 'self' file: 'unsafe-inline'; "
        "img-src 'self' file: data:; font-src 'self' file:; "
        "connect-src 'self' file:; worker-src 'self' file:; frame-src 'self' file:; "
        "base-uri 'none'; form-action 'none'; object-src 'none'"
    )
    tag = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return _CHARSET.sub(rf"\1\n      {tag}", html, count=1)


def _checksums(html: str) -> set[str]:
    found = set()
    for script in _INLINE.finditer(html):
        kind = _TYPE.search(script["attributes"])
        if not script["body"].lstrip().startswith(_THEME):
            continue
        if "src=" in script["attributes"] or (kind[1] if kind else "") not in _RUNS:
            continue
        digest = hashlib.sha256(script["body"].encode("utf-8")).digest()
        found.add(f"'sha256-{base64.b64encode(digest).decode('ascii')}'")
    return found
