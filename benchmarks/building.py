"""Time of ``guidewright build`` against bare MkDocs-Material on the same rendered pages, in one run.

Usage: python benchmarks/building.py [PROJECT]. Both run in processes of their own and take turns; CPU seconds are those
of the processes and their children. The bare build gets the same Markdown and the same settings but for what is ours:
it parses every page with Python-Markdown alone, and makes the search index itself, which ours makes after the builder.
At the end both sites can be searched. Prints ratios; it is no test.
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

ROUNDS = 5


def bare_project(root: Path, scratch: Path) -> Path:
    """The rendered pages and settings of a project, without our extension of Markdown and with every page in search."""
    settings = (root / "mkdocs.yml").read_text(encoding="utf-8").splitlines(keepends=True)
    (scratch / "mkdocs.yml").write_text("".join(s for s in settings if "whole_blocks" not in s), encoding="utf-8")
    (scratch / "site").mkdir()
    for language in (root / "site").glob("mkdocs.*.yml"):
        shutil.copy(language, scratch / "site")
    shutil.copytree(root / "site/pages", scratch / "site/pages")
    for page in (scratch / "site/pages").rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        page.write_text(text.removeprefix("---\nsearch:\n  exclude: true\n---\n"), encoding="utf-8")
    return scratch


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
    """Measure in turns and print the medians."""
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    python = sys.executable
    cost([python, "-m", "guidewright", "build"], root)
    ours, bare = [], []
    with TemporaryDirectory() as scratch:
        plain = bare_project(root, Path(scratch))
        for _ in range(ROUNDS):
            ours.append(cost([python, "-m", "guidewright", "build"], root))
            parts = [
                cost([python, "-m", "mkdocs", "build", "-q", "-f", str(settings.relative_to(plain))], plain)
                for settings in sorted((plain / "site").glob("mkdocs.*.yml"))
            ]
            bare.append((sum(p[0] for p in parts), sum(p[1] for p in parts)))
    pages = len(list((root / "site/pages").rglob("*.md")))
    print(f"{pages} pages; Python {platform.python_version()}, mkdocs-material {version('mkdocs-material')}")
    for name, runs in (("guidewright build", ours), ("bare mkdocs, one language after another", bare)):
        wall, cpu = (median(run[n] for run in runs) for n in (0, 1))
        print(f"{name:<42} {wall:6.1f} s wall {cpu:6.1f} s CPU")
    for name, n in (("wall", 0), ("CPU", 1)):
        ratios = sorted(mine[n] / theirs[n] for mine, theirs in zip(ours, bare, strict=True))
        print(f"ratio of {name} time: {median(ratios):.2f}, from {ratios[0]:.2f} to {ratios[-1]:.2f}; goal 1.15")


if __name__ == "__main__":
    main()
