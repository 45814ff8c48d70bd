"""The command line: each command reads its options, calls one function and prints."""

from __future__ import annotations


def main() -> None:
    """Run the ``guidewright`` command."""
    from guidewright.cli.app import app

    app()
