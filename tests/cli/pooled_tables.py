"""Tables for ``guidewright pool DATA``, and what it says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import Workbook

from tests.cli.running import run_json

# Colditz et al. 1994, as in metafor's dat.bcg, with totals in place of the participants without tuberculosis.
BCG = """author,year,tpos,n1,cpos,n2,ablat,alloc
Aronson,1948,4,123,11,139,44,random
Ferguson & Simes,1949,6,306,29,303,55,random
Rosenthal et al,1960,3,231,11,220,42,random
Hart & Sutherland,1977,62,13598,248,12867,52,random
Frimodt-Moller et al,1973,33,5069,47,5808,13,alternate
Stein & Aronson,1953,180,1541,372,1451,44,alternate
Vandiviere et al,1973,8,2545,10,629,19,random
TPT Madras,1980,505,88391,499,88391,13,random
Coetzee & Berjak,1968,29,7499,45,7277,27,random
Rosenthal et al,1961,17,1716,65,1665,42,systematic
Comstock et al,1974,186,50634,141,27338,18,systematic
Comstock & Webster,1969,5,2498,3,2341,33,systematic
Comstock et al,1976,27,16913,29,17854,33,systematic
"""
ARMS = ("--events1", "tpos", "--total1", "n1", "--events2", "cpos", "--total2", "n2")
RR = ("--measure", "RR", *ARMS)
TWO_ROWS = "study,events1,total1,events2,total2\nA,3,20,6,21\nB,4,30,9,28\n"


def written(folder: Path, content: str | bytes, name: str = "data.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def workbook(folder: Path, rows: list[list[Any]], name: str = "data.xlsx") -> Path:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(folder / name)
    return folder / name


def pooled(*arguments: str | Path) -> dict[str, Any]:
    code, data = run_json("pool", *arguments)
    assert code == 0
    assert isinstance(data, dict)
    return data


def problems(*arguments: str | Path) -> list[tuple[int, int, str, str]]:
    code, data = run_json("pool", *arguments)
    assert code == 1
    assert all(one["next_step"] for one in data["problems"])
    return [(one["line"], one["column"], one["rule"], one["value"]) for one in data["problems"]]
