"""Seconds and memory of de-duplication as the number of records grows.

    python benchmarks/dedupe_scale.py FOLDER [RECORDS ...]

Records are made from real ones (see ``duplicate_sets.py``): titles in which most words are exchanged for words of other
titles, authors, journals, years and pages drawn anew, and a copy in capitals for every fourth. Each number of records
runs in a process of its own; memory is its peak, the records themselves and Python included.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from duplicate_sets import sets_in

from guidewright.evidence.dedupe.decide import find_duplicates
from guidewright.evidence.found import Found


def enlarged(folder: Path, size: int) -> list[Found]:
    """So many records, a fifth of them copies."""
    rnd = random.Random(1)  # noqa: S311 - no secret
    bases = [record for some in sets_in(folder) for record in some.records]
    words = [word for record in bases for word in record.title.split() if len(word) > 3]
    names = [name for record in bases for name in record.authors]
    journals = [record.journal for record in bases if record.journal]
    made: list[Found] = []
    while len(made) < size:
        base, page = rnd.choice(bases), rnd.randrange(1, 3000)
        title = " ".join(
            rnd.choice(words) if len(word) > 3 and rnd.random() < 0.6 else word for word in base.title.split()
        )
        one = replace(
            base,
            id=f"made/{len(made) + 1}",
            title=title,
            authors=tuple(rnd.sample(names, max(1, min(len(base.authors), 6)))),
            year=rnd.randrange(1990, 2025),
            journal=rnd.choice(journals),
            volume=str(rnd.randrange(1, 200)),
            pages=f"{page}-{page + rnd.randrange(3, 12)}",
        )
        made.append(one)
        if rnd.random() < 0.25:
            made.append(replace(one, id=f"made/{len(made) + 1}", title=title.upper(), pages=str(page)))
    return made[:size]


def main() -> None:
    """Print a line for each size."""
    folder = Path(sys.argv[1])
    if len(sys.argv) == 4 and sys.argv[3] == "--one":
        records = enlarged(folder, int(sys.argv[2]))
        start = time.perf_counter()
        found = find_duplicates(records)
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(
            f"{len(records):>9,} records  {seconds:>7.1f} s  {len(records) / seconds:>7,.0f} a second  {peak:.2f} GB"
            f"  copies {found.surplus:,}, questions {len(found.ask):,}"
        )
        return
    for size in sys.argv[2:] or ["10000", "30000", "100000"]:
        subprocess.run([sys.executable, __file__, str(folder), size, "--one"], check=True)


if __name__ == "__main__":
    main()
