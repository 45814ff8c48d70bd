"""Help is instant, complete, and knows nothing of the heavy libraries."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys

import pytest

from guidewright.cli.app import app
from tests.cli.running import run, spawn

COMMANDS = sorted(one.name or one.callback.__name__ for one in app.registered_commands if one.callback)
HEAVY = ["pandas", "numpy", "scipy", "statsmodels", "pymare", "mkdocs", "pyarrow", "citeproc", "pypandoc"]
IMPORTED = """
import sys
from guidewright.cli import main
sys.argv = {argv!r}
try:
    main()
except SystemExit as end:
    code = end.code
print("\\n" + __import__("json").dumps([code, [name for name in {heavy!r} if name in sys.modules]]))
"""


def test_the_commands_are_those_of_the_manual() -> None:
    assert [
        *("agreement", "appraise", "build", "certainty", "check", "dedupe", "documents", "explain", "export", "grade"),
        *("import", "link", "new", "pool", "prisma", "schema", "screen", "serve", "status", "votes"),
    ] == COMMANDS


def test_help_answers_within_half_a_second() -> None:
    """Of processor time, which other tests at the same moment do not lengthen as they do the wait."""
    taken = []
    for _ in range(3):
        started = used()
        done = spawn("--help")
        taken.append(used() - started)
        assert done.returncode == 0
        assert done.stderr == ""
    assert min(taken) < 0.5, taken


def used() -> float:
    """Processor seconds of all ended child processes."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def test_help_names_every_command_and_the_exit_codes() -> None:
    text = run("--help").stdout
    for command in COMMANDS:
        assert f"\n  {command} " in text
    assert "0 fine, 1 problems in the content, 2 wrong use" in text


@pytest.mark.parametrize("arguments", [["--help"], *([command, "--help"] for command in COMMANDS)], ids=" ".join)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = IMPORTED.format(argv=["guidewright", *arguments], heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.strip().rpartition("\n")[2]) == [0, []]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: root {command} ")
    assert len(result.stdout.split("\n")[2].strip()) > 20, "a sentence about the command"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["chek"],
        ["check", "--jsn"],
        ["new"],
        ["new", "a", "b"],
        ["serve", "--port", "0"],
        ["serve", "--port", "many"],
        ["check", "--project"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_exit_code_2(arguments: list[str]) -> None:
    done = spawn(*arguments)
    assert done.returncode == 2
    assert re.search("Usage: |Error: ", done.stdout + done.stderr)
    assert "Traceback" not in done.stderr
