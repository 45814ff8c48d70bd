"""Copy the values of R's metafor that the tests compare with: ``python pin.py FOLDER > metafor.json``.

FOLDER holds the reference runs (one JSON file for each data set of metadat, with `tight` fits at the exact optimum).
The tests read metafor.json only.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

#: Data set -> measures. Binary with and without zero cells, continuous, and sets whose tau2 is 0.
SETS = {
    "bcg": ("RR", "OR", "RD"),
    "normand1999": ("MD", "SMD"),
    "li2007": ("OR", "RR"),
    "nielweise2007": ("OR", "RR", "RD"),
    "hine1989": ("RR",),
}
ESTIMATE = ("estimate", "se", "pval", "ci_lb", "ci_ub")
FIT = (*ESTIMATE, "tau2", "I2")


def columns(raw: dict[str, list[Any]], names: dict[str, str], row: int) -> dict[str, float]:
    """One row in the columns of an extraction file."""
    get = {argument: raw[column][row] for argument, column in names.items()}
    if "m1i" in get:
        return {
            **{"n1": get["n1i"], "mean1": get["m1i"], "sd1": get["sd1i"]},
            **{"n2": get["n2i"], "mean2": get["m2i"], "sd2": get["sd2i"]},
        }
    total1 = get["n1i"] if "n1i" in get else get["ai"] + get["bi"]
    total2 = get["n2i"] if "n2i" in get else get["ci"] + get["di"]
    return {"events1": get["ai"], "total1": total1, "events2": get["ci"], "total2": total2}


def only(values: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names}


def pinned_set(folder: Path, name: str, measure: str) -> dict[str, Any]:
    data = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    one = data["analyses"][measure]
    raw, names = data["raw"], data["column_map"]
    pool, small, predicted = one["pool"], one["small_sample"], one["prediction"]
    q = only(pool["FE"], ("QE", "QEp"))
    mh = {key: only(data["mh"][key], ESTIMATE) for key in (f"MH_{measure}",) if key in data.get("mh", {})}
    return {
        "set": name,
        "source": data["source"],
        "measure": measure,
        "rows": [columns(raw, names, number - 1) for number in one["used_rows_1based"]],
        "yi": one["escalc"]["yi"],
        "vi": one["escalc"]["vi"],
        "FE": {**only(pool["FE"], FIT), **q},
        "DL": {
            **only(pool["DL"], FIT),
            "knha": only(small["DL_knha"], ESTIMATE),
            "prediction": only(predicted["DL_z"], ("pi_lb", "pi_ub")),
            "prediction_knha": only(predicted["DL_knha"], ("pi_lb", "pi_ub")),
        },
        "REML": {
            **only(pool["REML"]["tight"], FIT),
            "knha": only(small["REML_knha"], ESTIMATE),
            "prediction": only(predicted["REML_z"], ("pi_lb", "pi_ub")),
            "prediction_knha": only(predicted["REML_knha"], ("pi_lb", "pi_ub")),
        },
        "MH": mh.get(f"MH_{measure}") if measure in {"OR", "RR"} else None,
    }


def pinned_effects(folder: Path) -> dict[str, Any]:
    data = json.loads((folder / "escalc_all_measures.json").read_text(encoding="utf-8"))["measures"]
    found = {}
    for measure in ("RR", "OR", "RD", "MD", "SMD"):
        one = data[measure]
        names = {name: name for name in one["input"]}
        rows = [columns(one["input"], names, n) for n in range(len(one["yi"]))]
        found[measure] = {"rows": rows, "yi": one["yi"], "vi": one["vi"]}
    return found


def main(folder: Path) -> None:
    about = json.loads((folder / "bcg.json").read_text(encoding="utf-8"))
    pinned = {
        "made_by": "tests/metaanalysis/data/pin.py",
        "metafor": about["metafor"],
        "R": about["R"],
        "escalc": pinned_effects(folder),
        "sets": [pinned_set(folder, name, measure) for name, measures in SETS.items() for measure in measures],
    }
    sys.stdout.write(json.dumps(pinned, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
