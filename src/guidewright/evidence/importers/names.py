"""Names of authors as exports write them: in order, each in its own script, Chinese names unsplit."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from guidewright.evidence.bibliography import Name

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f·"
_IS_HAN = re.compile(f"[{_HAN}]")
#: A whole Chinese name (or the Chinese rendering of a foreign one) has at least two characters.
_HAN_NAME = re.compile(f"[{_HAN}]{{2,}}")
#: Marks behind a name that point to an address: ``[1]``, ``~(1,2)``, ``1,2,*``, ``†``.
_POINTERS = re.compile(
    r"(?:[\s,]*(?:\[[\d,;，\s*#]*\]|~?\([\d,;，\s*#]+\)|[*†‡§#+]|(?<=[\s,])\d{1,3}(?![\w.])))+[\s,]*$"
)
#: ``等`` behind the last name: and others.
_CHINESE_OTHERS = re.compile(r"(?<=[\u4e00-\u9fff])[\s,，]+等[.。]?$")
_SUPERSCRIPT = re.compile(r"~\{?\(?[\d,;\s*#]+\)?\}?")
#: ``[Author, Reprint Author; E-mail: ...]`` of BIOSIS, ``[Ed.]`` of Zoological Record.
_BRACKETED = re.compile(r"\s*\[[^\]]*\]\s*$")
_REMARK = re.compile(r"\s*\[[A-Z][^\]]*\]")
_DEGREES = re.compile(
    r"(?:[\s,]+(?:M\.?D\.?|Ph\.?\s?D\.?|M\.?P\.?H\.?|M\.?Sc\.?|B\.?Sc\.?|MS|BS|MA|RN|DO|DDS|DVM|PharmD|DrPH|DSc|MBBS|MBChB|FACP|FACS"
    r"|FACSM|FRCP|FRCS|FRCPC|MHS|MBA|PT|DPT|BA))+\.?$"
)
_INITIALS = r"(?:[^\W\d_a-zß-öø-ÿ]\.?[-\s]?){1,4}"
_FAMILY_INITIALS = re.compile(r"^(?P<family>\S.*?)\s+(?P<given>(?:[^\W\d_]\.[-\s]?){1,5}|[A-ZÀ-ÖØ-ÞŁŚŠŽČĆĐ-]{1,4})$")
_AND_OTHERS = re.compile(
    r"(?i)^(?:et\.? ?al\.?|and others|others|等\.?|等人|anonymous|\[anonymous\]|no authors? listed|佚名)$"
)
_LIST = re.compile(r"\s*^\[\s*(['\"]).*\1\s*,?\s*\]\s*$", re.DOTALL)


def names(values: Iterable[str]) -> tuple[Name, ...]:
    """Names of the fields of one record; a field may hold several names."""
    found = [name for value in values for part in parts(value) if (name := name_of(part)) is not None]
    return tuple(found)


def parts(value: str) -> list[str]:
    """Split a field that may hold several names.

    ``;`` always separates. A comma separates Chinese names, since a whole one has two characters or more; between
    Latin names it stands within the name (``Family, Given``) and separates only in :func:`listed_parts`.
    """
    value = _REMARK.sub("", value.strip()).replace("；", ";")
    pieces = [piece.strip() for piece in re.split(r";+|\s\|\s|\|\|", value) if piece.strip()]
    return [name for piece in pieces for name in _chinese_parts(piece)]


def listed_parts(value: str) -> list[str]:
    """Split a cell or line that holds all names of a record, Latin ones perhaps separated by commas."""
    value = value.strip()
    if _LIST.match(value):
        return python_list(value)
    if re.search(r"[;；|]", value) or _IS_HAN.search(value):
        return parts(value)
    if re.search(r"\sand\s", value) and not re.search(r"\bof\b|\bfor\b", value):
        return [piece.strip(" ,") for piece in re.split(r"\s+and\s+", value) if piece.strip(" ,")]
    pieces = [piece.strip() for piece in value.split(",") if piece.strip()]
    if len(pieces) < 2:
        return pieces
    if all(_short(piece) for piece in pieces[1::2]) and len(pieces) % 2 == 0 and not any(map(_short, pieces[::2])):
        return [f"{family}, {given}" for family, given in zip(pieces[::2], pieces[1::2], strict=True)]
    if len(pieces) == 2 and not all(" " in piece for piece in pieces):
        return [", ".join(pieces)]  # Family, Given
    return pieces


def python_list(value: str) -> list[str]:
    """A cell such as ``['Marx, Karl', 'Lindgren, Astrid']``, which programs write that know no other list."""
    try:
        found = ast.literal_eval(value.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return [value]
    return [str(item).strip() for item in found if str(item).strip()] if isinstance(found, list) else [value]


def name_of(text: str) -> Name | None:
    """One name; nothing for ``et al.`` and the like."""
    text = _CHINESE_OTHERS.sub("", text.strip())
    text = " ".join(_POINTERS.sub("", _SUPERSCRIPT.sub("", _BRACKETED.sub("", text))).split()).strip(" ,;")
    if not text or _AND_OTHERS.match(text):
        return None
    if _IS_HAN.search(text):
        return Name(literal=_chinese(text))
    if "," in text:
        family, _, given = text.partition(",")
        # where nothing else would be left, it is no degree but initials: Comstock, BA
        family, given = family.strip(), _DEGREES.sub("", "," + given).strip(" ,") or given.strip(" ,")
        if not family or not given:
            return Name(literal=family or given) if family or given else None
        return Name(family=family, given=given)
    without = _DEGREES.sub("", text).strip(" ,")
    text = without if " " in without else text  # Comstock BA is a name with initials
    found = _FAMILY_INITIALS.match(text)
    if found and not (found["family"].isupper() and len(found["given"].replace(".", "")) > 2):
        return Name(family=found["family"], given=found["given"].strip())
    return Name(literal=text)


def written(name: Name) -> str:
    """A name as RIS and most formats write it."""
    return name.literal or ", ".join(part for part in (name.family, name.given) if part)


def _short(piece: str) -> bool:
    return bool(re.fullmatch(_INITIALS, piece.strip()))


def _chinese_parts(piece: str) -> list[str]:
    if not _IS_HAN.search(piece):
        return [piece]
    pieces = [one for one in re.split(r"\s*[,，、]\s*", _SUPERSCRIPT.sub("", piece)) if one]
    if len(pieces) == 2 and len(pieces[0]) == 1 and _IS_HAN.match(pieces[0]):
        return ["".join(pieces)]  # 李, 明: family and given name
    # A comma within a Latin name between Chinese ones, or an address mark such as 张三[1,2].
    if any(not _IS_HAN.search(one) for one in pieces) and not all(re.search(r"[^\W\d_]{2}", one) for one in pieces):
        return [one for one in _bracket_safe(piece) if one]
    return [name for one in pieces for name in _spaced(one)]


def _bracket_safe(piece: str) -> list[str]:
    """Split at commas outside of brackets."""
    return [one.strip() for one in re.split(r"[,，、](?![^\[(（]*[\])）])", piece) if re.search(r"[^\W\d_]", one)]


def _spaced(piece: str) -> list[str]:
    """Chinese names separated by blanks; a blank within a name of two characters is only layout."""
    words = piece.split()
    if len(words) > 1 and all(_HAN_NAME.fullmatch(word) and len(word) <= 4 for word in words):
        return words
    return [piece]


def _chinese(text: str) -> str:
    return re.sub(f"(?<=[{_HAN}])\\s+(?=[{_HAN}])", "", text)
