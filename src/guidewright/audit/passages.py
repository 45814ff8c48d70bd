"""Sentences of prose with the references that they cite and the lines on which they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guidewright.guideline.prose import BINDING, CITATION, citations, internal_link
from guidewright.project import Project
from guidewright.reading.markdown_file import Prose

#: The share of confidence that an interval has is no result.
CONFIDENCE = re.compile(r"9[059]\s*%(?=\s*(?:CI|confidence|prediction|可信|置信|预测|interval))")
_END = re.compile(r"[。！？；\n]|(?<=[a-z0-9)\]%])[.!?;](?=\s|$)")
_MARKUP = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_TARGET = re.compile(r"\]\(([a-z]+:[A-Za-z0-9-]+)\)")
_QUOTED = re.compile(r"[“\"][^”\"]*[”\"]|《[^》]*》")


@dataclass(frozen=True)
class Sentence:
    """A sentence of prose."""

    kind: str
    name: str
    """Kind and identifier of the thing whose prose it is."""
    language: str
    text: str
    """Its words as a reader sees them: without citations, bindings and the targets of links."""
    raw: str
    cites: tuple[str, ...]
    file: str
    line: int

    def around(self, cite: str) -> str:
        """The part of the sentence, between commas, that cites a reference, or the one before if that has no words."""
        parts = re.split(r"[，,：:（(]", self.raw)
        at = next((n for n, part in enumerate(parts) if re.search(rf"@{re.escape(cite)}(?![A-Za-z0-9_:.-])", part)), 0)
        words = plain(parts[at]).strip(" 。.")
        return _QUOTED.sub("", words if words or at == 0 else plain(parts[at - 1]))

    @property
    def unquoted(self) -> str:
        """Its words without what it quotes from elsewhere, which may be quoted because it is wrong."""
        return _QUOTED.sub("", self.text)


def line_at(prose: Prose, offset: int) -> int:
    """The line of the file on which an offset of a text stands."""
    return prose.line + prose.text.count("\n", 0, offset)


def linked(text: str) -> list[str]:
    """Things of the guideline to which a text links, as written: ``study:vapour``."""
    return [target for target in _TARGET.findall(text) if internal_link(target)]


def plain(text: str) -> str:
    """Words as a reader sees them."""
    return _MARKUP.sub(r"\1", CITATION.sub("", BINDING.sub("…", text)))


def sentences(project: Project) -> Iterator[Sentence]:
    """Every sentence of every recommendation and chapter, in every language."""
    for (kind, name), texts in project.prose.items():
        for language, prose in texts.items():
            for start, raw in _split(prose.text):
                if raw.strip():
                    lead = len(raw) - len(raw.lstrip())
                    yield Sentence(
                        kind,
                        name,
                        language,
                        plain(raw).strip(),
                        raw,
                        tuple(dict.fromkeys(spot.text for spot in citations(raw))),
                        prose.file,
                        line_at(prose, start + lead),
                    )


def _split(text: str) -> Iterator[tuple[int, str]]:
    """Parts of a text with their offsets. What stands in brackets and braces is never split."""
    hidden = re.sub(r"\{\{.*?\}\}|\[[^\]]*\](?:\([^)]*\))?", lambda hit: "x" * len(hit[0]), text, flags=re.DOTALL)
    start = 0
    for hit in _END.finditer(hidden):
        yield start, text[start : hit.end()]
        start = hit.end()
    yield start, text[start:]
