"""``guidewright pool DATA``: the numbers, every form of the result, and wrong use."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from guidewright.cli.pool_options import COLUMNS as OPTIONS
from guidewright.metaanalysis.effects import Measure
from guidewright.metaanalysis.effects.columns import COLUMNS
from guidewright.tables_of_data.columns import PRINTED
from tests.cli.pooled_tables import ARMS, BCG, RR, TWO_ROWS, pooled, workbook, written
from tests.cli.running import ROOT, run, spawn


@pytest.fixture
def bcg(tmp_path: Path) -> Path:
    return written(tmp_path, BCG, "bcg.csv")


# --- numbers ------------------------------------------------------------------------------------------------------


def test_bcg_gives_the_numbers_of_the_vignette(bcg: Path) -> None:
    """metafor's manual (Viechtbauer 2010, J Stat Softw 36(3), section 3.2): REML, log risk ratio."""
    data = pooled(bcg, *RR)
    found, limits = data["pooled"], data["heterogeneity_interval"]
    assert found["estimate"] == pytest.approx(-0.7145, abs=5e-5)
    assert found["se"] == pytest.approx(0.1798, abs=5e-5)
    assert found["tau2"] == pytest.approx(0.3132, abs=5e-5)
    assert found["i2"] == pytest.approx(92.22, abs=5e-3)
    assert found["q"] == pytest.approx(152.2330, abs=5e-5)
    assert [limits["tau2_low"], limits["tau2_high"]] == pytest.approx([0.1197, 1.1115], abs=5e-5)
    assert [limits["i2_low"], limits["i2_high"]] == pytest.approx([81.92, 97.68], abs=5e-3)
    natural = [found["natural"][name] for name in ("estimate", "low", "high", "prediction_low", "prediction_high")]
    assert natural == pytest.approx([0.4894, 0.3441, 0.6962, 0.1546, 1.5490], abs=6e-4)
    assert sum(one["weight"] for one in data["studies"]) == pytest.approx(100)
    assert data["studies"][12]["natural"]["estimate"] == pytest.approx(27 / 16913 / (29 / 17854))


def test_a_workbook_gives_the_same_as_text(bcg: Path, tmp_path: Path) -> None:
    rows: list[list[Any]] = [line.split(",") for line in BCG.split("\n")[:-1]]
    numbers = [[int(cell) if cell.isdigit() else cell for cell in row] for row in rows]
    one, other = pooled(bcg, *RR), pooled(workbook(tmp_path, numbers), *RR)
    assert other["data"] == {"file": "data.xlsx", "rows": 13, "sheet": "Sheet"}
    assert {k: v for k, v in one.items() if k != "data"} == {k: v for k, v in other.items() if k != "data"}


@pytest.mark.parametrize(
    ("measure", "method", "estimate", "se", "weight"),
    [  # metafor 3.8-1, rma.mh and rma.peto; weight of the first study
        ("OR", "mantel-haenszel", -0.473410988388585, 0.0410077784042314, 0.656527373745082),
        ("RR", "mantel-haenszel", -0.453709604683754, 0.0393373668712944, 0.656295430727474),
        ("RD", "mantel-haenszel", -0.003288181832613, 0.000286656748527374, 0.0747657135992984),
        ("OR", "peto", -0.474446310940636, 0.0406590807446483, 0.584494118018665),
    ],
)
def test_counts_pooled_as_counts(
    bcg: Path, measure: str, method: str, estimate: float, se: float, weight: float
) -> None:
    data = pooled(bcg, "--measure", measure, *ARMS, "--method", method, "--leave-one-out", "--egger")
    assert data["pooled"]["estimate"] == pytest.approx(estimate, rel=1e-10)
    assert data["pooled"]["se"] == pytest.approx(se, rel=1e-10)
    assert data["studies"][0]["weight"] == pytest.approx(weight, rel=1e-10)
    assert data["heterogeneity_interval"] is None
    assert [one["row"] for one in data["leave_one_out"]] == [*range(1, 14)]
    assert run("pool", bcg, "--measure", measure, *ARMS, "--method", method, "--leave-one-out").exit_code == 0


