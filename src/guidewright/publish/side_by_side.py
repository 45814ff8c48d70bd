"""The same work for each language, side by side where the system can do so cheaply."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TypeVar

T = TypeVar("T")


def side_by_side(work: Callable[[str], T], tags: Iterable[str]) -> dict[str, T]:
    """What ``work`` returns for each language.

    On Linux each language has a process of its own, a copy of this one that shares its memory; elsewhere, where such
    copies are not safe, one language follows another. Results must be values that can be sent to another process.

    Raises what ``work`` raises.
    """
    first, *others = tags
    if sys.platform != "linux":
        return {tag: work(tag) for tag in (first, *others)}
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
        found = {first: work(first)}
        for tag, ours, _process in running:
            succeeded, answer = ours.recv()
            if not succeeded:
                raise answer
            found[tag] = answer
    finally:
        for _tag, ours, process in running:
            ours.close()
            process.join()
    return found


def _answer(theirs: Connection, work: Callable[[str], T], tag: str) -> None:
    try:
        theirs.send((True, work(tag)))
    except Exception as error:  # noqa: BLE001 - told to the process that asked, which raises it
        theirs.send((False, error))
    finally:
        theirs.close()
