"""Files of decisions survive whoever ends the program, at any moment."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from guidewright.decisions import BrokenFileError, DecisionFile
from guidewright.evidence.duplicates import DuplicateDecision

FILE = "evidence/duplicates.csv"
#: Writes decisions one after the other, and says on its standard output which it has kept.
WRITER = """
import sys
from pathlib import Path
from guidewright.decisions import DecisionFile
from guidewright.evidence.dedupe.recorded import with_decision
from guidewright.evidence.duplicates import DuplicateDecision
table = DecisionFile(Path(sys.argv[1]), sys.argv[2], DuplicateDecision)
print("ready", flush=True)
for n in range(int(sys.argv[3]), 100000):
    line = DuplicateDecision(record=f"a/{n}", same_as=f"b/{n}", decision="same", by="li-na", reason="x" * 200)
    table.change(lambda rows: with_decision(rows, line))
    print(n, flush=True)
"""


def table_in(folder: Path) -> DecisionFile[DuplicateDecision]:
    return DecisionFile(folder, FILE, DuplicateDecision)


def test_no_decision_is_lost_and_no_file_is_half_written_when_the_program_is_killed(tmp_path: Path) -> None:
    rnd = random.Random(20)  # noqa: S311 - no secret
    kept = 0
    for _ in range(12):
        command = [sys.executable, "-c", WRITER, str(tmp_path), FILE, str(kept + 1)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline().strip() == "ready"
            time.sleep(rnd.uniform(0.0, 0.15))
            writer.kill()
            said = [int(line) for line in writer.stdout.read().split() if line]
        rows = table_in(tmp_path).read()
        numbers = sorted(int(row.record.partition("/")[2]) for row in rows)
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= (said[-1] if said else kept)
        kept = len(numbers)
    assert kept


def test_a_broken_file_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.parent.mkdir(parents=True)
    path.write_text("record,same_as,decision\na/1,b/1,perhaps\n", encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(BrokenFileError) as raised:
        table_in(tmp_path).change(lambda rows: rows)
    assert raised.value.problems[0].line == 2
    assert path.read_bytes() == before


def test_cells_hold_one_line_and_nothing_that_a_table_cannot(tmp_path: Path) -> None:
    row = DuplicateDecision(record="a/1", same_as="b/1", decision="same", by="li-na", reason='a "quote",\nand \x1b[0m')
    table_in(tmp_path).change(lambda rows: [*rows, row])
    assert table_in(tmp_path).read()[0].reason == 'a "quote", and [0m'
