"""The axis of an effect: its name, where no effect lies, and which side favours what."""

from __future__ import annotations

import math
from dataclasses import dataclass

from guidewright.figures import svg
from guidewright.figures.lettering import LEADING, SMALL, wrap
from guidewright.figures.scales import Scale, middle, ticks


@dataclass(frozen=True)
class Effect:
    """An effect measure. Values are on the natural scale (a ratio as a ratio); standard errors on that of analysis."""

    title: str
    """Name of the measure, under the axis."""
    null: float | None = 0.0
    """No effect; none for measures without one, such as a proportion."""
    log: bool = False
    """Whether it is a ratio, analysed and drawn on the log scale."""
    favours_low: str = ""
    """What lower values speak for."""
    favours_high: str = ""
    """What higher values speak for."""

    def inner(self, value: float) -> float:
        """To the scale of analysis."""
        return math.log(value) if self.log else value

    def outer(self, value: float) -> float:
        """From the scale of analysis; a ratio too large for a number is infinite."""
        if not self.log:
            return value
        return math.exp(value) if value < 700 else math.inf

    @property
    def directions(self) -> list[str]:
        """The directions of an upright axis, as a line of words."""
        up = f"\u2191 {self.favours_high}" if self.favours_high else ""
        down = f"\u2193 {self.favours_low}" if self.favours_low else ""
        return [words for words in (" · ".join(filter(None, (up, down))),) if words]


def across(scale: Scale, effect: Effect, y: float) -> tuple[list[str], float]:
    """The axis along the bottom of a plot: rule, ticks, directions, name. Returns the y where it ends."""
    parts, y = rule(scale, y)
    centre = (scale.start + scale.end) / 2
    if effect.favours_low or effect.favours_high:
        room = (scale.end - scale.start) / 2 - 6
        low = wrap(f"\u2190 {effect.favours_low}", room, SMALL) if effect.favours_low else []
        high = wrap(f"{effect.favours_high} \u2192", room, SMALL) if effect.favours_high else []
        parts += [svg.text(scale.start, y + 13 + LEADING * n, words, "gw-tick") for n, words in enumerate(low)]
        parts += [svg.text(scale.end, y + 13 + LEADING * n, words, "gw-tick", "end") for n, words in enumerate(high)]
        y += LEADING * max(len(low), len(high)) + 2
    lines = wrap(effect.title, scale.end - scale.start, SMALL) if effect.title else []
    parts += [svg.text(centre, y + 13 + LEADING * n, words, "gw-tick", "middle") for n, words in enumerate(lines)]
    return parts, y + LEADING * len(lines) + 8


def rule(scale: Scale, y: float) -> tuple[list[str], float]:
    """A horizontal axis with ticks and their numbers; words at the ends stay within the drawing."""
    parts = [svg.line(scale.start, y, scale.end, y, "gw-rule")]
    for value, words in ticks(scale):
        x = scale.at(value)
        parts.append(svg.line(x, y, x, y + 5, "gw-rule"))
        parts.append(svg.text(middle(scale, value, words), y + 17, words, "gw-tick", "middle"))
    return parts, y + 22
