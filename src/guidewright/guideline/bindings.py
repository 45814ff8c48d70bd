"""Numbers in prose are bound, not typed: ``{{ pooled("q06-pain", "1 month").estimate }}``.

An expression is one call with text arguments and, if the function returns a group of values, the name of one of
them. Nothing else is allowed, so prose can compute nothing and reach nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guidewright.problems import did_you_mean

EXAMPLE = '{{ pooled("q06-pain", "1 month").summary }}'

#: Values of one pooled estimate, as text in the language of the page.
POOLED_FIELDS = (
    "summary",
    "estimate",
    "low",
    "high",
    "interval",
    "p",
    "k",
    "participants",
    "i2",
    "tau2",
    "q",
    "prediction_low",
    "prediction_high",
    "prediction",
)
STUDY_FIELDS = ("name", "participants", "follow_up_percent")
CLAUSE_FIELDS = ("stated", "computed", "statement")

#: Function -> (what its first argument names, fields; no fields means that the call itself is the value).
FUNCTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "pooled": ("analysis", POOLED_FIELDS),
    "declared": ("declared count", ()),
    "count": ("count", ()),
    "study": ("study", STUDY_FIELDS),
    "clause": ("clause", CLAUSE_FIELDS),
}


@dataclass(frozen=True)
class Binding:
    """One parsed expression."""

    function: str
    arguments: tuple[str, ...]
    field: str | None

    @property
    def names(self) -> tuple[str, str]:
        """Kind and identifier of what the expression is about."""
        return FUNCTIONS[self.function][0], self.arguments[0]


class BindingError(ValueError):
    """The expression is not one that prose may use."""


def parse(expression: str) -> Binding:
    """Parse one expression.

    Raises :class:`BindingError` with a sentence that says what is wrong.
    """
    try:
        node: ast.expr = ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BindingError(f"`{expression}` is no expression that can be read") from None
    field = None
    if isinstance(node, ast.Attribute):
        field, node = node.attr, node.value
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.keywords:
        raise BindingError("a binding is one call, and one field of what it returns")
    name = node.func.id
    if name not in FUNCTIONS:
        hint = did_you_mean(name, FUNCTIONS)
        raise BindingError(f"`{name}` is not known; {hint or 'known are: ' + ', '.join(FUNCTIONS)}")
    arguments = tuple(a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))
    most = 2 if name == "pooled" else 1
    if len(arguments) != len(node.args) or not 1 <= len(arguments) <= most:
        raise BindingError(f"`{name}` takes {'one or two names' if most == 2 else 'one name'} in quotes")
    _check_field(name, field, FUNCTIONS[name][1])
    return Binding(name, arguments, field)


def _check_field(name: str, field: str | None, fields: Iterable[str]) -> None:
    known = tuple(fields)
    if field is None and known:
        raise BindingError(f"`{name}(...)` needs one of its fields: " + ", ".join(known))
    if field is not None and field not in known:
        hint = did_you_mean(field, known)
        allowed = "known are: " + ", ".join(known) if known else f"`{name}(...)` is a value and has no fields"
        raise BindingError(f"`{field}` is not known; {hint or allowed}")
