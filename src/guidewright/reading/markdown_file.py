"""Markdown with YAML front matter and one part per language.

The body has a heading of level 1 for each language, with the name that ``guideline.yml`` gives it (``# 中文``,
``# English``). Headings within a part start at level 2.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from markdown_it import MarkdownIt

from guidewright.problems import Problem, did_you_mean
from guidewright.reading.yaml_file import Document, read_yaml

EXAMPLE = "---\nid: background\ntitle: {zh: 背景, en: Background}\norder: 1\n---\n\n# 中文\n\n……\n\n# English\n\n..."


@dataclass(frozen=True)
class Prose:
    """The words of one language and the line of the file on which they start."""

    text: str
    file: str
    line: int


@dataclass
class Page:
    """Front matter and prose by language tag."""

    front: Document | None = None
    prose: dict[str, Prose] = field(default_factory=dict)


def prose_parser() -> MarkdownIt:
    """The Markdown that prose may use: CommonMark with tables, without raw HTML."""
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")


def read_markdown(text: str, file: str, languages: dict[str, str]) -> tuple[Page, list[Problem]]:
    """Split a file into front matter and the prose of each language (tag to name)."""
    lines = text.split("\n")
    if not text.strip():
        return Page(), [Problem(file, 1, 1, "is empty", example=EXAMPLE, next_step="write it or delete the file")]
    if lines[0].strip() != "---":
        return Page(), [
            Problem(file, 1, 1, "must start with front matter between two lines `---`", value=lines[0], example=EXAMPLE)
        ]
    end = next((n for n, line in enumerate(lines[1:], start=1) if line.strip() == "---"), None)
    if end is None:
        return Page(), [Problem(file, 1, 1, "the front matter is not closed by a second line `---`", example=EXAMPLE)]
    front, problems = read_yaml("\n".join(lines[1:end]), file, first_line=2)
    prose, more = _parts(lines[end + 1 :], file, end + 2, languages)
    return Page(front, prose), problems + more


def _parts(
    lines: list[str], file: str, first_line: int, languages: dict[str, str]
) -> tuple[dict[str, Prose], list[Problem]]:
    tags = {name: tag for tag, name in languages.items()}
    tokens = prose_parser().parse("\n".join(lines))
    heads = [
        (token.map[0], tokens[n + 1].content.strip())
        for n, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h1" and token.map and token.level == 0
    ]
    problems: list[Problem] = []
    prose: dict[str, Prose] = {}
    before = lines[: heads[0][0]] if heads else lines
    for number, line in enumerate(before):
        if line.strip():
            names = " or ".join(f"`# {name}`" for name in tags)
            problems.append(
                Problem(
                    file,
                    first_line + number,
                    1,
                    f"text stands before the first language heading ({names})",
                    value=line,
                    example=EXAMPLE,
                )
            )
            break
    for index, (at, name) in enumerate(heads):
        until = heads[index + 1][0] if index + 1 < len(heads) else len(lines)
        if name not in tags:
            hint = did_you_mean(name, tags)
            problems.append(
                Problem(
                    file,
                    first_line + at,
                    1,
                    "a heading of level 1 names a language of the guideline" + (f"; {hint}" if hint else ""),
                    value=name,
                    next_step="use `##` for headings within the text; languages are: " + ", ".join(tags),
                )
            )
        elif tags[name] in prose:
            problems.append(
                Problem(file, first_line + at, 1, f"the part `# {name}` stands twice", next_step="join them")
            )
        else:
            body = lines[at + 1 : until]
            lead = next((n for n, line in enumerate(body) if line.strip()), len(body))
            prose[tags[name]] = Prose("\n".join(body[lead:]).rstrip(), file, first_line + at + 1 + lead)
    return prose, problems
