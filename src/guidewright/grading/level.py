"""Level and quality of one study under a scheme, with the reason.

What is not known of a study may be any of its values; all of them are followed, and the level is determined if they
lead to the same one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from guidewright.evidence.questions import QuestionType
from guidewright.evidence.studies import REVIEWS, Design, Study
from guidewright.grading.facts import (
    EITHER,
    EVERY_FINDING,
    EVERY_KIND,
    EVERY_QUALITY,
    NOT_GRADABLE,
    Finding,
    Missing,
    Quality,
    StudyKind,
)
from guidewright.grading.level_table import Flaw, LevelCell, LevelRule
from guidewright.grading.scheme import Scheme
from guidewright.values import Text
from guidewright.words import say


@dataclass(frozen=True)
class Level:
    """The level of a study: one name, ``not-gradable``, or several names while a fact is missing."""

    levels: frozenset[str]
    kinds: frozenset[StudyKind]
    reason: Text
    reading: Text | None = None
    missing: tuple[Missing, ...] = ()

    @property
    def determined(self) -> str | None:
        """The level, or nothing while it is undetermined."""
        return next(iter(self.levels)) if len(self.levels) == 1 else None


@dataclass(frozen=True)
class StudyQuality:
    """The quality of a study of the level that has a quality grade, and the flaws recorded."""

    qualities: frozenset[Quality]
    flaws: tuple[Flaw, ...] = ()
    missing: tuple[Missing, ...] = ()

    @property
    def determined(self) -> Quality | None:
        """The quality, or nothing while it is undetermined."""
        return next(iter(self.qualities)) if len(self.qualities) == 1 else None


def kinds_of(study: Study | None) -> frozenset[StudyKind]:
    """Single study or review, as far as the design is known."""
    if study is None or study.design is None:
        return EVERY_KIND
    return frozenset({StudyKind.REVIEW if study.design.value in REVIEWS else StudyKind.STUDY})


def level_of(
    study: Study | None,
    scheme: Scheme,
    question: QuestionType = QuestionType.THERAPEUTIC,
    *,
    findings: frozenset[Finding] = EVERY_FINDING,
    homogeneous: frozenset[bool] = EITHER,
    words: str | None = None,
) -> Level:
    """Level of a study for one type of question. ``None`` is a reference that could not be identified.

    ``findings`` and ``homogeneous`` are what it may have found, for tables that ask for it. ``words`` names the
    scheme in whose levels ``included_levels`` of reviews are written; by default this one.
    """
    every = frozenset((*scheme.level_names, NOT_GRADABLE))
    if study is None or study.design is None:
        reason = say("level.not-identified" if study is None else "level.design-unknown")
        fact, why = (
            ("reference", "the publication is not identified")
            if study is None
            else ("design", "the level follows from the design")
        )
        if len(every) == 1:  # a scheme without levels needs no design to say so
            return Level(every, kinds_of(study), say("level.no-levels"))
        return Level(every, EVERY_KIND, reason, missing=(Missing(fact, why),))
    rows = scheme.table(question)
    if rows is None:
        kind = say(f"question-type.{question.value}")
        return Level(frozenset({NOT_GRADABLE}), kinds_of(study), say("level.no-table", question=kind))
    known = _Known(study, study.design.value, scheme, question, findings, homogeneous, words or scheme.level_words)
    return known.level(rows)


@dataclass(frozen=True)
class _Known:
    """What is known of one study of known design."""

    study: Study
    design: Design
    scheme: Scheme
    question: QuestionType
    findings: frozenset[Finding]
    homogeneous: frozenset[bool]
    words: str

    def level(self, rows: Sequence[LevelRule]) -> Level:
        """The level by the rows of a table; the first cell that fits decides."""
        kinds = kinds_of(self.study)
        reviews = self.scheme.reviews
        if reviews is not None and self.design in reviews.designs:
            return self._lowest_included(reviews.reading)
        cells = [(row, cell) for row in rows for cell in row.ways if self.design in cell.designs]
        if not cells:
            return Level(frozenset({NOT_GRADABLE}), kinds, self._no_level())
        possible = self._possible([cell for _row, cell in cells])
        hit: dict[tuple[str, int], LevelCell | None] = {}
        for values in product(*possible.values()):
            facts = dict(zip(possible, values, strict=True))
            found = next(((n, row, cell) for n, (row, cell) in enumerate(cells) if _fits(cell, facts)), None)
            hit[(NOT_GRADABLE, -1) if found is None else (found[1].level, found[0])] = found[2] if found else None
        levels = frozenset(level for level, _n in hit)
        if len(levels) > 1:
            missing = tuple(self._missing(fact) for fact, values in possible.items() if len(values) > 1)
            names = " / ".join(name for name in self.scheme.level_names if name in levels)
            open_ = say("level.open-none", levels=names) if NOT_GRADABLE in levels else say("level.open", levels=names)
            return Level(levels, kinds, open_, None, missing)
        if NOT_GRADABLE in levels:
            return Level(levels, kinds, say("level.no-cell"))
        cell = next(iter(hit.values()))
        row = next(row for row, _cell in cells if row.level in levels)
        if len(hit) > 1 or cell is None:
            return Level(levels, kinds, row.label, row.reading)
        return Level(levels, kinds, cell.label, cell.reading)

    def _no_level(self) -> Text:
        if not self.scheme.levels:
            return say("level.no-levels")
        reasons = (none.reason for none in self.scheme.not_gradable if self.design in none.designs)
        return next(reasons, say("level.design-unnamed"))

    def _lowest_included(self, reading: Text | None) -> Level:
        kinds = kinds_of(self.study)
        included, missing = self._included()
        if len(included) == 1:
            (lowest,) = included
            return Level(included, kinds, say("level.review-lowest", level=lowest), reading)
        return Level(included, kinds, say("level.review-unknown"), reading, (missing,))

    # --- what a cell may ask --------------------------------------------------------------------------------------

    def _possible(self, cells: Sequence[LevelCell]) -> dict[str, list[Any]]:
        """What each fact that the cells ask for may be."""
        found: dict[str, list[Any]] = {}
        if any(cell.quality for cell in cells):
            found["quality"] = sorted(quality_of(self.study, self.scheme).qualities)
        if any(cell.finding for cell in cells):
            found["finding"] = sorted(self.findings)
        if any(cell.homogeneous is not None for cell in cells):
            found["homogeneous"] = sorted(self.homogeneous)
        if any(cell.included for cell in cells):
            found["review.included_levels"] = sorted(self._included()[0])
        if any(cell.included_designs for cell in cells):
            found["review.included_designs"] = self._included_designs(cells)
        for fact in self.scheme.facts:
            if any(fact.id in cell.facts for cell in cells):
                recorded = self.study.for_grading.get(fact.id)
                known = [value.id for value in fact.values if recorded is None or value.id == recorded.value]
                found[fact.id] = known or [value.id for value in fact.values]
        return found

    def _included(self) -> tuple[frozenset[str], Missing]:
        """The lowest level that a review may include, and the fact that would tell it."""
        review, names = self.study.review, self.scheme.level_names
        wanted = Missing("review.included_levels", "a review has the lowest level among the studies it includes")
        if review is not None and review.included_levels is not None and self.words == self.scheme.level_words:
            known = [name for name in names if name in review.included_levels.value]
            if known:
                return frozenset({known[-1]}), wanted
        if review is not None and review.included_designs is not None:
            each = [set(self._of_design(design)) - {NOT_GRADABLE} for design in review.included_designs.value]
            lowest = {max(one, key=names.index) for one in product(*(levels for levels in each if levels)) if one}
            if lowest:
                return frozenset(lowest), wanted
        return frozenset(names), wanted

    def _of_design(self, design: Design) -> frozenset[str]:
        """The levels that a study may have of which only the design is known."""
        assert self.study.design is not None  # noqa: S101 - a review has one
        bare = Study(
            id="included",
            name="included",
            reports=self.study.reports,
            design=self.study.design.model_copy(update={"value": design}),
        )
        return level_of(bare, self.scheme, self.question).levels

    def _included_designs(self, cells: Sequence[LevelCell]) -> list[frozenset[Design]]:
        review = self.study.review
        if review is not None and review.included_designs is not None:
            return [frozenset(review.included_designs.value)]
        asked = {frozenset(cell.included_designs) for cell in cells if cell.included_designs}
        return [*sorted(asked, key=sorted), frozenset(Design)]

    def _missing(self, fact: str) -> Missing:
        return next((Missing(f.id, f.label["en"]) for f in self.scheme.facts if f.id == fact), Missing(fact))


def _fits(cell: LevelCell, facts: Mapping[str, Any]) -> bool:
    return (
        (cell.quality is None or facts["quality"] == cell.quality)
        and (not cell.finding or facts["finding"] in cell.finding)
        and (cell.homogeneous is None or facts["homogeneous"] is cell.homogeneous)
        and (not cell.included or facts["review.included_levels"] in cell.included)
        and (not cell.included_designs or facts["review.included_designs"] <= {*cell.included_designs})
        and all(facts[name] in wanted for name, wanted in cell.facts.items())
    )


# --- quality ------------------------------------------------------------------------------------------------------


def quality_of(study: Study | None, scheme: Scheme) -> StudyQuality:
    """Quality from the scheme's named flaws: lesser with any flaw, high when all are known to be absent."""
    if study is None or scheme.quality is None:
        return StudyQuality(EVERY_QUALITY)
    flaws: list[Flaw] = []
    missing: list[Missing] = []
    for flaw in _concerning(study, scheme.quality.flaws):
        fact = getattr(study, flaw.fact)
        value = fact.value if fact is not None else None
        if study.design is not None and study.design.value in flaw.designs:
            flaws.append(flaw)
        elif value is None or value == flaw.unclear:
            missing.append(Missing(flaw.fact, flaw.label["en"]))
        elif _has(flaw, value):
            flaws.append(flaw)
    if flaws:
        return StudyQuality(frozenset({Quality.LESSER}), tuple(flaws), ())
    if missing:
        return StudyQuality(EVERY_QUALITY, (), tuple(missing))
    return StudyQuality(frozenset({Quality.HIGH}))


def _concerning(study: Study, flaws: Sequence[Flaw]) -> Iterator[Flaw]:
    design = study.design.value if study.design is not None else None
    return (flaw for flaw in flaws if not flaw.concerns or design is None or design in flaw.concerns)


def _has(flaw: Flaw, value: str | float) -> bool:
    if flaw.equals is not None:
        return value == flaw.equals
    return flaw.below is not None and isinstance(value, int | float) and value < flaw.below
