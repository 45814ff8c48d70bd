"""Pooling against R's metafor and PyMARE: the same data in the same run, medians of CPU time, ratios.

Usage: python benchmarks/pooling.py [ROUNDS]. In each round all take turns, so that a machine that grows busy does so
for all; CPU time is that of each process by its own count, without its start. metafor would take minutes: in each round
it does a part of a task (see pooling.R), and its time is that of one fit, refit or permutation like everybody's. A peer
that is missing leaves its lines empty.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
from timing import conditions, cpu_seconds

from guidewright.metaanalysis.heterogeneity import heterogeneity_interval
from guidewright.metaanalysis.kernels.groups import Groups
from guidewright.metaanalysis.kernels.likelihood import log_likelihood
from guidewright.metaanalysis.moderators import permutation_test
from guidewright.metaanalysis.pooling import pool, pool_many
from guidewright.metaanalysis.sensitivity.leave_one_out import leave_one_out

SETS, SAMPLE, STUDIES, PERMUTATIONS = 10_000, 200, 500, 1000
#: Each task with what one unit of it is, and the ratios to reach.
TITLES = {
    "sets": f"a REML fit, one of {SETS:,} of 10-20 studies",
    "one": "a fit of 13 studies with all statistics and the interval of tau2",
    "leave-one-out": f"a refit by REML without one of {STUDIES} studies",
    "permutations": f"a permutation, one of {PERMUTATIONS:,}: 13 studies, one moderator, REML",
}
GOALS = {
    ("sets", "metafor"): 700,
    ("sets", "PyMARE"): 3,
    ("one", "metafor"): 15,
    ("leave-one-out", "metafor"): 4000,
    ("permutations", "metafor"): 1000,
    ("permutations", "PyMARE"): 3,
}

Array = np.ndarray
#: What to call for a task, which gives the CPU seconds of one unit.
Tasks = dict[str, Callable[[], float]]


def main() -> None:
    """Measure, print the table, and check the optimum on a sample."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    rng = np.random.default_rng(20)
    sizes = rng.integers(10, 21, SETS)
    groups = Groups.of_sizes(sizes)
    y, v = simulated(rng, int(sizes.sum()), np.repeat(rng.choice([0.0, 0.02, 0.1, 0.5], SETS), sizes))
    one_y, one_v = simulated(rng, 13, 0.1)
    x = rng.normal(size=13)
    many_y, many_v = simulated(rng, STUDIES, 0.1)
    ours: Tasks = {
        "sets": timed(SETS, 1, lambda: pool_many(y, v, groups)),
        "one": timed(1, 100, lambda: (pool(one_y, one_v), heterogeneity_interval(one_y, one_v))),
        "leave-one-out": timed(STUDIES, 3, lambda: leave_one_out(many_y, many_v)),
        "permutations": timed(
            PERMUTATIONS, 10, lambda: permutation_test(one_y, one_v, {"x": x}, permutations=PERMUTATIONS, seed=1)
        ),
    }
    with tempfile.TemporaryDirectory() as directory:
        sample = slice(0, int(sizes[:SAMPLE].sum()))
        write(Path(directory, "sets.csv"), set=np.repeat(np.arange(SAMPLE), sizes[:SAMPLE]), y=y[sample], v=v[sample])
        write(Path(directory, "one.csv"), y=one_y, v=one_v, x=x)
        write(Path(directory, "many.csv"), y=many_y, v=many_v)
        theirs, version = metafor(directory)
        players = {"guidewright": ours, "metafor": theirs, "PyMARE": pymare(y, v, groups, one_y, one_v, x)}
        taken: dict[tuple[str, str], list[float]] = defaultdict(list)
        for number in range(rounds + 1):
            for task in TITLES:
                for player, tasks in players.items():
                    if task in tasks:
                        seconds = tasks[task]()
                        if number:  # the first round warms up
                            taken[task, player].append(seconds)
    print(conditions(("scipy", "PyMARE")))
    print(version)
    show(taken)
    check_optimum(y, v, groups)


def simulated(rng: np.random.Generator, rows: int, tau2: Array | float) -> tuple[Array, Array]:
    """Effects and variances such as log odds ratios have: variances spread over two orders of magnitude."""
    v = np.exp(rng.normal(-2.5, 0.9, rows))
    return 0.3 + rng.normal(size=rows) * np.sqrt(v + tau2), v


