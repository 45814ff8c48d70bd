"""Compare every number of reference files with our library: ``python -m tests.metaanalysis.reference_grid FOLDER``.

A file holds what R's metafor (or meta) makes of one data set; ``data/grid.R`` makes such files. Each leaf of a file is
looked up in the rules of ``grid_rules``: it is compared, skipped for a stated reason, or *uncovered*, which is a
fault. So a quantity that nobody thought of cannot pass unseen.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guidewright.metaanalysis.notices import CannotPoolError
from tests.metaanalysis.grid_rules import BLOCKS, DIVERGENCES
from tests.metaanalysis.grid_rules.divergences import Case, Known
from tests.metaanalysis.grid_rules.reference import Place, Reference
from tests.metaanalysis.grid_rules.rules import Answer, Block, Number, Skip, differences, flat, matches

#: What the numbers were computed from, and remarks on it.
INPUTS = frozenset({"name", "metafor", "meta", "metadat", "lme4", "R", "source", "subset", "note", "raw", "column_map"})
Path_ = tuple[str, ...]


@dataclass(frozen=True)
class Mismatch:
    """A number of the file that our library does not give."""

    where: str
    theirs: object
    ours: object

    def __str__(self) -> str:
        return f"{self.where}: the file has {_short(self.theirs)}, we have {_short(self.ours)}"


@dataclass(frozen=True)
class Uncovered:
    """Something in the file that no rule speaks of."""

    where: str

    def __str__(self) -> str:
        return f"{self.where}: no rule covers it"


Fault = Mismatch | Uncovered


@dataclass
class Examination:
    """What became of every leaf."""

    faults: list[Fault] = field(default_factory=list)
    compared: Counter[str] = field(default_factory=Counter)
    """Numbers compared, by quantity."""
    worst: dict[str, tuple[float, str]] = field(default_factory=dict)
    """Largest difference of each quantity, and where."""
    skipped: Counter[str] = field(default_factory=Counter)
    """Leaves by the reason why they are not compared."""
    divergent: Counter[str] = field(default_factory=Counter)
    """Leaves by the reason why ours differs and is right."""


def compare(file: dict[str, Any]) -> list[Fault]:
    """Every number of a file that our library misses, and everything that no rule covers."""
    return examine(file).faults


def examine(file: dict[str, Any], label: str = "", into: Examination | None = None) -> Examination:
    """Compare a file, adding to what other files gave."""
    found = Examination() if into is None else into
    reference = Reference(file)
    answers: dict[tuple[int, Path_], Answer | Exception] = {}
    known: dict[Known, bool] = {}
    for path, there in leaves(file):
        rule = rule_of(path)
        if rule is None:
            found.faults.append(Uncovered(label + "/".join(path)))
            continue
        block, leaf = rule
        if isinstance(leaf, Skip):
            found.skipped[leaf.reason] += 1
            continue
        at = path[: block.depth]
        place = Place(reference, at, _at(file, at))
        key = id(block), at
        if key not in answers:
            answers[key] = _answer(block, place)
        _judge(found, block, leaf, place, path, there, answers[key], label, known)
    return found


def leaves(tree: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Everything that is not a table of named things, but for the inputs."""
    for key, value in tree.items():
        if not path and key in INPUTS:
            continue
        if isinstance(value, dict) and value:
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def rule_of(path: Path_) -> tuple[Block, Number | Skip | None] | None:
    """The block a leaf belongs to, and what is to be done with it; None stands for a failure of the peer."""
    for block in BLOCKS:
        if matches(block.path, path):
            name = "/".join(path[block.depth :])
            if name in block.leaves:
                return block, block.leaves[name]
            if name == "error" and block.peer_failed is not None:
                return block, None
    return None


def _answer(block: Block, place: Place) -> Answer | Exception:
    try:
        return block.answer(place)
    except CannotPoolError as error:
        return error


def _judge(
    found: Examination,
    block: Block,
    leaf: Number | None,
    place: Place,
    path: Path_,
    there: object,
    answer: Answer | Exception,
    label: str,
    known: dict[Known, bool],
) -> None:
    where = label + "/".join(path)
    quantity = _quantity(block, path)
    found.compared[quantity] += 1
    if leaf is None:
        assert block.peer_failed is not None
        fault = block.peer_failed(place, answer)
        if fault is None:
            found.divergent["the peer failed; ours satisfies the definition"] += 1
        else:
            found.faults.append(Mismatch(where, there, fault))
        return
    if isinstance(answer, Exception):
        found.faults.append(Mismatch(where, there, answer))
        return
    ours, theirs = flat(leaf.of(answer.value)), flat(there)
    if len(ours) != len(theirs):
        found.faults.append(Mismatch(where, theirs, ours))
        return
    faulty = False
    reasons = set()
    for index, (off, within) in enumerate(differences(ours, theirs, leaf.tolerance, answer)):
        if within:
            if off >= found.worst.get(quantity, (0.0, ""))[0]:
                found.worst[quantity] = off, label + "/".join(place.path)
            continue
        case = Case(place, path, answer, index, ours[index], theirs[index])
        reason = next((one.reason for one in DIVERGENCES if one.holds(case, known)), None)
        if reason is not None:
            reasons.add(reason)
        elif not faulty:
            faulty = True
            found.faults.append(Mismatch(f"{where} [{index}] off by {off:.1e}", theirs[index], ours[index]))
    found.divergent.update(reasons)


def _quantity(block: Block, path: Path_) -> str:
    return "/".join((*block.path.split("/"), *path[block.depth :]))


def _at(tree: Any, path: Path_) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 160 else text[:160] + " ..."


def read(path: Path) -> dict[str, Any]:
    """A reference file, packed or not."""
    packed = path.suffix == ".gz"
    text = gzip.decompress(path.read_bytes()).decode() if packed else path.read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def files_in(folder: Path) -> list[Path]:
    """Reference files; those of networks (``nma_*``) have rules elsewhere."""
    return sorted(path for path in folder.iterdir() if ".json" in path.suffixes and not path.name.startswith("nma_"))


def table(found: Examination) -> list[str]:
    """The worst difference of every quantity, what was skipped and why, and every fault."""
    lines = [f"{'quantity':70} {'compared':>8} {'worst':>9}  where"]
    for quantity, count in found.compared.items():
        off, where = found.worst.get(quantity, (0.0, ""))
        lines.append(f"{quantity:70} {count:8d} {off:9.1e}  {where}")
    lines += ["", "ours differs and is right:", *(f"{count:8d}  {why}" for why, count in found.divergent.items())]
    lines += ["", "not compared:", *(f"{count:8d}  {why}" for why, count in found.skipped.items())]
    return [*lines, "", f"faults: {len(found.faults)}", *map(str, found.faults)]


def main(folder: Path) -> int:
    """Print the table of a folder; 1 if there is a fault."""
    found = Examination()
    for path in files_in(folder):
        examine(read(path), f"{path.name.split('.')[0]}: ", found)
    sys.stdout.write("\n".join(table(found)) + "\n")
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
