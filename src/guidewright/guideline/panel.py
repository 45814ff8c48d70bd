"""What a panel decided: votes counted by the rule of their round, clause by clause, and over several rounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, median
from typing import Literal

from guidewright.guideline.interests import Interest
from guidewright.guideline.recommendation import Clause
from guidewright.guideline.rounds import GridRule, RatingRule, Round
from guidewright.guideline.voting import ABSTAIN, RECUSED, Vote
from guidewright.project import Project

Outcome = Literal["adopted", "not-adopted", "no-quorum", "no-votes"]


@dataclass(frozen=True)
class Share:
    """A share of votes in percent, with its Wilson interval."""

    votes: int
    of: int
    percent: float
    low: float
    high: float


@dataclass(frozen=True)
class Ratings:
    """A summary of ratings from 1 to 9."""

    median: float
    low_quartile: float
    high_quartile: float
    spread: float
    """30th to 70th percentile."""
    spread_allowed: float
    """The same corrected for asymmetry; a wider spread is disagreement."""

    @property
    def disagreement(self) -> bool:
        """Whether the ratings disagree by the RAND/UCLA rule."""
        return self.spread > self.spread_allowed


@dataclass(frozen=True)
class Voice:
    """What one member said, where it is shown: dissent, or stepping back."""

    voter: str
    said: str
    comment: str | None
    interests: tuple[Interest, ...] = ()
    """Of those who stepped back: the conflicts that concern the clause."""


@dataclass(frozen=True)
class ClauseResult:
    """The result of one round for one clause."""

    round: str
    clause: str
    counts: Mapping[str, int]
    """Votes by option; of ratings, by rating."""
    cast: int
    """Votes that decide: neither abstentions nor recusals."""
    abstained: int
    recused: int
    share: Share | None
    """Share in favour; of a GRADE grid, of the side that has more votes. None without votes that decide."""
    ratings: Ratings | None
    quorum: bool
    """Whether enough members took part; abstentions count, recusals do not."""
    outcome: Outcome
    grid: str | None
    """Of a GRADE grid: the recommendation that the votes give, such as ``weak-for``; none if they give none."""
    dissent: tuple[Voice, ...]
    recusals: tuple[Voice, ...]

    @property
    def present(self) -> int:
        """Members who took part."""
        return self.cast + self.abstained


@dataclass(frozen=True)
class RoundResult:
    """The results of one round, in the order of the clauses."""

    round: str
    clauses: tuple[ClauseResult, ...]
    first_vote: str | None
    """Date of the first vote that has one."""


@dataclass(frozen=True)
class Panel:
    """All rounds, and how each clause fared through them."""

    rounds: tuple[RoundResult, ...]
    course: Mapping[str, tuple[ClauseResult, ...]]
    """Clause -> its results, round after round; the last one counts."""


def panel_of(project: Project) -> Panel:
    """Count all votes of a project."""
    rounds = tuple(_round(project, one) for one in project.guideline.rounds)
    course: dict[str, tuple[ClauseResult, ...]] = {}
    for one in rounds:
        for result in one.clauses:
            if result.outcome != "no-votes":
                course[result.clause] = (*course.get(result.clause, ()), result)
    return Panel(rounds, course)


def clauses_of(project: Project, one: Round) -> tuple[str, ...]:
    """The clauses that are put to the vote in a round."""
    return one.clauses or tuple(f"{r.id}{c.id}" for r in project.recommendations.values() for c in r.clauses)


def _round(project: Project, one: Round) -> RoundResult:
    votes = project.votes.get(one.id, ())
    dates = sorted(vote.date for vote in votes if vote.date is not None)
    clauses = dict.fromkeys((*clauses_of(project, one), *(vote.clause for vote in votes)))
    return RoundResult(
        round=one.id,
        clauses=tuple(
            count_votes(
                one,
                name,
                [vote for vote in votes if vote.clause == name],
                {vote.voter: conflicts(project, vote.voter, name) for vote in votes if vote.vote == RECUSED},
            )
            for name in clauses
        ),
        first_vote=dates[0] if dates else None,
    )


# --- counting -----------------------------------------------------------------------------------------------------


def count_votes(
    one: Round, clause: str, votes: Sequence[Vote], conflicted: Mapping[str, tuple[Interest, ...]] | None = None
) -> ClauseResult:
    """Count the votes of one round on one clause by the rule of the round."""
    abstained = sum(vote.vote == ABSTAIN for vote in votes)
    deciding = [vote for vote in votes if vote.vote not in {ABSTAIN, RECUSED}]
    said = Counter(str(vote.rating) if vote.vote is None else vote.vote for vote in deciding)
    options = one.options or tuple(map(str, range(1, 10)))
    ratings = [vote.rating for vote in deciding if vote.rating is not None]
    summary = rate(ratings) if ratings else None
    side = "for"
    if one.grid is not None:
        in_favour = said["strong-for"] + said["weak-for"]
        opposed = said["strong-against"] + said["weak-against"]
        side = "for" if in_favour >= opposed else "against"
        backing = max(in_favour, opposed)
    elif one.rating is not None:
        backing = sum(rating >= one.rating.agree_from for rating in ratings)
    else:
        backing = said["for"]
    quorum = len(deciding) + abstained >= one.quorum
    grid = _grid(one.grid, said, side, len(deciding)) if one.grid is not None else None
    adopted = _reaches(backing, len(deciding), one.threshold_percent) if one.grid is None else grid is not None
    if one.rating is not None and summary is not None:
        adopted = adopted and _ratings_allow(one.rating, summary)
    outcome: Outcome = "no-votes"
    if votes:
        outcome = "no-quorum" if not quorum else "adopted" if adopted else "not-adopted"
    return ClauseResult(
        round=one.id,
        clause=clause,
        counts={option: said[option] for option in options},
        cast=len(deciding),
        abstained=abstained,
        recused=sum(vote.vote == RECUSED for vote in votes),
        share=wilson(backing, len(deciding)) if deciding else None,
        ratings=summary,
        quorum=quorum,
        outcome=outcome,
        grid=grid,
        dissent=tuple(_voice(vote) for vote in deciding if _dissents(one, vote, side)),
        recusals=tuple(_voice(vote, (conflicted or {}).get(vote.voter, ())) for vote in votes if vote.vote == RECUSED),
    )


def _reaches(votes: int, of: int, percent: float | None) -> bool:
    return of > 0 and percent is not None and 100 * votes >= percent * of


def _grid(rule: GridRule, said: Counter[str], side: str, of: int) -> str | None:
    other = "against" if side == "for" else "for"
    backing = said[f"strong-{side}"] + said[f"weak-{side}"]
    opposite = said[f"strong-{other}"] + said[f"weak-{other}"]
    if not _reaches(backing, of, rule.direction_percent) or 100 * opposite >= rule.opposite_below_percent * of:
        return None
    return f"{'strong' if _reaches(said[f'strong-{side}'], of, rule.strong_percent) else 'weak'}-{side}"


def _ratings_allow(rule: RatingRule, summary: Ratings) -> bool:
    reached = rule.median_at_least is None or summary.median >= rule.median_at_least
    return reached and not (rule.disagreement == "ipras" and summary.disagreement)


def _dissents(one: Round, vote: Vote, side: str) -> bool:
    if one.rating is not None:
        return vote.rating is not None and vote.rating <= one.rating.disagree_to
    if one.grid is not None:
        return vote.vote is not None and vote.vote.endswith("-against" if side == "for" else "-for")
    return vote.vote == "against"


def _voice(vote: Vote, interests: Iterable[Interest] = ()) -> Voice:
    return Voice(vote.voter, str(vote.rating) if vote.vote is None else vote.vote, vote.comment, tuple(interests))


def wilson(votes: int, of: int, level: float = 0.95) -> Share:
    """A share in percent with its interval by Wilson 1927, which stays within 0 and 100 and suits few votes.

    Raises ValueError unless 0 <= ``votes`` <= ``of`` and there is a vote.
    """
    if not 0 <= votes <= of or of == 0:
        raise ValueError(f"{votes} of {of} is no share of votes")
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = votes / of
    centre = (share + z**2 / (2 * of)) / (1 + z**2 / of)
    half = z / (1 + z**2 / of) * sqrt(share * (1 - share) / of + z**2 / (4 * of**2))
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    return Share(votes, of, 100 * share, 100 * (low if votes else 0.0), 100 * (high if votes < of else 1.0))


def rate(ratings: Sequence[int]) -> Ratings:
    """Summarise ratings from 1 to 9.

    Disagreement follows the RAND/UCLA Appropriateness Method (Fitch et al. 2001, user's manual, RAND MR-1269): the
    spread from the 30th to the 70th percentile against ``2.35 + 1.5 * |5 - its middle|``. Percentiles are interpolated
    linearly between ratings, since the manual names no method.
    """
    ordered = sorted(ratings)
    low, high = _percentile(ordered, 0.3), _percentile(ordered, 0.7)
    return Ratings(
        median=float(median(ordered)),
        low_quartile=_percentile(ordered, 0.25),
        high_quartile=_percentile(ordered, 0.75),
        spread=high - low,
        spread_allowed=2.35 + 1.5 * abs(5 - (low + high) / 2),
    )


def _percentile(ordered: Sequence[int], share: float) -> float:
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


# --- interests ----------------------------------------------------------------------------------------------------


def interventions_of(project: Project, clause: Clause) -> frozenset[str]:
    """The interventions that a clause is about: those of its analyses and of its deciding results."""
    found = {one.intervention for one in clause.decided_by if one.intervention}
    for name in clause.analyses:
        selection = project.analyses[name].select
        found |= {*selection.interventions, *selection.comparators}
    return frozenset(found)


def concerning(project: Project, person: str, clause: str) -> tuple[Interest, ...]:
    """The declared interests of a person that concern a clause, whether or not they are judged conflicts."""
    one = next((p for p in project.guideline.people if p.id == person), None)
    if one is None:
        return ()
    recommendation = project.recommendations[clause[:-1]]
    about = next(interventions_of(project, c) for c in recommendation.clauses if f"{recommendation.id}{c.id}" == clause)
    return tuple(
        interest
        for interest in one.interests
        if interest.everything or recommendation.id in interest.recommendations or about & set(interest.interventions)
    )


def conflicts(project: Project, person: str, clause: str) -> tuple[Interest, ...]:
    """Those among them that keep the person from voting."""
    return tuple(interest for interest in concerning(project, person, clause) if interest.conflict)
