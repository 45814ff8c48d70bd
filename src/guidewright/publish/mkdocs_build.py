"""MkDocs as its own command runs it (``python -m guidewright.publish.mkdocs_build build ...``), a little sooner.

MkDocs compiles the templates of its theme anew at every build; here they are kept from build to build, as ours are.
"""

from __future__ import annotations

import jinja2
from mkdocs.__main__ import cli
from mkdocs.theme import Theme

from guidewright.publish.compiled import compiled_templates

_environment = Theme.get_env


def _with_kept_templates(theme: Theme) -> jinja2.Environment:
    made = _environment(theme)
    made.bytecode_cache = compiled_templates()
    return made


if __name__ == "__main__":
    Theme.get_env = _with_kept_templates  # type: ignore[assignment, method-assign]
    cli()
