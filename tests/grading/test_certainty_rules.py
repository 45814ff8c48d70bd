"""Properties of the suggested certainty, and what its data must hold."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidewright.evidence.studies import Design
from guidewright.grading.certainty.body import ELEMENTS, Body, WeightedStudy
from guidewright.grading.certainty.facts import fact_of
from guidewright.grading.certainty.library import certainty_rules
from guidewright.grading.certainty.rules import DOWN
from guidewright.grading.certainty.suggestion import certainty_of, starts_of, suggest
from guidewright.grading.decision.library import decision_criteria
from guidewright.metaanalysis.sensitivity.information_size import information_size_risks
from guidewright.words import all_words

RULES = certainty_rules()
HEIGHT = {one.id: one.points for one in RULES.levels}

some_risk = st.sampled_from([None, "low", "some", "high"])
some_design = st.sampled_from([None, *Design])
share = st.floats(0.01, 0.99)


@st.composite
def bodies(draw: st.DrawFn) -> Body:
    studies = draw(st.lists(st.tuples(some_design, some_risk), min_size=1, max_size=12))
    middle, low, high = sorted(draw(st.tuples(*[st.floats(0.05, 8)] * 3)))[1], 0.0, 0.0
    low, high = middle * draw(share), middle / draw(share)
    maybe = st.none()
    return Body(
        studies=tuple(
            WeightedStudy(f"s{n}", 100 / len(studies), middle, design, risk) for n, (design, risk) in enumerate(studies)
        ),
        measure=draw(st.sampled_from(["RR", "OR", "HR"])),
        null=1.0,
        better=draw(st.sampled_from(["lower", "higher"])),
        estimate=middle,
        low=low,
        high=high,
        i2=draw(maybe | st.floats(0, 100)),
        prediction=draw(maybe | st.just((low / 2, high * 2))),
        participants=draw(maybe | st.integers(1, 10**6)),
        information_size=draw(maybe | st.floats(1, 10**6)),
        important=draw(maybe | st.floats(0.001, 0.5)),
        baseline=draw(maybe | share),
        asymmetry_p=draw(st.just({}) | st.fixed_dictionaries({"egger": st.floats(0, 1)})),
        directness=draw(st.dictionaries(st.sampled_from(ELEMENTS), st.sampled_from(["direct", "indirect"]))),
        dose_response=draw(maybe | st.booleans()),
        opposing_confounding=draw(maybe | st.booleans()),
    )


@given(bodies())
def test_something_always_remains_possible_and_what_is_open_names_its_facts(body: Body) -> None:
    suggested = suggest(body, RULES)
    assert suggested.possible
    for one in suggested.reasons:
        assert one.levels
        assert bool(one.missing) == (one.determined is None)
        assert all(level <= 0 for level in one.levels) or one.reason not in DOWN


@given(bodies())
def test_learning_a_fact_never_adds_a_possibility(body: Body) -> None:
    """Whatever the missing facts turn out to be, the suggestion lies within what was possible before."""
    before = suggest(body, RULES)
    learnt = replace(
        body,
        i2=body.i2 if body.i2 is not None else 60.0,
        participants=body.participants if body.participants is not None else 500,
        information_size=body.information_size or 400.0,
        baseline=body.baseline if body.baseline is not None or body.important is not None else None,
        directness=dict.fromkeys(ELEMENTS, "direct") | dict(body.directness),
        dose_response=bool(body.dose_response),
        studies=tuple(
            replace(one, risk_of_bias=one.risk_of_bias or "some", design=one.design or Design.RANDOMISED)
            for one in body.studies
        ),
    )
    after = suggest(learnt, RULES)
    assert set(after.possible) <= set(before.possible)


@given(bodies())
def test_order_of_studies_does_not_matter(body: Body) -> None:
    turned = replace(body, studies=body.studies[::-1])
    assert suggest(turned, RULES).possible == suggest(body, RULES).possible


@given(bodies())
def test_a_mirrored_ratio_is_suggested_the_same(body: Body) -> None:
    """Counting survivors instead of deaths turns a ratio round; the guide of 0.75 and 1.25 is not symmetric itself."""
    for one in suggest(body, RULES).reasons:
        if one.reason in {"inconsistency", "indirectness", "publication-bias", "risk-of-bias"}:
            turned = replace(
                body,
                estimate=1 / body.estimate,
                low=1 / body.high,
                high=1 / body.low,
                prediction=(1 / body.prediction[1], 1 / body.prediction[0]) if body.prediction else None,
            )
            other = next(o for o in suggest(turned, RULES).reasons if o.reason == one.reason)
            assert other.levels == one.levels


def test_rating_down_more_never_raises_the_certainty() -> None:
    for start, down in product(HEIGHT, product((-2, -1, 0), repeat=3)):
        less = certainty_of(start, down, (1,), RULES)
        more = certainty_of(start, (*down[:2], down[2] - 1), (1,), RULES)
        assert HEIGHT[more] <= HEIGHT[less]


@pytest.mark.parametrize(
    ("designs", "starts"),
    [
        ([Design.RANDOMISED], ("high",)),
        ([Design.RANDOMISED, Design.CASE_SERIES], ("low",)),
        ([None, Design.RANDOMISED], ("high", "low")),
        ([None, Design.CASE_SERIES], ("low",)),
        ([Design.META_ANALYSIS], ("high", "low")),
        ([], ("high", "low")),
    ],
)
def test_where_a_body_starts(designs: list[Design | None], starts: tuple[str, ...]) -> None:
    assert starts_of(designs, RULES) == starts


def test_every_fact_that_a_rule_asks_for_can_be_told_and_has_words() -> None:
    body = Body((WeightedStudy("a", 100, 1.0),), "RR", 1.0, "lower", 0.5, 0.4, 0.6)
    for reason in RULES.reasons:
        for name in reason.facts:
            fact_of(name, body, RULES)
            assert f"certainty-fact.{name}" in all_words()


@given(bodies())
def test_every_missing_fact_has_words(body: Body) -> None:
    for one in suggest(body, RULES).reasons:
        assert all(f"certainty-missing.{missing.fact}" in all_words() for missing in one.missing)


def test_the_last_rule_of_a_reason_holds_where_no_other_does() -> None:
    for reason in RULES.reasons:
        if reason.id != "publication-bias":  # whose two rules part all p values
            assert reason.rules[-1].when == ()
        assert all(rule.when for rule in reason.rules[:-1])


def test_texts_stand_in_both_languages() -> None:
    texts = [one.label for one in (*RULES.levels, *RULES.starts, *RULES.parameters, *RULES.reasons)]
    texts += [rule.label for reason in RULES.reasons for rule in reason.rules]
    criteria = decision_criteria()
    texts += [text for one in criteria.criteria for text in (one.label, one.question)]
    texts += [answer.label for answers in criteria.scales.values() for answer in answers]
    assert len(criteria.criteria) == 12
    assert all(set(text) == {"zh", "en"} for text in texts)


def test_the_optimal_information_size_is_that_of_the_grade_figure() -> None:
    """KCE process book, section 5.5.4: a control risk of 0.2 and a reduction of 25 % need approximately 2000."""
    size = information_size_risks(
        0.2,
        RULES.numbers["relative-reduction"] / 100,
        alpha=RULES.numbers["alpha"],
        power=RULES.numbers["power"],
    )
    assert size.participants == pytest.approx(2000, rel=0.1)
