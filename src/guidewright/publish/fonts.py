"""What documents need beyond the rest of the tool: a typesetter, and a font for Chinese and Latin text, both pinned.

They are an extra (``guidewright[documents]``), since most builds make no documents and the two weigh as much as
everything else. Documents look the same on every machine, also on one without any font and without rights to install
one.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

#: The font of documents, in all weights.
FONT = "Noto Sans CJK SC"
_TYPESETTER, _FONTS = "typst", "manimgx_fonts_cjk"


def missing_for_documents() -> tuple[str, ...]:
    """Packages that documents need and that are not installed."""
    return tuple(name.replace("_", "-") for name in (_TYPESETTER, _FONTS) if find_spec(name) is None)


def font_folder() -> Path:
    """Folder of the font file. The package that holds it is not imported.

    Raises RuntimeError if it is not installed.
    """
    found = find_spec(_FONTS)
    if found is None or found.origin is None:
        raise RuntimeError(f"the font of documents comes with the package {_FONTS}, which is not installed")
    return Path(found.origin).parent
