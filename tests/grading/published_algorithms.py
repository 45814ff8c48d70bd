"""The published algorithms of instruments, written down a second time as plain Python for comparison.

RoB 2: the flow charts of the guidance of 22 August 2019, walked question by question. Newcastle-Ottawa: the limits as
PMC9292924, table 4, prints them. AMSTAR 2: the rating rule of Shea et al., BMJ 2017;358:j4008.
"""

from __future__ import annotations

from collections.abc import Mapping

Answers = Mapping[str, str]
YES, NO = {"Y", "PY"}, {"N", "PN"}


def rob2_d1(a: Answers) -> str:
    if a["1.2"] in NO:
        return "high"
    if a["1.2"] == "NI":
        return "high" if a["1.3"] in YES else "some-concerns"
    if a["1.1"] in NO:
        return "some-concerns"
    return "some-concerns" if a["1.3"] in YES else "low"


def rob2_d2(a: Answers) -> str:
    order = ["low", "some-concerns", "high"]
    return max(_awareness(a), _analysis(a), key=order.index)


def _awareness(a: Answers) -> str:
    if a["2.1"] in NO and a["2.2"] in NO:
        return "low"
    if a["2.3"] in NO:
        return "low"
    if a["2.3"] == "NI":
        return "some-concerns"
    if a["2.4"] in NO:
        return "some-concerns"
    return "some-concerns" if a["2.5"] in YES else "high"


def _analysis(a: Answers) -> str:
    if a["2.6"] in YES:
        return "low"
    return "some-concerns" if a["2.7"] in NO else "high"


def rob2_d3(a: Answers) -> str:
    if a["3.1"] in YES or a["3.2"] in YES or a["3.3"] in NO:
        return "low"
    return "some-concerns" if a["3.4"] in NO else "high"


def rob2_d4(a: Answers) -> str:
    if a["4.1"] in YES or a["4.2"] in YES:
        return "high"
    best = "some-concerns" if a["4.2"] == "NI" else "low"
    if a["4.3"] in NO or a["4.4"] in NO:
        return best
    return "some-concerns" if a["4.5"] in NO else "high"


def rob2_d5(a: Answers) -> str:
    if a["5.2"] in YES or a["5.3"] in YES:
        return "high"
    if a["5.2"] == "NI" or a["5.3"] == "NI":
        return "some-concerns"
    return "low" if a["5.1"] in YES else "some-concerns"


ROB2 = {"d1": rob2_d1, "d2": rob2_d2, "d3": rob2_d3, "d4": rob2_d4, "d5": rob2_d5}


def rob2_overall(domains: Answers) -> str:
    said = set(domains.values())
    return "high" if "high" in said else "low" if said == {"low"} else "some-concerns"


def nos(selection: int, comparability: int, third: int) -> str:
    """Good, fair or poor from the stars of the three parts."""
    if selection in {3, 4} and comparability in {1, 2} and third in {2, 3}:
        return "good"
    if selection == 2 and comparability in {1, 2} and third in {2, 3}:
        return "fair"
    assert selection in {0, 1} or comparability == 0 or third in {0, 1}
    return "poor"


CRITICAL = {2, 4, 7, 9, 11, 13, 15}


def amstar2(weak: set[int]) -> str:
    """Confidence from the numbers of the items answered no."""
    flaws, weaknesses = len(weak & CRITICAL), len(weak - CRITICAL)
    if flaws > 1:
        return "critically-low"
    if flaws == 1:
        return "low"
    return "moderate" if weaknesses > 1 else "high"
