"""A guideline of 1,000 studies and 200 recommendations: building it in one go, and following an edit of one file.

Usage: python benchmarks/synthetic.py [--studies 1000] [--recommendations 200] [--keep FOLDER] [--edits].
The project is the starter of `guidewright new` and made-up studies beside it, the same at every run. Prints seconds and
the peak memory of all processes together (sampled, Linux); with ``--edits`` also the seconds from saving a file to the
new page being served by `guidewright serve`.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

DESIGNS = ("randomised", "prospective-controlled", "retrospective-cohort", "case-series")
GOAL_MEGABYTES, GOAL_SECONDS = 1024, 2.0


def write_project(root: Path, studies: int, recommendations: int) -> None:
    """The starter, and made-up studies, questions, analyses and recommendations beside it."""
    subprocess.run([sys.executable, "-m", "guidewright", "new", str(root)], check=True, capture_output=True)
    rng = random.Random(2026)  # noqa: S311 - reproducible, not secret
    rows, records = [], []
    for n in range(1, studies + 1):
        _write(root / f"evidence/studies/made-up-{n}.yml", _study(n, rng))
        records.append(_RECORD.format(n=n, year=1990 + n % 35))
        size, events = rng.randint(30, 400), rng.randint(3, 25)
        question = 2 + (n - 1) * (recommendations - 1) // studies
        compared = f"bcg-vaccination,no-vaccination,outcome-{question},1 year"
        counts = f"{events},{size},{events + 2},{size}"
        rows.append(f"made-up-{n},made{n},{compared},{counts},https://example.org/{n},yes,made up,")
    with (root / "evidence/records.bib").open("a", encoding="utf-8") as out:
        out.writelines(records)
    header = (root / "evidence/extraction/bcg.csv").read_text(encoding="utf-8").splitlines()[0]
    _write(root / "evidence/extraction/made-up.csv", "\n".join([header, *rows]) + "\n")
    for n in range(2, recommendations + 1):
        picked = sorted(rng.sample(range(1, studies + 1), 5))
        own = [k for k in range(1, studies + 1) if 2 + (k - 1) * (recommendations - 1) // studies == n]
        evidence = "\n".join(
            f"      - cite: made{k}" for k in dict.fromkeys(k for k in (*own, *picked) if k <= studies)
        )
        _write(root / f"evidence/questions/q{n:03}.yml", _QUESTION.format(n=n))
        _write(root / f"metaanalysis/analyses/q{n:03}-tuberculosis.yml", _ANALYSIS.format(n=n))
        _write(root / f"guideline_src/recommendations/r{n:03}.md", _RECOMMENDATION.format(n=n, evidence=evidence))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _study(n: int, rng: random.Random) -> str:
    return _STUDY.format(n=n, design=rng.choice(DESIGNS), size=rng.randint(30, 900))


_RECORD = """
@article{{made{n},
  title = {{Made-up study {n} of a made-up vaccine}},
  author = {{Author{n}, A. and Other, B.}},
  year = {{{year}}},
  journal = {{Journal of Made-up Studies}},
  language = {{en}},
}}
"""
_STUDY = """id: made-up-{n}
name: Made-up {n}
summary:
  zh: 虚构的第{n}项研究，比较接种与未接种者。
  en: Made-up study {n} that compares vaccination with none.
reports:
  - {{cite: made{n}, kind: results}}
design: {{value: {design}, source: {{cite: made{n}, where: abstract}}}}
participants: {{value: {size}, source: {{cite: made{n}, where: abstract}}}}
arms:
  - intervention: bcg-vaccination
  - intervention: no-vaccination
"""
_QUESTION = """id: q{n:03}
number: {n}
title: {{zh: 第{n}个问题？, en: 'Question {n}?'}}
type: therapeutic
population: {{zh: 第{n}组人群, en: Population {n}}}
intervention: {{zh: 接种, en: Vaccination}}
comparator: {{zh: 不接种, en: No vaccination}}
outcomes:
  - id: outcome-{n}
    name: {{zh: 结局{n}, en: Outcome {n}}}
    better: lower
study_designs: {{zh: 对照试验, en: Controlled trials}}
origin: {{kind: stated}}
"""
_ANALYSIS = """id: q{n:03}-tuberculosis
title: {{zh: 第{n}项分析, en: Analysis {n}}}
question: q{n:03}
measure: RR
select:
  outcomes: [outcome-{n}]
  interventions: [bcg-vaccination]
overall:
  pooled: true
  reason: {{zh: 只要一个总体结果。, en: One overall result is asked for.}}
model: random
favours:
  low: {{zh: 有利于接种, en: Favours vaccination}}
  high: {{zh: 有利于不接种, en: Favours no vaccination}}
"""
_RECOMMENDATION = """---
id: r{n:03}
number: {n}
title: {{zh: 第{n}条（虚构）, en: Number {n} (made up)}}
aspect: prevention
population: {{zh: 第{n}组人群。, en: Population {n}.}}
clauses:
  - id: a
    statement: {{zh: 【虚构】第{n}组人群可接种。, en: 'MADE UP: population {n} may be vaccinated.'}}
    about: {{zh: 接种, en: vaccination}}
    direction: for
    question: q{n:03}
    evidence:
{evidence}
    decided_by:
      - {{outcome: outcome-{n}, time_point: 1 year}}
    analyses: [q{n:03}-tuberculosis]
---

# 中文

## 理由

