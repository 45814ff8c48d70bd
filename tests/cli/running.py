"""Running the command as people do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from guidewright.cli.app import app

ROOT = Path(__file__).parents[2]
RUNNER = CliRunner()


def run(*arguments: str | Path) -> Result:
    """Run a command in this process."""
    return RUNNER.invoke(app, [str(argument) for argument in arguments])


def run_json(*arguments: str | Path) -> tuple[int, Any]:
    """Run a command with ``--json``; its exit code and what it printed."""
    result = run(*arguments, "--json")
    return result.exit_code, json.loads(result.stdout)


def spawn(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a program of its own."""
    return subprocess.run(
        [sys.executable, "-m", "guidewright", *map(str, arguments)],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
