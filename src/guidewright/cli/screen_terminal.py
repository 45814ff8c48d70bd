"""Screening in the terminal: one record at a time, the criteria in view, one key for each decision."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from guidewright.cli.terminal import harmless, width
from guidewright.evidence.dedupe.merging import Publication
from guidewright.evidence.questions import Question
from guidewright.evidence.screening import Decision
from guidewright.evidence.selecting.library import exclusion_reasons
from guidewright.evidence.selecting.terms import PARTS, marks
from guidewright.values import in_language

KEYS: Mapping[str, Decision] = {"i": "include", "e": "exclude", "m": "unsure"}
HELP = "[i]nclude  [e]xclude  [m]aybe (unsure)  [n]ext without a decision  [t] note  [u]ndo  [c]riteria  [q]uit"
#: Letter of PICOS -> colour of the terminal.
_COLOURS = {"P": "36", "I": "33", "C": "35", "O": "32", "S": "34"}


@dataclass(frozen=True)
class Desk:
    """What a session does with the world: keys and lines in, text out, decisions kept and taken back."""

    key: Callable[[], str]
    line: Callable[[str], str]
    show: Callable[[str], None]
    keep: Callable[[str, Decision, str | None, str | None], None]
    """Publication, decision, reason, note."""
    take_back: Callable[[str], None]
    colour: bool


@dataclass(frozen=True)
class Matter:
    """What is screened, and what it is held against."""

    publications: Mapping[str, Publication]
    questions: Sequence[Question]
    terms: Mapping[str, str]
    criteria: Sequence[str]
    language: str
    beside: Mapping[str, str]
    """What to show beside a publication: what reviewers said, for consensus."""
    total: int
    """Publications of the stage, judged ones among them."""


def session(queue: Callable[[], list[str]], matter: Matter, desk: Desk, *, reason_needed: bool) -> int:
    """Show publications until the queue is empty or the reviewer stops. Returns how many decisions were kept.

    ``queue`` gives those that are still open, in order; it is asked again after every decision, so that the order may
    follow what was learnt. Whatever was decided is kept, however the session ends.
    """
    passed: set[str] = set()
    history: list[str] = []
    note: str | None = None
    desk.show(_criteria(matter, desk.colour))
    again: str | None = None
    while True:
        waiting = [one for one in queue() if one not in passed]
        current = again or (waiting[0] if waiting else None)
        again = None
        if current is None:
            desk.show("Nothing is left to decide here." + (f" {len(passed)} were passed over." if passed else ""))
            return len(history)
        done = matter.total - len(waiting) - len(passed)
        desk.show(
            f"\n{'─' * 20} {done} of {matter.total} decided ({_percent(done, matter.total)}), {len(waiting)} to go"
        )
        desk.show(record_text(matter.publications[current], matter, colour=desk.colour))
        desk.show(HELP)
        key = desk.key().lower()
        if key in {"q", ""}:
            return len(history)
        if key in KEYS:
            decision = KEYS[key]
            reason = _reason(desk, matter.language, needed=reason_needed) if decision == "exclude" else None
            if decision == "exclude" and reason_needed and reason is None:
                again = current
                continue
            desk.keep(current, decision, reason, note)
            history.append(current)
            note = None
        elif key == "n":
            passed.add(current)
        elif key == "t":
            note = desk.line("note: ") or None
            again = current
        elif key == "c":
            desk.show(_criteria(matter, desk.colour))
            again = current
        elif key == "u" and history:
            again = history.pop()
            desk.take_back(again)
        else:
            again = current


def _reason(desk: Desk, language: str, *, needed: bool) -> str | None:
    reasons = exclusion_reasons()
    choices = "  ".join(f"[{one.key}] {one.label[language]}" for one in reasons)
    end = "any other key: back" if needed else "any other key: no reason"
    desk.show(f"Why? {choices}  [w] in words  ({end})")
    key = desk.key().lower()
    if key == "w":
        return desk.line("reason: ") or None
    return next((one.id for one in reasons if one.key == key), None)


def record_text(publication: Publication, matter: Matter, *, colour: bool) -> str:
    """A publication as text of the terminal, terms of the question in colour."""
    found = publication.found
    column = width()
    issue = f"({found.issue})" if found.issue else ""
    pages = f": {found.pages}" if found.pages else ""
    place = f"{found.journal} {found.volume}{issue}{pages}"
    authors = "; ".join(map(str, found.authors[:8])) + (" …" if len(found.authors) > 8 else "")
    lines = [
        *_wrapped(found.title or "(no title)", matter, column, colour=colour),
        harmless(f"{authors} | {found.year or '?'} | {place.strip()}"),
        harmless(" ".join(filter(None, (found.doi and f"doi:{found.doi}", found.pmid and f"PMID {found.pmid}")))),
        harmless(
            f"{', '.join(publication.ids)}"
            + (f" ({', '.join(publication.databases)})" if publication.databases else "")
        ),
        "",
        *_wrapped(found.abstract or "(no abstract)", matter, column, colour=colour),
    ]
    if found.keywords:
        lines += _wrapped("key words: " + "; ".join(found.keywords), matter, column, colour=colour)
    if beside := matter.beside.get(found.id):
        lines += ["", harmless(beside)]
    return "\n".join(line for n, line in enumerate(lines) if line or n > 3)


def _wrapped(text: str, matter: Matter, column: int, *, colour: bool) -> list[str]:
    lines = textwrap.wrap(harmless(text), column) or [""]
    return [_highlighted(line, matter.terms) for line in lines] if colour else lines


def _highlighted(line: str, terms: Mapping[str, str]) -> str:
    out, at = "", 0
    for mark in marks(line, terms):
        out += f"{line[at : mark.start]}\x1b[1;{_COLOURS.get(mark.part, '1')}m{line[mark.start : mark.end]}\x1b[0m"
        at = mark.end
    return out + line[at:]


def _criteria(matter: Matter, colour: bool) -> str:
    lines = []
    for question in matter.questions:
        lines.append(f"Question {question.id}: {_word(question.title, matter.language)}")
        for field, letter in PARTS.items():
            texts = [one.name for one in question.outcomes] if field == "outcomes" else [getattr(question, field)]
            words = "; ".join(_word(text, matter.language) for text in texts)
            name = f"\x1b[1;{_COLOURS[letter]}m{letter}\x1b[0m" if colour else letter
            lines.append(f"  {name}  {harmless(words)}")
    lines += [f"  - {harmless(criterion)}" for criterion in matter.criteria]
    return "\n".join(lines)


def _word(text: Mapping[str, str], language: str) -> str:
    return harmless(in_language(text, language))


def _percent(part: int, whole: int) -> str:
    return f"{100 * part // whole if whole else 100}%"
