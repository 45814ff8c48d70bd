"""Work on files of their own, side by side where the system can do so cheaply."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Mapping
from multiprocessing import get_context
from multiprocessing.connection import Connection

Work = Callable[[], None]


def side_by_side(works: Mapping[str, Work]) -> None:
    """Do works that write files, each under its name, for example a language.

    On Linux each has a process of its own, a copy of this one that shares its memory; elsewhere, where such copies are
    not safe, one follows another.

    Raises what a work raises, and ChildProcessError if one of the processes is stopped from outside.
    """
    if sys.platform != "linux":
        for work in works.values():
            work()
        return
    (_, first), *others = works.items()
    context = get_context("fork")
    running = []
    for name, work in others:
        ours, theirs = context.Pipe(duplex=False)
        with warnings.catch_warnings():
            # Python warns of copies of a process with threads: ours only show progress, and a copy prints nothing
            warnings.simplefilter("ignore", DeprecationWarning)
            process = context.Process(target=_answer, args=(theirs, work))
            process.start()
        theirs.close()
        running.append((name, ours, process))
    try:
        first()
        for name, ours, _process in running:
            try:
                fault = ours.recv()
            except EOFError:
                raise ChildProcessError(f"the process of {name} was stopped; perhaps the memory was full") from None
            if fault is not None:
                raise fault
    finally:
        for _name, ours, process in running:
            ours.close()
            process.join()


def _answer(theirs: Connection, work: Work) -> None:
    try:
        work()
    except Exception as error:  # noqa: BLE001 - told to the process that asked, which raises it
        theirs.send(error)
    else:
        theirs.send(None)
    finally:
        theirs.close()
