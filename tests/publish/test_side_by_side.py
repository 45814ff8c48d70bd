"""What is done side by side is all done; what goes wrong in one of it is said."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

import pytest

from guidewright.publish.side_by_side import side_by_side


def test_every_language_is_worked_on(tmp_path: Path) -> None:
    side_by_side({tag: (tmp_path / tag).touch for tag in ("zh", "en", "fr")})
    assert {path.name for path in tmp_path.iterdir()} == {"zh", "en", "fr"}


@pytest.mark.parametrize("broken", ["zh", "en"])
def test_a_fault_in_any_language_is_raised(broken: str) -> None:
    def work(tag: str) -> None:
        if tag == broken:
            raise LookupError(f"no words for {tag}")

    with pytest.raises(LookupError, match=f"no words for {broken}"):
        side_by_side({tag: partial(work, tag) for tag in ("zh", "en")})


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere one language follows another in this process")
def test_a_process_that_is_stopped_is_named() -> None:
    with pytest.raises(ChildProcessError, match="the process of en was stopped"):
        side_by_side({"zh": lambda: None, "en": lambda: os._exit(9)})