合并结果为{{{{ pooled("q{n:03}-tuberculosis").summary }}}}，[异质性](term:heterogeneity)见图。

# English

## Rationale

Pooled, the result is {{{{ pooled("q{n:03}-tuberculosis").summary }}}}; see [heterogeneity](term:heterogeneity).
"""


# --- measuring ----------------------------------------------------------------------------------------------------


class Memory(threading.Thread):
    """Samples the proportional memory (PSS, else RSS) of a process with all its descendants; ``peak`` in megabytes."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process, self.peak, self.going = process, 0.0, True
        self.start()

    def run(self) -> None:
        """Sample until told to stop."""
        while self.going:
            self.peak = max(self.peak, sum(_kilobytes(one) for one in _family(self.process)) / 1024)
            time.sleep(0.1)


def _family(process: int) -> list[int]:
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return []
    threads = [Path(f"/proc/{process}/task") / one / "children" for one in _names(Path(f"/proc/{process}/task"))]
    for path in threads:
        try:
            children += path.read_text().split()
        except OSError:
            continue
    return [process, *(one for child in dict.fromkeys(children) for one in _family(int(child)))]


def _names(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except OSError:
        return []


def _kilobytes(process: int) -> float:
    for name, field in (("smaps_rollup", "Pss"), ("status", "VmRSS")):
        try:
            found = re.search(rf"^{field}:\s+(\d+)", Path(f"/proc/{process}/{name}").read_text(), re.MULTILINE)
        except OSError:
            continue
        if found:
            return float(found[1])
    return 0.0


def measure_build(root: Path) -> None:
    """Build once, and print time and memory."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "guidewright", "build"], cwd=root, stdout=subprocess.PIPE)
    memory = Memory(process.pid)
    _out, _ = process.communicate()
    memory.going = False
    pages = len(list((root / "site/html").rglob("*.html")))
    size = sum(path.stat().st_size for path in (root / "site/html").rglob("*") if path.is_file()) / 1e6
    state = "built" if process.returncode == 0 else f"failed ({process.returncode})"
    print(f"{state}: {pages} pages, {size:.0f} MB, {time.perf_counter() - start:.0f} s, peak of all processes "
          f"{memory.peak:.0f} MB; goal {GOAL_MEGABYTES} MB")  # fmt: skip


RECOMMENDATION, STUDY = "guideline_src/recommendations/r100.md", "evidence/studies/made-up-500.yml"
#: What is edited: file, after which words, what is added, and the page that somebody looks at.
EDITS = {
    "prose of a recommendation": (RECOMMENDATION, "## Rationale\n", "\nEdited.\n", "recommendations/r100"),
    "population of a recommendation": (RECOMMENDATION, "en: Population", " edited", "recommendations/r100"),
    "title in the navigation": (RECOMMENDATION, "en: Number", " edited", "recommendations/r100"),
    "the same, home looked at": (RECOMMENDATION, "en: Number", " edited", "index"),
    "summary of a study": (STUDY, "  en: Made-up", " edited", "studies/made-up-500"),
    "title of a record": ("evidence/records.bib", "title = {Made-up study 500", " edited", "studies/made-up-500"),
}


def measure_edits(root: Path, port: int = 8765) -> None:
    """Start the preview, edit files one after another, and print how long each takes to be served.

    A page is asked for its version ten times a second; its script in a browser asks every 0.4 seconds.
    """
    start = time.perf_counter()
    command = [sys.executable, "-m", "guidewright", "serve", "--port", str(port)]
    server = subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{port}"
        _until(lambda: _get(f"{base}/en/index.html") != "", 600)
        print(f"first page of the preview after {time.perf_counter() - start:.1f} s")
        for name, (file, place, added, page) in EDITS.items():
            seconds = []
            for _turn in range(3):
                path = root / file
                text = path.read_text(encoding="utf-8")
                version = f"{base}/_guidewright/version?page=%2Fen%2F{page.replace('/', '%2F')}.html"
                _get(f"{base}/en/{page}.html")
                before = _get(version)
                found, rest = text.index(place) + len(place), text
                start = time.perf_counter()
                path.write_text(rest[:found] + added + rest[found:], encoding="utf-8")
                seen = _until(lambda version=version, before=before: _get(version) not in {"", before}, 120)
                _get(f"{base}/en/{page}.html")
                seconds.append(time.perf_counter() - start if seen else float("nan"))
                before = _get(version)
                path.write_text(text, encoding="utf-8")
                _until(lambda version=version, before=before: _get(version) not in {"", before}, 120)
            print(f"{name:<34} {' '.join(f'{one:.1f}' for one in seconds)} s; goal {GOAL_SECONDS:.0f} s")
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)


def _get(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own server
            return str(answer.read().decode())
    except OSError:
        return ""


def _until(true: object, seconds: float) -> bool:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        if true():  # type: ignore[operator]
            return True
        time.sleep(0.1)
    return False


def main() -> None:
    """Write the project, build it, and follow edits where asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--studies", type=int, default=1000)
    parser.add_argument("--recommendations", type=int, default=200)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--edits", action="store_true")
    chosen = parser.parse_args()
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    root = chosen.keep or Path(tempfile.mkdtemp()) / "guideline"
    if not root.exists():
        write_project(root, chosen.studies, chosen.recommendations)
        measure_build(root)
    if chosen.edits:
        measure_edits(root)
    if not chosen.keep:
        shutil.rmtree(root.parent)


if __name__ == "__main__":
    main()
