"""Effect sizes: of every data set, and of every measure and option in ``escalc_all_measures``."""

from __future__ import annotations

from typing import Any

from guidewright.metaanalysis.effects import Measure, To, VarianceType, effect_sizes
from guidewright.metaanalysis.notices import CannotPoolError
from tests.metaanalysis.grid_rules.reference import Place, columns_of
from tests.metaanalysis.grid_rules.rules import Answer, Block, Skip, closed, same

#: metafor's options of ``escalc``, and ours.
OPTIONS = {
    "to": ("to", To),
    "vtype": ("variance", VarianceType),
    "add": ("add", float),
    "drop00": ("drop_double_zero", bool),
}


def of_studies(place: Place) -> Answer:
    """Effects of the rows in the file: all rows where it has them all, else the rows that have an effect."""
    studies = place.studies
    whole = len(place.there["yi"]) == len(studies.every_y)
    y, v = (studies.every_y, studies.every_v) if whole else (studies.y, studies.v)
    return Answer({"y": y, "v": v, "n": studies.n})


def with_options(place: Place) -> Answer:
    """One measure with options, such as ``OR|to=all``."""
    measure = Measure(place.path[1].split("|")[0])
    given = dict(place.there["options"] or {}) if "options" in place.there else _options_in(place.path[1])
    options: dict[str, Any] = {OPTIONS[name][0]: OPTIONS[name][1](value) for name, value in given.items()}
    return Answer(effect_sizes(measure, **columns_of(measure, place.there["input"]), **options))


def _options_in(name: str) -> dict[str, str]:
    return dict(option.split("=") for option in name.split("|")[1:])


def refused(_place: Place, answer: Answer | Exception) -> str | None:
    """metafor refuses the option; so must we."""
    return None if isinstance(answer, CannotPoolError) else "we do not refuse it"


BLOCKS = (
    Block(
        "analyses/*/escalc",
        of_studies,
        {
            "yi": closed(lambda found: found["y"]),
            "vi": closed(lambda found: found["v"]),
            "ni": same(lambda found: found["n"]),
            "measure": Skip("name of the measure"),
            "warnings": Skip("metafor's own messages"),
        },
    ),
    Block(
        "analyses/*",
        lambda place: Answer(place.studies),
        {"k_used": same(lambda found: len(found.y)), "used_rows_1based": same(lambda found: found.rows + 1)},
        peer_failed=lambda _place, answer: None if isinstance(answer, Answer) else f"raises {answer}",
    ),
    Block(
        "measures/*",
        with_options,
        {
            "yi": closed("y"),
            "vi": closed("v"),
            "options": Skip("options of the call, which ours takes over"),
            **{f"options/{name}": Skip("options of the call, which ours takes over") for name in OPTIONS},
            **{
                f"input/{name}": Skip("numbers that went in")
                for name in [
                    "ai",
                    "bi",
                    "ci",
                    "di",
                    "n1i",
                    "n2i",
                    "x1i",
                    "x2i",
                    "t1i",
                    "t2i",
                    "m1i",
                    "m2i",
                    "sd1i",
                    "sd2i",
                    "mi",
                    "sdi",
                    "xi",
                    "ni",
                    "ti",
                    "ri",
                    "r2i",
                ]
            },
            "warnings": Skip("metafor's own messages"),
        },
        peer_failed=refused,
    ),
)
