"""All published examples, and the page of the manual that lists them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.metaanalysis.examples import biased, counted, dependent, moderated, pooled
from tests.metaanalysis.examples.example import Example

EXAMPLES: tuple[Example, ...] = (
    *pooled.EXAMPLES,
    *moderated.EXAMPLES,
    *counted.EXAMPLES,
    *dependent.EXAMPLES,
    *biased.EXAMPLES,
)
PAGE = Path(__file__).parents[3] / "docs/published-examples.md"
INTRODUCTION = """\
# Published examples

Analyses of textbooks and articles, computed anew from their data. Each number is tested: ours rounds to the printed
one, or is as near as the remark says. `python -m tests.metaanalysis.examples` writes the page; the analyses stand in
`tests/metaanalysis/examples/`. *Read in* says where the printed numbers were read: few of the pages were seen.
"""


def page() -> str:
    """The page in Markdown."""
    lines = [INTRODUCTION, "| example | what is reproduced | numbers |", "|---|---|---|"]
    lines += [f"| [{one.name}](#{one.name}) | {one.shows} | {len(one.numbers)} |" for one in EXAMPLES]
    for one in EXAMPLES:
        lines += ["", *_section(one)]
    return "\n".join(lines) + "\n"


def _section(one: Example) -> Iterator[str]:
    yield f"## {one.name}"
    yield ""
    yield f"{one.citation}: {one.place}. Data: {one.data}. Read in: {one.read}."
    yield ""
    yield "| | printed | ours | |"
    yield "|---|---|---|---|"
    for number in one.numbers:
        remark = number.remark if abs(number.ours - float(number.printed)) > (0.5 + 1e-9) * number.unit else ""
        yield f"| {number.what} | {number.printed} | {number.shown} | {remark} |"
