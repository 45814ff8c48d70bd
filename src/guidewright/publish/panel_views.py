"""What templates ask of the panel, for one language: rules in words, results in words, bars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from guidewright.figures.votes import Bar, Part, Votes
from guidewright.guideline.panel import ClauseResult, RoundResult
from guidewright.guideline.rounds import Round
from guidewright.publish.numbers import decimal, interval, percent
from guidewright.publish.snapshot import Snapshot
from guidewright.words import word


def panel_functions(snapshot: Snapshot, language: str) -> dict[str, Callable[..., Any] | Any]:
    """Functions of the templates by name."""
    rounds = {one.id: one for one in snapshot.guideline.rounds}

    def say(key: str, **values: object) -> str:
        return word(key, language, **values)

    def round_title(identifier: str) -> str:
        one = rounds[identifier]
        return (one.title or {}).get(language) or f"{say(f'vote-method.{one.method}')} ({one.id})"

    return {
        "rounds": rounds,
        "round_title": round_title,
        "round_rule": lambda one: rule_words(one, language),
        "vote_result": lambda result: result_words(result, language),
        "vote_figure": lambda result: vote_figure(result, rounds[result.round], round_title(result.round), language),
        "vote_word": lambda vote: vote if vote.isdigit() else say(f"vote.{vote}"),
        "voting_statements": [
            one for edition in snapshot.as_published for one in edition.remarks if one.id.startswith("voting-")
        ],
        "person_name": {one.id: one.name for one in snapshot.guideline.people}.get,
        "course_of_several": {name: course for name, course in snapshot.panel.course.items() if len(course) > 1},
    }


def rule_words(one: Round, language: str) -> tuple[str, ...]:
    """The rule of a round, sentence by sentence."""

    def rule_said(key: str, **values: object) -> str:
        return word(f"vote-rule.{key}", language, **values)

    said = []
    if one.grid is not None:
        said.append(
            rule_said(
                "grid",
                direction=_plain(one.grid.direction_percent),
                opposite=_plain(one.grid.opposite_below_percent),
                strong=_plain(one.grid.strong_percent),
            )
        )
    elif one.rating is not None and one.threshold_percent is not None:
        rule = one.rating
        said.append(
            rule_said("rating", share=_plain(one.threshold_percent), agree=rule.agree_from, disagree=rule.disagree_to)
        )
        if rule.median_at_least is not None:
            said.append(rule_said("median", median=_plain(rule.median_at_least)))
        if rule.disagreement == "ipras":
            said.append(rule_said("ipras"))
    elif one.threshold_percent is not None:
        said.append(rule_said("threshold", share=_plain(one.threshold_percent)))
    said.append(rule_said("quorum", n=one.quorum))
    return tuple(said)


def _plain(number: float) -> str:
    return f"{number:g}"


def result_words(result: ClauseResult, language: str) -> str:
    """``adopted · 5 of 6 in favour, 83% (44 to 97)``."""
    parts = [word(f"panel-outcome.{result.outcome}", language)]
    if result.grid is not None:
        parts.append(word(f"vote.{result.grid}", language))
    if result.share is not None:
        shown = interval(result.share.low, result.share.high, language, 0)
        share = f"{percent(result.share.percent)} ({shown})"
        parts.append(word("vote-result.share", language, votes=result.share.votes, of=result.share.of, share=share))
    if result.ratings is not None:
        quartiles = interval(result.ratings.low_quartile, result.ratings.high_quartile, language, 1)
        parts.append(
            word("vote-result.median", language, median=decimal(result.ratings.median, 1), quartiles=quartiles)
        )
    return " · ".join(parts)


def vote_figure(result: RoundResult, one: Round, title: str, language: str) -> Votes:
    """The bars of a round."""
    kinds = _kinds(one)
    parts = [Part(fill, _part_words(one, name, language)) for name, fill in kinds]
    shown = [clause for clause in result.clauses if clause.outcome != "no-votes"]
    return Votes(
        identifier=f"votes-{result.round}",
        title=title,
        description=word("gap", language).join(
            clause.clause + word("colon", language) + result_words(clause, language) + word("stop", language)
            for clause in shown
        ),
        nothing=word("vote-result.none", language),
        parts=parts,
        bars=[
            Bar(
                clause.clause, tuple(_count(clause, one, name) for name, _fill in kinds), result_words(clause, language)
            )
            for clause in shown
        ],
        clause_title=word("rec.clause", language),
        result_title=word("vote-result.title", language),
    )


def _kinds(one: Round) -> tuple[tuple[str, str], ...]:
    """Kinds of votes of a round, each with its fill."""
    out = (("abstain", "abstain"), ("recused", "recused"))
    if one.grid is not None:
        fills = ("strong-for", "for", "neutral", "against", "strong-against")
        return (*zip(one.options, fills, strict=True), *out)
    if one.rating is not None:
        return (("agree", "strong-for"), ("between", "neutral"), ("disagree", "strong-against"), *out)
    return (("for", "strong-for"), ("against", "strong-against"), *out)


def _part_words(one: Round, name: str, language: str) -> str:
    if one.rating is None or name in {"abstain", "recused"}:
        return word(f"vote.{name}", language)
    ends = {
        "agree": f"{one.rating.agree_from}–9",
        "between": f"{one.rating.disagree_to + 1}–{one.rating.agree_from - 1}",
        "disagree": f"1–{one.rating.disagree_to}",
    }
    return word("vote-rule.rated", language, ratings=ends[name])


def _count(clause: ClauseResult, one: Round, name: str) -> int:
    if name == "abstain":
        return clause.abstained
    if name == "recused":
        return clause.recused
    if one.rating is None:
        return clause.counts.get(name, 0)
    agree, disagree = one.rating.agree_from, one.rating.disagree_to
    inside = {"agree": (agree, 9), "between": (disagree + 1, agree - 1), "disagree": (1, disagree)}[name]
    return sum(number for rating, number in clause.counts.items() if inside[0] <= int(rating) <= inside[1])
