"""A finding: two facts that clash, where they stand, why it matters and what to do."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from guidewright.audit.rules import Severity, rule
from guidewright.values import Text, in_language
from guidewright.words import fill

#: Characters of a fingerprint: enough that two findings of one place never share it.
FINGERPRINT = 12


@dataclass(frozen=True)
class Side:
    """One of the facts that clash: who says it, what, and where it stands."""

    who: Text
    """Who says so: the edition, a record, the trial data, a rule."""
    says: Text
    """What is said."""
    file: str
    """File of the project, relative to its root."""
    line: int = 1
    """Line of that file."""
    source: str = ""
    """Publication or page in which the fact was seen, as the file names it."""

    @property
    def spot(self) -> str:
        """``file:line``."""
        return f"{self.file}:{self.line}" if self.file else ""


@dataclass(frozen=True)
class Answered:
    """What the group answered to a finding (``grading/audit.yml``)."""

    by: str
    date: str
    accepted: bool
    """Whether the group accepts that it is so; otherwise it holds the finding to be mistaken."""
    reason: Text
    file: str
    line: int


@dataclass(frozen=True)
class Finding:
    """One finding of the audit."""

    rule: str
    """Name of the check."""
    severity: Severity
    """``error``: the guideline contradicts itself or its evidence; ``warning``: somebody should look; ``note``: a
    reader should know."""
    place: str
    """Clause, recommendation or file, with what it is about: ``r06/klazen2010``."""
    file: str
    """File in which to look."""
    text: Text
    """What was found."""
    next_step: Text
    """What to do."""
    line: int = 1
    """Line of that file."""
    sides: tuple[Side, ...] = ()
    """The facts that clash, each with its source."""
    answer: Answered | None = None
    """What the group answered, if it did."""

    @property
    def fingerprint(self) -> str:
        """Identity with the facts as they are now: it changes when a fact changes, not when lines move."""
        facts = "\n".join(f"{side.file}|{side.says.get('en', '')}|{side.source}" for side in self.sides)
        said = f"{self.rule}\n{self.place}\n{facts or self.text.get('en', '')}"
        return hashlib.sha256(said.encode()).hexdigest()[:FINGERPRINT]

    @property
    def anchor(self) -> str:
        """Name of the finding on the site and in links."""
        return re.sub(r"[^a-z0-9]+", "-", f"{self.rule}-{self.place}".lower()).strip("-")

    def __str__(self) -> str:
        lines = [f"{self.file}:{self.line}: {self.severity} [{self.rule}] {self.text['en']}"]
        lines += [
            f"    {side.who['en']}: {side.says['en']}" + (f" ({side.source})" if side.source else "") + f" {side.spot}"
            for side in self.sides
        ]
        if self.answer:
            lines.append(f"    answered: {self.answer.by}, {self.answer.date}: {in_language(self.answer.reason, 'en')}")
        else:
            lines.append(f"    do this: {self.next_step['en']}")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """The same as plain data, for programs."""
        known = rule(self.rule)
        return {
            "rule": self.rule,
            "severity": self.severity,
            "topic": known.topic,
            "place": self.place,
            "file": self.file,
            "line": self.line,
            "text": self.text,
            "sides": [dict(side.__dict__) for side in self.sides],
            "why": known.why,
            "next_step": self.next_step,
            "fingerprint": self.fingerprint,
            "answer": dict(self.answer.__dict__) if self.answer else None,
        }

    def answered(self, answer: Answered) -> Finding:
        """The same with an answer."""
        return replace(self, answer=answer)


def found(rule_id: str, place: str, sides: Sequence[Side], /, **values: Any) -> Finding:
    """A finding of a rule: its sentence with the blanks filled in, at the place of the first side.

    Raises KeyError for a rule that no file of ``audit/rules`` has, or for a blank without a value: a fault of the tool.
    """
    known = rule(rule_id)
    return Finding(
        rule=rule_id,
        severity=known.severity,
        place=place,
        file=sides[0].file,
        line=sides[0].line,
        text=fill(known.found, values),
        next_step=known.do,
        sides=tuple(sides),
    )
