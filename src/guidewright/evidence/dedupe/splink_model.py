"""The comparison as a Splink model: the same levels, the same points, so that Splink's match weight is our score."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from guidewright.evidence.dedupe.comparison import Compared
from guidewright.evidence.dedupe.library import rule_data

#: Name of the levels of a pair in SQL: ``guidewright_levels(record_l, record_r)`` gives one number for each field.
FUNCTION = "guidewright_levels"
#: Chance of every level among different publications; only its ratio to the chance among copies, the points, matters.
_CHANCE = 2.0**-16


def settings() -> dict[str, Any]:
    """Settings for ``splink.Linker``. Prior odds are even, so that the match weight is the sum of the points."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "id",
        "probability_two_random_records_match": 0.5,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": "l.keys = r.keys", "arrays_to_explode": ["keys"]},
        ],
        "comparisons": [_comparison(n, field.name) for n, field in enumerate(fields(Compared))],
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": False,
        "additional_columns_to_retain": ["record"],
    }


def _comparison(number: int, name: str) -> dict[str, Any]:
    """One field: a level of Splink for each of ours, the last (nothing known) without weight."""
    levels = rule_data()["fields"][name]["levels"]
    value = f"{FUNCTION}(record_l, record_r)[{number}]"
    unknown = {"sql_condition": f"{value} = {len(levels) - 1}", "label_for_charts": "unknown", "is_null_level": True}
    known = [
        {
            "sql_condition": f"{value} = {n}" if n < len(levels) - 2 else "ELSE",
            "label_for_charts": level["label"]["en"],
            "m_probability": _CHANCE * 2.0 ** float(level["points"]),
            "u_probability": _CHANCE,
        }
        for n, level in enumerate(levels[:-1])
    ]
    return {"output_column_name": name, "comparison_levels": [unknown, *known]}
