"""The guideline and each recommendation as PDF and Word, set from the snapshot.

One template gives the HTML of a document; pandoc turns it into Word, and into the markup of typst, which sets the PDF:
tagged, with bookmarks, and with the fonts of a package, so that it comes out the same on a machine without any Chinese
font. Text of the project stays text on the whole way: it is escaped in the HTML, and pandoc escapes it for typst.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import pypandoc
import typst
from markupsafe import Markup

from guidewright.publish import forest_figures
from guidewright.publish.document_files import FOLDER, FORMATS, document_name, mark
from guidewright.publish.fonts import font_folder
from guidewright.publish.pages import Page, environment
from guidewright.publish.pictures import save_picture
from guidewright.publish.snapshot import Snapshot
from guidewright.publish.views import AnalysisView, RecommendationView
from guidewright.values import in_language
from guidewright.writing import write

_HEADING = re.compile(r"<(/?)h([1-6])\b")
#: A link to another page of the site leads nowhere in a document; its words stay.
_INNER_LINK = re.compile(r'<a\s(?![^>]*href="https?:)[^>]*>(.*?)</a>', re.DOTALL)


_PICTURE = re.compile(r'<img src="([^"]+)" alt="([^"]*)">')


@dataclass(frozen=True)
class Document:
    """A document to set: its file name without suffix, its title, and what it is about (nothing: the whole)."""

    name: str
    title: str
    view: RecommendationView | None


def documents(snapshot: Snapshot, language: str) -> Iterator[Document]:
    """The whole guideline, then every recommendation."""
    guideline = snapshot.guideline
    whole = document_name(snapshot, language)
    yield Document(whole, guideline.title.get(language, guideline.id), None)
    for view in snapshot.recommendations:
        one = view.recommendation
        title = f"{guideline.short_title.get(language, guideline.id)} · {one.title.get(language, one.id)}"
        yield Document(document_name(snapshot, language, one.id), title, view)


def write_documents(snapshot: Snapshot, root: Path, *, progress: Callable[[str], None] = lambda _text: None) -> Path:
    """Write all documents of all languages to ``site/exports/documents``; returns that folder.

    Raises RuntimeError if pandoc or typst fails, which is a fault of the tool.
    """
    out = root / FOLDER
    for old in out.glob("*"):
        old.unlink()
    with TemporaryDirectory() as scratch:
        for language in snapshot.languages:
            for one in documents(snapshot, language):
                progress(one.name)
                folder = Path(scratch) / one.name
                folder.mkdir()
                html = document_html(snapshot, root, language, one, folder)
                for kind in FORMATS:
                    path = folder / f"{one.name}.{kind}"
                    (_pdf if kind == "pdf" else _word)(html, path, one, snapshot, language)
                    write(out / path.name, path.read_bytes())
                shutil.rmtree(folder)
    mark(snapshot, root)
    return out


def document_html(snapshot: Snapshot, root: Path, language: str, one: Document, folder: Path) -> str:
    """The HTML of a document; its pictures are written to ``folder``."""
    page = Page("document.html", "document", one.title, {})

    def picture(view: AnalysisView) -> Markup:
        figure = forest_figures.forest(snapshot, view, language)
        name = f"{view.analysis.id}.svg"
        save_picture(figure.draw(), folder / name)
        alt = Markup.escape(forest_figures.describe(snapshot, view, language))
        return Markup('<p><img src="{}" alt="{}"></p>').format(name, alt)

    def body(texts: dict[str, str], under: int) -> Markup:
        html = in_language(texts, language)
        return Markup(_below(html, under))  # noqa: S704 - cleaned by publish.prose

    made = environment(root / "guideline_src/templates", snapshot, language)
    text = made.get_template("document.html.j2").render(
        page=page, view=one.view, picture=picture, body=body, link=lambda *_a: "", to=lambda *_a: ""
    )
    return _INNER_LINK.sub(r"\1", text)


def _below(html: str, under: int) -> str:
    """Prose with its headings below one of level ``under``, none skipped: a tagged PDF may not skip any."""
    level = {0: under}

    def moved(found: re.Match[str]) -> str:
        if not found[1]:
            given = int(found[2])
            above = max((level[one] for one in level if one < given), default=under)
            for deeper in [one for one in level if one >= given]:
                del level[deeper]
            level[given] = min(6, above + 1)
        return f"<{found[1]}h{level[int(found[2])]}"

    return _HEADING.sub(moved, html)


def _word(html: str, path: Path, one: Document, snapshot: Snapshot, language: str) -> None:
    pypandoc.convert_text(
        html.replace('.svg" alt=', '.png" alt='),
        "docx",
        format="html",
        outputfile=str(path),
        extra_args=[f"--resource-path={path.parent}", "--toc", "--toc-depth=2", *_metadata(one, snapshot, language)],
    )


def _pdf(html: str, path: Path, one: Document, snapshot: Snapshot, language: str) -> None:
    template = path.parent / "document.typ"
    template.write_bytes(files("guidewright.publish").joinpath("templates/document.typ").read_bytes())
    source = path.with_suffix(".typ")
    pypandoc.convert_text(
        html,
        "typst",
        format="html",
        outputfile=str(source),
        extra_args=[f"--template={template}", *_metadata(one, snapshot, language)],
    )
    # pandoc leaves out what a picture shows in words, without which a tagged PDF is not valid
    words = {name: json.dumps(unescape(alt), ensure_ascii=False) for name, alt in _PICTURE.findall(html)}
    text = source.read_text(encoding="utf-8")
    for name, alt in words.items():
        text = text.replace(f'image("{name}"', f'image("{name}", alt: {alt}')
    source.write_text(text, encoding="utf-8")
    typst.compile(
        str(source), output=str(path), root=str(path.parent), font_paths=[str(font_folder())], ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )  # fmt: skip


def _metadata(one: Document, snapshot: Snapshot, language: str) -> list[str]:
    """Title, edition and language of a document. Values are plain text to pandoc."""
    return [
        f"--metadata=title:{one.title}",
        f"--metadata=date:{snapshot.guideline.date}",
        # pandoc knows Chinese by script only
        f"--metadata=lang:{'zh-Hans' if language == 'zh' else language}",
        f"--variable=language:{language}",
    ]
