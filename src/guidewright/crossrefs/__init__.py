"""What one file says of another: names that must exist, names that must be unique, numbers that must add up."""

from __future__ import annotations

from collections.abc import Mapping

from guidewright.crossrefs.appraisals import appraisal_problems
from guidewright.crossrefs.declared import declared_problems
from guidewright.crossrefs.found import found_problems
from guidewright.crossrefs.identity import identity_problems, inner_identity_problems, language_problems
from guidewright.crossrefs.judgements import judgement_problems
from guidewright.crossrefs.loaded import Loaded
from guidewright.crossrefs.names import dangling, known_names
from guidewright.crossrefs.prose import prose_problems
from guidewright.crossrefs.rows import row_problems
from guidewright.crossrefs.rules import analysis_checks, rule_problems
from guidewright.grading.instrument import Instrument
from guidewright.grading.scheme import Scheme
from guidewright.problems import Problem

__all__ = ["Loaded", "crossref_problems"]


def crossref_problems(
    loaded: Mapping[str, list[Loaded]],
    schemes: Mapping[str, Scheme],
    languages: tuple[str, ...] | None,
    instruments: Mapping[str, Instrument] | None = None,
) -> list[Problem]:
    """All problems between files. ``languages`` are not known while ``guideline.yml`` cannot be read.

    ``schemes`` and ``instruments`` are those that come with the tool.
    """
    known = known_names(loaded, schemes, instruments or ())
    analyses = analysis_checks(loaded, known)
    problems: list[Problem] = []
    for ones in loaded.values():
        for one in ones:
            problems += dangling(one, known)
            problems += prose_problems(one, known, analyses.strata)
            problems += language_problems(one, languages) if languages else []
            problems += inner_identity_problems(one)
    problems += identity_problems(loaded)
    problems += row_problems(loaded, known)
    problems += found_problems(loaded, known)
    problems += rule_problems(loaded, schemes)
    problems += analyses.problems
    problems += judgement_problems(loaded, schemes)
    problems += declared_problems(loaded, analyses.strata)
    problems += appraisal_problems(loaded, instruments or {})
    return problems
