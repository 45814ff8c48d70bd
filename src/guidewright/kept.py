"""Results of functions of frozen values, kept so that the same values need not be worked through twice.

A preview loads a project again after every save. Files that stayed as they were give the very same values
(:mod:`guidewright.loading.contents`), so what was computed from them is looked up by identity, which is quick and
cannot confuse two values: the values are kept with the result, so their identity is not given to others.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
#: Compared by what they are; everything else by identity.
_PLAIN = (str, int, float, bool, type(None))


class _Same:
    """A value that equals only itself."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value


def kept(size: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep the last ``size`` results of a function whose arguments and results nobody changes.

    A function that raises is called again the next time.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @lru_cache(maxsize=size)
        def remembered(arguments: tuple[Any, ...], named: tuple[tuple[str, Any], ...]) -> T:
            return function(*map(_value, arguments), **{name: _value(one) for name, one in named})

        @wraps(function)
        def call(*arguments: P.args, **named: P.kwargs) -> T:
            return remembered(tuple(map(_key, arguments)), tuple((name, _key(value)) for name, value in named.items()))

        return call

    return decorate


def _key(value: object) -> object:
    return value if isinstance(value, _PLAIN) else _Same(value)


def _value(key: Any) -> Any:
    return key.value if isinstance(key, _Same) else key
