"""A million subsets of 20 studies (GOSH), each pooled with random effects: seconds and peak memory.

Usage: python benchmarks/subsets.py. Each run is in a process of its own, whose peak memory is that of the whole
interpreter with everything it imported.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time

import numpy as np
from timing import conditions, cpu_seconds

from guidewright.metaanalysis.options import Tau2Method
from guidewright.metaanalysis.sensitivity.gosh import gosh

STUDIES, SUBSETS = 20, 1_000_000
METHODS = (Tau2Method.REML, Tau2Method.DL, Tau2Method.PM)


def measure(method: Tau2Method) -> None:
    """In a process of its own: print CPU seconds, seconds by the clock, and peak memory in megabytes."""
    rng = np.random.default_rng(20)
    v = np.exp(rng.normal(-2.5, 0.9, STUDIES))
    y = 0.3 + rng.normal(size=STUDIES) * np.sqrt(v + 0.1)
    start = time.perf_counter()
    cpu = cpu_seconds(lambda: gosh(y, v, subsets=SUBSETS, tau2_method=method))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
    print(cpu, time.perf_counter() - start, peak)


def main() -> None:
    """One process for each estimator; the table."""
    print(conditions(("scipy",)))
    print(f"{SUBSETS:,} subsets of {STUDIES} studies; goal: seconds, and less than 1 GB\n")
    print(f"{'tau2 by':<10}{'CPU s':>8}{'clock s':>9}{'peak MB':>9}")
    for method in METHODS:
        run = subprocess.run([sys.executable, __file__, method], check=True, capture_output=True)
        cpu, clock, peak = map(float, run.stdout.split())
        print(f"{method:<10}{cpu:>8.1f}{clock:>9.1f}{peak:>9.0f}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(Tau2Method(sys.argv[1]))
    else:
        main()
