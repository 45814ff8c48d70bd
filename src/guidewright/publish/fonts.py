"""The fonts of documents: Noto Serif and Noto Sans for Chinese and Latin text, from a package that is pinned.

Documents look the same on every machine, also on one without any font and without rights to install one.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

#: Body text and headings. The package has one weight of each; headings are told apart by the sans-serif.
SERIF, SANS = "Noto Serif CJK SC", "Noto Sans CJK SC"


def font_folder() -> Path:
    """Folder of the font files. The package that holds them is not imported, since it would start a plotting library.

    Raises RuntimeError if it is not installed.
    """
    found = find_spec("mplfonts")
    if found is None or found.origin is None:
        raise RuntimeError("the fonts of documents come with the package mplfonts, which is not installed")
    return Path(found.origin).parent / "fonts"
