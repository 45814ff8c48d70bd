"""Sites of earlier editions, each in a folder of its own, rendered again from the snapshot kept of it.

They stand beside the current one (``editions/2019/en/...``). Every page says that it is superseded and leads to the
same page of the current edition, every current page to the same page of the earlier ones. A site is built again only
when its snapshot, the tool or the current edition changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from html import escape
from pathlib import Path

from pydantic import ValidationError

from guidewright import __version__
from guidewright.loading.editions import FOLDER
from guidewright.publish.routes import relative
from guidewright.publish.snapshot import SCHEMA_VERSION, Snapshot, from_json
from guidewright.words import word

#: Folder of the earlier editions below that of the site.
BELOW = "editions"


def edition_sites(snapshot: Snapshot, root: Path) -> tuple[str, ...]:
    """Labels of the earlier editions whose snapshot this version of the tool can render, the latest first."""
    return tuple(one.edition for one in snapshot.past_editions if _can_render(root, one.edition))


def _can_render(root: Path, label: str) -> bool:
    try:
        return bool(json.loads(_raw(root, label)).get("schema_version") == SCHEMA_VERSION)
    except (OSError, ValueError):
        return False


def _raw(root: Path, label: str) -> str:
    return (root / FOLDER / f"{label}.json").read_text(encoding="utf-8")


def earlier_snapshot(root: Path, label: str) -> Snapshot | None:
    """The snapshot of an earlier edition; nothing if this version of the tool cannot read it as a whole."""
    try:
        return replace(from_json(_raw(root, label)), past_editions=())
    except (ValidationError, ValueError):
        return None


def stamp(root: Path, label: str, current: str) -> str:
    """Changes whenever the site of an earlier edition has to be built again."""
    return hashlib.sha256("\n".join((__version__, current, _raw(root, label))).encode("utf-8")).hexdigest()


def superseded(label: str, current: str, language: str, addresses: Set[str]) -> Callable[[str], str]:
    """The banner of a page of an earlier edition. ``addresses`` are the pages of the current one."""

    def banner(page: str) -> str:
        target = page if page in addresses else "index.html"
        address = relative(f"{BELOW}/{label}/{language}/{page}", f"{language}/{target}")
        said = escape(word("editions.superseded", language, edition=label, current=current))
        link = escape(word("editions.current", language))
        return (
            f'<p class="gw-superseded" role="note"><strong>{said}</strong> <a href="{escape(address)}">{link}</a></p>'
        )

    return banner


def switcher(current: str, earlier: Mapping[str, Set[str]], language: str) -> Callable[[str], str]:
    """The line on a page of the current edition that leads to the same page of the earlier ones."""

    def line(page: str) -> str:
        here = f"{language}/{page}"
        links = " · ".join(
            f'<a href="{escape(relative(here, f"{BELOW}/{label}/{language}/{page}"))}">'
            f"{escape(word('edition.shown', language, edition=label))}</a>"
            for label, addresses in earlier.items()
            if page in addresses
        )
        if not links:
            return ""
        name = escape(word("editions.others", language))
        now = escape(word("edition.shown", language, edition=current))
        return f'<nav class="gw-editions" aria-label="{name}"><span aria-current="true">{now}</span> · {links}</nav>'

    return line
