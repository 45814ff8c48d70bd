"""Judgements of the risk of bias in a forest plot: signs in circles, and the key to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from guidewright.figures import svg
from guidewright.figures.legend import Entry, legend
from guidewright.figures.rows import Domain, Judgement

#: Distance of two signs in a row.
STEP = 18.0


def signs(
    risks: Sequence[str], known: Mapping[str, Judgement], x: float, y: float, step: float = STEP
) -> Iterator[str]:
    """The judgements of a row, the first around ``x``."""
    for number, risk in enumerate(risks):
        if risk:
            yield _sign(known[risk], x + step * number, y)


def key(domains: Sequence[Domain], judgements: Sequence[Judgement], top: float, room: float) -> tuple[list[str], float]:
    """What letters and signs mean, and the y where it ends."""
    if not domains:
        return [], top
    parts, y = legend([Entry(partial(_sign, one), one.meaning) for one in judgements], 0, top, room)
    letters, y = legend([Entry(partial(_letter, one), one.name) for one in domains], 0, y, room)
    return [*parts, *letters], y


def _sign(judgement: Judgement, x: float, y: float) -> str:
    circle = svg.circle(x, y, 7, f"gw-risk gw-risk-{judgement.tone}")
    return circle + svg.text(x, y + 4, judgement.sign, f"gw-sign gw-sign-{judgement.tone}", "middle")


def _letter(domain: Domain, x: float, y: float) -> str:
    return svg.text(x + 6, y + 4, domain.letter, "gw-tick gw-head", "middle")
