"""A finding: two facts that clash, where they stand, why it matters and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from guidewright.values import Text


@dataclass(frozen=True)
class Finding:
    """One finding of the audit."""

    rule: str
    """Name of the check."""
    severity: Literal["error", "warning"]
    """``error``: the guideline contradicts itself or its evidence; ``warning``: somebody should look."""
    place: str
    """File, or clause."""
    file: str
    """File in which to look."""
    text: Text
    """What was found: both facts."""
    next_step: Text
    """What to do."""

    def __str__(self) -> str:
        return f"{self.file}: {self.severity} [{self.rule}] {self.text['en']}\n    do this: {self.next_step['en']}"

    def as_dict(self) -> dict[str, object]:
        """The same as plain data, for ``--json``."""
        return dict(self.__dict__)
