"""Which rule a value breaks, in words for somebody who does not program."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pydantic_core import ErrorDetails

from guidewright.problems import did_you_mean

#: Every pattern of the models, in words. A test holds that none is missing.
PATTERNS = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "must be made of small letters a-z and digits, parts joined by single hyphens",
    r"^[a-z0-9]+([.-][a-z0-9]+)*$": "must be made of small letters a-z and digits, parts joined by dots or hyphens",
    r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$": "must be made of letters A-Z and digits, parts joined by single hyphens",
    r"^[A-Za-z0-9][A-Za-z0-9_:.-]*$": "must be made of letters A-Z, digits and _ : . - and not start with a sign",
    r"^[^/\s][^/\r\n]*/[1-9][0-9]*$": "must be a found record: name of the export, a slash, its number in the file",
    r"^([A-Za-z0-9][A-Za-z0-9_:.-]*|[^/\s][^/\r\n]*/[1-9][0-9]*)$": (
        "must be a citation key, or a found record: name of the export, a slash, its number in the file"
    ),
    r"^[a-z0-9-]+[a-z]$": "must be a clause: the recommendation and the letter of the clause",
    r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$": "must be a language tag such as zh or en",
    r"^\d{4}(-\d{2}(-\d{2})?)?$": "must be a date: year, year-month or year-month-day",
    r"^[a-z]$": "must be one small letter",
    r"^[a-z][a-z0-9_]*$": "must be made of small letters a-z, digits and _ and start with a letter",
    r"^10\.\d{4,9}/\S+$": "must be a DOI, which starts with 10. (leave out https://doi.org/)",
    r"^[0-9a-f]{12}$": "must be the twelve signs of a fingerprint, as guidewright check --format json prints it",
    r"^\d{1,9}$": "must be a number of up to nine digits",
    r"^[a-z_]+=.+$": "must be a field, the sign = and the heading of its column",
    r"^[0-9a-f]{64}$": "must be a SHA-256 checksum: 64 digits 0-9 and letters a-f",
}

_NUMBER = "must be a number"
_WHOLE = "must be a whole number"
_SIMPLE = {
    "dict_type": "must be given by language",
    "model_type": "must be a group of fields, indented below its name",
    "model_attributes_type": "must be a group of fields, indented below its name",
    "tuple_type": "must be a list, one item per line starting with `- `",
    "list_type": "must be a list, one item per line starting with `- `",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": "must be a number, and not infinite",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": "must be a smaller number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
}
_WITH_LIMIT: dict[str, Callable[[dict[str, Any]], str]] = {
    "greater_than": lambda c: f"must be above {c['gt']:g}",
    "greater_than_equal": lambda c: f"must be {c['ge']:g} or more",
    "less_than": lambda c: f"must be below {c['lt']:g}",
    "less_than_equal": lambda c: f"must be {c['le']:g} or less",
    "string_too_long": lambda c: f"must have no more than {c['max_length']} characters",
    "string_pattern_mismatch": lambda c: PATTERNS.get(c["pattern"], f"must match {c['pattern']}"),
}


def rule_of(detail: ErrorDetails) -> str:
    """The rule that a value breaks."""
    kind, context, value = detail["type"], detail.get("ctx") or {}, detail.get("input")
    if kind in {"value_error", "assertion_error"}:
        return str(context.get("error", detail["msg"]))
    if value is None:
        return "has no value"
    if kind in {"enum", "literal_error"}:
        expected = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        hint = did_you_mean(str(value), expected)
        return f"must be one of: {', '.join(expected)}" + (f"; {hint}" if hint else "")
    if kind == "string_type":
        return "must be text" if not isinstance(value, dict | list) else "must be one text, not a list or group"
    if kind in _WITH_LIMIT:
        return _WITH_LIMIT[kind](context)
    return _SIMPLE.get(kind) or detail["msg"].replace("Input should be", "must be").replace("String should", "must")


def number_advice(detail: ErrorDetails) -> str | None:
    """What to do about a number with a comma, a unit or a sign around it."""
    value = detail.get("input")
    if not isinstance(value, str) or detail["type"] not in {"int_parsing", "float_parsing", "int_from_float"}:
        return None
    if re.fullmatch(r"[-+]?[\d\s]+(,\d+)+(\.\d+)?", value):
        return "write a decimal point in place of the comma (5.2), and thousands without any sign (1234)"
    found = re.fullmatch(r"\D*?(-?\d+(?:\.\d+)?)\D*", value)
    if found and found[1] != value:
        return f"write the number alone ({found[1]}); a unit or remark belongs to another field"
    return None
