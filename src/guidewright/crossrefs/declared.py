"""What is declared beside an analysis, a recommendation or a round fits it: strata, answers, votes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guidewright.crossrefs.loaded import Loaded, Path
from guidewright.grading.certainty.record import CertaintyRecord
from guidewright.grading.decision.library import decision_criteria
from guidewright.guideline.decision import DecisionRecord
from guidewright.guideline.edition import Guideline
from guidewright.guideline.rounds import Round
from guidewright.guideline.voting import ABSTAIN, RECUSED, Vote
from guidewright.problems import Problem, did_you_mean


def declared_problems(loaded: Mapping[str, list[Loaded]], strata: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    """All problems of this kind."""
    yield from _strata(loaded["certainty"], strata)
    yield from _criteria(loaded["decision"])
    yield from _votes(loaded)


def _strata(ones: list[Loaded], strata: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    for one in ones:
        if not isinstance(one.value, CertaintyRecord) or one.value.id not in strata:
            continue
        known = strata[one.value.id]
        seen: set[str] = set()
        for n, body in enumerate(one.value.bodies):
            path: Path = ("bodies", n, "stratum")
            name = body.stratum or "overall"
            if name not in known and not (body.stratum is None and len(known) == 1):
                hint = did_you_mean(name, known)
                yield one.problem(
                    path if body.stratum else ("bodies", n),
                    "the analysis has no such stratum" + (f"; {hint}" if hint else ""),
                    value=name,
                    next_step="its strata are: " + ", ".join(known),
                )
            elif name in seen:
                yield one.problem(
                    ("bodies", n), "this body stands twice", value=name, next_step="put both together into one"
                )
            seen.add(name)


def _criteria(ones: list[Loaded]) -> Iterator[Problem]:
    criteria = decision_criteria()
    names = [one.id for one in criteria.criteria]
    for one in ones:
        for n, judged in enumerate(one.value.judgements if isinstance(one.value, DecisionRecord) else ()):
            answers = [answer.id for answer in criteria.answers(judged.criterion)]
            if not answers:
                known, field, word = names, "criterion", judged.criterion
            elif judged.judgement not in answers:
                known, field, word = answers, "judgement", judged.judgement
            else:
                continue
            hint = did_you_mean(word, known)
            yield one.problem(
                ("judgements", n, field),
                f"`{field}` must be one of: {', '.join(known)}" + (f"; {hint}" if hint else ""),
                value=word,
                next_step="write it as in the list; a criterion that was not judged is left out",
                example=f"{field}: {known[0]}",
            )


def _votes(loaded: Mapping[str, list[Loaded]]) -> Iterator[Problem]:
    guideline = loaded["guideline"][0].value if loaded["guideline"] else None
    if not isinstance(guideline, Guideline):
        return
    rounds = {one.id: one for one in guideline.rounds}
    for one in loaded["vote"]:
        held = rounds.get(one.stem)
        if held is None or not isinstance(one.value, Vote) or _fits(held, one.value):
            continue
        options = (*held.options, ABSTAIN, RECUSED)
        rated = "a `rating` from 1 to 9, or " if held.rating else ""
        yield one.problem(
            ("vote",) if one.value.vote else ("rating",),
            f"a vote of the round `{held.id}` is {rated}one of: {', '.join(options)}",
            value=one.value.vote or str(one.value.rating),
            next_step="write the vote as the round declares it in guideline_src/guideline.yml",
        )


def _fits(held: Round, vote: Vote) -> bool:
    if vote.vote in {ABSTAIN, RECUSED}:
        return True
    return held.rating is not None if vote.vote is None else vote.vote in held.options
