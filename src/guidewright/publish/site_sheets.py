"""The tables of the site that can be downloaded, in the words of one language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from guidewright.guideline.past_editions import PastClause, PastEdition
from guidewright.publish.edition_views import change_now, changes_since
from guidewright.publish.numbers import decimal
from guidewright.publish.sheets import Sheet
from guidewright.publish.snapshot import Snapshot
from guidewright.values import Text, in_language
from guidewright.words import word

Say = Callable[[str], str]
SEPARATOR = "; "


def site_sheets(snapshot: Snapshot, language: str) -> Iterator[Sheet]:
    """Every table that can be downloaded. Numbers are written with a plain hyphen, so that programs read them."""

    def say(key: str, **values: object) -> str:
        return word(key, language, **values)

    def t(text: Text | str | None) -> str:
        if isinstance(text, dict):
            return in_language(text, language)
        return text or ""

    yield _recommendations(snapshot, say, t)
    yield _references(snapshot, say, t)
    yield _levels(snapshot, say)
    yield _studies(snapshot, say)
    yield _results(snapshot, say, t)
    yield _analyses(snapshot, say, t)
    for edition in snapshot.past_editions:
        yield _changes(snapshot, edition, say, t)
    for table in snapshot.tables:
        columns = table.schema.columns
        yield Sheet(
            f"table-{table.schema.id}",
            tuple(f"{t(c.name)} ({c.unit})" if c.unit else t(c.name) for c in columns),
            tuple(
                tuple(row.get(f"{c.id}_{language}" if c.type == "text" else c.id) or "" for c in columns)
                for row in table.rows
            ),
        )


def _sheet(name: str, header: Iterable[str], rows: Iterable[Iterable[object]]) -> Sheet:
    return Sheet(name, tuple(header), tuple(tuple("" if c is None else str(c) for c in row) for row in rows))


def _plain(value: float | None, places: int = 4) -> str:
    return "" if value is None else decimal(value, places).replace("\u2212", "-")


def _recommendations(snapshot: Snapshot, say: Callable[..., str], t: Callable[..., str]) -> Sheet:
    header = (
        *("rec.clause", "rec.statement", "summary.strength", "summary.direction", "summary.topic"),
        *("pico.type", "summary.change", "rec.population", "rec.not-for"),
    )
    topics = {aspect.id: t(aspect.name) for aspect in snapshot.guideline.aspects}
    types = {q.id: q.type.value for q in snapshot.questions}
    changed = change_now(snapshot)
    return _sheet(
        "recommendations",
        [*map(say, header)],
        (
            (
                c.id,
                t(c.clause.statement),
                c.grade.stated or c.grade.strength,
                say(f"direction.{c.clause.direction}"),
                topics[view.recommendation.aspect],
                say(f"question-type.{types[c.clause.question]}"),
                say(f"change.{changed(view.recommendation.id, view.recommendation.change)}"),
                t(view.recommendation.population),
                t(view.recommendation.not_for),
            )
            for view in snapshot.recommendations
            for c in view.clauses
        ),
    )


def _references(snapshot: Snapshot, say: Callable[..., str], t: Callable[..., str]) -> Sheet:
    names = {view.study.id: view.study.name for view in snapshot.studies}
    return _sheet(
        "references",
        [
            *map(say, ("evidence.number", "evidence.reference")),
            *("DOI", "PMID"),
            *map(say, ("evidence.identified", "rec.clause", "evidence.stated-level", "evidence.study")),
        ],
        (
            (
                ref.number,
                t(ref.full),
                ref.record.doi,
                ref.record.pmid,
                say("yes" if ref.record.identified else "no"),
                SEPARATOR.join(clause for clause, _level in ref.graded_in),
                SEPARATOR.join(dict.fromkeys(level for _clause, level in ref.graded_in if level)),
                names.get(ref.study or ""),
            )
            for ref in snapshot.references
        ),
    )


def _levels(snapshot: Snapshot, say: Callable[..., str]) -> Sheet:
    """One row for each study or reference of each clause: a long table, which programs can pivot."""
    names = {view.study.id: view.study.name for view in snapshot.studies}
    return _sheet(
        "levels",
        map(say, ("rec.clause", "evidence.study", "evidence.stated-level", "evidence.level", "evidence.not-counted")),
        (
            (
                clause.id,
                names.get(one.id, one.id),
                SEPARATOR.join(dict.fromkeys(e.stated_level for e in one.evidence if e.stated_level)),
                one.level.determined or say("level.undetermined"),
                say("yes") if one.left_out else "",
            )
            for view in snapshot.recommendations
            for clause in view.clauses
            for one in clause.grade.studies
        ),
    )


def _studies(snapshot: Snapshot, say: Callable[..., str]) -> Sheet:
    return _sheet(
        "studies",
        [
            *map(say, ("evidence.study", "study.design", "fact.randomisation", "fact.blinding")),
            *map(say, ("fact.follow_up_percent", "study.participants", "evidence.reference")),
            *map(say, ("rec.clause", "nav.analyses")),
        ],
        (
            (
                view.study.name,
                say(f"design.{view.study.design.value.value}") if view.study.design else say("value.unknown"),
                say(f"randomisation.{view.study.randomisation.value}") if view.study.randomisation else "",
                say(f"blinding.{view.study.blinding.value}") if view.study.blinding else "",
                f"{view.study.follow_up_percent.value:g}" if view.study.follow_up_percent else "",
                view.study.participants.value if view.study.participants else "",
                SEPARATOR.join(report.cite for report in view.study.reports),
                SEPARATOR.join(view.clauses),
                SEPARATOR.join(view.analyses),
            )
            for view in snapshot.studies
        ),
    )


#: Columns of the extracted results that are printed as they stand; their names are those of the data dictionary.
_RESULT_FIELDS = (
    *("events1", "total1", "events2", "total2", "mean1", "sd1", "n1", "mean2", "sd2", "n2"),
    *("effect", "estimate", "ci_low", "ci_high", "p", "verified"),
)


def _results(snapshot: Snapshot, say: Callable[..., str], t: Callable[..., str]) -> Sheet:
    outcomes = {o.id: t(o.name) for q in snapshot.questions for o in q.outcomes}
    terms = {term.id: t(term.name) for term in snapshot.glossary.terms}
    return _sheet(
        "results",
        [
            *map(say, ("evidence.study", "study.outcome", "summary.time", "forest.group1", "forest.group2")),
            *_RESULT_FIELDS,
            say("forest.where"),
        ],
        (
            (
                view.study.name,
                outcomes.get(one.row.outcome, one.row.outcome),
                one.row.time_point,
                terms.get(one.row.intervention, one.row.intervention),
                terms.get(one.row.comparator, one.row.comparator),
                *(getattr(one.row, name) for name in _RESULT_FIELDS),
                one.place,
            )
            for view in snapshot.studies
            for one in view.rows
        ),
    )


def _changes(snapshot: Snapshot, edition: PastEdition, say: Callable[..., str], t: Callable[..., str]) -> Sheet:
    def side(clause: PastClause | None) -> tuple[str, ...]:
        return (
            (t(clause.statement), clause.strength or "", say(f"direction.{clause.direction}")) if clause else ("",) * 3
        )

    fields = ("rec.statement", "summary.strength", "summary.direction")
    labels = (edition.edition, snapshot.guideline.edition)
    return _sheet(
        f"changes-{edition.edition}",
        [
            *map(say, ("rec.clause", "summary.change", "editions.parts")),
            *(f"{say(field)} ({label})" for label in labels for field in fields),
        ],
        (
            (
                one.id,
                say(f"clause-change.{one.kind}"),
                SEPARATOR.join(say(f"changed-part.{part}") for part in one.parts),
                *side(one.before),
                *side(one.after),
            )
            for one in changes_since(snapshot, edition)
        ),
    )


def _analyses(snapshot: Snapshot, say: Callable[..., str], t: Callable[..., str]) -> Sheet:
    def rows() -> Iterator[tuple[object, ...]]:
        for view in snapshot.analyses:
            pooled = [(one.stratum, one) for one in view.result.strata]
            if view.result.overall is not None:
                pooled.append((say("forest.overall"), view.result.overall))
            for stratum, one in pooled:
                yield (
                    *(view.analysis.id, t(view.analysis.title), stratum, view.result.measure.value, one.k),
                    *(_plain(one.summary.estimate), _plain(one.summary.low), _plain(one.summary.high)),
                    *(_plain(one.i2, 1), _plain(one.tau2), _plain(one.prediction_low), _plain(one.prediction_high)),
                )

    return _sheet(
        "analyses",
        [
            *map(say, ("summary.id", "nav.analyses", "analysis.stratum", "summary.measure")),
            "k",
            *map(say, ("summary.estimate", "summary.low", "summary.high")),
            *("I² (%)", "τ²"),
            *map(say, ("summary.prediction-low", "summary.prediction-high")),
        ],
        rows(),
    )
