"""Two people, blind until both are done; then differences, and a consensus with who and why."""

from __future__ import annotations

from guidewright.grading.agreement import agreement_of
from guidewright.grading.reconciliation import State, appraisals_of
from tests.grading.appraised import SOUND, one, only, rows, study


def test_one_appraiser_alone_shows_nothing() -> None:
    found = one({"ann": rows("adams", SOUND)})
    assert found.state is State.OPEN
    assert (found.answers, found.given, found.judged, found.differences) == ({}, {}, (), ())
    assert [(p.reviewer, p.answered, p.asked, p.done) for p in found.progress] == [("ann", 13, 13, True)]


def test_a_second_appraiser_who_is_not_done_shows_nothing_either() -> None:
    partly = {item: answer for item, answer in SOUND.items() if item != "5.3"}
    found = one({"ann": rows("adams", SOUND), "bob": rows("adams", partly)})
    assert found.state is State.OPEN
    assert "secret" not in repr(found)
    assert [p.done for p in found.progress] == [True, False]


def test_a_needless_question_need_not_be_answered_but_a_needed_one_must() -> None:
    aware = {**SOUND, "2.1": "Y"}
    assert not one({"ann": rows("adams", aware)}).progress[0].done
    assert one({"ann": rows("adams", {**aware, "2.3": "N"})}).progress[0].done


def test_what_the_instrument_leaves_to_the_appraiser_belongs_to_being_done() -> None:
    answers = {str(n): "yes" for n in range(1, 11)}
    assert not one({"ann": rows("adams", answers, tool="jbi-case-series")}, "jbi-case-series").progress[0].done
    decided = {**answers, "overall": "include"}
    assert one({"ann": rows("adams", decided, tool="jbi-case-series")}, "jbi-case-series").progress[0].done


def test_two_who_agree() -> None:
    found = one({"ann": rows("adams", SOUND), "bob": rows("adams", SOUND)})
    assert found.state is State.AGREED
    assert found.differences == ()
    assert {j.part: j.judgement for j in found.judged} == dict.fromkeys(
        ("d1", "d2", "d3", "d4", "d5", "overall"), "low"
    )
    assert [said.by for said in found.answers["1.1"]] == [("ann",), ("bob",)]


def test_two_who_differ_leave_the_domain_open_until_a_consensus() -> None:
    both = {"ann": rows("adams", SOUND), "bob": rows("adams", {**SOUND, "1.2": "N"})}
    found = one(both)
    assert (found.state, found.differences) == (State.DIFFER, ("1.2",))
    domain = found.judgement_of("d1")
    assert domain is not None
    assert (domain.judgement, domain.possible, domain.missing) == (None, ("low", "high"), ("1.2",))
    agreed = one({**both, "consensus": rows("adams", {"1.2": "PN"}, by=["ann", "bob"])})
    assert agreed.state is State.RECONCILED
    assert agreed.consensus["1.2"].by == ("ann", "bob")
    assert agreed.differences == ("1.2",), "what they had said stays visible"
    judged = agreed.judgement_of("overall")
    assert judged is not None
    assert judged.judgement == "high"


def test_a_difference_without_consequence_still_asks_for_a_consensus() -> None:
    found = one({"ann": rows("adams", SOUND), "bob": rows("adams", {**SOUND, "1.1": "PY"})})
    assert found.state is State.DIFFER
    judged = found.judgement_of("d1")
    assert judged is not None
    assert judged.judgement == "low"


def test_a_difference_that_the_consensus_makes_needless_is_settled() -> None:
    """Ann was asked 2.3, Bob was not; once 2.1 is settled nobody is."""
    ann = rows("adams", {**SOUND, "2.1": "Y", "2.3": "N"})
    third = rows("adams", {**SOUND, "2.1": "Y", "2.3": "PN"})
    both = {"ann": ann, "bob": rows("adams", SOUND), "carl": third}
    assert one(both).differences == ("2.1", "2.3")
    settled = one({**both, "consensus": rows("adams", {"2.1": "N"}, by=["panel"])})
    assert settled.state is State.RECONCILED


def test_a_consensus_alone_is_shown_as_such_only_when_it_decides_everything() -> None:
    assert one({"consensus": rows("adams", {"1.1": "Y"}, by=["panel"])}).state is State.OPEN
    whole = one({"ann": rows("adams", {"1.1": "N"}), "consensus": rows("adams", SOUND, by=["panel"])})
    assert whole.state is State.CONSENSUS
    assert whole.answers == {}, "one appraiser who is not done stays unseen"


def test_answers_without_an_outcome_hold_for_every_outcome() -> None:
    common = {item: answer for item, answer in SOUND.items() if not item.startswith("4")}
    pain = {item: answer for item, answer in SOUND.items() if item.startswith("4")}
    death = {**pain, "4.2": "Y"}
    each = [
        *rows("adams", common), *rows("adams", pain, outcome="pain"), *rows("adams", death, outcome="death")
    ]  # fmt: skip
    found = appraisals_of({"ann": each, "bob": each}, only("rob2"), {})
    overall = {a.outcome: j.judgement for a in found if (j := a.judgement_of("overall")) is not None}
    assert overall == {"pain": "low", "death": "high"}


def test_recorded_facts_answer_where_nobody_appraised() -> None:
    known = study("adams", design="randomised", blinding="open", follow_up_percent=80.7)
    other = study("brown", design="case-series", blinding="open")
    (found,) = appraisals_of({}, only("quality-facts"), {"adams": known, "brown": other})
    assert (found.study, found.state) == ("adams", State.RECORDED)
    assert found.answers["follow-up"][0].answer == "80.7"
    judged = {j.part: j.judgement for j in found.judged}
    assert judged == {"d1": "flaw", "d2": None, "d3": "no-flaw", "overall": "lesser"}
    opened = {"ann": rows("adams", {"blinding": "blinded"}, tool="quality-facts")}
    (hidden,) = appraisals_of(opened, only("quality-facts"), {"adams": known})
    assert hidden.state is State.OPEN, "an appraisal that has begun is not anticipated by the record"


def test_only_completed_appraisals_count_as_agreement() -> None:
    studies = ["adams", "brown", "carr", "dunn"]
    ann = [row for name in studies for row in rows(name, SOUND)]
    bob = [
        *rows("adams", SOUND), *rows("brown", {**SOUND, "1.2": "N"}), *rows("carr", {**SOUND, "5.2": "NI"}),
        *rows("dunn", {"1.1": "N"}),
    ]  # fmt: skip
    found = {one.part: one for one in agreement_of({"ann": ann, "bob": bob}, only("rob2"))}
    assert list(found) == ["answers", "d1", "d2", "d3", "d4", "d5", "overall"]
    assert {one.units for one in found.values()} == {3}
    assert found["answers"].agreement.n == 39
    percent = found["answers"].agreement.percent
    assert percent is not None
    assert percent.estimate == 37 / 39
    assert found["d1"].agreement.categories == ("low", "some-concerns", "high")
    assert found["overall"].agreement.quadratic_kappa is not None
    one_of_three = found["overall"].agreement.percent
    assert one_of_three is not None
    assert one_of_three.estimate == 1 / 3


def test_more_than_two_appraisers_agree_together_and_in_pairs() -> None:
    three = {name: rows("adams", SOUND) + rows("brown", SOUND) for name in ("ann", "bob", "carl")}
    found = [one.raters for one in agreement_of(three, only("rob2")) if one.part == "overall"]
    assert found == [("ann", "bob", "carl"), ("ann", "bob"), ("ann", "carl"), ("bob", "carl")]
