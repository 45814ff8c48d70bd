"""``guidewright new``."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path
from shutil import copytree, ignore_patterns

from guidewright.cli import schema
from guidewright.cli.console import wrong_use


def run(folder: Path) -> None:
    """Copy the starter project and write the schemas its files point to."""
    if folder.exists() and not folder.is_dir():
        wrong_use(f"{folder} is a file; name a folder that does not exist yet")
    if folder.exists() and any(folder.iterdir()):
        wrong_use(f"{folder} exists and is not empty; name a folder that does not exist yet")
    with as_file(files("guidewright").joinpath("starter")) as starter:
        copytree(starter, folder, dirs_exist_ok=True, ignore=ignore_patterns("__pycache__", "*.pyc"))
    # a file called .gitignore inside the package would hide the starter's own files from git
    (folder / "gitignore").rename(folder / ".gitignore")
    schema.run(folder / ".guidewright/schemas", None)
    print(f"A small guideline to start from is in {folder}. Next:")
    print(f"  cd {folder}\n  guidewright check\n  guidewright build")
