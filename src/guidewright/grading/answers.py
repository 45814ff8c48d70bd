"""Answers to findings of the audit (``grading/audit.yml``)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from guidewright.values import ActorId, ISODate, Text, Value


class Answer(Value):
    """What the group says to one finding. An answered finding is still shown, with the answer, and no longer fails."""

    rule: str = Field(examples=["printed-blinding"])
    """Name of the rule, as ``guidewright check`` prints it."""
    place: str = Field(examples=["r06/klazen2010"])
    """Place of the finding, as ``guidewright check --format json`` prints it."""
    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")] | None = Field(
        default=None, examples=["0123456789ab"]
    )
    """The facts that were answered, as the JSON gives them: when they change, the answer no longer counts."""
    accepted: bool
    """True: it is so, and the group stands by it; false: the group holds the finding to be mistaken."""
    reason: Text
    """Why."""
    by: ActorId
    """Person or group."""
    date: ISODate
    """When."""


class Answers(Value):
    """All answers."""

    answers: tuple[Answer, ...] = ()
    """The answers, in any order."""
