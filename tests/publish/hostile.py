"""A project in which every text that a person may write tries to break out.

Each text of every YAML file, cell of every table, field of every record and passage of prose gets a hostile end. Names
that other files refer to, numbers and words from a closed list can hold none: the loader refuses those and says where,
so they are put back until the project loads.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from guidewright.project import load

#: What a page would do if a text became markup: set a variable, open a dialog, ask another host.
HOSTILE = (
    " </title></script><script>window.pwned=1;alert(1)</script>"
    "<img src=https://foreign.example/a onerror=window.pwned=1>"
    '" onmouseover="window.pwned=1" x=\'--></svg><svg onload=window.pwned=1>'
    "[a](javascript:window.pwned=1){: onclick=window.pwned=1} ![b](https://foreign.example/b) `c` | </td></textarea>"
)
#: The end of an address, which may hold no space.
IN_ADDRESS = '?"onmouseover="window.pwned=1"><script>window.pwned=1</script>'
#: In BibTeX braces and backslashes are its own signs.
IN_BIBTEX = HOSTILE.replace("{", "(").replace("}", ")")
#: Prose is Markdown and may hold no HTML (a test of its own); what Markdown itself offers is left.
IN_PROSE = (
    "\n\n[a](javascript:window.pwned=1) ![b](https://foreign.example/b) "
    "[c](<data:text/html,<script>alert(1)</script>>) [d](vbscript:alert(1)) "
    "{: onclick=window.pwned=1 } `<script>window.pwned=1</script>` "
    "&lt;script&gt;window.pwned=1&lt;/script&gt;\n\n    <script>window.pwned=1</script>\n"
)
#: A cell that a spreadsheet would compute.
FORMULA = '=HYPERLINK("https://foreign.example/x","y")'
#: One word in small letters, a number or a date: a name, or a word of a closed list.
_NO_TEXT = re.compile(r"[a-z0-9_.:/%+-]*|\d[\d .,–-]*")
#: Headings of prose that name a language of the guideline.
_LANGUAGES = frozenset({"中文", "English"})
_ADDRESS = re.compile(r"https?://\S+")
_FIELD = re.compile(r"^(\s*(?P<name>\w+)\s*=\s*\{)(?P<text>.*)(\},?)$")


@dataclass
class Place:
    """A text that was made hostile, or has been put back: the line where it stands now."""

    file: str
    start: int
    end: int
    written: str
    line: int = 0
    hostile: bool = True


@dataclass
class Spoilt:
    """A file with its texts."""

    path: Path
    file: str
    text: str
    places: list[Place] = field(default_factory=list)

    def save(self) -> None:
        """Write the file with what is hostile now, and note the lines."""
        out, at = "", 0
        for place in self.places:
            out += self.text[at : place.start]
            place.line = out.count("\n") + 1
            out += place.written if place.hostile else self.text[place.start : place.end]
            at = place.end
        self.path.write_text(out + self.text[at:], encoding="utf-8", newline="")


def spoil(root: Path) -> dict[str, int]:
    """Make a project hostile in place; returns how many texts of each kind of file are."""
    readers: dict[str, Callable[[Spoilt], Iterator[Place]]] = {
        ".yml": _yaml, ".csv": _csv, ".bib": _bibtex, ".md": _markdown,
    }  # fmt: skip
    spoilt = []
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root).as_posix()
        if path.suffix in readers and path.name not in {"README.md", "mkdocs.yml"} and not inside.startswith("site/"):
            one = Spoilt(path, inside, path.read_text(encoding="utf-8"))
            one.places = list(readers[path.suffix](one))
            spoilt.append(one)
    for _round in range(10):
        for one in spoilt:
            one.save()
        project, problems = load(root)
        if project is not None:
            break
        blamed = [place for one in spoilt for place in _blamed(one, [p.line for p in problems if p.file == one.file])]
        assert blamed, "\n".join(map(str, problems[:5]))
        for place in blamed:
            place.hostile = False
    else:
        raise AssertionError("the project does not load")
    return {kind: sum(p.hostile for one in spoilt if one.path.suffix == kind for p in one.places) for kind in readers}


def _blamed(one: Spoilt, lines: list[int]) -> Iterator[Place]:
    """The hostile texts at the lines that the loader names; if there is none, the nearest one."""
    hostile = [place for place in one.places if place.hostile]
    for line in lines:
        here = [place for place in hostile if place.line == line]
        yield from here or sorted(hostile, key=lambda place: abs(place.line - line))[:1]


def _end(text: str) -> str:
    """What a text gets at its end; nothing if it can be no text."""
    if _ADDRESS.fullmatch(text):
        return IN_ADDRESS
    return "" if _NO_TEXT.fullmatch(text) or text in _LANGUAGES else HOSTILE


def _yaml(one: Spoilt, text: str | None = None, offset: int = 0) -> Iterator[Place]:
    def walk(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
        if isinstance(node, yaml.MappingNode):
            for _key, value in node.value:
                yield from walk(value)
        elif isinstance(node, yaml.SequenceNode):
            for value in node.value:
                yield from walk(value)
        elif isinstance(node, yaml.ScalarNode):
            yield node

    whole = one.text if text is None else text
    for node in walk(yaml.compose(whole, Loader=yaml.CSafeLoader)):
        if node.tag == "tag:yaml.org,2002:str" and _end(node.value):
            start, end = node.start_mark.index, node.end_mark.index
            ending = "\n" if whole[start:end].endswith("\n") else ""
            words = json.dumps(node.value.strip() + _end(node.value), ensure_ascii=False) + ending
            yield Place(one.file, start + offset, end + offset, words)


def _markdown(one: Spoilt) -> Iterator[Place]:
    head = re.match(r"---\n(.*?\n)---\n", one.text, re.DOTALL)
    if head:
        yield from _yaml(one, head[1], head.start(1))
    yield Place(one.file, len(one.text), len(one.text), IN_PROSE)


def _bibtex(one: Spoilt) -> Iterator[Place]:
    at = 0
    for line in one.text.splitlines(keepends=True):
        found = _FIELD.match(line.rstrip("\n"))
        if found and (ending := _end(found["text"])):
            yield Place(
                one.file, at + found.end("text"), at + found.end("text"), IN_BIBTEX if ending == HOSTILE else ending
            )
        at += len(line)


def _csv(one: Spoilt) -> Iterator[Place]:
    """Cells of text get a hostile end, and a formula before them."""
    at = 0
    lines = one.text.splitlines(keepends=True)
    header = next(csv.reader(lines[:1]))
    for number, line in enumerate(lines):
        cells = next(csv.reader([line]))
        if number and len(cells) == len(header):
            column = 0
            for cell in cells:
                quoted = line[column:].startswith('"')
                length = len(cell) + cell.count('"') + 2 if quoted else len(cell)
                if ending := _end(cell):
                    out = io.StringIO()
                    csv.writer(out, lineterminator="", quoting=csv.QUOTE_ALL).writerow(
                        [(FORMULA if ending == HOSTILE else "") + cell + ending]
                    )
                    yield Place(one.file, at + column, at + column + length, out.getvalue())
                column += length + 1
        at += len(line)
