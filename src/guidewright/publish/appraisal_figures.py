"""From appraisals to their figures in a language, and to the judgements beside a forest plot.

Only what :mod:`guidewright.grading.reconciliation` shows gets here: of an open appraisal there is nothing to draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from guidewright.figures.rows import Domain, Judgement, Tone
from guidewright.figures.traffic import Light, RiskBars, Share, TrafficLight
from guidewright.grading.instrument import Instrument
from guidewright.grading.reconciliation import Appraisal, State
from guidewright.metaanalysis.result import Result
from guidewright.publish.snapshot import Snapshot
from guidewright.publish.views import AnalysisView
from guidewright.words import word

#: Stands for a judgement that the answers do not decide yet.
UNDETERMINED = "·"
#: No figure has room for more letters.
MOST = len(ascii_uppercase)
#: More judgements than these would leave a forest plot no room.
BESIDE = 9


@dataclass(frozen=True)
class Judgements:
    """The appraisals by one instrument that a page shows together, one for each study."""

    instrument: Instrument
    appraisals: tuple[Appraisal, ...]
    waiting: int
    """Studies whose appraisal is still open."""

    @property
    def recorded(self) -> bool:
        """Whether they only repeat recorded facts; nobody appraised anything."""
        return all(one.state is State.RECORDED for one in self.appraisals)


def by_instrument(
    snapshot: Snapshot, studies: Sequence[str], outcomes: Sequence[str] | None = None
) -> tuple[Judgements, ...]:
    """The appraisals of some studies, by instrument; of results only those with one of the outcomes, if any are named.

    Appraisals by people come first, those from recorded facts last.
    """
    found = []
    wanted = frozenset(studies)
    suited_to = [
        one
        for one in snapshot.appraisals
        if one.study in wanted and (one.outcome is None or outcomes is None or one.outcome in outcomes)
    ]
    for instrument in snapshot.instruments:
        suited = [one for one in suited_to if one.instrument == instrument.id]
        closed = [one for one in suited if one.state is not State.OPEN]
        shown = {(one.study, one.outcome if outcomes is None else ""): one for one in reversed(closed)}
        ordered = [one for one in closed if shown.get((one.study, one.outcome if outcomes is None else "")) is one]
        waiting = len({one.study for one in suited if one.state is State.OPEN})
        if suited and len(instrument.judged) <= MOST:
            found.append(Judgements(instrument, tuple(ordered), waiting))
    return tuple(sorted(found, key=lambda one: one.recorded))


def of_analysis(snapshot: Snapshot, view: AnalysisView) -> tuple[Judgements, ...]:
    """The appraisals of the studies of a meta-analysis."""
    return by_instrument(snapshot, tuple(weights(view.result)), view.analysis.select.outcomes)


def beside_forest(snapshot: Snapshot, view: AnalysisView) -> Judgements | None:
    """The appraisals whose judgements stand beside the forest plot: of those by people, else from recorded facts, those
    that cover the most studies, and of these those with the most domains.
    """
    found = [one for one in of_analysis(snapshot, view) if one.appraisals and len(one.instrument.judged) <= BESIDE]
    return max(found, key=lambda o: (not o.recorded, len(o.appraisals), len(o.instrument.domains)), default=None)


def signs_by_study(shown: Judgements | None) -> dict[str, tuple[str, ...]]:
    """The signs of each study; a study that was not appraised has none."""
    return {one.study: signs_of(one, shown.instrument) for one in shown.appraisals} if shown is not None else {}


def forest_columns(shown: Judgements | None, language: str) -> dict[str, Any]:
    """What a forest plot needs to show them: domains, judgements, heading, notes."""
    if shown is None:
        return {}
    title = shown.instrument.title.get(language, shown.instrument.id)
    return {
        "domains": domains_of(shown.instrument, language),
        "judgements": judgements_of(shown.instrument, used_in(shown.appraisals), language),
        "risk_heading": title,
        "notes": (word("appraisal.beside-forest", language, instrument=title), *notes_of(shown, language)),
    }


def weights(result: Result) -> dict[str, float]:
    """Weight of each study: in the overall result if there is one, else the mean over the strata that it is in."""
    pooled = [result.overall] if result.overall is not None else list(result.strata)
    found: dict[str, list[float]] = {}
    for one in [*pooled, *result.strata]:
        for study in one.studies:
            found.setdefault(study.study, []).append(study.weight or 0.0)
    return {study: sum(shares) / len(shares) for study, shares in found.items()}


def domains_of(instrument: Instrument, language: str) -> tuple[Domain, ...]:
    """Every domain, then the judgements as a whole, under letters."""
    return tuple(
        Domain(letter, part.title.get(language, part.id))
        for letter, part in zip(ascii_uppercase, instrument.judged.values(), strict=False)
    )


def judgements_of(instrument: Instrument, used: set[str], language: str) -> tuple[Judgement, ...]:
    """The judgements that are used, each sign once: two with one sign are named together."""
    by_sign: dict[str, list[tuple[Tone, str]]] = {}
    for level in instrument.judgements:
        if level.id in used:
            said = level.label.get(language, level.id)
            by_sign.setdefault(level.sign, []).append((Tone(level.tone), said))
    found = [
        Judgement(sign, ones[0][0], " / ".join(dict.fromkeys(said for _tone, said in ones)))
        for sign, ones in by_sign.items()
    ]
    if UNDETERMINED in used:
        found.append(Judgement(UNDETERMINED, Tone.NONE, word("appraisal.undetermined", language)))
    return tuple(found)


def signs_of(one: Appraisal, instrument: Instrument) -> tuple[str, ...]:
    """The sign of every judgement."""
    return tuple(_sign(one, instrument, part) for part in instrument.judged)


def used_in(appraisals: Sequence[Appraisal]) -> set[str]:
    """Names of all judgements that occur."""
    return {judged.judgement or UNDETERMINED for one in appraisals for judged in one.judged}


def traffic(snapshot: Snapshot, shown: Judgements, language: str, about: str, identifier: str) -> TrafficLight:
    """Studies by domains. ``about`` names the analysis or group of studies."""
    title = shown.instrument.title.get(language, shown.instrument.id)
    return TrafficLight(
        identifier=f"traffic-{identifier}",
        title=word("appraisal.traffic-title", language, about=about, instrument=title),
        description=describe(shown, language),
        nothing=word("appraisal.nothing", language),
        rows=[Light(_label(snapshot, one, language), signs_of(one, shown.instrument)) for one in shown.appraisals],
        domains=domains_of(shown.instrument, language),
        judgements=judgements_of(shown.instrument, used_in(shown.appraisals), language),
        label_heading=word("forest.study", language),
        whole=len(shown.instrument.overall),
        notes=notes_of(shown, language),
    )


def bars(
    snapshot: Snapshot, shown: Judgements, language: str, about: str, identifier: str, by: Mapping[str, float] | None
) -> RiskBars:
    """The share of each judgement by domain; ``by`` weighs the studies, else each counts alike."""
    instrument = shown.instrument
    levels = judgements_of(instrument, used_in(shown.appraisals), language)
    rows = []
    for domain, part in zip(domains_of(instrument, language), instrument.judged, strict=False):
        counts = dict.fromkeys((level.sign for level in levels), 0)
        sums = dict.fromkeys(counts, 0.0)
        for one in shown.appraisals:
            sign = _sign(one, instrument, part)
            counts[sign] += 1
            sums[sign] += 1.0 if by is None else by.get(one.study, 0.0)
        total = sum(sums.values()) or 1.0
        said = tuple(f"{counts[s]} ({100 * sums[s] / total:.0f}%)" for s in sums)
        rows.append(Share(domain.name, tuple(value / total for value in sums.values()), said))
    title = instrument.title.get(language, instrument.id)
    note = word("appraisal.weighted" if by is not None else "appraisal.unweighted", language)
    return RiskBars(
        identifier=f"bars-{identifier}{'' if by is None else '-weighted'}",
        title=word("appraisal.bars-title", language, about=about, instrument=title),
        description=f"{describe(shown, language)} {note}",
        nothing=word("appraisal.nothing", language),
        rows=rows,
        judgements=levels,
        label_heading=word("appraisal.domain", language),
        notes=(note,),
    )


def describe(shown: Judgements, language: str) -> str:
    """The message of the figures: how many studies have which judgement as a whole."""
    instrument = shown.instrument
    parts = instrument.overall or instrument.domains[:1]
    said = []
    for part in parts:
        found: dict[str, int] = {}
        for one in shown.appraisals:
            judged = one.judgement_of(part.id)
            name = (judged.judgement if judged else None) or UNDETERMINED
            found[name] = found.get(name, 0) + 1
        order = [*(level.id for level in instrument.judgements), UNDETERMINED]
        words = [
            word("appraisal.said-count", language, n=found[name], judgement=label(instrument, name, language))
            for name in order
            if name in found
        ]
        title = part.title.get(language, part.id)
        said.append(word("appraisal.said", language, part=title, counts=word("comma", language).join(words)))
    return word("gap", language).join(said) if shown.appraisals else word("appraisal.nothing", language)


def label(instrument: Instrument, judgement: str | None, language: str) -> str:
    """A judgement in words."""
    if judgement is None or judgement == UNDETERMINED:
        return word("appraisal.undetermined", language)
    return instrument.levels[judgement].label.get(language, judgement)


def notes_of(shown: Judgements, language: str) -> tuple[str, ...]:
    """What a reader of the figure must know."""
    said = []
    if shown.waiting:
        said.append(word("appraisal.waiting", language, n=shown.waiting))
    if shown.appraisals and shown.recorded:
        said.append(word("appraisal.recorded-note", language))
    return tuple(said)


def _sign(one: Appraisal, instrument: Instrument, part: str) -> str:
    judged = one.judgement_of(part)
    return instrument.levels[judged.judgement].sign if judged and judged.judgement else UNDETERMINED


def _label(snapshot: Snapshot, one: Appraisal, language: str) -> str:
    name = next((view.study.name for view in snapshot.studies if view.study.id == one.study), one.study)
    if one.outcome is None:
        return name
    outcomes = {o.id: o.name for q in snapshot.questions for o in q.outcomes}
    return f"{name}{word('comma', language)}{outcomes.get(one.outcome, {}).get(language, one.outcome)}"
