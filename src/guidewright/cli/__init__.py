"""The command line: each command reads its options, calls one function and prints."""

from __future__ import annotations

import io
import sys


def main() -> None:
    """Run the ``guidewright`` command."""
    from guidewright.cli.app import app

    for stream in (sys.stdout, sys.stderr):
        # neither a console that lacks a sign nor a file name that is no text may end the program
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except OSError as error:  # a folder that cannot be written, a full disk
        if error.filename is None:
            raise
        print(f"{error.filename} cannot be used: {error.strerror}", file=sys.stderr)
        sys.exit(2)
