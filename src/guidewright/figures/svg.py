"""The elements of a drawing, escaped, with coordinates rounded to a tenth so that the same data give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

Point = tuple[float, float]


def number(value: float) -> str:
    """A coordinate without needless digits."""
    text = f"{value:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


def _element(name: str, values: dict[str, str | float], content: str = "") -> str:
    pairs = ((key.rstrip("_").replace("_", "-"), value) for key, value in values.items() if value != "")
    attributes = "".join(
        f' {key}="{escape(value if isinstance(value, str) else number(value))}"' for key, value in pairs
    )
    return f"<{name}{attributes}>{content}</{name}>" if content else f"<{name}{attributes}/>"


def _tip(words: str) -> str:
    return f"<title>{escape(words)}</title>" if words else ""


def text(x: float, y: float, words: str, class_: str = "", anchor: str = "start") -> str:
    """A line of text; ``anchor`` is start, middle or end."""
    where = "" if anchor == "start" else anchor
    return _element("text", {"x": x, "y": y, "class_": class_, "text_anchor": where}, escape(words)) if words else ""


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> str:
    """A straight line."""
    return _element("line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "class_": class_})


def rectangle(x: float, y: float, width: float, height: float, class_: str, tip: str = "", fill: str = "") -> str:
    """A box. ``tip`` is shown where a mouse rests on it; it never holds what is not in the table as well."""
    place: dict[str, str | float] = {"x": x, "y": y, "width": width, "height": height}
    return _element("rect", {**place, "class_": class_, "fill": fill}, _tip(tip))


def square(x: float, y: float, side: float, class_: str, tip: str = "") -> str:
    """A square around a point."""
    return rectangle(x - side / 2, y - side / 2, side, side, class_, tip)


def circle(x: float, y: float, radius: float, class_: str, tip: str = "") -> str:
    """A circle around a point."""
    return _element("circle", {"cx": x, "cy": y, "r": radius, "class_": class_}, _tip(tip))


def _corners(points: Iterable[Point]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in points)


def polygon(points: Iterable[Point], class_: str, fill: str = "") -> str:
    """A closed shape; ``fill`` names a pattern of the same drawing."""
    return _element("polygon", {"points": _corners(points), "class_": class_, "fill": fill})


def polyline(points: Sequence[Point], class_: str) -> str:
    """A line through several points."""
    return _element("polyline", {"points": _corners(points), "class_": class_}) if len(points) > 1 else ""


def path(commands: str, class_: str) -> str:
    """A shape of many pieces, such as a hundred intervals, as one element."""
    return _element("path", {"d": commands, "class_": class_}) if commands else ""


def link(address: str, content: str) -> str:
    """Elements that open an address of the site."""
    return f'<a href="{escape(address)}" class="gw-flow-link">{content}</a>'


def document(
    identifier: str,
    width: float,
    height: float,
    title: str,
    description: str,
    parts: Iterable[str],
    class_: str,
    *,
    links: bool = False,
) -> str:
    """A whole figure on one line. ``identifier`` is unique on its page; title and description are read aloud.

    A figure with ``links`` is a group, since what is inside an image cannot be reached.
    """
    name = escape(identifier)
    role = "group" if links else "img"
    return (
        f'<svg class="{escape(class_)}" viewBox="0 0 {number(width)} {number(height)}" role="{role}" '
        f'aria-labelledby="{name}-title {name}-desc" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{name}-title">{escape(_one_line(title))}</title>'
        f'<desc id="{name}-desc">{escape(_one_line(description))}</desc>{"".join(map(_one_line, parts))}</svg>'
    )


def _one_line(words: str) -> str:
    """Line breaks as spaces, since a blank line would end the drawing inside a Markdown page."""
    return " ".join(words.splitlines()) if "\n" in words or "\r" in words else words
