"""How the time of pooling grows with the number of studies, from ten thousand rows to ten million.

Usage: python benchmarks/growth.py [LARGEST]. REML with all statistics, in analyses of 10 to 20 studies that lie one
behind the other, and in one single analysis; nanoseconds of CPU time for a row, and peak memory, each in a process of
its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from statistics import median

import numpy as np
from timing import conditions, cpu_seconds

from guidewright.metaanalysis.kernels.groups import Groups
from guidewright.metaanalysis.pooling import pool_many

SHAPES = ("many small analyses", "one analysis")


def measure(rows: int, shape: str) -> None:
    """In a process of its own: print nanoseconds for a row and peak memory in megabytes."""
    rng = np.random.default_rng(20)
    sizes = rng.integers(10, 21, rows // 15) if shape == SHAPES[0] else np.array([rows])
    total = int(sizes.sum())
    v = np.exp(rng.normal(-2.5, 0.9, total))
    y = 0.3 + rng.normal(size=total) * np.sqrt(v + 0.1)
    groups = Groups.of_sizes(sizes)
    repetitions = 5 if rows <= 100_000 else 1
    seconds = median(cpu_seconds(lambda: pool_many(y, v, groups)) for _ in range(repetitions))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
    print(1e9 * seconds / total, peak)


def main() -> None:
    """One process for each size and shape; the table."""
    largest = int(float(sys.argv[1])) if len(sys.argv) > 1 else 10_000_000
    print(conditions(("scipy",)))
    print("goal: nanoseconds for a row that do not grow\n")
    print(f"{'rows':>12}{SHAPES[0]:>34}{SHAPES[1]:>34}")
    rows = 10_000
    while rows <= largest:
        cells = []
        for shape in SHAPES:
            command = [sys.executable, __file__, str(rows), shape]
            run = subprocess.run(command, check=True, capture_output=True, text=True)
            each, peak = map(float, run.stdout.split())
            cells.append(f"{each:,.0f} ns, peak {peak:,.0f} MB")
        print(f"{rows:>12,}{cells[0]:>34}{cells[1]:>34}")
        rows *= 10


if __name__ == "__main__":
    if len(sys.argv) > 2:
        measure(int(sys.argv[1]), sys.argv[2])
    else:
        main()