def test_person_time_by_mantel_haenszel(bcg: Path) -> None:
    columns = (
        "--events1",
        "tpos",
        "--time1",
        "n1",
        "--events2",
        "cpos",
        "--time2",
        "n2",
        "--method",
        "mantel-haenszel",
    )
    weights = {m: pooled(bcg, "--measure", m, *columns)["studies"][0]["weight"] for m in ("IRR", "IRD")}
    assert weights == pytest.approx({"IRR": 0.656295430727474, "IRD": 0.0747657135992984}, rel=1e-10)


def test_subgroups_moderators_and_the_rest(bcg: Path) -> None:
    more = ("--subgroup", "alloc", "--moderator", "ablat", "--moderator", "alloc", "--leave-one-out", "--egger")
    data = pooled(bcg, *RR, *more)
    assert [(one["name"], one["k"]) for one in data["subgroups"]["subgroups"]] == [
        ("alternate", 2),
        ("random", 7),
        ("systematic", 4),
    ]
    names = [one["name"] for one in data["meta_regression"]["coefficients"]]
    assert names == ["intercept", "ablat", "alloc = random", "alloc = systematic"]
    assert data["egger"]["df"] == 11
    assert data["leave_one_out"][7]["estimate"] == pytest.approx(-0.7947676, abs=5e-7)  # metafor 3.8-1
    text = run("pool", bcg, *RR, *more).stdout
    for heading in ("Subgroups", "Meta-regression", "Leave-one-out", "Egger's test"):
        assert f"\n{heading}\n---" in text
    # metafor's manual, section 3.3: ablat alone, mixed-effects model by REML
    alone = pooled(bcg, *RR, "--moderator", "ABLAT")["meta_regression"]["coefficients"]
    assert [one["estimate"] for one in alone] == pytest.approx([0.2515, -0.0291], abs=5e-5)


@pytest.mark.parametrize(
    "columns",
    [
        ("--estimate", "hr", "--low", "lower", "--high", "upper"),
        ("--estimate", "hr", "--se", "error"),
        ("--y", "log", "--v", "var"),
        ("--y", "log", "--se", "error"),
        ("--estimate", "hr", "--p", "pval"),
    ],
    ids=lambda columns: "".join(columns[::2]),
)
def test_printed_estimates(tmp_path: Path, columns: tuple[str, ...]) -> None:
    table = (
        "trial,hr,lower,upper,log,error,var,pval\n"
        "A,0.8,0.5407042,1.1836416,-0.2231435513,0.19986,0.039944,0.264236\n"
        "B,0.6,0.4055281,0.8877313,-0.5108256238,0.19986,0.039944,0.010594\n"
    )
    data = pooled(written(tmp_path, table), "--measure", "HR", *columns, "--model", "common")
    assert data["pooled"]["natural"]["estimate"] == pytest.approx((0.8 * 0.6) ** 0.5, rel=2e-4)
    assert data["pooled"]["se"] == pytest.approx(0.19986 / 2**0.5, rel=2e-4)
    assert data["options"]["tau2_method"] is None


def test_a_number_stands_for_all_studies(tmp_path: Path) -> None:
    table = written(tmp_path, "name,mean1,sd1,mean2,sd2,N\nA,5,2,4,2.5,20\nB,6,2,4,2.2,31\n")
    data = pooled(table, "--measure", "MC", "--r", "0.5")
    assert data["columns"]["r"] == 0.5
    assert data["columns"]["n"] == "N"
    assert data["studies"][0]["v"] == pytest.approx((4 + 6.25 - 2 * 0.5 * 2 * 2.5) / 20)
    assert run("pool", table, "--measure", "MC", "--r", "1.5").exit_code == 2


@pytest.mark.parametrize("measure", ["PFT", "PLO", "PR"])
def test_proportions_are_shown_as_proportions(tmp_path: Path, measure: str) -> None:
    table = written(tmp_path, "events,total\n1,10\n3,22\n0,30\n")
    data = pooled(table, "--measure", measure)
    assert 0 < data["pooled"]["natural"]["estimate"] < 0.14
    assert [one["study"] for one in data["studies"]] == ["1", "2", "3"]
    assert " p = " not in run("pool", table, "--measure", measure).stdout.split("Pooled result")[1].split("tau2")[0]


