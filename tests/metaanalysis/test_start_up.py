"""What importing the pooling room brings along. Seconds differ between machines; the modules that take them do not."""

from __future__ import annotations

import subprocess
import sys

#: Each takes a tenth of a second or more, scipy.stats and what is built on it more than one.
HEAVY = {"scipy", "pandas", "pyarrow", "pydantic", "statsmodels", "pymare", "matplotlib", "ruamel"}
USE = """
import numpy as np
from guidewright import metaanalysis as ma
from guidewright.metaanalysis.bias import egger
y, v, x = np.array([0.1, 0.5, 0.3, 0.9]), np.array([0.04, 0.02, 0.05, 0.03]), np.arange(4.0)
groups = ["a", "b", "a", "b"]
a, n = np.array([3, 5]), np.array([20, 30])
ma.effect_sizes(ma.Measure.RR, events1=a, total1=n, events2=a + 1, total2=n)
ma.pool(y, v)
ma.heterogeneity_interval(y, v)
ma.subgroups(y, v, groups)
ma.meta_regression(y, v, {"x": x})
ma.permutation_test(y, v, {"x": x}, seed=1)
ma.leave_one_out(y, v)
ma.gosh(y, v)
ma.influence(y, v)
egger(y, v)
ma.mantel_haenszel("RR", a, n, a + 1, n)
"""


def imported_by(code: str) -> set[str]:
    """Names of all modules that are there after some code ran in a fresh interpreter."""
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules, sep='\\n')"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


def test_every_public_name_is_imported_without_heavy_libraries() -> None:
    everything = "from guidewright import metaanalysis\nfor name in dir(metaanalysis): getattr(metaanalysis, name)"
    there = imported_by(everything)
    assert "guidewright.metaanalysis.moderators.regression" in there
    assert not HEAVY & there


def test_methods_that_have_modules_of_their_own_are_imported_without_them_too() -> None:
    modules = ["bias", "counts.glmm", "counts.peto", "dependent", "effects.conversions", "sensitivity.true_effects"]
    assert not HEAVY & imported_by("\n".join(f"import guidewright.metaanalysis.{name}" for name in modules))


def test_using_the_room_brings_special_functions_alone() -> None:
    there = imported_by(USE)
    assert "scipy.special" in there
    assert not (HEAVY - {"scipy"}) & there
    assert not {"scipy.stats", "scipy.optimize", "scipy.integrate"} & there
