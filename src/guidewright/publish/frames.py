"""Every table stands in a frame that scrolls, has a name, an address that stays, and is reached by keyboard.

The address comes from the heading above the table (or is given in the template), never from its words, so it is the
same in both languages and in the next edition. A table marked ``data-stack`` is read on a phone row by row, each cell
under the heading of its column.
"""

from __future__ import annotations

import re
from collections import Counter

_TABLE = re.compile(r"<table(?P<attributes>[^>]*)>(?P<body>.*?)</table>", re.DOTALL)
_CAPTION = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)
_HEADING = re.compile(r"^#{1,4} (?P<words>.*?)(?: \{#(?P<anchor>[^} ]*)[^}]*\})?$", re.MULTILINE)
_GIVEN = re.compile(r'\s(id|class)="([^"]*)"')
_HEAD = re.compile(r"<thead>(.*?)</thead>", re.DOTALL)
_HEADING_CELL = re.compile(r"(<th\b[^>]*>)(.*?)(</th>)", re.DOTALL)
_ROW = re.compile(r"<tr(?P<attributes>[^>]*)>(?P<cells>.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<(?P<tag>t[hd])(?P<attributes>[^>]*)>")
_WIDE, _HIGH = re.compile(r'colspan="(\d+)"'), re.compile(r'rowspan="(\d+)"')
_TAGS = re.compile(r"<[^>]+>")


def framed(text: str, title: str) -> str:
    """Put every table of a page into its frame. ``title`` names a table that has no caption and no heading above it."""
    names: Counter[str] = Counter()
    anchors: Counter[str] = Counter()

    def frame(found: re.Match[str]) -> str:
        attributes, body = found["attributes"], found["body"]
        given = dict(_GIVEN.findall(attributes))
        caption = _CAPTION.search(body)
        heading = _last_heading(text, found.start())
        name = _TAGS.sub("", caption[1]) if caption else (heading[0] if heading else title)
        names[name] += 1
        label = name if names[name] == 1 else f"{name} {names[name]}"
        stem = given.get("id") or f"table-{heading[1] if heading and heading[1] else 'first'}"
        anchors[stem] += 1
        anchor = stem if anchors[stem] == 1 else f"{stem}-{anchors[stem]}"
        classes = " ".join(filter(None, ("gw-table", given.get("class"), _stacked(attributes))))
        others = _GIVEN.sub("", attributes).replace(" data-stack", "")
        if _stacked(attributes):
            body = _labelled(body)
        if "data-sort" in attributes:  # where the script will put its buttons, so that nothing moves when it does
            body = _HEAD.sub(
                lambda head: _HEADING_CELL.sub(r'\1<span class="gw-sort">\2</span>\3', head[0]), body, count=1
            )
        if caption:
            link = f' <a class="gw-permalink" href="#{anchor}" aria-label="#{anchor}">#</a></caption>'
            body = body.replace("</caption>", link, 1)
        return (
            f'<div class="gw-scroll" tabindex="0" role="region" aria-label="{label}">\n'
            f'<table class="{classes}" id="{anchor}"{others}>{body}</table>\n</div>'
        )

    return _TABLE.sub(frame, text)


def _last_heading(text: str, before: int) -> tuple[str, str | None] | None:
    headings = [(one["words"], one["anchor"]) for one in _HEADING.finditer(text, 0, before)]
    return headings[-1] if headings else None


def _stacked(attributes: str) -> str:
    return "gw-stack" if "data-stack" in attributes else ""


def _labelled(body: str) -> str:
    """Give every cell the heading of its column, whatever the cells above and before it cover."""
    head = _HEAD.search(body)
    headings = [_TAGS.sub("", cell).strip() for cell in re.findall(r"<th[^>]*>(.*?)</th>", head[1])] if head else []
    covered: Counter[int] = Counter()

    def row(found: re.Match[str]) -> str:
        before, column = dict(covered), 0

        def cell(one: re.Match[str]) -> str:
            nonlocal column
            while before.get(column, 0) > 0:
                covered[column] -= 1
                column += 1
            wide, high = (int(span[1]) if (span := kind.search(one["attributes"])) else 1 for kind in (_WIDE, _HIGH))
            name = headings[column] if column < len(headings) and wide == 1 and one["tag"] == "td" else ""
            for place in range(column, column + wide):
                covered[place] = high - 1
            column += wide
            label = f" data-label={_quoted(name)}" if name else ""
            return f"<{one['tag']}{one['attributes']}{label}>"

        cells = _CELL.sub(cell, found["cells"])
        for place in range(column, len(headings)):
            covered[place] = max(0, covered[place] - 1)
        return f"<tr{found['attributes']}>{cells}</tr>"

    return _ROW.sub(row, body)


def _quoted(words: str) -> str:
    return '"' + words.replace('"', "&#34;") + '"'
