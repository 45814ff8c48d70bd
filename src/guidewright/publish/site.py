"""From rendered pages to the finished static site: one build per language, then our own step."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from calendar import timegm
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from enum import StrEnum
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import yaml
from jinja2 import TemplateError

from guidewright.loading.editions import FOLDER as EDITIONS
from guidewright.problems import Problem
from guidewright.publish.document_files import DocumentFiles, document_files, publish
from guidewright.publish.edition_sites import (
    BELOW,
    earlier_snapshot,
    edition_sites,
    stamp,
    superseded,
    switcher,
)
from guidewright.publish.finish import finish
from guidewright.publish.machine_readable import head_tags, site_map
from guidewright.publish.pages import Page, assets, pages, render
from guidewright.publish.pages import escape as escape_markdown
from guidewright.publish.side_by_side import side_by_side
from guidewright.publish.snapshot import Snapshot, json_schema, to_json
from guidewright.publish.style_sheets import lighten
from guidewright.publish.theme_faults import title
from guidewright.words import word
from guidewright.writing import write

Progress = Callable[[str], None]
#: The one in C, where there is one.
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class Builder(StrEnum):
    """Programs that turn the rendered pages into HTML. MkDocs is the default; the others build the same tree."""

    MKDOCS = "mkdocs"
    PROPERDOCS = "properdocs"
    ZENSICAL = "zensical"


#: Modules to run, where they have another name than the builder.
_MODULES = {Builder.MKDOCS: "guidewright.publish.mkdocs_build"}


class BuilderError(RuntimeError):
    """The site builder failed; the message is what it printed."""


def write_pages(snapshot: Snapshot, root: Path) -> None:
    """Render the pages, settings and exports of every language.

    Raises :class:`BuilderError` if a template of the project is broken.
    """
    out = root / "site"
    documents = document_files(root, lambda: to_json(snapshot))

    def export() -> None:
        write(out / "exports/snapshot.json", to_json(snapshot))
        write(out / "exports/snapshot.schema.json", _json(json_schema()))

    pages_of = {
        tag: partial(_render, snapshot, root, tag, out / "pages" / tag, documents) for tag in snapshot.languages
    }
    side_by_side({**pages_of, "the exports": export})
    for tag in snapshot.languages:
        write(out / f"mkdocs.{tag}.yml", settings_of(snapshot, tag))
    # so that a plain `mkdocs build` of the whole tree shows both languages as well
    write(out / "pages/index.md", _language_list(snapshot))
    for name, data in assets(root):
        write(out / "pages/assets" / name, data)


def _render(snapshot: Snapshot, root: Path, tag: str, out: Path, documents: DocumentFiles) -> None:
    try:
        render(snapshot, root, tag, out, documents)
    except TemplateError as error:
        name = getattr(error, "filename", None) or getattr(error, "name", None)
        where = f"{name}, line {getattr(error, 'lineno', '?')}: " if name else ""
        raise BuilderError(f"a template is broken: {where}{error}") from None


def build_site(
    snapshot: Snapshot,
    root: Path,
    *,
    builder: Builder = Builder.MKDOCS,
    progress: Progress = lambda _text: None,
) -> Path:
    """Build the site from pages written before; returns its folder.

    Raises :class:`BuilderError` if the settings are missing, or the builder fails or finds a broken link.
    """
    tags = snapshot.languages
    need_settings(root)
    progress(f"building {' and '.join(tags)} with {builder}")
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda tag: _run(builder, root, tag, snapshot.guideline.date), tags))
    progress("finishing the pages")
    html = root / "site/html"
    addresses = {tag: frozenset(page.address for page in pages(snapshot, tag)) for tag in snapshot.languages}
    notices = notices_of(snapshot, root)

    def finish_one(tag: str) -> None:
        heads = {page.address: head_tags(snapshot, page, tag) for page in pages(snapshot, tag)}
        finish(html / tag, tag, addresses, heads, snapshot.glossary.terms, notices[tag])
        lighten(html / tag)

    side_by_side({tag: partial(finish_one, tag) for tag in tags})
    _build_editions(snapshot, root, builder, addresses, progress)
    if (found := site_map(snapshot, addresses)) is not None:
        write(html / "sitemap.xml", found)
    write(html / "index.html", start_page(snapshot))
    for name in ("snapshot.json", "snapshot.schema.json"):
        write(html / "data" / name, (root / "site/exports" / name).read_bytes())
    kept = html / "data/snapshot.json"
    publish(root, document_files(root, lambda: kept.read_text(encoding="utf-8")), html)
    return html


def need_settings(root: Path) -> None:
    """Raise :class:`BuilderError` if the project has no settings of the site."""
    if not (root / "mkdocs.yml").is_file():
        rule = "this file is missing; it holds the settings of the site"
        raise BuilderError(str(Problem("mkdocs.yml", 1, 1, rule, next_step="copy that of `guidewright new DIR`")))


def notices_of(snapshot: Snapshot, root: Path) -> dict[str, Callable[[str], str]]:
    """What stands above each page of a language: links to the same page of earlier editions that have a site."""
    earlier: dict[str, dict[str, frozenset[str]]] = {tag: {} for tag in snapshot.languages}
    for label in edition_sites(snapshot, root):
        past = earlier_snapshot(root, label)
        for tag in past.languages if past is not None else ():
            if past is not None and tag in earlier:
                earlier[tag][label] = frozenset(page.address for page in pages(past, tag))
    return {tag: switcher(snapshot.guideline.edition, theirs, tag) for tag, theirs in earlier.items()}


def _build_editions(
    snapshot: Snapshot, root: Path, builder: Builder, addresses: Mapping[str, frozenset[str]], progress: Progress
) -> None:
    """Build the site of every earlier edition that changed since it was built."""
    current = snapshot.guideline.edition
    for label in edition_sites(snapshot, root):
        html = root / "site/html" / BELOW / label
        mark = root / f"site/{BELOW}.{label}.stamp"
        wanted = stamp(root, label, current)
        past = earlier_snapshot(root, label)
        if past is None or (html.is_dir() and mark.is_file() and mark.read_text(encoding="utf-8") == wanted):
            continue
        progress(f"building edition {label}")
        theirs = {tag: frozenset(page.address for page in pages(past, tag)) for tag in past.languages}
        for tag in past.languages:
            try:
                render(past, root, tag, root / "site/pages-of-editions" / label / tag)
            except (TemplateError, LookupError) as error:
                # it has the shape of a snapshot, but says something that no snapshot of ours says
                name = f"{EDITIONS}/{label}.json"
                raise BuilderError(f"{name} cannot be shown ({error}); copy it again from that edition") from None
            settings = yaml.safe_load(settings_of(past, tag))
            settings |= {"docs_dir": f"pages-of-editions/{label}/{tag}", "site_dir": f"html/{BELOW}/{label}/{tag}"}
            write(root / f"site/mkdocs.{label}.{tag}.yml", yaml.safe_dump(settings, allow_unicode=True))
            _run(builder, root, f"{label}.{tag}", past.guideline.date)
            banner = superseded(label, current, tag, addresses.get(tag, frozenset()))
            finish(html / tag, tag, theirs, {}, past.glossary.terms, banner)
            lighten(html / tag)
        write(mark, wanted)


def builder_environment(edition: str) -> dict[str, str]:
    """Variables of the builders. Pages are dated as the ``edition`` is, so that building twice gives the same."""
    year, month, day = (int(part) for part in (edition + "-01-01")[:10].split("-"))
    epoch = timegm(date(year, month, day).timetuple())
    return {"SOURCE_DATE_EPOCH": str(epoch), "NO_MKDOCS_2_WARNING": "1"}


def _run(builder: Builder, root: Path, tag: str, edition: str) -> None:
    environment = {**os.environ, **builder_environment(edition), "PYTHONHASHSEED": "0"}
    command = [
        sys.executable,
        "-m",
        _MODULES.get(builder, builder.value),
        "build",
        "--config-file",
        f"site/mkdocs.{tag}.yml",
        "--strict",
    ]
    if builder is not Builder.ZENSICAL:
        command.append("--quiet")
    done = subprocess.run(  # noqa: S603 - a fixed command, no shell
        command, cwd=root, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        raise BuilderError(f"{builder} failed on the {tag} pages:\n{done.stdout}{done.stderr}")


# --- settings of one language -------------------------------------------------------------------------------------


def settings_of(snapshot: Snapshot, tag: str) -> str:
    """The settings file of one language."""
    guideline = snapshot.guideline
    others = [
        {"name": title(name), "link": f"../{other}/index.html", "lang": other}
        for other, name in guideline.languages.items()
    ]
    standing = escape(guideline.standing.get(tag, ""))
    settings: dict[str, Any] = {
        "INHERIT": "../mkdocs.yml",
        "site_name": title(guideline.short_title.get(tag, guideline.id)),
        "site_description": title(guideline.title.get(tag, "")),
        "docs_dir": f"pages/{tag}",
        "site_dir": f"html/{tag}",
        "copyright": standing,
        "theme": {"language": tag, "palette": _palette(tag)},
        "extra": {"alternate": others} if len(others) > 1 else {},
        "nav": _navigation(list(pages(snapshot, tag)), snapshot, tag),
    }
    if guideline.site_url:
        settings["site_url"] = f"{guideline.site_url.rstrip('/')}/{tag}/"
    head = "# Written by `guidewright build` from guideline_src/guideline.yml; changes here are lost.\n"
    return head + yaml.dump(settings, Dumper=_Dumper, allow_unicode=True, sort_keys=False)


def _palette(tag: str) -> list[dict[str, Any]]:
    def scheme(name: str, media: str, icon: str, other: str) -> dict[str, Any]:
        return {
            "media": f"(prefers-color-scheme: {media})",
            "scheme": name,
            "primary": "custom",
            "accent": "custom",
            "toggle": {"icon": icon, "name": word(f"theme.to-{other}", tag)},
        }

    return [
        scheme("default", "light", "material/weather-night", "dark"),
        scheme("slate", "dark", "material/weather-sunny", "light"),
    ]


METHOD_PAGES = frozenset(
    f"{name}.html"
    for name in (
        *("methods", "cases", "instruments/index", "audit", "findings", "checklists", "as-published"),
        *("votes", "people"),
    )
)
#: Sections of the navigation: heading, and which pages stand below it.
_SECTIONS: tuple[tuple[str, Callable[[Page], bool]], ...] = (
    ("nav.recommendations", lambda p: p.address.startswith("recommendations/") and p.template != "withdrawn"),
    ("nav.care", lambda p: p.address.startswith(("pathways/", "tables/")) or p.address == "tools/index.html"),
    (
        "nav.evidence",
        lambda p: (
            p.address.startswith(("evidence/", "analyses/"))
            or p.address in {"studies/index.html", "appraisals/index.html", "references.html"}
        ),
    ),
    (
        "nav.methods",
        lambda p: p.address in METHOD_PAGES or _chapter(p, "methods"),
    ),
    ("nav.text", lambda p: _chapter(p, "guideline")),
    (
        "nav.about",
        lambda p: (
            p.address in {"about.html", "glossary.html"} or p.address.startswith("editions/") or _chapter(p, "about")
        ),
    ),
)


def _chapter(page: Page, place: str) -> bool:
    view = page.about.get("view")
    return page.template == "chapter" and view is not None and view.chapter.place == place


def _navigation(every: list[Page], snapshot: Snapshot, tag: str) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = [{word("nav.home", tag): "index.md"}]
    for heading, belongs in _SECTIONS:
        inside: list[Any] = [{title(page.title): page.source} for page in every if belongs(page)]
        if inside:
            # the index page of a section opens with its heading
            first = next(iter(inside[0].values()))
            inside[0] = first if first.endswith("/index.md") and len(inside) > 1 else inside[0]
            found.append({word(heading, tag): inside})
    return found


def _language_list(snapshot: Snapshot) -> str:
    guideline = snapshot.guideline
    links = "\n".join(f"- [{escape_markdown(name)}]({tag}/index.md)" for tag, name in guideline.languages.items())
    heading = escape_markdown(guideline.short_title.get(snapshot.languages[0], guideline.id))
    return f"# {heading}\n\n{links}\n"


# --- the start page -----------------------------------------------------------------------------------------------


def start_page(snapshot: Snapshot) -> str:
    """Leads to the default language at once, and lets a reader choose without script."""
    guideline = snapshot.guideline
    first = snapshot.languages[0]
    links = "".join(
        f'<li><a href="{tag}/index.html" lang="{tag}" hreflang="{tag}">{escape(name)} — '
        f"{escape(guideline.title.get(tag, ''))}</a></li>"
        for tag, name in guideline.languages.items()
    )
    heading = escape(guideline.short_title.get(first, guideline.id))
    style = "body{font:1.1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}"
    return f"""<!doctype html>
<html lang="{first}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{heading}</title>
<meta http-equiv="refresh" content="0; url={first}/index.html">
<style>{style}</style>
</head>
<body>
<h1>{heading}</h1>
<ul>{links}</ul>
</body>
</html>
"""


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
