"""Reads a drawing back: its texts with the room they take, and the corners of its marks."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from itertools import combinations

from guidewright.figures.clipping import Box
from guidewright.figures.lettering import SIZE, SMALL, width

SVG = "{http://www.w3.org/2000/svg}"
_SIZES = {"gw-tick": SMALL, "gw-label": SMALL, "gw-sign": 11.0}


@dataclass
class Drawn:
    """A parsed drawing."""

    root: ET.Element
    width: float
    height: float
    texts: list[tuple[str, Box]] = field(default_factory=list)
    points: list[tuple[float, float]] = field(default_factory=list)
    dots: list[Box] = field(default_factory=list)
    """Circles of data, which names keep clear of."""

    def words(self) -> list[str]:
        return [words for words, _ in self.texts]

    def outside(self) -> list[object]:
        """Texts and marks beyond the drawing."""
        sheet = Box(-1, -1, self.width + 1, self.height + 1)
        spots = [p for p in self.points if not (-0.1 <= p[0] <= self.width + 0.1 and -0.1 <= p[1] <= self.height + 0.1)]
        return [*(words for words, box in self.texts if not sheet.contains(box)), *spots]

    def overlaps(self) -> list[tuple[str, str]]:
        """Texts that share more than a hair's breadth."""
        slim = [(words, Box(b.left + 1, b.top + 2.5, b.right - 1, b.bottom - 2.5)) for words, b in self.texts]
        return [(a, b) for (a, x), (b, y) in combinations(slim, 2) if x.meets(y)]

    def count(self, class_: str) -> int:
        return sum(class_ in element.get("class", "").split() for element in self.root.iter())


def read(drawing: str) -> Drawn:
    root = ET.fromstring(drawing)  # noqa: S314 - our own drawing
    _x, _y, wide, high = map(float, root.get("viewBox", "").split())
    drawn = Drawn(root, wide, high)
    hidden = {id(child) for defs in root.iter(f"{SVG}defs") for child in defs.iter()}
    for element in root.iter():
        if id(element) in hidden:
            continue
        name = element.tag.removeprefix(SVG)
        if name == "text":
            drawn.texts.append((element.text or "", _room(element)))
        elif name == "circle":
            box = _circle(element)
            drawn.points += [(box.left, box.top), (box.right, box.bottom)]
            if {"gw-point", "gw-hollow"} & set(element.get("class", "").split()):
                drawn.dots.append(box)
        elif name == "path":
            drawn.points += _walk(element.get("d", ""))
        else:
            drawn.points += _corners(element)
    return drawn


def _room(element: ET.Element) -> Box:
    classes = element.get("class", "").split()
    size = next((_SIZES[name] for name in classes if name in _SIZES), SIZE)
    bold = bool({"gw-head", "gw-strong", "gw-sign"} & set(classes))
    wide = width(element.text or "", size, bold=bold)
    x, y = (float(element.get(name, "nan")) for name in ("x", "y"))
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[element.get("text-anchor", "start")]
    return Box(left, y - 0.8 * size, left + wide, y + 0.2 * size)


def _circle(element: ET.Element) -> Box:
    x, y, r = (float(element.get(name, "nan")) for name in ("cx", "cy", "r"))
    return Box(x - r, y - r, x + r, y + r)


def _corners(element: ET.Element) -> list[tuple[float, float]]:
    if element.get("points"):
        pairs = (pair.split(",") for pair in element.get("points", "").split())
        return [(float(x), float(y)) for x, y in pairs]
    found = [
        (float(element.get(x, "nan")), float(element.get(y, "nan")))
        for x, y in (("x1", "y1"), ("x2", "y2"), ("x", "y"))
        if element.get(x)
    ]
    if element.get("width") and element.get("x"):
        x, y = found[-1]
        found.append((x + float(element.get("width", 0)), y + float(element.get("height", 0))))
    return found


def _walk(commands: str) -> list[tuple[float, float]]:
    """Corners of a path of M, V, h, v and z."""
    found: list[tuple[float, float]] = []
    x = y = 0.0
    for letter, numbers in re.findall(r"([MVhvz])([^MVhvz]*)", commands):
        values = [float(n) for n in numbers.split()]
        if letter == "M":
            x, y = values
        elif letter == "V":
            y = values[0]
        elif letter == "h":
            x += values[0]
        elif letter == "v":
            y += values[0]
        found.append((x, y))
    return found
