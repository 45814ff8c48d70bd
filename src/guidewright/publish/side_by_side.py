"""The same work for each language, side by side where the system can do so cheaply."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable
from multiprocessing import get_context
from multiprocessing.connection import Connection


def side_by_side(work: Callable[[str], None], tags: Iterable[str]) -> None:
    """Do ``work``, which writes files, for each language.

    On Linux each language has a process of its own, a copy of this one that shares its memory; elsewhere, where such
    copies are not safe, one language follows another.

    Raises what ``work`` raises, and ChildProcessError if one of the processes is stopped from outside.
    """
    first, *others = tags
    if sys.platform != "linux":
        for tag in (first, *others):
            work(tag)
        return
    context = get_context("fork")
    running = []
    for tag in others:
        ours, theirs = context.Pipe(duplex=False)
        with warnings.catch_warnings():
            # Python warns of copies of a process with threads: ours only show progress, and a copy prints nothing
            warnings.simplefilter("ignore", DeprecationWarning)
            process = context.Process(target=_answer, args=(theirs, work, tag))
            process.start()
        theirs.close()
        running.append((tag, ours, process))
    try:
        work(first)
        for tag, ours, _process in running:
            try:
                fault = ours.recv()
            except EOFError:
                raise ChildProcessError(f"the process of {tag} was stopped; perhaps the memory was full") from None
            if fault is not None:
                raise fault
    finally:
        for _tag, ours, process in running:
            ours.close()
            process.join()


def _answer(theirs: Connection, work: Callable[[str], None], tag: str) -> None:
    try:
        work(tag)
    except Exception as error:  # noqa: BLE001 - told to the process that asked, which raises it
        theirs.send(error)
    else:
        theirs.send(None)
    finally:
        theirs.close()
