"""Markdown with YAML front matter and one part per language.

The body has a heading of level 1 for each language, with the name that ``guideline.yml`` gives it (``# 中文``,
``# English``). Headings within a part start at level 2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

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


@cache
def prose_parser() -> MarkdownIt:
    """The Markdown that prose may use: CommonMark with tables, without raw HTML."""
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")


def read_markdown(text: str, file: str, languages: Mapping[str, str] | None) -> tuple[Page, list[Problem]]:
    """Split a file into front matter and the prose of each language (tag to name).

    Without ``languages``, while ``guideline.yml`` cannot be read, every heading of level 1 starts a part.
    """
    lines = text.split("\n")
    if not text.strip():
        return Page(), [Problem(file, 1, 1, "is empty", example=EXAMPLE, next_step="write it or delete the file")]
    if lines[0].strip() != "---":
        rule = "must start with front matter between two lines `---`"
        return Page(), [Problem(file, 1, 1, rule, lines[0], EXAMPLE, "write `---` in the first line")]
    end = next((n for n, line in enumerate(lines[1:], start=1) if line.strip() == "---"), None)
    if end is None:
        rule = "the front matter is not closed by a second line `---`"
        return Page(), [Problem(file, 1, 1, rule, None, EXAMPLE, "write `---` below its last field")]
    front, problems = read_yaml("\n".join(lines[1:end]), file, first_line=2)
    prose, more = _parts(lines[end + 1 :], file, end + 2, languages)
    return Page(front, prose), problems + more


@dataclass(frozen=True)
class _Heading:
    """A heading of level 1: its first line, the line after it, and its words."""

    start: int
    end: int
    name: str


def _parts(
    lines: list[str], file: str, first_line: int, languages: Mapping[str, str] | None
) -> tuple[dict[str, Prose], list[Problem]]:
    tokens = prose_parser().parse("\n".join(lines))
    heads = [
        _Heading(token.map[0], token.map[1], tokens[n + 1].content.strip())
        for n, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h1" and token.map and token.level == 0
    ]
    tags = {name: tag for tag, name in languages.items()} if languages else {head.name: head.name for head in heads}
    problems = _outside(lines, file, first_line, heads, tags)
    prose: dict[str, Prose] = {}
    for head, following in pairwise([*heads, _Heading(len(lines), len(lines), "")]):
        at = first_line + head.start
        if head.name not in tags:
            hint = did_you_mean(head.name, tags)
            problems.append(
                Problem(
                    file,
                    at,
                    1,
                    "a heading of level 1 names a language of the guideline" + (f"; {hint}" if hint else ""),
                    value=head.name,
                    next_step="use `##` for headings within the text; languages are: " + ", ".join(tags),
                )
            )
        elif tags[head.name] in prose:
            problems.append(
                Problem(file, at, 1, f"the part `# {head.name}` stands twice", next_step="join the two parts")
            )
        else:
            body = lines[head.end : following.start]
            lead = next((n for n, line in enumerate(body) if line.strip()), len(body))
            text = "\n".join(body[lead:]).rstrip()
            if not text and (following.name in tags or following.start == len(lines)):
                rule, advised = "nothing stands below this heading", "write the text, or delete the heading for now"
                problems.append(Problem(file, at, 1, rule, f"# {head.name}", next_step=advised))
            prose[tags[head.name]] = Prose(text, file, first_line + head.end + lead)
    return prose, problems


def _outside(
    lines: list[str], file: str, first_line: int, heads: Sequence[_Heading], tags: Mapping[str, str]
) -> list[Problem]:
    """Words that belong to no language: above the first heading, or below one that does not count as a heading."""
    problems = []
    before = lines[: heads[0].start] if heads else lines
    first = next((n for n, line in enumerate(before) if line.strip()), None)
    if first is not None:
        names = " or ".join(f"`# {name}`" for name in tags)
        problems.append(
            Problem(
                file,
                first_line + first,
                1,
                f"text stands before the first language heading ({names})",
                value=before[first],
                example=EXAMPLE,
                next_step="put the heading of its language above it",
            )
        )
    known = {head.start for head in heads}
    for number, line in enumerate(lines):
        found = re.match(r"\s*#\s*(\S.*?)\s*#*\s*$", line)
        if found and found[1] in tags and number not in known:
            problems.append(
                Problem(
                    file,
                    first_line + number,
                    line.index("#") + 1,
                    "this is not read as the heading of a language",
                    value=line,
                    example=f"# {found[1]}",
                    next_step="start it in the first column, with a space after #, and close the code block (```), "
                    "comment or list above it",
                )
            )
    return problems
