"""Why a file is no YAML, in words for somebody who does not know YAML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import yaml

from guidewright.problems import Problem
from guidewright.reading.text import Place, place_at
from guidewright.reading.typing_slips import Slip, slip_in

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Fault:
    """What the parser says -> what it means. ``opening``: when to look where the quote or bracket opens."""

    parser_says: str
    rule: str
    next_step: str
    example: str | None = None
    opening: Literal["always", "on another line", "never"] = "never"


_QUOTE = "Text that holds `: ` or ` #`, or that starts with a sign such as * & @ % [ {, needs quotes"
#: The first that fits counts.
FAULTS = (
    Fault(
        "unexpected end of stream",
        "the quote that opens here is never closed",
        "put the same quote at the end of the text; a quote of the same kind inside of it is written twice ('')",
        "en: 'Kyphoplasty: what the patient''s family asks'",
        opening="always",
    ),
    Fault(
        "unexpected document indicator",
        "the quote that opens here is never closed",
        "put the same quote at the end of the text",
        "en: 'Kyphoplasty: risks'",
        opening="always",
    ),
    Fault(
        "could not find expected ':'",
        "this line has no name with a colon after it",
        "write `name: value`; if it continues the text of the line above, indent it further than that line",
        "blinding: open",
        opening="always",
    ),
    Fault(
        "mapping values are not allowed",
        "there is a `: ` too much in this line, or the line above is not finished",
        "if the `: ` belongs to the text put the whole text in quotes; otherwise check the colon of the line above and "
        "the indentation of this one",
        "en: 'Kyphoplasty: leakage'",
    ),
    Fault(
        "expected ',' or '}'",
        "the `{` is not closed, or a comma is missing",
        "separate the parts by `, ` and end with `}`; text with a comma or bracket needs quotes",
        "name: {zh: 疼痛, en: 'Pain, severe'}",
        opening="on another line",
    ),
    Fault(
        "expected ',' or ']'",
        "the `[` is not closed, or a comma is missing",
        "separate the items by `, ` and end with `]`; text with a comma or bracket needs quotes",
        "used_by: [r04, r07]",
        opening="on another line",
    ),
    Fault(
        "expected '-' indicator",
        "this line does not belong to the list above it",
        "start it with `- `, in the same column as the other items, or check its indentation",
        "outcomes:\n  - id: pain\n    better: lower",
    ),
    Fault(
        "expected key",
        "the indentation of this line, or of one just above it, does not fit",
        "start every name of a group in the same column; " + _QUOTE[0].lower() + _QUOTE[1:],
        "design:\n  value: randomised\n  source: {cite: klazen2010}",
    ),
    Fault(
        "found a tab character",
        "a tab stands where only spaces may stand",
        "replace it by spaces, two for each level",
    ),
    Fault(
        "cannot start any token",
        "text cannot start with this sign",
        "put the text in quotes",
        'note: "@home: care at home"',
    ),
    Fault(
        "alphabetic or numeric character",
        "`*` and `&` at the start of a text have a meaning of their own",
        "put the text in quotes",
        'note: "* p < 0.05"',
    ),
    Fault(
        "unknown escape character",
        "a backslash within double quotes has a meaning of its own",
        "use single quotes, or write two backslashes",
        r"note: 'C:\data'",
    ),
    Fault(
        "expected hexadecimal number",
        "a backslash within double quotes has a meaning of its own",
        "use single quotes, or write two backslashes",
        r"note: 'C:\data'",
    ),
    Fault(
        "expected comment or line break",
        "nothing may follow `|` or `>` on its line",
        "start the text on the next line, indented; or put it in quotes",
        "note: |\n  The text, line by line.",
    ),
    Fault(
        "expected node content",
        "something is missing between two signs, or a bracket is not closed",
        "check the commas and brackets",
        "used_by: [r04, r07]",
    ),
    Fault(
        "expected <document start>",
        "this line does not fit to what stands above it",
        "check the first lines of the file: each is `name: value`",
        "id: otlics\nkind: score",
    ),
    Fault(
        "directive",
        "a line cannot start with `%`",
        "put the text in quotes; a comment starts with #",
    ),
)


def explain(error: yaml.YAMLError, text: str, file: str, first_line: int) -> Problem:
    """Say where and why the file cannot be read, and what to type instead."""
    if isinstance(error, yaml.reader.ReaderError):
        return _character(error, text, file, first_line)
    says = str(getattr(error, "problem", None) or "")
    at: Any = getattr(error, "problem_mark", None)
    begun: Any = getattr(error, "context_mark", None)
    fault = next((known for known in FAULTS if known.parser_says in says), None)
    if at is None:
        return Problem(file, first_line, 1, f"is no YAML that can be read ({says})", next_step=_QUOTE)
    places = [place_at(text[: at.index])]
    if begun and fault and (fault.opening == "always" or (fault.opening != "never" and begun.line < at.line)):
        places.insert(0, place_at(text[: begun.index]))
    if slip := _slip(text, places):
        return _slip_problem(file, first_line, *slip)
    if quote := _long_quote(text, at.index):
        opened, closed = quote
        return Problem(
            file,
            opened.line + first_line - 1,
            opened.column,
            f"the quote that opens here is closed only on line {closed.line + first_line - 1}",
            next_step=FAULTS[0].next_step,
            example=FAULTS[0].example,
        )
    place = places[0]
    return Problem(
        file,
        place.line + first_line - 1,
        place.column,
        fault.rule if fault else f"is no YAML that can be read ({says})",
        next_step=fault.next_step
        if fault
        else f"check the indentation and quotes here and in the line above. {_QUOTE}",
        example=fault.example if fault else None,
    )


def _slip(text: str, places: list[Place]) -> tuple[int, Slip] | None:
    """A sign that was mistyped in the line of the fault, or just above it."""
    lines = text.split("\n")
    for place in places:
        for number in (place.line, place.line - 1):
            if 1 <= number <= len(lines) and (slip := slip_in(lines[number - 1])):
                return number, slip
    return None


def _slip_problem(file: str, first_line: int, number: int, slip: Slip) -> Problem:
    return Problem(
        file, number + first_line - 1, slip.column, slip.rule, next_step=slip.next_step, example=slip.example
    )


def _long_quote(text: str, fault_at: int) -> tuple[Place, Place] | None:
    """A quoted text over several lines that ends just before the fault: most likely its end was forgotten."""
    last = None
    try:
        for token in yaml.scan(text[: fault_at + 1], Loader=_Loader):
            if isinstance(token, yaml.ScalarToken) and token.style in {"'", '"'}:
                last = token
    except yaml.YAMLError:
        pass
    if last is None or last.start_mark.line == last.end_mark.line or text[last.end_mark.index : fault_at].strip():
        return None
    return place_at(text[: last.start_mark.index]), place_at(text[: last.end_mark.index])


def _character(error: Any, text: str, file: str, first_line: int) -> Problem:
    """A control character, which YAML refuses."""
    sign = chr(error.character) if isinstance(error.character, int) else str(error.character)
    index = text.find(sign)
    at = place_at(text[: max(index, 0)])
    return Problem(
        file,
        at.line + first_line - 1,
        at.column,
        "a character that cannot be seen stands here, and must not",
        value=sign,
        next_step="delete it (the cursor key stops once more at such a character)",
    )