def test_zero_cells_are_treated_as_asked(tmp_path: Path) -> None:
    table = written(tmp_path, TWO_ROWS + "C,0,20,5,20\nD,0,20,0,20\n")
    default, none = pooled(table, "--measure", "OR"), pooled(table, "--measure", "OR", "--zero-cells", "none")
    assert default["notices"][0]["code"] == "zero-cells-corrected"
    assert (default["pooled"]["k"], none["pooled"]["k"]) == (4, 2)
    assert none["studies"][2]["y"] is None
    assert none["studies"][2]["weight"] is None
    assert pooled(table, "--measure", "OR", "--zero-cells", "0.1/all")["choices_of_effects"]["add"] == 0.1
    assert pooled(table, "--measure", "OR", "--method", "peto")["pooled"]["k_informative"] == 3
    text = run("pool", table, "--measure", "OR", "--zero-cells", "none").stdout
    assert re.search(r"^3 +C +0/20 +5/20 +– +– +–$", text, re.MULTILINE)


def test_missing_values_leave_their_row_out_once(tmp_path: Path) -> None:
    data = pooled(written(tmp_path, TWO_ROWS + "C,NA,20,,20\nD,–,20,5,n/a\n"), "--measure", "RR", "--egger")
    assert data["pooled"]["k"] == 2
    assert [one["code"] for one in data["notices"]] == ["rows-dropped", "egger-undefined", "tau2-zero"]
    assert data["notices"][0]["text"].startswith("rows 3, 4: a value is missing")


def test_one_study_has_no_heterogeneity(tmp_path: Path) -> None:
    table = written(tmp_path, "\n".join(TWO_ROWS.split("\n")[:2]))
    assert pooled(table, "--measure", "RR")["heterogeneity_interval"] is None
    for form in ("--md", "--svg"):
        assert run("pool", table, "--measure", "RR", form, "--leave-one-out").exit_code == 0


# --- forms of the result ------------------------------------------------------------------------------------------


def test_the_report(bcg: Path) -> None:
    text = run("pool", bcg, *RR).stdout
    for line in (
        "Risk ratio (RR): bcg.csv",
        "method: inverse-variance, random effects, tau2 by REML, interval wald",
        "columns: events1 = tpos, total1 = n1, events2 = cpos, total2 = n2",
        "8    TPT Madras            505/88391  499/88391  1.01  0.89 to 1.14   10.2%",
        "     Pooled (k = 13)                             0.49  0.34 to 0.70",
        "RR 0.49 (95% CI 0.34 to 0.70), z = −3.97, p < 0.001",
        "tau2 0.3132 (95% CI 0.1197 to 1.111)",
        "I2 92.22% (95% CI 81.92% to 97.68%), H2 12.86",
        "Q = 152.23, df = 12, p < 0.001",
        "prediction interval: 0.15 to 1.55",
    ):
        assert f"{line}\n" in text


def test_the_same_as_markdown(bcg: Path) -> None:
    page = run("pool", bcg, *RR, "--md").stdout
    assert page.startswith("# Risk ratio (RR): bcg.csv\n\n- method")
    assert "| 8 | TPT Madras | 505/88391 | 499/88391 | 1.01 | 0.89 to 1.14 | 10.2% |\n" in page
    assert "- RR 0.49 (95% CI 0.34 to 0.70), z = −3.97, p < 0.001\n" in page


def test_small_effects_are_shown_with_more_decimals(bcg: Path) -> None:
    text = run("pool", bcg, "--measure", "RD", *ARMS).stdout
    assert re.search(r"TPT Madras .* 0\.0\d\d+ ", text)


@pytest.mark.parametrize("subgroup", [(), ("--subgroup", "alloc")])
def test_the_forest_plot(bcg: Path, tmp_path: Path, subgroup: tuple[str, ...]) -> None:
    target = tmp_path / "forest.svg"
    result = run("pool", bcg, *RR, *subgroup, "--svg", target)
    assert result.stdout == ""
    picture = target.read_text(encoding="utf-8")
    assert run("pool", bcg, *RR, *subgroup, "--svg").stdout == picture
    words = [element.text for element in ET.fromstring(picture).iter() if element.text]  # noqa: S314 - our own
    assert {"Study", "TPT Madras", "1.01 (0.89 to 1.14)", "0.49 (0.34 to 0.70)", "0.15 to 1.55"} <= set(words)
    assert ("systematic (k = 4)" in words) == bool(subgroup)
    assert "13 studies: RR 0.49 (95% CI 0.34 to 0.70)." in words


