"""Every number of the grid in data/grid, and proof that the comparison leaves nothing out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.metaanalysis.grid_rules.rules import Number, flat
from tests.metaanalysis.reference_grid import (
    INPUTS,
    Mismatch,
    Uncovered,
    compare,
    files_in,
    leaves,
    main,
    read,
    rule_of,
)

FOLDER = Path(__file__).parent / "data" / "grid"
#: What our answers start from, so that a change would not show as a difference.
TAKEN_OVER = frozenset({"year", "input", "options", "factor", "levels"})


@pytest.mark.parametrize("path", files_in(FOLDER), ids=lambda path: path.stem)
def test_every_number_of_the_grid_agrees(path: Path) -> None:
    assert [str(fault) for fault in compare(read(path))] == []


def test_every_family_and_method_is_in_the_grid() -> None:
    files = [read(path) for path in files_in(FOLDER)]
    measures = {measure for file in files for measure in file.get("analyses", {})}
    assert measures >= {"RR", "OR", "RD", "AS", "PETO", "MD", "SMD", "ZCOR", "UCOR", "IRR", "IRD"}
    assert measures >= {"PR", "PLN", "PLO", "PAS", "PFT", "GEN"}
    parts = {part for file in files for one in file.get("analyses", {}).values() for part in one}
    assert parts >= {"escalc", "pool", "small_sample", "prediction", "bias", "leave1out", "influence", "cumul_by_year"}
    assert parts >= {"metareg", "subgroup", "selmodel"}
    assert {part for file in files for part in file} >= {"mh", "special", "measures", "metabin", "metacont", "metaprop"}


def test_an_invented_quantity_is_reported() -> None:
    file = read(FOLDER / "syn_k3.json")
    file["analyses"]["GEN"]["pool"]["REML"]["tight"]["zeta2"] = 1.0
    file["analyses"]["GEN"]["astrology"] = {"sign": "Leo", "estimate": 0.3}
    assert compare(file) == [
        Uncovered("analyses/GEN/pool/REML/tight/zeta2"),
        Uncovered("analyses/GEN/astrology/sign"),
        Uncovered("analyses/GEN/astrology/estimate"),
    ]


def test_an_unknown_method_of_a_known_block_is_reported() -> None:
    file = read(FOLDER / "syn_k3.json")
    pool = file["analyses"]["GEN"]["pool"]
    pool["XYZ"] = {"estimate": pool["DL"]["estimate"]}
    assert compare(file) == [Uncovered("analyses/GEN/pool/XYZ/estimate")]


@pytest.mark.parametrize(
    ("keys", "factor"),
    [
        (("pool", "DL", "tight", "se"), 1 + 2e-10),
        (("pool", "REML", "tight", "tau2"), 1 + 2e-8),
        (("pool", "PM", "estimate"), 1 + 2e-10),
        (("prediction", "REML_knha", "pi_lb"), 1 + 1e-6),
        (("bias", "fsn_Rosenthal", "fsnum"), 2),
    ],
)
def test_a_changed_number_is_reported(keys: tuple[str, ...], factor: float) -> None:
    file = read(FOLDER / "syn_k3.json")
    block: Any = file["analyses"]["GEN"]
    for key in keys[:-1]:
        block = block[key]
    block[keys[-1]] *= factor
    faults = compare(file)
    assert [type(fault) for fault in faults] == [Mismatch]
    assert "/".join(keys) in faults[0].where


@pytest.mark.parametrize("name", ["bcg", "nielweise2008", "syn_zero_cells", "effect_sizes", "pritz1997"])
def test_no_number_may_be_off_by_a_percent(name: str) -> None:
    """With everything changed at once, everything that a rule compares is reported: it is really compared."""
    file = changed(read(FOLDER / f"{name}.json"))
    reported = {fault.where.split(" ")[0] for fault in compare(file)}
    unseen = [
        "/".join(path)
        for path, there in leaves(file)
        if "/".join(path) not in reported and is_compared(path) and not is_tiny(there)
    ]
    # tau2 of rate differences is 1e-6 at most, where metafor's absolute threshold leaves more than a percent of a share
    assert [path for path in unseen if path != "analyses/IRD/pool/SJIT/tight/I2"] == []


def changed(tree: dict[str, Any], path: tuple[str, ...] = ()) -> dict[str, Any]:
    """The file with every number 1 % larger, but for what our answers start from."""
    return {
        key: value
        if (not path and key in INPUTS) or key in TAKEN_OVER
        else changed(value, (*path, key))
        if isinstance(value, dict)
        else larger(value)
        for key, value in tree.items()
    }


def larger(value: Any) -> Any:
    if isinstance(value, list):
        return [larger(one) for one in value]
    if isinstance(value, bool):
        return not value
    return (value * 1.01 or 0.01) if isinstance(value, int | float) else value


def is_compared(path: tuple[str, ...]) -> bool:
    rule = rule_of(path)
    return rule is not None and isinstance(rule[1], Number)


def is_tiny(there: object) -> bool:
    """Nothing in it that a percent could change by more than rounding."""
    return all(not isinstance(one, int | float) or abs(one) < 1e-9 for one in flat(there))


def test_the_table_names_every_quantity_and_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (FOLDER / "syn_k3.json").read_text(encoding="utf-8")
    (tmp_path / "syn_k3.json").write_text(text, encoding="utf-8")
    assert main(tmp_path) == 0
    printed = capsys.readouterr().out
    assert "analyses/*/leave1out/ML|REML|EB|PM/tau2" in printed
    assert "faults: 0" in printed

    (tmp_path / "other.json").write_text('{"name": "other", "moon": {"phase": 0.5}}', encoding="utf-8")
    assert main(tmp_path) == 1
    assert "other: moon/phase: no rule covers it" in capsys.readouterr().out
