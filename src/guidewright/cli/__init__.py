"""The command line: each command reads its options, calls one function and prints."""

from __future__ import annotations

import io
import sys

#: Exit code of a command that was stopped with Ctrl+C: 128 and the number of the signal, as shells have it.
STOPPED = 130


def main() -> None:
    """Run the ``guidewright`` command."""
    for stream in (sys.stdout, sys.stderr):
        # neither a console that lacks a sign nor a file name that is no text may end the program
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        from guidewright.cli.app import app

        app()
    except KeyboardInterrupt:  # while the commands are imported; later the library of the commands sees to it
        sys.exit(STOPPED)
    except OSError as error:  # a folder that cannot be written, a full disk
        print(_said(error), file=sys.stderr)
        sys.exit(2)


def _said(error: OSError) -> str:
    if error.filename is None:
        return f"what is read or written cannot be used: {error.strerror or error}"
    if isinstance(error, FileExistsError | NotADirectoryError):
        return f"{error.filename} cannot be used: a file is where a folder is needed"
    return f"{error.filename} cannot be used: {error.strerror}"
