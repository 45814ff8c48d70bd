"""Level and quality of one study under a scheme, with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from guidewright.evidence.studies import REVIEWS, Study
from guidewright.grading.facts import EVERY_QUALITY, NOT_GRADABLE, Missing, Quality, StudyKind
from guidewright.grading.scheme import Flaw, Scheme
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


def level_of(study: Study | None, scheme: Scheme) -> Level:
    """Level by design. ``None`` is a reference that could not be identified: everything about it is unknown."""
    every = frozenset((*scheme.level_names, NOT_GRADABLE))
    if study is None:
        return Level(
            every,
            frozenset(StudyKind),
            say("level.not-identified"),
            missing=(Missing("reference", "the publication is not identified"),),
        )
    if study.design is None:
        return Level(
            every,
            frozenset(StudyKind),
            say("level.design-unknown"),
            missing=(Missing("design", "the level follows from the design"),),
        )
    design = study.design.value
    if design in scheme.reviews.designs:
        return _review_level(study, scheme)
    kinds = frozenset({StudyKind.REVIEW if design in REVIEWS else StudyKind.STUDY})
    for rule in scheme.levels:
        if design in rule.designs:
            return Level(frozenset({rule.level}), kinds, rule.label, rule.reading)
    for none in scheme.not_gradable:
        if design in none.designs:
            return Level(frozenset({NOT_GRADABLE}), kinds, none.reason)
    return Level(frozenset({NOT_GRADABLE}), kinds, say("level.design-unnamed"))


def _review_level(study: Study, scheme: Scheme) -> Level:
    kinds = frozenset({StudyKind.REVIEW})
    reading = scheme.reviews.reading
    included = study.review.included_levels.value if study.review and study.review.included_levels else ()
    known = [name for name in scheme.level_names if name in included]
    if not known:
        return Level(
            frozenset(scheme.level_names),
            kinds,
            say("level.review-unknown"),
            reading,
            (Missing("review.included_levels", "a review has the lowest level among the studies it includes"),),
        )
    lowest = known[-1]
    return Level(frozenset({lowest}), kinds, say("level.review-lowest", level=lowest), reading)


def quality_of(study: Study | None, scheme: Scheme) -> StudyQuality:
    """Quality from the scheme's named flaws: lesser with any flaw, high when all are known to be absent."""
    if study is None:
        return StudyQuality(EVERY_QUALITY)
    flaws: list[Flaw] = []
    missing: list[Missing] = []
    for flaw in scheme.quality.flaws:
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


def _has(flaw: Flaw, value: str | float) -> bool:
    if flaw.equals is not None:
        return value == flaw.equals
    return flaw.below is not None and isinstance(value, int | float) and value < flaw.below
