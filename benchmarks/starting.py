"""How long importing takes, which every command of a shell pays before it does anything.

Usage: python benchmarks/starting.py. Each import is in a fresh interpreter; medians of CPU seconds and of the clock. A
peer that is missing is left out.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import time
from statistics import median

from timing import conditions

REPETITIONS = 7
ROOM = "guidewright.metaanalysis"
MODULES = (
    "numpy",
    f"{ROOM}.pooling",
    f"{ROOM}.heterogeneity",
    f"{ROOM}.effects",
    f"{ROOM}.moderators",
    f"{ROOM}.sensitivity.leave_one_out",
    f"{ROOM}.bias",
    "scipy.stats",
    "statsmodels.api",
    "pymare",
)


def cost(command: list[str]) -> tuple[float, float] | None:
    """Median CPU seconds and seconds by the clock of a command; None where it does not run."""
    taken = []
    for _ in range(REPETITIONS):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return None
        clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, clock))
    return median(one[0] for one in taken), median(one[1] for one in taken)


def main() -> None:
    """Measure and print the table."""
    print(conditions(("scipy", "statsmodels", "PyMARE")))
    print(f"medians of {REPETITIONS}; goal: {ROOM}.pooling in less than 0.5 s\n")
    commands = {"python alone": [sys.executable, "-c", "pass"]}
    commands |= {f"import {name}": [sys.executable, "-c", f"import {name}"] for name in MODULES}
    if found := shutil.which("Rscript"):
        commands["library(metafor)"] = [found, "-e", "suppressPackageStartupMessages(library(metafor))"]
    print(f"{'':<60}{'CPU s':>8}{'clock s':>9}")
    for name, command in commands.items():
        taken = cost(command)
        print(f"{name:<60}" + (f"{taken[0]:>8.2f}{taken[1]:>9.2f}" if taken else "       -        -"))


if __name__ == "__main__":
    main()
