"""A small page for each recommendation that other sites can show in a frame: the advice, its strength, and a way on.

It has no script and loads nothing; its few styles stand in the page, so it looks the same wherever it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from guidewright.publish.routes import linker, relative
from guidewright.publish.snapshot import Snapshot

if TYPE_CHECKING:
    import jinja2

#: Folder of the small pages, relative to the pages of a language.
FOLDER = "embed"


def embeds(environment: jinja2.Environment, snapshot: Snapshot, language: str) -> Iterator[tuple[str, bytes]]:
    """The address and the content of each."""
    template = environment.get_template("embed.html.j2")
    for view in snapshot.recommendations:
        page = f"{FOLDER}/{view.recommendation.id}.html"

        def to(address: str, page: str = page) -> str:
            return relative(page, address)

        html = template.render(view=view, link=linker(page), to=to, page=page)
        yield page, html.encode("utf-8")
