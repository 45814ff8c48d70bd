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
from typing import Any

import yaml
from pydantic import ValidationError

from guidewright.project import load
from guidewright.publish.snapshot import Snapshot, from_json, to_json

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
    # the builder reads a heading once more as Markdown
    "\n\n## &#91;a&#93;&#40;javascript:window.pwned=1&#41; {: onclick=window.pwned=1 }\n"
    "\n\n## &#33;&#91;b&#93;&#40;https://foreign.example/b&#41; {onclick=window.pwned=1}\n"
)
#: HTML that no prose of ours becomes, but that somebody may write into the file of an earlier edition.
IN_HTML = (
    '<h2 onclick="window.pwned=1">x {: onclick=window.pwned=1 } [a](javascript:window.pwned=1)\n'
    "![b](https://foreign.example/b)</h2><script>window.pwned=1;alert(1)</script><img src=https://foreign.example/a "
    'onerror=window.pwned=1><svg onload=window.pwned=1></svg><a href="javascript:window.pwned=1">c</a>'
    '<iframe srcdoc="<script>parent.pwned=1</script>"></iframe></div><style>@import "//foreign.example/c"</style>'
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


def edition(snapshot: Snapshot, label: str) -> str:
    """The JSON of a snapshot as that of an earlier edition: each text gets a hostile end, and prose is foreign HTML."""
    data = json.loads(to_json(snapshot))
    data["guideline"] |= {"edition": label, "date": "2000-01-31"}
    # shorter ones (`2 years`) are words that the tool reads, which a loader of files would refuse
    written = {
        place: text + _end(text)
        for place, text in _texts(data)
        if _end(text) and (place[-1] in snapshot.languages or _end(text) == IN_ADDRESS or text.count(" ") > 1)
    }
    for place, text in written.items():
        _put(data, place, text)
    for _round in range(10):
        try:
            from_json(json.dumps(data))
            break
        except ValidationError as error:
            for one in error.errors():
                blamed = [place for place in written if place[: len(one["loc"])] == one["loc"]]
                for place in blamed:
                    _put(data, place, written.pop(place).removesuffix(HOSTILE).removesuffix(IN_ADDRESS))
    else:
        raise AssertionError("no part of the edition is to blame")
    for prose in (*(v["rationale"] for v in data["recommendations"]), *(v["html"] for v in data["chapters"])):
        prose |= {tag: html + IN_HTML for tag, html in prose.items()}
    assert len(written) > 1000
    return json.dumps(data)


def _texts(node: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(node, str):
        yield place, node
    elif isinstance(node, (dict, list)):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _texts(value, (*place, key))


def _put(node: Any, place: tuple[str | int, ...], text: str) -> None:
    for key in place[:-1]:
        node = node[key]
    node[place[-1]] = text


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
