"""MkDocs with the settings of one language, kept ready to build a page at a time.

``mkdocs build`` reads every page and the whole theme again, which takes longer than an author who looks at one page
wants to wait. This does for one page what it does for each, with the functions that its plugins use.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from mkdocs.commands.build import get_context
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, set_exclusions
from mkdocs.structure.nav import get_navigation
from mkdocs.structure.pages import Page

from guidewright.publish.compiled import compiled_templates

#: Where the builder puts the index of its search.
SEARCH_INDEXES = ("search/search_index.json", "search/search_index.js")


class SinglePages:
    """Builds single pages of one language.

    ``settings`` is the settings file of the language, ``sources`` the Markdown files of all its pages (links and the
    navigation need their names, not their content).

    Raises mkdocs.exceptions.ConfigurationError if the settings are wrong.
    """

    def __init__(self, settings: Path, sources: Iterable[str], untitled: Mapping[str, str]) -> None:
        """``untitled`` holds the content of pages to which the navigation gives no title: it is read from them."""
        os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
        config = load_config(str(settings), strict=False)
        config.plugins.on_startup(command="build", dirty=False)
        config = config.plugins.on_config(config)
        config.plugins.on_pre_build(config=config)
        environment = config.theme.get_env()
        environment.bytecode_cache = compiled_templates()
        files = Files([File.generated(config, source, content="") for source in sources])
        files.add_files_from_theme(environment, config)
        files = config.plugins.on_files(files, config=config)
        set_exclusions(files, config)
        navigation = config.plugins.on_nav(get_navigation(files, config), config=config, files=files)
        self._config: MkDocsConfig = config
        self._files, self._navigation = files, navigation
        self._environment = config.plugins.on_env(environment, config=config, files=files)
        self._pages = {file.src_uri: file for file in files.documentation_pages()}
        for source, markdown in untitled.items():
            self._read(source, markdown)
        #: Style sheets, scripts and fonts of the theme, by address.
        self.files: Mapping[str, Callable[[], bytes]] = {
            file.dest_uri: lambda file=file: file.content_bytes  # type: ignore[misc]
            for file in files
            if not file.is_documentation_page()
        }
        #: The empty indexes of the search, by address.
        self.search_indexes = self._search_indexes()

    def html(self, source: str, markdown: str) -> str:
        """The page that the builder makes of this Markdown."""
        config, page = self._config, self._read(source, markdown)
        page.active = True  # the theme marks it in the navigation
        try:
            context = get_context(self._navigation, self._files, config, page)
            template = self._environment.get_template(page.meta.get("template", "main.html"))
            context = config.plugins.on_page_context(context, page=page, config=config, nav=self._navigation)
            return str(config.plugins.on_post_page(template.render(context), page=page, config=config))
        finally:
            page.active = False

    def _read(self, source: str, markdown: str) -> Page:
        config, file = self._config, self._pages[source]
        file.content_string = markdown
        page = config.plugins.on_pre_page(file.page or Page(None, file, config), config=config, files=self._files)
        page.read_source(config)
        found = config.plugins.on_page_markdown(page.markdown or "", page=page, config=config, files=self._files)
        page.markdown = found
        page.render(config, self._files)
        page.content = config.plugins.on_page_content(page.content or "", page=page, config=config, files=self._files)
        return page

    def _search_indexes(self) -> Mapping[str, str]:
        with TemporaryDirectory() as folder:
            self._config.site_dir = folder
            self._config.plugins.on_post_build(config=self._config)
            paths = {name: Path(folder, name) for name in SEARCH_INDEXES}
            return {name: path.read_text(encoding="utf-8") for name, path in paths.items() if path.is_file()}
