"""The flow of a review as a figure: which counts stand together in one box, where, and in which words.

The structure is that of PRISMA 2020 (Page et al., BMJ 2021;372:n71, doi 10.1136/bmj.n71); words are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from guidewright.evidence.prisma.flow import Box, Flow, Part
from guidewright.evidence.prisma.library import box_kinds
from guidewright.figures.flow import Arrow, Line, Node, Tone
from guidewright.figures.flow import Flow as FlowFigure
from guidewright.publish.numbers import grouped
from guidewright.values import Source, in_language
from guidewright.words import all_words, word

#: Lines of one box at most; the rest stands in the table.
LINES = 12
#: Drawn box -> its heading (a key of words, or nothing) and the counts in it; it stands where the first of them does.
_GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "previous": ("", ("previous-studies", "previous-reports")),
    "identified": ("", ("identified",)),
    "removed": ("removed", ("duplicates", "automation", "removed-other")),
    "screened": ("", ("screened",)),
    "excluded": ("", ("excluded", "undecided")),
    "sought": ("", ("sought",)),
    "not-retrieved": ("", ("not-retrieved",)),
    "assessed": ("", ("assessed",)),
    "excluded-reports": ("", ("excluded-reports", "undecided-reports")),
    "other-identified": ("", ("other-identified",)),
    "other-removed": ("", ("other-removed", "other-undecided")),
    "other-sought": ("", ("other-sought",)),
    "other-not-retrieved": ("", ("other-not-retrieved",)),
    "other-assessed": ("", ("other-assessed",)),
    "other-excluded-reports": ("", ("other-excluded-reports", "other-undecided-reports")),
    "included": ("", ("new-studies", "new-reports")),
    "total": ("", ("total-studies", "total-reports")),
}
#: Columns that have none of their own in the figure: they go on from the searches of databases.
_BELOW = frozenset({"included", "total"})
_ARROWS = (
    *(("identified", "removed"), ("identified", "screened"), ("screened", "excluded"), ("screened", "sought")),
    *(("sought", "not-retrieved"), ("sought", "assessed"), ("assessed", "excluded-reports"), ("assessed", "included")),
    *(("other-identified", "other-removed"), ("other-identified", "other-sought")),
    *(("other-sought", "other-not-retrieved"), ("other-sought", "other-assessed")),
    *(("other-assessed", "other-excluded-reports"), ("other-assessed", "included")),
    *(("included", "total"), ("previous", "total")),
)
#: Side boxes that are left out where they hold nothing: a review need not have them.
_OPTIONAL = frozenset({"automation", "removed-other"})


@dataclass(frozen=True)
class Setting:
    """What the figure needs beside the flow."""

    language: str
    source: Callable[[Source], str] = lambda one: one.cite or one.url or ""
    """A source in words."""
    link: Callable[[str], str] = lambda _box: ""
    """Address that a box opens, by its name; empty for none."""
    identifier: str = "flow"


def review_figure(flow: Flow, setting: Setting) -> FlowFigure:
    """The figure of a flow."""
    tag = setting.language
    drawn = _groups(flow)
    columns = _columns(flow)
    shift = {name: n for n, name in enumerate(columns)}
    boxes = [_node(name, flow, setting, shift) for name in drawn]
    arrows = [Arrow(a, b) for a, b in _ARROWS if a in drawn and b in drawn]
    said = [
        word(f"prisma.describe.{name}", tag, n=grouped(box.number))
        for name in ("identified", "other-identified", "screened", "assessed", "new-reports", "new-studies")
        if (box := flow.boxes[name]).number is not None
    ]
    phases = ((0, "identification"), (1, "screening"), (4, "included"))
    return FlowFigure(
        identifier=setting.identifier,
        title=word("prisma.title", tag),
        description=word("comma", tag).join(said) + word("stop", tag) if said else word("prisma.nothing", tag),
        nothing=word("prisma.nothing", tag),
        boxes=boxes,
        arrows=arrows,
        columns=[word(key, tag) if (key := f"prisma.column.{name}") in all_words() else "" for name in columns],
        rows=[(row, word(f"prisma.phase.{name}", tag)) for row, name in phases],
        notes=tuple(_notes(flow, setting)),
        box_title=word("prisma.head.box", tag),
        content_title=word("prisma.head.number", tag),
        next_title=word("prisma.head.next", tag),
    )


def _columns(flow: Flow) -> list[str]:
    """Columns from left to right; a side column has no name of its own."""
    names = ["previous"] if flow.updates else []
    names += ["databases", "databases-side"]
    return [*names, "other", "other-side"] if flow.has_other else names


def _groups(flow: Flow) -> list[str]:
    """Boxes that are drawn, in reading order."""
    found = []
    for name, (_heading, counts) in _GROUPS.items():
        column = box_kinds()[counts[0]].column
        if column == "other" and not flow.has_other:
            continue
        if column in {"previous", "total"} and not flow.updates:
            continue
        if name == "other-removed" and not any(flow.boxes[one].number for one in counts):
            continue
        found.append(name)
    return found


def _node(name: str, flow: Flow, setting: Setting, shift: Mapping[str, int]) -> Node:
    heading, counts = _GROUPS[name]
    place = box_kinds()[counts[0]]
    column = ("databases" if place.column in _BELOW else place.column) + ("-side" if place.side else "")
    shown = [flow.boxes[one] for one in counts if _is_shown(one, flow)]
    standings = {box.standing for box in shown}
    tone: Tone = "plain"
    if "declared" in standings:
        tone = "stated"
    elif standings == {"unknown"}:
        tone = "unknown"
    elif place.column in _BELOW:
        tone = "end"
    return Node(
        id=name,
        lines=tuple(_lines(heading, shown, flow, setting)),
        column=shift[column],
        row=place.row,
        side=place.side,
        tone=tone,
        link=setting.link(shown[0].id),
    )


def _is_shown(name: str, flow: Flow) -> bool:
    box = flow.boxes[name]
    if "undecided" in name:
        return bool(box.number)
    return name not in _OPTIONAL or bool(box.number)


def _lines(heading: str, boxes: list[Box], flow: Flow, setting: Setting) -> Iterator[Line]:
    tag = setting.language
    if heading:
        yield Line(word(f"prisma.box.{heading}", tag))
    for box in boxes:
        if heading:
            yield Line(line_words(label_of(box.id, flow, tag), box, flow, tag), "small")
        else:
            yield Line(label_of(box.id, flow, tag))
            yield Line(_number(box, flow, tag), "strong")
        parts = box.parts if len(box.parts) > 1 or (box.parts and box.id != "identified") else ()
        for part in parts[: LINES if len(parts) <= LINES else LINES - 1]:
            label = in_language(part.label, tag)
            yield Line(line_words(label, part, flow, tag), "small")
        if len(parts) > LINES:
            yield Line("…", "small")


def line_words(label: str, box: Box | Part, flow: Flow, language: str) -> str:
    """A count on one line: its label, and the number in brackets."""
    key = "prisma.line-open" if box.number is None else "prisma.line"
    return word(key, language, label=label, n=number_words(box, flow, language))


def _number(box: Box, flow: Flow, language: str) -> str:
    said = number_words(box, flow, language)
    return said if box.number is None else word("prisma.n", language, n=said)


def number_words(box: Box | Part, flow: Flow, language: str) -> str:
    """A number as it is written, with the mark of a declared one.

    An unknown number is not known yet where a review is under way; where all is declared, it is not reported.
    """
    if box.number is None:
        return word("prisma.not-yet" if flow.followed else "prisma.not-reported", language)
    said = grouped(box.number)
    return word("prisma.marked", language, n=said) if box.standing == "declared" else said


def label_of(name: str, flow: Flow, language: str) -> str:
    """What a box counts, in words."""
    group = "updated" if flow.updates and f"prisma.updated.{name}" in all_words() else "box"
    return word(f"prisma.{group}.{name}", language)


def _notes(flow: Flow, setting: Setting) -> Iterator[str]:
    tag = setting.language
    every: list[Box | Part] = []
    for box in flow.boxes.values():
        every += [box, *box.parts]
    declared = [one for one in every if one.standing == "declared"]
    if declared:
        names = dict.fromkeys(setting.source(one.source) for one in declared if one.source)
        said = word("semicolon", tag).join(names)
        yield f"{word('prisma.note-declared', tag)} {word('prisma.note-source', tag, source=said)}"
    drawn = [one for name in _groups(flow) for one in _GROUPS[name][1] if _is_shown(one, flow)]
    if any(flow.boxes[one].number is None for one in drawn):
        yield word("prisma.note-unknown", tag)
