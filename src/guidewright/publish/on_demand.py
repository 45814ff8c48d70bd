"""The site as the preview shows it: a page is made when somebody looks at it, and again after it changed.

What an edit changes is found by making the page that is looked at: no list of what depends on what can be wrong, and a
save costs what that page costs, however large the guideline is. The pages are those of ``guidewright build``.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import jinja2
from mkdocs.exceptions import MkDocsException

from guidewright.publish.citing import citations
from guidewright.publish.downloads import FOLDER, downloads
from guidewright.publish.embeds import embeds
from guidewright.publish.finish import finished
from guidewright.publish.machine_readable import head_tags
from guidewright.publish.pages import assets, environment, escape, pages, render_page
from guidewright.publish.search_index import filled, improved, names_of
from guidewright.publish.search_sections import Entry, entries
from guidewright.publish.single_pages import SinglePages
from guidewright.publish.site import (
    BuilderError,
    builder_environment,
    need_settings,
    notices_of,
    settings_of,
    start_page,
)
from guidewright.publish.snapshot import Snapshot
from guidewright.writing import write


class SiteOnDemand:
    """The site of a project whose snapshot changes from save to save. May be asked from several threads."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.RLock()
        self._languages: dict[str, _Language] = {}
        self._start, self._number = "", 0
        self._whole: Callable[[], str] = str

    def show(self, snapshot: Snapshot, whole: Callable[[], str]) -> None:
        """Show another state of the project. ``whole`` gives its complete snapshot as JSON, which few ask for.

        Raises :class:`BuilderError` if the project has no settings of the site.
        """
        need_settings(self._root)
        os.environ.update(builder_environment(snapshot.guideline.date))
        notices = notices_of(snapshot, self._root)
        addresses = {tag: frozenset(one.address for one in pages(snapshot, tag)) for tag in snapshot.languages}
        with self._lock:
            self._languages = {
                tag: _Language(self._root, snapshot, tag, addresses, notices[tag], self._languages.get(tag))
                for tag in snapshot.languages
            }
            self._start, self._whole, self._number = start_page(snapshot), whole, self._number + 1

    def file(self, path: str) -> bytes | None:
        """A file of the site by its address below the root; nothing if it is none that is made on demand.

        Raises :class:`BuilderError` if a template or the settings of the project are broken.
        """
        tag, _, name = path.partition("/")
        with self._lock:
            if path in {"", "index.html"}:
                return self._start.encode()
            if path == "data/snapshot.json":
                return self._whole().encode()
            try:
                return self._languages[tag].file(name or "index.html") if tag in self._languages else None
            except (MkDocsException, jinja2.TemplateError, OSError) as error:
                raise BuilderError(f"{path} cannot be made: {error}") from error

    def version(self, path: str) -> str:
        """Changes whenever the page at an address does; of anything else, with every state."""
        tag, _, name = path.partition("/")
        with self._lock:
            language = self._languages.get(tag)
            try:
                return language.version(name or "index.html") if language else str(self._number)
            except (KeyError, MkDocsException, jinja2.TemplateError, OSError):
                return str(self._number)


class _Language:
    """The pages of one language in one state of the project."""

    def __init__(
        self,
        root: Path,
        snapshot: Snapshot,
        tag: str,
        addresses: dict[str, frozenset[str]],
        notice: Callable[[str], str],
        before: _Language | None,
    ) -> None:
        self._root, self._snapshot, self._tag = root, snapshot, tag
        self._addresses, self._notice = addresses, notice
        self._pages = {page.address: page for page in pages(snapshot, tag)}
        self._assets = dict(assets(root))
        self._names = names_of(snapshot.glossary.terms)
        self._settings = settings_of(snapshot, tag)
        style = [(root / "mkdocs.yml").read_bytes(), *(name.encode() + data for name, data in self._assets.items())]
        #: What every page shows: settings, navigation, and style sheets.
        self._around = hashlib.sha256(b"\0".join([self._settings.encode(), *style])).hexdigest()
        self._markdown: dict[str, str] = {}
        same = before is not None and (before._around, before._pages.keys()) == (self._around, self._pages.keys())
        self._builder: SinglePages | None = before._builder if before and same else None
        #: Markdown and HTML of the pages made so far, by address.
        self._built: dict[str, tuple[str, str]] = before._built if before and same else {}

    @cached_property
    def _environment(self) -> jinja2.Environment:
        return environment(self._root / "guideline_src/templates", self._snapshot, self._tag)

    @cached_property
    def _beside(self) -> dict[str, bytes]:
        """Downloads, and the small pages that other sites embed."""
        cited = citations(self._snapshot, self._tag)
        found = {f"{FOLDER}/{name}": data for name, data in downloads(self._snapshot, cited, self._tag)}
        return found | dict(embeds(self._environment, self._snapshot, self._tag))

    def file(self, name: str) -> bytes | None:
        """A file below the root of the language."""
        if name in self._pages:
            page = self._pages[name]
            head = head_tags(self._snapshot, page, self._tag)
            return self._finished(self._html(name), name, head).encode()
        if name.startswith("assets/") and name.removeprefix("assets/") in self._assets:
            return self._assets[name.removeprefix("assets/")]
        if name in self._single.search_indexes:
            every = (self._entries(one) for one in sorted(self._pages))
            return filled(self._single.search_indexes[name], every).encode()
        if name in self._single.files:
            return self._single.files[name]()
        if name in self._beside:
            data = self._beside[name]
            return self._finished(data.decode(), name).encode() if name.endswith(".html") else data
        return None

    def version(self, name: str) -> str:
        """Changes with the page. Raises KeyError if there is no such page."""
        return hashlib.sha256(f"{self._around}\0{self._source(name)}".encode()).hexdigest()

    def _source(self, name: str) -> str:
        if name not in self._markdown:
            self._markdown[name] = render_page(self._environment, self._pages[name], self._tag)
        return self._markdown[name]

    def _html(self, name: str) -> str:
        markdown = self._source(name)
        if self._built.get(name, ("", ""))[0] != markdown:
            self._built[name] = markdown, self._single.html(self._pages[name].source, markdown)
        return self._built[name][1]

    def _finished(self, html: str, name: str, head: str = "") -> str:
        return finished(html, name, self._tag, self._addresses, head, self._notice(name))

    def _entries(self, name: str) -> list[Entry]:
        """Entries of the search: of a page that was made all, of any other its title."""
        if name in self._built:
            return improved(entries(self._built[name][1], name), self._names, self._tag)
        return improved([{"location": name, "title": self._pages[name].title, "text": ""}], (), self._tag)

    @property
    def _single(self) -> SinglePages:
        if self._builder is None:
            file = self._root / f"site/mkdocs.{self._tag}.yml"
            write(file, self._settings)
            (self._root / "site/pages" / self._tag).mkdir(parents=True, exist_ok=True)  # the builder asks for it
            sources = {page.source: page for page in self._pages.values()}
            # sections of the navigation are named by the heading of their first page
            untitled = {
                source: f"# {escape(page.title)}\n" for source, page in sources.items() if source.endswith("index.md")
            }
            self._builder = SinglePages(file, sources, untitled)
        return self._builder
