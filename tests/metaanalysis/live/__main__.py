"""Random analyses through our library and R's metafor: ``python -m tests.metaanalysis.live``.

Optional: it needs R with the packages metafor, metadat, lme4, gsl and jsonlite, and some minutes. It prints for every
quantity how many numbers were compared, the worst difference and the analysis that shows it; what differs for a proven
reason; and every other excess over the tolerances, with exit code 1. ``--keep FOLDER`` keeps what R wrote.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.metaanalysis.live.analyses import random_analyses
from tests.metaanalysis.reference_grid import Examination, examine, files_in, read, table

HERE = Path(__file__).parent
PACKAGES = ("metafor", "metadat", "lme4", "gsl", "jsonlite")
#: Exit codes: within tolerances; an excess; R or a package is missing.
AGREES, DIFFERS, CANNOT_RUN = 0, 1, 2


def lacking() -> str | None:
    """What is missing for the comparison; None if nothing is."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return "R is not installed (no command Rscript)"
    asked = f"cat(setdiff(c({', '.join(map(repr, PACKAGES))}), rownames(installed.packages())))"
    found = subprocess.run([rscript, "-e", asked], capture_output=True, text=True, check=False)
    if found.returncode:
        return f"R does not start: {found.stderr.strip()}"
    return f"R lacks the packages {found.stdout.strip()}" if found.stdout.strip() else None


def run_r(analyses: Path, folder: Path) -> str:
    """Let metafor do the analyses; what R had to say about them."""
    command = ["Rscript", str(HERE / "random.R"), str(analyses), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        for line in process.stdout:
            sys.stderr.write(f"\rR: {line.strip():20}")
        sys.stderr.write("\r" + " " * 30 + "\r")
        said = process.stderr.read()
    if process.returncode:
        raise SystemExit(f"R stopped:\n{said}")
    return said


def compared(folder: Path) -> Examination:
    """Every number of a folder against ours."""
    found = Examination()
    for path in files_in(folder):
        examine(read(path), f"{path.stem}: ", found)
    return found


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.metaanalysis.live", description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="number of analyses (200)")
    parser.add_argument("--seed", type=int, default=20250801, help="seed of the random analyses")
    parser.add_argument("--keep", type=Path, help="folder for what R writes, made anew; else it is thrown away")
    chosen = parser.parse_args(arguments)
    if (missing := lacking()) is not None:
        sys.stderr.write(f"The comparison with metafor cannot run: {missing}.\nNothing was compared.\n")
        return CANNOT_RUN
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.keep or Path(temporary) / "metafor"
        folder.mkdir(parents=True, exist_ok=True)
        analyses = Path(temporary) / "analyses.json"
        analyses.write_text(json.dumps(random_analyses(chosen.count, chosen.seed)), encoding="utf-8")
        said = run_r(analyses, folder)
        found = compared(folder)
    sys.stdout.write(f"{chosen.count} random analyses, seed {chosen.seed}\n{said}\n" + "\n".join(table(found)) + "\n")
    return DIFFERS if found.faults else AGREES


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
