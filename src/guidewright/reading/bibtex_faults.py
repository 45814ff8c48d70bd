"""What is wrong with BibTeX: broken entries, and values that the parser would quietly join or drop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bibtexparser.middlewares.names import InvalidNameError
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    Field,
    ImplicitComment,
    MiddlewareErrorBlock,
    ParsingFailedBlock,
)

from guidewright.problems import Problem
from guidewright.reading.typing_slips import advice

EXAMPLE = "@article{klazen2010,\n  author = {Klazen, C. A. H. and others},\n  title = {...},\n  year = {2010},\n}"
_NAMES = "author = {Klazen, C. A. H. and de Vries, Jolanda and {WHO Working Group}}"
#: Names under which the loader keeps what is no field.
OURS = {"key", "entry_type", "authors_incomplete"}


def block_faults(blocks: Sequence[Block], file: str) -> Iterator[Problem]:
    """Entries that cannot be read, and text between entries."""
    before: Block | None = None
    for block in blocks:
        if isinstance(block, DuplicateFieldKeyBlock) and isinstance(block.ignore_error_block, Entry):
            yield from field_faults(block.ignore_error_block, file)
        elif isinstance(block, ParsingFailedBlock):
            yield _failed(block, file)
        elif isinstance(block, ImplicitComment) and type(before) is not ParsingFailedBlock:
            # text after an entry that broke off is the rest of it
            yield from _stray(block, file)
        before = block


def _failed(block: ParsingFailedBlock, file: str) -> Problem:
    """An entry that the parser could not read."""
    first = next(iter((block.raw or "").strip().splitlines()), "")
    rule = "this entry is broken: a brace, comma or `=` is missing or stands too much"
    value, example = first, EXAMPLE if not isinstance(block, DuplicateBlockKeyBlock) else None
    next_step = advice(first) or "compare the braces and commas of the entry with the example"
    if isinstance(block, DuplicateBlockKeyBlock):
        rule = f"the citation key `{block.key}` stands twice (first on line {_line(block.previous_block)})"
        value = block.key
        next_step = "if it is the same publication delete one entry, otherwise rename one key"
    elif isinstance(block, MiddlewareErrorBlock) and isinstance(block.error, InvalidNameError):
        rule = "an author of this entry has no name that can be read"
        value, example = block.error.name, _NAMES
        next_step = "write `Family, Given`, names joined by ` and `; put the name of a group in braces"
    elif "comma after entry key" in str(getattr(block.error, "abort_reason", "")):
        rule = "a comma is missing after the citation key"
        next_step = advice(first) or "put a comma after the key"
    return Problem(file, _line(block), 1, rule, value, example, next_step)


def _stray(block: ImplicitComment, file: str) -> Iterator[Problem]:
    """Text between two entries that is no comment."""
    for number, line in enumerate(block.comment.split("\n")):
        if line.strip() and not line.lstrip().startswith("%"):
            rule = "text outside of an entry would be lost"
            advised = "if it is a comment start the line with %, otherwise mend the entry above or below"
            yield Problem(file, _line(block) + number, 1, rule, line.strip(), None, advised)
            return


def field_faults(entry: Entry, file: str) -> Iterator[Problem]:
    """Fields that the parser reads without a word, but not as their author meant them."""
    seen: dict[str, Field] = {}
    for item in entry.fields:
        name, line = item.key.lower(), _line(item)
        if "%" in name or "\n" in name:
            yield Problem(
                file,
                max(line - name.count("\n"), 1),
                1,
                "a comment cannot stand within an entry",
                value=item.key,
                next_step="move it above the entry",
            )
        elif name in OURS:
            yield Problem(
                file, line, 1, f"`{name}` is no field of a record", value=str(item.value), next_step="delete it"
            )
        elif name in seen:
            first = _line(seen[name])
            yield Problem(
                file,
                line,
                1,
                f"an entry has the same field twice: {name} (first on line {first})",
                value=str(item.value),
                next_step="keep one of the two",
            )
        seen.setdefault(name, item)
        if (rest := _after_the_value(str(item.value).strip())) is not None:
            yield _joined(file, line, name, str(item.value), rest)


def _joined(file: str, line: int, name: str, value: str, rest: str) -> Problem:
    at = line + value[: len(value) - len(rest)].count("\n")
    if rest.lstrip().startswith("#"):
        return Problem(
            file, at, 1, f"`{name}` joins texts with #, which is not supported", value=value, next_step="write it out"
        )
    return Problem(
        file,
        at,
        1,
        f"a comma is missing after `{name}`",
        value=" ".join(value.split()),
        next_step="put a comma after the closing brace",
        example=EXAMPLE,
    )


def _after_the_value(value: str) -> str | None:
    """What follows a value that is whole: nothing for ``{a {b} c}``, the second part for ``{a} year = {b}``."""
    if value[:1] == "{":
        depth = 0
        for at, sign in enumerate(value):
            if at and value[at - 1] == "\\":
                continue
            depth += (sign == "{") - (sign == "}")
            if depth == 0:
                return value[at + 1 :] or None
        return None
    if value[:1] == '"':
        depth = 0
        for at, sign in enumerate(value[1:], start=1):
            depth += (sign == "{") - (sign == "}")
            if sign == '"' and depth == 0 and value[at - 1] != "\\":
                return value[at + 1 :] or None
        return None
    return value[len(value.split(maxsplit=1)[0]) :] if len(value.split()) > 1 else None


def _line(block: Block | Field) -> int:
    return (block.start_line or 0) + 1
