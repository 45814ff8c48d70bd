"""Render the snapshot to Markdown pages, one tree per language, in ``site/pages``.

Templates hold layout and no arithmetic; they run in a sandbox, and everything that they print is escaped for both HTML
and Markdown unless it is HTML of ours. A project may override any template in ``guideline_src/templates``.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from guidewright.audit.rules import SEVERITIES, rule
from guidewright.guideline.calculators import as_data
from guidewright.publish import appraisal_pages, flow_pages, forest_figures, further_sections, grading_views, numbers
from guidewright.publish.audit_views import by_topic
from guidewright.publish.certainty_views import certainty_functions
from guidewright.publish.citing import citations
from guidewright.publish.compiled import compiled_templates
from guidewright.publish.document_files import NO_FILES, DocumentFiles
from guidewright.publish.downloads import FOLDER, downloads
from guidewright.publish.edition_sites import edition_sites
from guidewright.publish.edition_views import edition_functions, withdrawn
from guidewright.publish.embeds import embeds
from guidewright.publish.frames import framed
from guidewright.publish.panel_views import panel_functions
from guidewright.publish.pathway_views import pathway_functions
from guidewright.publish.prose import in_markdown
from guidewright.publish.reading_views import reading_functions
from guidewright.publish.routes import linker, relative, resolve
from guidewright.publish.snapshot import Snapshot
from guidewright.publish.terms import TEMPLATES, Explainer
from guidewright.publish.theme_faults import with_safe_heading
from guidewright.words import all_words, word
from guidewright.writing import write

#: Signs that mean something to HTML or to Markdown; as entities they mean themselves to both.
_SIGNS = {c: f"&#{ord(c)};" for c in "&<>\"'`*_{}[]\\|#~$=^"}
_SIGN, _SPACE = re.compile("[" + re.escape("".join(_SIGNS)) + "]"), re.compile(r"\s+")
#: The title of a page and its classes. It gets an anchor that is the same in every language.
_TITLE = re.compile(r"^(# .*?)(?: \{(\.[a-z-]+)\})?$", re.MULTILINE)
_HEADING = re.compile(r"<h([2-4])>(.*?)</h\1>", re.DOTALL)

#: Builders leave the page out of their search index: it is made from the finished pages (publish/search_index.py).
_UNINDEXED = "search:\n  exclude: true\n"


@dataclass(frozen=True)
class Page:
    """One page of the site: its address (``recommendations/r06.html``), template and what it is about."""

    address: str
    template: str
    title: str
    about: Mapping[str, Any]

    @property
    def source(self) -> str:
        """Markdown file of the page."""
        return self.address.removesuffix(".html") + ".md"


def escape(value: object) -> Markup:
    """Make text safe in HTML and in Markdown alike; line breaks become spaces."""
    if hasattr(value, "__html__"):
        return Markup(value)  # noqa: S704 - is markup of ours already
    if value is None:
        return Markup("")
    line = _SPACE.sub(" ", str(value))
    return Markup(_SIGN.sub(lambda found: _SIGNS[found[0]], line))  # noqa: S704 - every sign is an entity


def pages(snapshot: Snapshot, language: str) -> Iterator[Page]:
    """Every page of the site in one language, in the order of the navigation."""

    def page(address: str, template: str, title: object, **about: Any) -> Page:
        words = title if isinstance(title, str) else dict(title or {}).get(language, address)  # type: ignore[call-overload]
        return Page(address, template, words, about)

    def say(key: str, **values: object) -> str:
        return word(key, language, **values)

    yield page("index.html", "home", say("nav.home"))
    yield page("recommendations/index.html", "recommendations", say("nav.recommendations"))
    for view in snapshot.recommendations:
        number = say("recommendation.number", number=view.recommendation.number)
        title = f"{number} · {view.recommendation.title.get(language, '')}"
        yield page(f"recommendations/{view.recommendation.id}.html", "recommendation", title, view=view)
    yield page("pathways/index.html", "pathways", say("nav.pathways"))
    for pathway in snapshot.pathways:
        yield page(f"pathways/{pathway.id}.html", "pathway", pathway.title, pathway=pathway)
        title = say("cards.title", title=pathway.title.get(language, pathway.id))
        yield page(f"pathways/{pathway.id}-cards.html", "cards", title, pathway=pathway)
    yield page("tools/index.html", "tools", say("nav.tools"))
    for tool in snapshot.tools:
        yield page(f"tools/{tool.id}.html", "tool", tool.name, tool=tool)
    for table in snapshot.tables:
        yield page(f"tables/{table.schema.id}.html", "table", table.schema.title, table=table)
    yield page("evidence/index.html", "evidence", say("nav.evidence"))
    yield page("evidence/questions.html", "questions", say("nav.questions"))
    yield page("evidence/levels.html", "levels", say("matrix.title"))
    yield page("evidence/search.html", "search", say("nav.search"))
    yield from flow_pages.pages(snapshot, page, language)
    yield page("studies/index.html", "studies", say("nav.studies"))
    for study in snapshot.studies:
        yield page(f"studies/{study.study.id}.html", "study", study.study.name, view=study)
    yield page("analyses/index.html", "analyses", say("nav.analyses"))
    for analysis in snapshot.analyses:
        yield page(f"analyses/{analysis.analysis.id}.html", "analysis", analysis.analysis.title, view=analysis)
    yield from appraisal_pages.pages(snapshot, page, language)
    yield page("references.html", "references", say("nav.references"))
    yield page("methods.html", "methods", say("nav.methods"))
    yield page("cases.html", "cases", say("cases.title"))
    yield page("audit.html", "audit", say("nav.audit"))
    for view in snapshot.recommendations:
        for clause in view.clauses:
            title = say("audit-page.title", clause=clause.id)
            yield page(
                f"audit/{clause.id}.html", "clause_audit", title, view=clause, recommendation=view.recommendation
            )
    yield page("findings.html", "findings", say("nav.findings"))
    yield page("checklists.html", "checklists", say("nav.checklists"))
    if snapshot.as_published:
        yield page("as-published.html", "as_published", say("nav.as-published"))
    yield page("votes.html", "votes", say("nav.votes"))
    yield page("people.html", "people", say("nav.people"))
    for chapter in snapshot.chapters:
        yield page(f"chapters/{chapter.chapter.id}.html", "chapter", chapter.chapter.title, view=chapter)
    yield page("glossary.html", "glossary", say("nav.glossary"))
    yield page("editions/index.html", "editions", say("nav.editions"))
    for edition in snapshot.past_editions:
        title = say("editions.compare", before=edition.edition, after=snapshot.guideline.edition)
        yield page(f"editions/{edition.edition}.html", "edition", title, edition=edition)
    for gone in withdrawn(snapshot).values():
        yield page(f"recommendations/{gone.id}.html", "withdrawn", gone.title, past=gone)
    yield page("about.html", "about", say("nav.about"))


def render(snapshot: Snapshot, root: Path, language: str, out: Path, documents: DocumentFiles = NO_FILES) -> None:
    """Write the pages of a language below ``out``; files of pages that no longer exist are removed.

    Raises jinja2.TemplateError if a template of the project is broken.
    """
    made = environment(root / "guideline_src/templates", snapshot, language, documents)
    kept: set[Path] = set()
    for page in pages(snapshot, language):
        path = out / page.source
        kept.add(path)
        write(path, render_page(made, page, language), lasting=False)
    files_beside = [(f"assets/{asset}", data) for asset, data in assets(root)]
    files_beside += [
        (f"{FOLDER}/{name}", data) for name, data in downloads(snapshot, citations(snapshot, language), language)
    ]
    files_beside += embeds(made, snapshot, language)
    for name, data in files_beside:
        path = out / name
        kept.add(path)
        write(path, data, lasting=False)
    _remove_others(out, kept)


def render_page(environment: jinja2.Environment, page: Page, language: str) -> str:
    """The Markdown of one page."""
    link = linker(page.address)
    template = environment.get_template(f"{page.template}.md.j2")
    text = template.render(
        page=page,
        link=link,
        to=lambda address: relative(page.address, address),
        prose=lambda texts, heading="": _prose(texts, page, language, heading),
        **page.about,
    )
    text = _TITLE.sub(lambda found: f"{found[1]} {{#title{' ' + found[2] if found[2] else ''}}}", text, count=1)
    text = framed(with_safe_heading(text), str(escape(page.title)))
    if page.template in TEMPLATES:
        more, close = (str(escape(word(key, language))) for key in ("nav.glossary", "term.close"))
        text = environment.globals["explainer"].explain(text, relative(page.address, "glossary.html"), more, close)  # type: ignore[attr-defined]
    text = re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
    own = text.startswith("---\n")  # settings of the template's own
    return f"---\n{_UNINDEXED}{text[4:]}" if own else f"---\n{_UNINDEXED}---\n\n{text}"


def _prose(texts: Mapping[str, str], page: Page, language: str, heading: str) -> Markup:
    """The prose of a page, below ``heading`` unless it starts with one; what is not translated is shown as such."""
    if not texts.get(language):
        return _untranslated(texts, page, language, heading)
    html = resolve(texts[language], page.address)
    lead = f"\n\n## {heading} {{#why}}" if heading and not html.startswith("<h") else ""
    return Markup(lead + _with_headings(html))  # noqa: S704 - cleaned by publish.prose


def _untranslated(texts: Mapping[str, str], page: Page, language: str, heading: str) -> Markup:
    """Prose in the language that there is, after a line that says so; only the line where there is none at all."""
    note = escape(word("untranslated", language))
    other = next((tag for tag, words in texts.items() if words), None)
    if other is None:
        return note
    lead = f"## {heading} {{#why}}\n\n" if heading else ""
    html = re.sub(r"<(/?)h[1-6]>", r"<\1p>", resolve(texts[other], page.address))
    body = _block(html).replace('class="gw-prose"', f'class="gw-prose" lang="{escape(other)}"', 1)
    return Markup(f'\n\n{lead}<p class="gw-remark gw-untranslated">{note}</p>\n\n{body}\n\n')  # noqa: S704 - cleaned by publish.prose


def _with_headings(html: str) -> str:
    """Headings of prose as Markdown headings, so that the builder lists them; each with a stable anchor."""
    # split gives text, level, heading, text, level, heading, ..., text
    parts = _HEADING.split(html)
    blocks = [_block(parts[0])]
    for number, (level, heading, body) in enumerate(zip(parts[1::3], parts[2::3], parts[3::3], strict=True), start=1):
        blocks += [f"{'#' * int(level)} {in_markdown(heading)} {{#s{number}}}", _block(body)]
    return "\n\n" + "\n\n".join(block for block in blocks if block) + "\n\n"


def _block(html: str) -> str:
    """Finished HTML as one block that Markdown leaves alone (it must hold no empty line)."""
    body = re.sub(r"\n\s*\n", "\n", html.strip())
    return f'<div class="gw-prose">\n{body}\n</div>' if body else ""


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox of Jinja, which asks of each attribute again what depends on its name and the type alone."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._safe: dict[tuple[type, str], bool] = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        key = (type(obj), attr)
        if isinstance(obj, type):  # a class is not judged by its own type
            return super().is_safe_attribute(obj, attr, value)
        if key not in self._safe:
            self._safe[key] = super().is_safe_attribute(obj, attr, value)
        return self._safe[key]


def environment(
    overrides: Path, snapshot: Snapshot, language: str, documents: DocumentFiles = NO_FILES
) -> jinja2.Environment:
    """The sandbox in which templates run: their functions, filters and what they may look at."""
    loaders: list[jinja2.BaseLoader] = [jinja2.PackageLoader("guidewright.publish")]
    if overrides.is_dir():
        loaders.insert(0, jinja2.FileSystemLoader(overrides))
    made = _Sandbox(
        loader=jinja2.ChoiceLoader(loaders),
        bytecode_cache=compiled_templates(),
        autoescape=True,
        finalize=escape,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        comment_start_string="<#",
        comment_end_string="#>",
    )
    made.filters["level_word"] = lambda level: grading_views.level_word(str(level), language)
    made.filters["value_word"] = lambda value: _value_word(str(value), language)
    references = {view.key: view for view in snapshot.references}
    studies = {view.study.id: view for view in snapshot.studies}
    analyses = {view.analysis.id: view for view in snapshot.analyses}
    made.globals.update(
        snapshot=snapshot,
        language=language,
        t=lambda text: _text(text, language),
        glossary_order=lambda: sorted(
            snapshot.glossary.terms, key=lambda term: term.name.get(language, term.id).casefold()
        ),
        say=lambda key, **values: escape(word(key, language, **values)),
        references=references,
        studies=studies,
        analyses=analyses,
        questions={one.id: one for one in snapshot.questions},
        recommendations={view.recommendation.id: view for view in snapshot.recommendations},
        tools={tool.id: tool for tool in snapshot.tools},
        terms={term.id: term for term in snapshot.glossary.terms},
        rule_of=rule,
        severities=SEVERITIES,
        by_topic=lambda: by_topic(snapshot.findings),
        outcomes={o.id: o for q in snapshot.questions for o in q.outcomes},
        groups={g.id: g for g in snapshot.guideline.groups},
        figure=lambda view: Markup(forest_figures.figure(snapshot, view, language)),  # noqa: S704 - drawn and escaped by us
        describe=lambda view: forest_figures.describe(snapshot, view, language),
        calculator_rules=lambda calculator: json.dumps(
            as_data(calculator, language), ensure_ascii=False, sort_keys=True
        ),
        further=lambda view: further_sections.sections(snapshot, view, language),
        draw=lambda figure: Markup(figure.draw() + figure.draw(narrow=True)),  # noqa: S704 - drawn and escaped by us
        stratum=lambda view, name: forest_figures.stratum_name(snapshot, view, name, language),
        time_point=lambda text: forest_figures.time_point(text, language),
        decimal=numbers.decimal,
        p_value=numbers.p_value,
        p_words=numbers.p_words,
        grouped=numbers.grouped,
        **grading_views.globals_of(snapshot, language),
        shown_strength=lambda grade: grade.stated or grade.strength,
        percent=numbers.percent,
        document_links=lambda page, recommendation=None: documents.links(
            snapshot, language, page.address, recommendation
        ),
        interval=lambda low, high, places=2: numbers.interval(low, high, language, places),
        effect=lambda measure, e, low, high: numbers.estimate_with_interval(measure, e, low, high, language),
    )
    made.globals.update(certainty_functions(snapshot, language) | panel_functions(snapshot, language))
    made.globals.update(appraisal_pages.names(snapshot, language) | flow_pages.names(snapshot, language))
    made.globals.update(reading_functions(snapshot, language))
    made.globals.update(pathway_functions(snapshot, language))
    made.globals.update(edition_functions(snapshot), edition_sites=edition_sites(snapshot, overrides.parents[1]))
    made.globals["explainer"] = Explainer(snapshot.glossary.terms, language, escape)
    return made


def _text(text: Mapping[str, str] | str | None, language: str) -> Markup:
    """A text in the language of the page; if it is not translated, in another one, marked so."""
    if not isinstance(text, dict):
        return escape(text)
    if language in text:
        return escape(text[language])
    other, words = next(iter(text.items()))
    note = escape(word("untranslated-into", language))
    return Markup(f'<span lang="{escape(other)}">{escape(words)}</span> <span class="gw-untranslated">{note}</span>')  # noqa: S704


def _value_word(value: str, language: str) -> str:
    """A value of a trace in words: level, quality, finding, kind, yes or no."""
    if value in {"true", "false"}:
        return word("yes" if value == "true" else "no", language)
    for group in ("quality", "finding-kind", "kind-word", "level"):
        if f"{group}.{value.partition(' ')[0]}" in all_words():
            said = word(f"{group}.{value.partition(' ')[0]}", language)
            direction = value.partition("(")[2].rstrip(")")
            if not direction:
                return said
            return (
                said
                + word("gap", language)
                + word("condition.bracket", language, said=word(f"direction-found.{direction}", language))
            )
    return value


def assets(root: Path) -> Iterator[tuple[str, bytes]]:
    """Style sheets and scripts of the package, then those of the project."""
    for item in sorted(files("guidewright.publish").joinpath("assets").iterdir(), key=lambda one: one.name):
        if item.is_file() and not item.name.startswith((".", "_")):
            yield item.name, item.read_bytes()
    theme = root / "guideline_src/theme"
    for path in sorted(theme.glob("*")) if theme.is_dir() else ():
        if path.is_file() and path.suffix in {".css", ".svg", ".png", ".woff2"}:
            yield path.name, path.read_bytes()


def _remove_others(out: Path, kept: set[Path]) -> None:
    for path in sorted(out.rglob("*"), reverse=True):
        if path.is_file() and path not in kept:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            shutil.rmtree(path)
