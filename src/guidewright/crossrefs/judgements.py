"""What studies and clauses record for grading schemes: facts that some scheme asks for, with values it knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from guidewright.crossrefs.loaded import Loaded, Path
from guidewright.evidence.studies import Study
from guidewright.grading.level_table import AskedFact
from guidewright.grading.scheme import Scheme
from guidewright.guideline.recommendation import Recommendation
from guidewright.problems import Problem, did_you_mean


def judgement_problems(loaded: Mapping[str, list[Loaded]], schemes: Mapping[str, Scheme]) -> Iterator[Problem]:
    """Names and values under ``for_grading`` and ``judged`` that no scheme knows."""
    if any(one.value is None for one in loaded["grading-scheme"]):
        return  # a scheme that cannot be read may know them
    of_studies = _values(fact for scheme in schemes.values() for fact in scheme.facts)
    of_clauses = _values(fact for scheme in schemes.values() for fact in scheme.judged)
    for one in loaded["study"]:
        for name, fact in one.value.for_grading.items() if isinstance(one.value, Study) else ():
            path: Path = ("for_grading", name)
            yield from _unknown(one, path, name, fact.value, of_studies, "no scheme asks for this fact of a study")
    for one in loaded["recommendation"]:
        for n, clause in enumerate(one.value.clauses if isinstance(one.value, Recommendation) else ()):
            for name, decided in clause.judged.items():
                path = ("clauses", n, "judged", name)
                yield from _unknown(one, path, name, decided.value, of_clauses, "no scheme asks for this decision")


def _values(asked: Iterable[AskedFact]) -> dict[str, set[str]]:
    known: dict[str, set[str]] = {}
    for fact in asked:
        known.setdefault(fact.id, set()).update(value.id for value in fact.values)
    return known


def _unknown(
    one: Loaded, path: Path, name: str, value: str, known: Mapping[str, set[str]], rule: str
) -> Iterator[Problem]:
    if name not in known:
        hint = did_you_mean(name, known)
        at = one.key_place(path)
        advised = "schemes ask for: " + ", ".join(sorted(known))
        yield Problem(one.file, at.line, at.column, rule + (f"; {hint}" if hint else ""), name, next_step=advised)
    elif value not in known[name]:
        hint = did_you_mean(value, known[name])
        said = f"`{name}` must be one of: {', '.join(sorted(known[name]))}" + (f"; {hint}" if hint else "")
        yield one.problem((*path, "value"), said, value=value, example=f"value: {min(known[name])}")
