"""Which files a project has, and which would be overlooked."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

from guidewright.crossrefs import Loaded
from guidewright.kinds import KINDS, LITTER, OTHER_FOLDERS, OTHER_PATTERNS, ROOMS, Kind
from guidewright.problems import Problem, did_you_mean

Found = tuple[list[Loaded], list[Problem]]


def files_of(root: Path, kind: Kind) -> tuple[list[Path], Found]:
    """The files of a kind; and what is missing, or cannot be read because it stands elsewhere."""
    folder = root / kind.folder
    if kind.single:
        paths = [root / kind.pattern] if (root / kind.pattern).is_file() else []
    else:
        paths = [p for p in sorted(folder.glob(kind.pattern.rpartition("/")[2])) if not _ignored(p) and p.is_file()]
    if kind.required and not (paths if kind.single else folder.is_dir()):
        what = kind.pattern if kind.single else kind.folder
        problem = Problem(
            what,
            1,
            1,
            f"this {'file' if kind.single else 'folder'} is missing; it holds {kind.what}",
            next_step="make it; `guidewright new DIR` writes a project with an example to copy",
        )
        return [], ([Loaded(kind, what, "")], [problem])
    inside = {folder: not leads_out(root, folder) for folder in {path.parent for path in paths}}
    outside = [p for p in paths if not inside[p.parent] or (p.is_symlink() and leads_out(root, p))]
    problems = [link_problem(root, path) for path in outside]
    return [p for p in paths if p not in outside], ([Loaded(kind, name_of(root, p), p.stem) for p in outside], problems)


def leads_out(root: Path, path: Path) -> bool:
    """Whether a file is a link to somewhere outside of the project."""
    return not path.resolve().is_relative_to(root)


def link_problem(root: Path, path: Path) -> Problem:
    """A link that leads out of the project: what it shows is not part of the project, and may be anything."""
    rule, advice = "is a link that leads out of the project", "copy the file into the project"
    return Problem(name_of(root, path), 1, 1, rule, next_step=advice)


def overlooked(root: Path) -> Found:
    """Files and folders that stand in a room of the project but would not be read."""
    rows: list[Loaded] = []
    problems: list[Problem] = []
    folders = {kind.folder for kind in KINDS}
    for folder in sorted({*ROOMS, *folders}):
        for path in sorted((root / folder).glob("*")):
            name = name_of(root, path)
            if _ignored(path) or name in folders or name in OTHER_FOLDERS:
                continue
            if fault := _overlooked(path, name, folder):
                problems.append(fault)
                rows += [Loaded(kind, name, stem) for kind, stem in _meant(path, folder)]
    return rows, problems


def _overlooked(path: Path, name: str, folder: str) -> Problem | None:
    patterns = [kind.pattern for kind in KINDS] + list(OTHER_PATTERNS)
    if path.is_dir():
        known = sorted(k.folder.rpartition("/")[2] for k in KINDS if k.folder.startswith(folder + "/"))
        hint = did_you_mean(path.name, known)
        return Problem(
            name,
            1,
            1,
            "would not be read: no such folder belongs here" + (f"; {hint}" if hint else ""),
            next_step=f"rename it; folders here are: {', '.join(known)}" if known else f"move its files to {folder}",
        )
    if not path.exists():
        return Problem(name, 1, 1, "is a link that leads nowhere", next_step="copy the file into the project")
    if any(fnmatch(name, pattern) for pattern in patterns):
        return None
    here = ", ".join(sorted({p.rpartition("/")[2] for p in patterns if p.rpartition("/")[0] == folder}))
    return Problem(
        name,
        1,
        1,
        f"would not be read: files in this folder are called {here}",
        next_step="rename it, or move it elsewhere",
    )


def _meant(path: Path, folder: str) -> list[tuple[Kind, str]]:
    """Kinds of which an overlooked file or folder probably is, with the file name it would have."""
    if path.is_dir():
        known = {kind.folder.rpartition("/")[2]: kind for kind in KINDS if kind.folder.startswith(folder + "/")}
        hint = did_you_mean(path.name, known) or ""
        within = [kind for kind in KINDS if kind.folder == folder and not kind.single]
        return [(kind, "") for name, kind in known.items() if name in hint] + [
            (kind, inner.stem) for kind in within for inner in path.rglob("*") if inner.is_file()
        ]
    return [
        (kind, path.stem)
        for kind in KINDS
        if kind.folder == folder and (not kind.single or Path(kind.pattern).stem == path.stem)
    ]


def _ignored(path: Path) -> bool:
    """Hidden files, what programs leave behind, and the notes about a folder."""
    return path.name == "README.md" or any(fnmatch(path.name, pattern) for pattern in LITTER)


def name_of(root: Path, path: Path) -> str:
    """Name of a file in messages."""
    return path.relative_to(root).as_posix()
