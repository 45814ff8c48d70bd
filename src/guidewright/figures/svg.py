"""A small vocabulary for drawing: everything a figure needs, escaped, with coordinates rounded to a tenth."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape


def number(value: float) -> str:
    """A coordinate without needless digits."""
    text = f"{value:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


def _attributes(values: dict[str, str | float]) -> str:
    pairs = ((name.rstrip("_").replace("_", "-"), value) for name, value in values.items())
    return "".join(f' {name}="{escape(number(v) if isinstance(v, float | int) else v)}"' for name, v in pairs)


def text(x: float, y: float, words: str, class_: str = "", anchor: str = "start") -> str:
    """A line of text; ``anchor`` is start, middle or end."""
    extra = {"class_": class_} if class_ else {}
    where = {} if anchor == "start" else {"text_anchor": anchor}
    return f"<text{_attributes({'x': x, 'y': y, **extra, **where})}>{escape(words)}</text>"


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> str:
    """A straight line."""
    return f"<line{_attributes({'x1': x1, 'y1': y1, 'x2': x2, 'y2': y2, 'class_': class_})}/>"


def square(x: float, y: float, side: float, class_: str) -> str:
    """A square around a point."""
    return (
        f"<rect{_attributes({'x': x - side / 2, 'y': y - side / 2, 'width': side, 'height': side, 'class_': class_})}/>"
    )


def polygon(points: Iterable[tuple[float, float]], class_: str) -> str:
    """A closed shape."""
    corners = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return f"<polygon{_attributes({'points': corners, 'class_': class_})}/>"


def rectangle(x: float, y: float, width: float, height: float, class_: str) -> str:
    """A box."""
    return f"<rect{_attributes({'x': x, 'y': y, 'width': width, 'height': height, 'class_': class_})}/>"


def document(
    identifier: str,
    width: float,
    height: float,
    title: str,
    description: str,
    parts: Iterable[str],
    class_: str,
) -> str:
    """A whole figure. ``identifier`` is unique on its page; title and description are its text equivalent."""
    return (
        f'<svg class="{escape(class_)}" viewBox="0 0 {number(width)} {number(height)}" role="img" '
        f'aria-labelledby="{identifier}-title {identifier}-desc" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{identifier}-title">{escape(title)}</title>'
        f'<desc id="{identifier}-desc">{escape(description)}</desc>{"".join(parts)}</svg>'
    )
