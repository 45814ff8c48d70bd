"""SciPy's special functions under their own names, imported at the first use of one.

Importing them takes longer than all the rest of the pooling room. ``scipy.stats`` would take a second more.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    function = getattr(import_module("scipy.special"), name)
    globals()[name] = function  # from now on it is found without asking here
    return function
