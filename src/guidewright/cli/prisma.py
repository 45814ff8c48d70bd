"""``guidewright prisma``."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from guidewright.cli.console import PROBLEMS, load_or_exit, show_json, wrong_use
from guidewright.cli.terminal import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guidewright.evidence.prisma.checking import Clash
    from guidewright.evidence.prisma.flow import Flow
    from guidewright.project import Project


def run(
    root: Path, *, question: str | None, language: str, svg: Path | None, as_json: bool, as_markdown: bool, lists: bool
) -> None:
    """Show the flow, or write it as a drawing; exit 1 where numbers clash."""
    from guidewright.evidence.prisma.checking import clashes
    from guidewright.review_flow import flow_of

    _check_use(language, svg, as_json=as_json, as_markdown=as_markdown)
    project = load_or_exit(root, as_json=as_json)
    if question is not None and question not in project.questions:
        wrong_use(f"there is no question `{question}`; there are: {', '.join(project.questions)}")
    flow = flow_of(project, question)
    found = list(clashes(flow, project.searches))
    if svg is not None:
        _draw(project, flow, language, svg)
    if as_json:
        show_json(_as_data(flow, found, language))
    elif as_markdown:
        print("\n".join(_markdown(flow, found, language)))
    else:
        print("\n".join(_text(flow, found, language, lists=lists)))
        if svg is not None:
            print(f"drawn to {svg}")
    raise typer.Exit(PROBLEMS if found else 0)


def _check_use(language: str, svg: Path | None, *, as_json: bool, as_markdown: bool) -> None:
    if language not in {"zh", "en"}:
        wrong_use("--lang is zh or en")
    if as_json and as_markdown:
        wrong_use("one of --json and --md at a time")
    if svg is not None and svg.suffix.lower() != ".svg":
        wrong_use(f"the drawing is written to a file that ends in .svg; found {svg}")


def _draw(project: Project, flow: Flow, language: str, path: Path) -> None:
    from guidewright.figures.standalone import standalone
    from guidewright.publish.flow_figures import Setting, review_figure
    from guidewright.writing import write

    def source(one: Any) -> str:
        record = project.records.get(one.cite) if one.cite else None
        name = f"{record.author[0]} {record.year or ''}".strip() if record and record.author else one.cite or one.url
        return ", ".join(filter(None, [name, one.where]))

    sheet = files("guidewright.publish").joinpath("assets/guidewright.css").read_text(encoding="utf-8")
    drawing = review_figure(flow, Setting(language, source)).draw()
    try:
        write(path, standalone(drawing, sheet) + "\n")
    except OSError as error:
        wrong_use(f"{path} cannot be written: {error.strerror}")


def _as_data(flow: Flow, found: list[Clash], language: str) -> dict[str, Any]:
    from dataclasses import asdict

    from guidewright.publish.flow_pages import clash_words

    return {
        "question": flow.question,
        "boxes": {
            name: {
                "number": box.number,
                "standing": box.standing,
                "parts": [
                    {"id": one.id, "label": one.label, "number": one.number, "standing": one.standing}
                    for one in box.parts
                ],
                "records": [one.records[0] for one in flow.behind(name)],
            }
            for name, box in flow.boxes.items()
            if box.known
        },
        "publications": [asdict(one) for one in flow.followed],
        "problems": [clash_words(one, flow, language) for one in found],
    }


def _rows(flow: Flow, language: str) -> Iterator[tuple[str, str, str, str]]:
    """Label, number, standing and lines of every box that counts for this review."""
    from guidewright.publish.flow_pages import rows_of

    for row in rows_of(flow, language):
        made_of = "; ".join(part["words"] for part in row["parts"])
        label = f"{row['label']} ({row['column']})" if row["column"] else str(row["label"])
        yield label, str(row["number"]), str(row["standing"]), made_of


def _text(flow: Flow, found: list[Clash], language: str, *, lists: bool) -> Iterator[str]:
    from guidewright.publish.flow_pages import clash_words
    from guidewright.words import word

    if not flow.started:
        yield word("prisma.nothing", language)
        return
    rows = list(_rows(flow, language))
    room = max(_columns(row[0]) for row in rows)
    number = max(_columns(row[1]) for row in rows)
    for label, n, standing, made_of in rows:
        line = f"{label}{' ' * (room - _columns(label))}  {' ' * (number - _columns(n))}{n}  {standing}"
        yield harmless(line + (f": {made_of}" if made_of else ""))
    if lists:
        yield from _publications(flow, language)
    for one in found:
        yield harmless(clash_words(one, flow, language))


def _columns(text: str) -> int:
    """Columns of a terminal that a text takes."""
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _publications(flow: Flow, language: str) -> Iterator[str]:
    from guidewright.evidence.prisma.flow import Fate
    from guidewright.publish.flow_pages import publications_of, reason_words
    from guidewright.words import word

    for fate in Fate:
        here = publications_of(flow, fate.value)
        if here:
            yield f"\n{word(f'prisma.list.{fate.value}', language)} ({len(here)})"
        for one in here:
            why = reason_words(one, flow, language) or (one.study or "")
            yield harmless(
                f"  {', '.join(one.records)}: {one.title} ({one.year or '?'})" + (f" [{why}]" if why else "")
            )


def _markdown(flow: Flow, found: list[Clash], language: str) -> Iterator[str]:
    from guidewright.publish.flow_pages import clash_words
    from guidewright.words import word

    def cell(text: str) -> str:
        return "".join(f"\\{sign}" if sign in "\\|*_`<>[]" else sign for sign in harmless(text))

    heads = [word(f"prisma.head.{name}", language) for name in ("box", "number", "standing", "made-of")]
    yield f"## {word('prisma.title', language)}\n"
    yield f"| {' | '.join(heads)} |\n|---|---:|---|---|"
    for row in _rows(flow, language):
        yield f"| {' | '.join(map(cell, row))} |"
    for one in found:
        yield f"\n**{word('prisma.clash.title', language)}** {cell(clash_words(one, flow, language))}"
