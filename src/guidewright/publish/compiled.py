"""Templates that were compiled before."""

from __future__ import annotations

import jinja2

from guidewright import __version__


def compiled_templates() -> jinja2.BytecodeCache | None:
    """Templates compiled before, in a folder that only this user may write (Jinja sees to that), as they are code."""
    try:
        return jinja2.FileSystemBytecodeCache(pattern=f"__guidewright_{__version__}_%s.cache")
    except (RuntimeError, OSError):  # there is no such folder; compiling again takes a second or two
        return None
