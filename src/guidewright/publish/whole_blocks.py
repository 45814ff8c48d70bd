"""An extension of Python-Markdown that takes a block of HTML as it stands, without looking into it.

Our pages are headings and blocks of HTML, often long: tables, drawings, forms. A builder on Python-Markdown parses
every tag of them twice in Python, only to give them back unchanged, which is half of its time. This finds the end of a
block by counting the tags of its own name, and puts the block where Python-Markdown keeps those that it has parsed.
The HTML that comes out is the same. A builder cannot see the anchors in such blocks, so templates link in HTML, not in
Markdown; the links of the finished site are checked by our tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor

_BLOCK = re.compile(r"^<([a-z][a-z0-9]*)(?=[ >])", re.MULTILINE)
#: After fenced code (25), before the two that parse HTML (21 of MkDocs, 20 of Python-Markdown).
_PRIORITY = 22


class WholeBlocks(Extension):
    """Registers the step that puts whole blocks of HTML aside."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name that Python-Markdown calls
        """Put the step before those that parse HTML."""
        md.preprocessors.register(_PutAside(md), "guidewright_whole_blocks", _PRIORITY)


def makeExtension(**options: object) -> WholeBlocks:  # noqa: N802 - the name that Python-Markdown calls
    """The extension, for ``markdown_extensions`` of the settings."""
    return WholeBlocks(**options)


class _PutAside(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return "".join(self._pieces("\n".join(lines))).split("\n")

    def _pieces(self, text: str) -> Iterator[str]:
        done = 0
        while start := _BLOCK.search(text, done):
            yield text[done : start.start()]
            begin, done = start.span()
            if not self.md.is_block_level(start[1]):
                yield start[0]
                continue
            done = _end(text, begin, start[1])
            if text.startswith("\n", done):
                # Python-Markdown keeps one line break of a blank line with the block
                blank = "\n" if text.startswith("\n\n", done) else ""
                yield f"\n{self.md.htmlStash.store(text[begin:done] + blank)}\n\n"
            else:
                yield text[begin:done]  # more stands on the line: left to Python-Markdown
        yield text[done:]


def _end(text: str, start: int, tag: str) -> int:
    """Where the element that begins at ``start`` ends: with the text if it is never closed."""
    depth = 0
    for found in _tags(tag).finditer(text, start):
        if found[1] is not None:
            depth += -1 if found[1] else 1
            if not depth:
                return text.find(">", found.end()) + 1 or len(text)
    return len(text)


@lru_cache
def _tags(tag: str) -> re.Pattern[str]:
    """Where a tag opens or closes; scripts and comments are passed over."""
    return re.compile(rf"<(?:script\b.*?</script|!--.*?-->|(/?){tag}\b)", re.DOTALL)
