"""What all benchmarks share: CPU time, and where and with what it was measured."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def cpu_seconds(function: Callable[[], object]) -> float:
    """User and system seconds of this process and its threads: a busy machine matters less than with a clock."""
    before = time.process_time()
    function()
    return time.process_time() - before


def conditions(packages: tuple[str, ...] = ()) -> str:
    """Machine, load and versions, for the head of a table."""
    found = [f"Python {platform.python_version()}", *(f"{name} {_version(name)}" for name in ("numpy", *packages))]
    load = "load " + "/".join(f"{value:.1f}" for value in os.getloadavg()) if hasattr(os, "getloadavg") else ""
    return f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, {load}; {', '.join(found)}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        for line in facts.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
