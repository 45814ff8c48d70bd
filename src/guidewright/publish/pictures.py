"""A drawing as a picture for documents: plain SVG for PDF, PNG for Word, which does not show SVG everywhere.

In a page the site's style sheet colours a drawing. Here its rules go into the drawing itself, in the small part of CSS
that the typesetter knows: variables replaced by the colours of the light scheme, ``:is(...)`` written out.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

import typst

from guidewright.publish.fonts import FONT, font_folder

_RULE = re.compile(r"^(\.gw-drawing[^{}]*)\{([^{}]*)\}$", re.MULTILINE)
_NOT = re.compile(r":not\([^()]*\)")
_IS = re.compile(r":is\(([^()]*)\)")
#: Sharp in print at the width of a page.
PIXELS_PER_INCH = 200.0


def save_picture(drawing: str, path: Path) -> None:
    """Write a drawing to ``path`` (``.svg``) and beside it as PNG."""
    path.write_text(styled(drawing), encoding="utf-8")
    source = path.with_suffix(".typ")
    source.write_text(f'#set page(width: auto, height: auto, margin: 0pt)\n#image("{path.name}")\n', encoding="utf-8")
    typst.compile(
        str(source), output=str(path.with_suffix(".png")), root=str(path.parent), font_paths=[str(font_folder())],
        ignore_system_fonts=True, format="png", ppi=PIXELS_PER_INCH,
    )  # fmt: skip


def styled(drawing: str) -> str:
    """The drawing with its colours in it."""
    return drawing.replace("</desc>", f"</desc><style>{_rules()}</style>", 1)


@cache
def _rules() -> str:
    sheet = files("guidewright.publish").joinpath("assets/guidewright.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"(--[a-z-]+): ([^;]+);", sheet[: sheet.index("slate")]))
    colours |= {"--md-default-bg-color": "#fff", "--md-text-font": f"'{FONT}'"}

    def resolved(declarations: str) -> str:
        plain = re.sub(r"var\((--[a-z-]+)\)", lambda found: colours.get(found[1], "#000"), declarations)
        # the font is variable, and drawn at its thinnest unless a weight is set as one of its axes
        weighted = re.sub(r"font-weight: (\d+)", r"font-weight: \1; font-variation-settings: 'wght' \1", plain)
        return weighted.replace("currentColor", "#111")

    rules = ["text{font-variation-settings: 'wght' 400}"]
    for selector, declarations in _RULE.findall(sheet):
        choices = _IS.search(selector)
        written = [_IS.sub(one.strip(), selector) for one in choices[1].split(",")] if choices else [selector]
        # `:not()` is unknown there; what it leaves out is coloured by a rule before it in any case
        rules += [f"{_NOT.sub('', one).strip()}{{{resolved(declarations)}}}" for one in written]
    return "".join(rules)
