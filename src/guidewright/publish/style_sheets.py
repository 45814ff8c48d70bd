"""Style sheets with only the rules that the pages of a site can use.

The theme brings rules for everything that it can show, most of which a guideline never shows. After a build, every
style sheet of the site is written again without comments, without rules whose selectors name a class, an address, an
element or a colour scheme that stands in no page, and without variables and animations that nothing refers to. What a
script may add is kept: a name that stands in a script as a text of its own counts as used. A sheet that cannot be read
as CSS stays as it is, so this holds for whichever builder and version of the theme wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import tinycss2
from tinycss2 import ast

from guidewright.writing import write

_CLASS = re.compile(r'class="([^"]*)"')
_STYLE = re.compile(r'style="([^"]*)"|<style>(.*?)</style>', re.DOTALL)
#: What a script adds to a page stands in it as a text of plain words, with or without the last part of a name.
_WORDS = re.compile(r"""["'`]([A-Za-z][\w -]*)["'`]|(?:class=\\?["'])([\w -]*)""")
_PART = re.compile(r"__|--")
_STEM = re.compile(r"^(.*?(?:--|__))[^_-]+(?:-[^_-]+)*$")
#: Attributes whose values pages settle once and for all; a rule for a value that no page has is of no use.
_SETTLED = re.compile(r"^(?:dir|data-md-color-[a-z-]+)$")
#: At-rules that hold rules.
_GROUPS = frozenset({"media", "supports"})
#: Functions of selectors of which one choice must be possible; what stands in others is not looked at.
_ANY = frozenset({"is", "where"})
_VARIABLE = re.compile(r"--[A-Za-z0-9_-]+")
_REFERENCE = re.compile(r"var\(\s*(--[A-Za-z0-9_-]+)")
_NAME = re.compile(r"[A-Za-z_-][A-Za-z0-9_-]*")
_TIGHT = re.compile(r"\s*([,>])\s*")


@dataclass(frozen=True)
class Names:
    """What pages and scripts mention."""

    classes: frozenset[str]
    others: frozenset[str]
    """Elements (``<a``), addresses (``id="a"``) and settled attributes (``dir="rtl"``) that stand in a page."""
    parts: frozenset[str]
    """Parts of the theme that stand in a page: first parts of classes."""
    scripts: frozenset[str]
    """Words that a script may put into a page."""

    def has(self, kind: str, name: str, value: str = "") -> bool:
        """Whether a page may have this class, element, address or settled attribute."""
        if kind == "class":
            if name in self.classes:
                return True
            stem = _STEM.match(name)
            adds = name in self.scripts or (stem is not None and stem[1] in self.scripts)
            # the script of the theme fills parts that a page has, as the search; parts that no page has stay away
            return adds and (not name.startswith("md-") or _PART.split(name)[0] in self.parts)
        return _mention(kind, name, value) in self.others or (kind != "attribute" and name in self.scripts)


def lighten(folder: Path) -> None:
    """Write the style sheets below ``folder`` (one language of a site) again, shorter."""
    paths = sorted((folder / "assets").rglob("*.css"))
    sheets = {path: path.read_text(encoding="utf-8") for path in paths}
    read = {path: nodes for path, css in sheets.items() if (nodes := _rules(css)) is not None}
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in sorted((folder / "assets").rglob("*.js")))
    names, styles = _names(folder, read.values(), scripts)
    usable = {path: _usable(nodes, names) for path, nodes in read.items()}
    unread = (css for path, css in sheets.items() if path not in read)
    used = _used((rule for rules in usable.values() for rule in rules), "\n".join((scripts, styles, *unread)))
    for path, rules in usable.items():
        write(path, _text(rules, used), lasting=False)
        path.with_name(path.name + ".map").unlink(missing_ok=True)


def _names(folder: Path, sheets: Iterable[list[ast.Node]], scripts: str) -> tuple[Names, str]:
    """Look up in every page what the sheets ask for; and the styles that stand in the pages."""
    asked = {_mention(*one) for rules in sheets for one in _asked(rules) if one[0] != "class"}
    lists: set[str] = set()
    styles: set[str] = set()
    seen: set[str] = set()
    for path in folder.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        lists.update(_CLASS.findall(html))
        styles.update(map("".join, _STYLE.findall(html)))
        found = {one for one in asked if one in html}
        seen |= found
        asked -= found
    words = frozenset(word for one in _WORDS.findall(scripts) for word in "".join(one).split())
    classes = frozenset(name for one in lists for name in one.split())
    parts = frozenset(_PART.split(name)[0] for name in classes)
    return Names(classes, frozenset(seen), parts, words), "\n".join(styles)


def _mention(kind: str, name: str, value: str = "") -> str:
    """How a page says that it has an element, address or attribute."""
    return {"type": f"<{name}", "id": f'id="{name}"', "attribute": f'{name}="{value}"'}.get(kind, name)


# --- reading ------------------------------------------------------------------------------------------------------


def _rules(css: str) -> list[ast.Node] | None:
    rules: list[ast.Node] = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return None if any(rule.type == "error" for rule in rules) else rules


def _inside(rule: ast.AtRule) -> list[ast.Node]:
    found: list[ast.Node] = tinycss2.parse_rule_list(rule.content or [], skip_comments=True, skip_whitespace=True)
    return found


def _asked(rules: Iterable[ast.Node]) -> Iterator[tuple[str, str, str]]:
    for rule in rules:
        if rule.type == "qualified-rule":
            yield from _parts(rule.prelude, deep=True)
        elif rule.type == "at-rule" and rule.lower_at_keyword in _GROUPS:
            yield from _asked(_inside(rule))


def _parts(tokens: list[ast.Node], *, deep: bool = False) -> Iterator[tuple[str, str, str]]:
    """Classes, elements, addresses and settled attributes of a selector: kind, name, value.

    Those in functions are given only if ``deep``.
    """
    before = ""
    for token in tokens:
        if token.type == "ident" and before != ":":
            yield ("class" if before == "." else "type", token.value, "")
        elif token.type == "hash":
            yield ("id", token.value, "")
        elif token.type == "[] block":
            inner = [one for one in token.content if one.type not in {"whitespace", "comment"}]
            if len(inner) == 3 and inner[1] == "=" and _SETTLED.match(inner[0].value):
                yield ("attribute", inner[0].value, inner[2].value)
        elif token.type == "function" and deep:
            yield from _parts(token.arguments, deep=True)
        before = token.value if token.type == "literal" else ""


def _possible(tokens: list[ast.Node], names: Names) -> bool:
    """Whether a page may have what a selector names."""
    if not all(names.has(*part) for part in _parts(tokens)):
        return False
    return all(
        any(_possible(choice, names) for choice in _choices(token.arguments))
        for token in tokens
        if token.type == "function" and token.lower_name in _ANY
    )


def _choices(tokens: list[ast.Node]) -> list[list[ast.Node]]:
    found: list[list[ast.Node]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            found.append([])
        else:
            found[-1].append(token)
    return found


# --- writing ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Style:
    """A rule that pages may use: its selectors, and its declarations by name."""

    selector: str
    declarations: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Group:
    """Rules below a condition."""

    head: str
    inside: tuple[Rule, ...]


@dataclass(frozen=True)
class Other:
    """Anything else, as it stands; ``animation`` is its name if it describes one."""

    text: str
    animation: str = ""


Rule = Style | Group | Other


def _usable(rules: Iterable[ast.Node], names: Names) -> tuple[Rule, ...]:
    """The rules that pages may use."""
    return tuple(found for rule in rules if (found := _rule(rule, names)) is not None)


def _rule(rule: ast.Node, names: Names) -> Rule | None:
    if rule.type == "qualified-rule":
        kept = [choice for choice in _choices(rule.prelude) if _possible(choice, names)]
        declarations = _declarations(rule.content)
        if declarations is None:  # rules within rules, or what a later CSS brings
            return Other(str(rule.serialize()))
        selector = ",".join(_TIGHT.sub(r"\1", _plain(choice)) for choice in kept)
        return Style(selector, declarations) if kept else None
    if rule.type != "at-rule":
        return Other(str(rule.serialize()))
    head = f"@{rule.at_keyword} {_plain(rule.prelude)}"
    if rule.lower_at_keyword in _GROUPS:
        inside = _usable(_inside(rule), names)
        return Group(head, inside) if inside else None
    end = ";" if rule.content is None else f"{{{_plain(rule.content)}}}"
    return Other(head + end, _plain(rule.prelude) if rule.lower_at_keyword.endswith("keyframes") else "")


def _declarations(content: list[ast.Node]) -> tuple[tuple[str, str], ...] | None:
    found = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    if any(one.type != "declaration" for one in found):
        return None
    return tuple((one.name, _plain(one.value) + ("!important" if one.important else "")) for one in found)


def _plain(tokens: list[ast.Node]) -> str:
    """Tokens as text: no comment, no line break, no space at the ends."""
    kept = [one for one in tokens if one.type != "comment"]
    return re.sub(r"\s*\n\s*", " ", tinycss2.serialize(kept)).strip()


def _used(rules: Iterable[Rule], elsewhere: str) -> set[str]:
    """Variables and animations that something refers to, be it a variable that is used itself."""
    refers: dict[str, set[str]] = {}
    waiting = set(_VARIABLE.findall(elsewhere))
    for rule in _each(rules):
        if isinstance(rule, Other):
            waiting |= set(_REFERENCE.findall(rule.text))
            continue
        for name, value in rule.declarations:
            found = set(_REFERENCE.findall(value))
            if name.startswith("--"):
                refers.setdefault(name, set()).update(found | set(_NAME.findall(value)))
            else:
                waiting |= found | (set(_NAME.findall(value)) if "animation" in name else set())
    used: set[str] = set()
    while waiting:
        name = waiting.pop()
        used.add(name)
        waiting |= refers.get(name, set()) - used
    return used


def _each(rules: Iterable[Rule]) -> Iterator[Style | Other]:
    for rule in rules:
        if isinstance(rule, Group):
            yield from _each(rule.inside)
        else:
            yield rule


def _text(rules: Iterable[Rule], used: set[str]) -> str:
    """The rules, one a line, but for variables and animations that are not ``used``."""
    found = []
    for rule in rules:
        if isinstance(rule, Group):
            inside = _text(rule.inside, used)
            found.append(f"{rule.head}{{{inside}}}\n" if inside else "")
        elif isinstance(rule, Style):
            body = ";".join(f"{n}:{v}" for n, v in rule.declarations if not n.startswith("--") or n in used)
            found.append(f"{rule.selector}{{{body}}}\n" if body else "")
        elif not rule.animation or rule.animation in used:
            found.append(rule.text + "\n")
    return "".join(found)
