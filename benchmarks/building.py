"""Time of ``guidewright build`` against bare MkDocs-Material on the same rendered pages, in one run.

Usage: python benchmarks/building.py [PROJECT]. Both run in processes of their own; CPU seconds are those of the
processes and their children, so that a busy machine matters less. Prints a ratio; it is no test.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path


def cost(command: list[str], root: Path) -> tuple[float, float]:
    """Wall and CPU seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run(command, cwd=root, check=True, capture_output=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, cpu


def main() -> None:
    """Measure three times and print the medians."""
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    python = sys.executable
    cost([python, "-m", "guidewright", "build"], root)
    ours, bare = [], []
    for _ in range(3):
        ours.append(cost([python, "-m", "guidewright", "build"], root))
        parts = [
            cost([python, "-m", "mkdocs", "build", "-q", "-f", str(settings.relative_to(root))], root)
            for settings in sorted((root / "site").glob("mkdocs.*.yml"))
        ]
        bare.append((sum(p[0] for p in parts), sum(p[1] for p in parts)))
    pages = len(list((root / "site/pages").rglob("*.md")))
    print(f"{pages} pages; Python {platform.python_version()}, mkdocs-material {version('mkdocs-material')}")
    for name, runs in (("guidewright build", ours), ("bare mkdocs, one language after another", bare)):
        wall, cpu = (sorted(run[n] for run in runs)[1] for n in (0, 1))
        print(f"{name:<42} {wall:6.1f} s wall {cpu:6.1f} s CPU")
    ratio = sorted(run[1] for run in ours)[1] / sorted(run[1] for run in bare)[1]
    print(f"ratio of CPU time {ratio:.2f}")


if __name__ == "__main__":
    main()