def test_json_holds_every_choice_and_version(bcg: Path) -> None:
    data = pooled(bcg, *RR, "--tau2", "DL", "--interval", "t", "--prediction", "partlett-riley", "--level", "0.9")
    chosen = data["options"]
    assert (chosen["measure"], chosen["scale"], chosen["model"]) == ("RR", "log", "random")
    assert (chosen["tau2_method"], chosen["interval"], chosen["prediction"]) == ("DL", "t", "partlett-riley")
    assert data["pooled"]["level"] == 0.9
    assert set(data["versions"]) == {"guidewright", "numpy", "scipy", "Python"}
    assert "90% CI" in run("pool", bcg, *RR, "--level", "0.9").stdout


# --- wrong use: exit code 2 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "say what is pooled with --measure, for example --measure RR"),
        (["--measure", "SDM"], "there is no measure `SDM`; did you mean SMN or SMD?"),
        (["--measure", "RR"], "no column is known for events1, total1, events2, total2"),
        (["--measure", "RR"], "Headings of bcg.csv: author, year, tpos, n1, cpos, n2, ablat, alloc"),
        ([*RR[:3], "tpoz"], "there is no column `tpoz` (--events1); did you mean tpos?\nHeadings of bcg.csv: "),
        ([*RR, "--mean1", "tpos"], "--mean1 is not for this measure. RR (risk ratio) needs --events1"),
        ([*RR, "--estimate", "tpos"], "--estimate and --events1 are two ways to say the same"),
        ([*RR, "--subgroup", "allok"], "there is no column `allok` (--subgroup); did you mean alloc?"),
        ([*RR, "--moderator", "ablat", "--moderator", "ablat"], "a moderator is named twice"),
        (["--measure", "HR", "--estimate", "n1"], "an estimate needs its precision: --se, --v, --low with --high"),
        (["--measure", "HR", "--estimate", "n1", "--low", "n2"], "an interval needs both --low and --high"),
        (["--measure", "PFT", "--y", "n1", "--v", "n2"], "PFT (proportion (double arcsine)) starts from counts"),
        ([*RR, "--level", "95"], "--level is a share between 0 and 1, such as 0.95; found 95"),
        ([*RR, "--printed-level", "0.9"], "--printed-level is for printed intervals"),
        ([*RR, "--zero-cells", "half"], "--zero-cells is a number and one of only0, all, if0all, none"),
        (["--measure", "GEN", "--y", "n1", "--v", "n2", "--zero-cells", "1"], "--zero-cells is for counts; GEN"),
        ([*RR, "--model", "common", "--tau2", "DL"], "--tau2 goes with --model random"),
        ([*RR, "--tau2", "GENQ"], "--tau2 GENQ needs weights"),
        ([*RR, "--tau2", "REMLL"], "Invalid value for '--tau2'"),
        ([*RR, "--method", "peto"], "--method peto is for OR, PETO; found RR"),
        ([*RR, "--method", "mantel-haenszel", "--model", "random"], "is a common-effect method"),
        ([*RR, "--method", "mantel-haenszel", "--interval", "t"], "--interval goes with --method inverse-variance"),
        ([*RR, "--json", "--md"], "one of --json, --md and --svg at a time"),
        ([*RR, "more.csv"], "one table at a time: more.csv is too much"),
        ([*RR, "--svg", "more.csv"], "a figure is written to a file that ends in .svg"),
        ([*RR, "--anew"], "--project and --anew are for a project"),
        ([*RR, "-C", "elsewhere"], "--project and --anew are for a project"),
        ([*RR, "--event1", "tpos"], "--events1"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use(bcg: Path, arguments: list[str], said: str) -> None:
    result = run("pool", bcg, *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert said in result.stderr


def test_a_figure_never_overwrites_the_table(bcg: Path) -> None:
    assert run("pool", *RR, "--svg", "forest.svg", bcg).exit_code == 2
    assert bcg.read_text(encoding="utf-8") == BCG


def test_tables_that_are_not_there(tmp_path: Path) -> None:
    assert "there is no file" in run("pool", tmp_path / "none.csv", *RR).stderr
    assert "is no file" in run("pool", tmp_path, *RR).stderr
    result = run("pool", *RR)
    assert result.exit_code == 2
    assert "these options are for a table: guidewright pool DATA.csv" in result.stderr


def test_a_heading_that_stands_twice(tmp_path: Path) -> None:
    table = written(tmp_path, TWO_ROWS.replace("total2", "total1"))
    result = run("pool", table, "--measure", "RR", "--total2", "total2")
    assert result.exit_code == 2
    assert "did you mean total1" in result.stderr or "stands in columns 3, 5" in result.stderr
    assert "stands in columns 3, 5" in run("pool", table, "--measure", "RR").stderr


# --- declared once ------------------------------------------------------------------------------------------------


def test_every_column_of_the_library_has_an_option() -> None:
    assert set(OPTIONS) == set(COLUMNS) | set(PRINTED)
    assert {name for measure in Measure for name in measure.columns} <= set(OPTIONS)


def test_every_option_is_in_help_and_manual() -> None:
    manual = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    options = set(re.findall(r"^ +(?:-\w, )?(--[a-z0-9-]+)", run("pool", "--help").stdout, re.MULTILINE))
    assert {f"--{name}" for name in OPTIONS} <= options
    assert not {option for option in options - {"--help"} if not re.search(rf"{option}\b", manual)}


def test_json_is_json(bcg: Path) -> None:
    done = spawn("pool", bcg, *RR, "--json")
    assert done.stderr == ""
    json.loads(done.stdout, parse_constant=lambda constant: pytest.fail(f"{constant} is no JSON"))


# --- empty tables, formulas, weights ------------------------------------------------------------------------------

SPARSE = "study,events1,total1,events2,total2\na,3,20,4,22\nb,0,10,0,12\nc,2,30,5,33\n"


def test_tables_without_events_are_left_out_if_asked(tmp_path: Path) -> None:
    table = written(tmp_path, SPARSE, "sparse.csv")
    kept, dropped = pooled(table, "--measure", "RR"), pooled(table, "--measure", "RR", "--drop-double-zero")
    assert (kept["pooled"]["k"], dropped["pooled"]["k"]) == (3, 2)
    assert "double-zero-dropped" in [one["code"] for one in dropped["notices"]]
    two = pooled(written(tmp_path, SPARSE.replace("b,0,10,0,12\n", ""), "two.csv"), "--measure", "RR")
    assert dropped["pooled"]["estimate"] == two["pooled"]["estimate"]
    haenszel = pooled(table, "--measure", "RD", "--method", "mantel-haenszel", "--drop-double-zero")
    assert haenszel["pooled"]["k"] == 2
    assert [one["weight"] is None for one in haenszel["studies"]] == [False, True, False]


def test_another_formula_of_the_variance(bcg: Path) -> None:
    usual, unbiased = (pooled(bcg, *ARMS, "--measure", "RD", *more) for more in ([], ["--variance-formula", "ub"]))
    a, n1, c, n2 = 4, 123, 11, 139
    expected = a * (n1 - a) / n1**2 / (n1 - 1) + c * (n2 - c) / n2**2 / (n2 - 1)
    assert unbiased["studies"][0]["v"] == pytest.approx(expected, rel=1e-12)
    assert usual["studies"][0]["v"] < unbiased["studies"][0]["v"]


def test_a_column_of_variances_has_a_long_name_too(tmp_path: Path) -> None:
    table = written(tmp_path, "study,effect,var\na,0.1,0.04\nb,0.5,0.09\n", "generic.csv")
    short, long = (pooled(table, "--measure", "GEN", "--y", "effect", name, "var") for name in ("--v", "--variance"))
    assert short["pooled"] == long["pooled"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--measure", "PLO", "--drop-double-zero"], "--drop-double-zero is for events of two groups"),
        (["--measure", "RR", "--variance-formula", "UB"], "is one of LS; found UB"),
        (["--measure", "RD", "--method", "mantel-haenszel", "--variance-formula", "LS"], "goes with --method inverse"),
    ],
)
def test_what_these_options_do_not_fit(tmp_path: Path, options: list[str], said: str) -> None:
    result = run("pool", str(written(tmp_path, SPARSE, "sparse.csv")), *options)
    assert result.exit_code == 2
    assert said in re.sub(r"\s+", " ", result.output)
