"""De-duplication beside bib-dedupe, in one run, on sets with known duplicates.

    python benchmarks/dedupe.py FOLDER [--bib-dedupe PYTHON] [--rounds N]

FOLDER holds sets (see ``duplicate_sets.py``). PYTHON is the interpreter of an environment that has bib-dedupe, whose
pins need not suit ours: ``python -m venv throw-away && throw-away/bin/pip install bib-dedupe``, then
``--bib-dedupe throw-away/bin/python``. Both take turns on each set, each in a fresh process; the time is from records
in memory to groups of duplicates, without starting Python, importing, or reading the file. Printed: records per
second, precision and recall of merged pairs, publications lost by merging, questions for people, and every false merge.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import combinations
from pathlib import Path
from typing import Any

from duplicate_sets import DuplicateSet, Pair, read_set, result_of, sets_in, studies_lost

from guidewright.evidence.dedupe.decide import find_duplicates

THEIRS = """
import json, sys, time, warnings, contextlib, io
warnings.simplefilter("ignore")
import pandas as pd
from bib_dedupe.bib_dedupe import block, cluster, match, prep
if __name__ == "__main__":
    table = pd.read_csv(sys.argv[1], dtype=str)
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        groups = cluster(match(block(prep(table))))
    print(json.dumps({"seconds": time.perf_counter() - start, "groups": [list(group) for group in groups]}))
"""


def ours(folder: Path) -> dict[str, Any]:
    """Seconds and result of our own, in this process."""
    some = read_set(folder)
    start = time.perf_counter()
    found = find_duplicates(some.records)
    seconds = time.perf_counter() - start
    result = result_of(some.records, found)
    return {
        "seconds": seconds,
        "merged": sorted(result.merged),
        "covered": sorted(result.covered),
        "ask": result.ask,
        "related": result.related,
    }


def _run(command: list[str], script: str | None = None) -> dict[str, Any]:
    done = subprocess.run(command, input=script, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _theirs(python: str, folder: Path) -> dict[str, Any]:
    script = folder_script()
    answer = _run([python, str(script), str(folder / "records_pre_merged.csv")])
    answer["merged"] = [
        tuple(sorted((int(a.rpartition("_")[2]) - 1, int(b.rpartition("_")[2]) - 1)))
        for group in answer["groups"]
        for a, b in combinations(group, 2)
    ]
    answer["covered"] = answer["merged"]
    return answer


def folder_script() -> Path:
    """bib-dedupe starts processes of its own and therefore needs a file to run."""
    path = Path(tempfile.gettempdir()) / f"their_dedupe_{os.getpid()}.py"
    path.write_text(THEIRS, encoding="utf-8")
    return path


def _line(name: str, some: DuplicateSet, answers: list[dict[str, Any]]) -> tuple[str, float]:
    last = answers[-1]
    merged, covered = ({(int(a), int(b)) for a, b in last[key]} for key in ("merged", "covered"))
    true = some.pairs
    rate = len(some.records) / statistics.median(answer["seconds"] for answer in answers)
    precision = len(merged & true) / max(len(merged), 1)
    with_ask = f"{len(covered & true) / len(true):.4f}" if "ask" in last else "-"
    cells = (
        f"{rate:>9,.0f}", f"{precision:>10.4f}", f"{len(merged & true) / len(true):>8.4f}", f"{with_ask:>9}",
        f"{len(merged - true):>6}", f"{studies_lost(merged, some):>5}", f"{last.get('ask', '-'):>6}",
    )  # fmt: skip
    return f"{some.name:<20} {len(some.records):>6} {name:<12}" + "".join(cells), rate


def _shown(some: DuplicateSet, pairs: set[Pair]) -> None:
    for pair in sorted(pairs):
        print("   false merge:")
        for n in pair:
            r = some.records[n]
            authors = "; ".join(map(str, r.authors[:3]))
            print(f"      {r.id}: {r.title} | {r.year} | {authors} | {r.journal} {r.volume} {r.pages}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bib-dedupe", dest="python")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", action="store_true", help="one set, as JSON: what the rounds run")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(ours(options.folder)))
        return
    machine = f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}, load {os.getloadavg()[0]:.1f}")
    headings = f"{'records/s':>9}{'precision':>10}{'recall':>8}{'with ask':>9}{'false':>6}{'lost':>5}{'ask':>6}"
    print(f"{'set':<20} {'n':>6} {'by':<12}{headings}")
    for some in sets_in(options.folder):
        folder = options.folder / some.name
        mine, other = [], []
        for _ in range(options.rounds):
            mine.append(_run([sys.executable, __file__, str(folder), "--one"]))
            if options.python:
                other.append(_theirs(options.python, folder))
        text, rate = _line("guidewright", some, mine)
        print(text)
        _shown(some, {(a, b) for a, b in mine[-1]["merged"]} - some.pairs)
        if other:
            text, their_rate = _line("bib-dedupe", some, other)
            print(f"{text}   ratio {rate / their_rate:.0f}")
            _shown(some, {(a, b) for a, b in other[-1]["merged"]} - some.pairs)


if __name__ == "__main__":
    main()