def timed(units: int, times: int, function: Callable[[], object]) -> Callable[[], float]:
    """A task: the function, called so many times, of so many units each; a fifth of a second or so in all."""
    return lambda: cpu_seconds(lambda: [function() for _ in range(times)]) / (units * times)


def pymare(y: Array, v: Array, groups: Groups, one_y: Array, one_v: Array, x: Array) -> Tasks:
    """PyMARE's parallel mode: analyses of one size side by side as (k, D); no tasks where it is missing."""
    try:
        from pymare import Dataset  # noqa: PLC0415 - may be missing
        from pymare.estimators import VarianceBasedLikelihoodEstimator  # noqa: PLC0415
    except ImportError:
        return {}
    blocks = []
    for k in np.unique(groups.sizes).tolist():
        rows = groups.starts[groups.sizes == k] + np.arange(k)[:, None]
        blocks.append((y[rows], v[rows], np.ones((k, 1))))

    def estimator() -> VarianceBasedLikelihoodEstimator:
        return VarianceBasedLikelihoodEstimator(method="REML", small_sample_correction="wald")

    fitted = estimator().fit_dataset(Dataset(one_y, one_v, x[:, None])).summary()
    return {
        "sets": timed(SETS, 1, lambda: [estimator().fit(*block) for block in blocks]),
        "permutations": timed(PERMUTATIONS, 1, lambda: fitted.permutation_test(PERMUTATIONS)),
    }


def metafor(directory: str) -> tuple[Tasks, str]:
    """Tasks of an R process that waits for their names, and its versions; no tasks where R or metafor is missing."""
    command = shutil.which("Rscript")
    if command is None:
        return {}, "R is missing"
    script = str(Path(__file__).with_suffix(".R"))
    process = subprocess.Popen(
        [command, script, directory], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    requests, answers = process.stdin, process.stdout
    if requests is None or answers is None or not (version := answers.readline()):
        return {}, "metafor did not start"

    def ask(task: str) -> float:
        requests.write(f"{task}\n")
        return float(answers.readline())

    return {task: lambda task=task: ask(task) for task in TITLES}, version.strip()


def write(path: Path, **columns: Array) -> None:
    """A table in full precision."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(columns)
        table.writerows(zip(*(column.tolist() for column in columns.values()), strict=True))


def show(taken: dict[tuple[str, str], list[float]]) -> None:
    """The table: microseconds for one unit, and how many times as long the peers take."""
    rounds = len(taken["sets", "guidewright"])
    print(f"\nCPU microseconds for one unit, medians of {rounds} rounds; quiet: the ratio of the least times")
    print(f"{'':<12}{'ours':>12}{'theirs':>12}{'ratio':>10}{'goal':>8}{'quiet':>10}")
    for task, title in TITLES.items():
        print(title)
        ours = taken[task, "guidewright"]
        for peer in ("metafor", "PyMARE"):
            theirs, goal = taken.get((task, peer)), GOALS.get((task, peer))
            if theirs:
                ratio, quiet = median(theirs) / median(ours), min(theirs) / min(ours)
                numbers = f"{1e6 * median(ours):>12,.1f}{1e6 * median(theirs):>12,.0f}{ratio:>10,.1f}"
                print(f"  {peer:<10}{numbers}{goal or '-':>8}{quiet:>10,.1f}")
            elif goal:
                print(f"  {peer:<10}{1e6 * median(ours):>12,.1f}{'-':>12}{'-':>10}{goal:>8}{'-':>10}")


def check_optimum(y: Array, v: Array, groups: Groups) -> None:
    """Whether all converged, and on a sample whether any point of a fine scan has a higher likelihood."""
    found = pool_many(y, v, groups)
    rows, sample = groups.rows_of(np.arange(SAMPLE))
    yy, vv = y[rows], v[rows]
    best = log_likelihood(yy, vv, sample, found.tau2[:SAMPLE], restricted=True)
    ceiling = (sample.largest(yy) - sample.smallest(yy)) ** 2
    highest = -np.inf
    for point in np.concatenate(([0.0], np.geomspace(1e-7, 1.0, 5000))):
        there = log_likelihood(yy, vv, sample, point * ceiling, restricted=True)
        highest = max(highest, float((there - best).max()))
    print(f"\n{int(found.converged.sum()):,} of {SETS:,} fits converged")
    print(f"{SAMPLE} of them against a scan of 5,001 values of tau2: the likeliest is {highest:.1e} above ours or less")


if __name__ == "__main__":
    main()
