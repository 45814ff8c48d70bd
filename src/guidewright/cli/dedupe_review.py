"""Review of pairs side by side: one key for each answer, every answer written at once, undo as far as one likes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from guidewright.cli.terminal import harmless, width
from guidewright.duplicate_sheets import shown
from guidewright.evidence.dedupe.decide import PairFound
from guidewright.evidence.dedupe.explained import in_words
from guidewright.evidence.found import Found

#: Key -> decision.
ANSWERS = {"s": "same", "d": "different", "r": "related"}
HELP = "[s]ame  [d]ifferent  [r]elated  [n]ext without an answer  [u]ndo  [q]uit"


@dataclass(frozen=True)
class Desk:
    """What the review does with the world: keys in, text out, decisions kept and taken back."""

    key: Callable[[], str]
    show: Callable[[str], None]
    keep: Callable[[PairFound, str], None]
    take_back: Callable[[PairFound], None]
    language: str


def review(questions: Sequence[PairFound], records: Mapping[str, Found], desk: Desk) -> int:
    """Ask about each pair. Returns how many were answered. Whatever was answered is kept, however the review ends."""
    place = 0
    answered: list[int] = []
    while place < len(questions):
        question = questions[place]
        desk.show(f"\n{place + 1} of {len(questions)}, {len(answered)} answered")
        desk.show(side_by_side(question, records, desk.language))
        desk.show(HELP)
        key = desk.key().lower()
        if key in {"q", ""}:
            break
        if key in ANSWERS:
            desk.keep(question, ANSWERS[key])
            answered.append(place)
            place += 1
        elif key == "n":
            place += 1
        elif key == "u" and answered:
            place = answered.pop()
            desk.take_back(questions[place])
    return len(answered)


def side_by_side(question: PairFound, records: Mapping[str, Found], language: str) -> str:
    """Two records in two columns; lines that differ are marked."""
    one, other = records[question.record], records[question.same_as]
    column = (width() - 17) // 2
    lines = [f"{'':<13}{_cut(question.record, column):<{column}}  {_cut(question.same_as, column)}"]
    left, right = shown(one), shown(other)
    left["abstract"], right["abstract"] = one.abstract, other.abstract
    left["database"], right["database"] = one.database, other.database
    for name in left:
        if left[name] or right[name]:
            mark = " " if left[name].casefold() == right[name].casefold() else "*"
            lines += _rows(f"{mark} {name}", harmless(left[name]), harmless(right[name]), column)
    words = "; ".join(text[language] for text in in_words(question.reasons))
    lines.append(f"why asked: {words} ({question.score:+.1f})")
    if question.suggestion:
        lines.append(f"suggested: {question.suggestion}")
    return "\n".join(lines)


def _rows(name: str, left: str, right: str, column: int) -> list[str]:
    import textwrap

    pieces = [textwrap.wrap(text, column)[:6] or [""] for text in (left, right)]
    height = max(map(len, pieces))
    filled = [piece + [""] * (height - len(piece)) for piece in pieces]
    return [
        f"{name if n == 0 else '':<13}{a:<{column}}  {b}".rstrip() for n, (a, b) in enumerate(zip(*filled, strict=True))
    ]


def _cut(text: str, column: int) -> str:
    return harmless(text)[:column]
