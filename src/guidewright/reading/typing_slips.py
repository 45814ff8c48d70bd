"""Signs that a Chinese keyboard or a word processor puts where a plain one is needed, and how to say so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from guidewright.problems import quoted

#: What was typed -> the sign that a file needs in its place.
PLAIN = {
    "：": ":",
    "，": ",",
    "、": ",",
    "；": ";",
    "（": "(",
    "）": ")",
    "【": "[",
    "】": "]",
    "［": "[",
    "］": "]",
    "｛": "{",
    "｝": "}",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "－": "-",
    "–": "-",
    "—": "-",
    "−": "-",
    "．": ".",
    "。": ".",
    "＜": "<",
    "＞": ">",
    "％": "%",
    "＃": "#",
    "＠": "@",
    "\u3000": " ",
    "\u00a0": " ",
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
}
_QUOTES = "“”‘’"
_SPACES = {"\u3000": "full-width space", "\u00a0": "non-breaking space"}


def advice(value: str) -> str | None:
    """What to do about a value that is refused and holds such signs; nothing if it holds none."""
    found = list(dict.fromkeys(sign for sign in value if sign in PLAIN))
    if not found:
        hidden = next((sign for sign in value if not sign.isprintable()), None)
        return f"delete the character that cannot be seen ({quoted(hidden)})" if hidden else None
    named = " and ".join(f"`{PLAIN[sign]}` in place of {_name(sign)}" for sign in found[:3])
    return f"type {named}, with the keyboard in English mode"


def _name(sign: str) -> str:
    if sign in _SPACES:
        return f"the {_SPACES[sign]}"
    return f"the curly quote `{sign}`" if sign in _QUOTES else f"the sign `{sign}`"


@dataclass(frozen=True)
class Slip:
    """Such a sign in one line: its column (from 1), what is wrong, what to do, and the line as it should be."""

    column: int
    rule: str
    next_step: str
    example: str | None = None


_UNSEEN = re.compile("[\ufeff\u200b\u2060]")
_KEY = re.compile(r"""^(\s*(?:-[ ]+)*[{\[]?\s*["']?[A-Za-z][\w-]*["']?)\s*：\s*""")
_CURLY = re.compile(rf"(?:^|[:,\[{{-])\s+([{_QUOTES}])")
_GLUED = re.compile(r"^(\s*(?:-[ ]+)*[A-Za-z_]\w*):(?=[^\s:/\\])")


def slip_in(line: str) -> Slip | None:
    """The most likely slip in a line of YAML that cannot be read."""
    lead = line[: len(line) - len(line.lstrip())]
    if "\t" in lead:
        return Slip(
            lead.index("\t") + 1,
            "a tab stands in the indentation",
            "replace it by spaces, two for each level, and let the editor insert spaces for the tab key",
        )
    for space, name in _SPACES.items():
        if space in lead:
            return Slip(lead.index(space) + 1, f"a {name} stands in the indentation", "replace it by plain spaces")
    if found := _UNSEEN.search(line):
        return Slip(
            found.start() + 1,
            f"a character that cannot be seen ({quoted(found[0])}) stands here",
            "delete it (the cursor key stops once more at such a character)",
        )
    if found := _KEY.match(line):
        return Slip(
            line.index("：") + 1,
            "the colon after the name is a full-width one (`：`)",
            "type `: ` (colon and space) with the keyboard in English mode",
            (found[1] + ": " + line[found.end() :]).strip(),
        )
    if found := _CURLY.search(line):
        return Slip(
            found.start(1) + 1,
            f"the text starts with a curly quote (`{found[1]}`), which does not work as a quote here",
            "put the text in straight quotes ' or \"; curly quotes may stand inside of it",
        )
    if found := _GLUED.match(line):
        return Slip(
            found.end(),
            "there is no space after the colon",
            "put a space after the colon",
            (found[1] + ": " + line[found.end() :]).strip(),
        )
    return _wide_separator(line)


def _wide_separator(line: str) -> Slip | None:
    """A full-width comma or bracket in a line that uses brackets."""
    brackets = re.search(r"[｛｝［］]", line)
    comma = re.search(r"[，、]", line) if re.search(r"[\[{]", line) else None
    if brackets:
        sign = brackets[0]
        return Slip(
            brackets.start() + 1,
            f"the bracket `{sign}` is a full-width one",
            f"type `{PLAIN[sign]}` with the keyboard in English mode",
        )
    if comma:
        return Slip(
            comma.start() + 1,
            f"within brackets `{comma[0]}` does not separate anything",
            "type `, ` (comma and space) between two items; text that holds a comma needs quotes",
        )
    return None
