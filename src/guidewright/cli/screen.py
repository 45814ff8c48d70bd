"""``guidewright screen``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from guidewright.cli.console import PROBLEMS, counted, load_or_exit, show_problems, wrong_use
from guidewright.evidence.screening import CONSENSUS, STAGES, ScreeningDecision, Stage

if TYPE_CHECKING:
    from guidewright.cli.screen_terminal import Matter
    from guidewright.decisions import DecisionFile
    from guidewright.evidence.dedupe.merging import Publication
    from guidewright.evidence.screening import Decision
    from guidewright.evidence.selecting.state import Selection
    from guidewright.project import Project

FOLDER = "evidence/screening"
#: With an order that is learnt, the model is fitted anew after so many decisions.
LEARN_EVERY = 10


@dataclass(frozen=True)
class Options:
    """The options as they were given."""

    by: str | None = None
    stage: str = "title-abstract"
    question: str | None = None
    order: str = "found"
    to: Path | None = None
    source: Path | None = None
    only: str | None = None
    reconcile: bool = False
    agreement: bool = False
    conflicts: bool = False
    stopping: bool = False
    reasons: bool = False
    as_json: bool = False


@dataclass(frozen=True)
class Work:
    """A project with what is screened in it."""

    project: Project
    publications: Sequence[Publication]
    selection: Selection
    stage: Stage

    @property
    def by_id(self) -> Mapping[str, Publication]:
        """Publications by identifier."""
        return self.selection.publications


def run(root: Path, options: Options) -> None:
    """Screen, or show how far screening is."""
    from guidewright.cli import screen_reports as reports

    _check_use(options)
    if options.reasons:
        reports.show_reasons(as_json=options.as_json)
        return
    work = _work(root, options)
    if options.by:
        _check_person(work.project, options.by)
    if options.agreement:
        reports.show_agreement(work.selection, as_json=options.as_json)
    elif options.conflicts:
        reports.show_conflicts(work.selection, options.to, as_json=options.as_json)
    elif options.stopping:
        reports.show_stopping(work, _person(options), as_json=options.as_json)
    elif options.source:
        _take(work, options)
    elif options.to:
        _give(work, options)
    elif options.by:
        _terminal(work, options)
    else:
        reports.show_status(work.selection, as_json=options.as_json)


def _work(root: Path, options: Options) -> Work:
    from guidewright.evidence.dedupe.merging import publications
    from guidewright.evidence.found import found_reference
    from guidewright.evidence.selecting.state import selection
    from guidewright.found_records import records_of_project

    stage = next((one for one in STAGES if one == options.stage), None)
    if stage is None:
        wrong_use(f"--stage is one of: {', '.join(STAGES)}")
    if options.order not in {"found", "priority"}:
        wrong_use("--order is found or priority")
    project = load_or_exit(root, as_json=options.as_json)
    if options.question and options.question not in project.questions:
        wrong_use(f"there is no question `{options.question}`; there are: {', '.join(project.questions)}")
    records, problems = records_of_project(project.root, project.searches)
    if problems:
        show_problems(problems, as_json=options.as_json)
        raise typer.Exit(PROBLEMS)
    units = publications(records or [found_reference(one) for one in project.records.values()], project.duplicates)
    return Work(project, units, selection(units, project.screening), stage)


def _check_use(options: Options) -> None:
    """What is asked for must be one thing; of two, one would be left undone without a word."""
    tasks = {
        "--agreement": options.agreement,
        "--conflicts": options.conflicts,
        "--stopping": options.stopping,
        "--reasons": options.reasons,
        "--reconcile": options.reconcile,
    }
    asked = [name for name, given in tasks.items() if given]
    if len(asked) > 1:
        wrong_use(f"one of {' and '.join(asked)} at a time")
    if options.source and options.to:
        wrong_use("either --to or --from, not both")
    if options.reconcile:
        _person(options)


def _check_person(project: Project, name: str) -> None:
    people = [person.id for person in project.guideline.people]
    if name not in people:
        wrong_use(f"there is no person `{name}` in guideline_src/guideline.yml; known are: {', '.join(people)}")


def _person(options: Options) -> str:
    if not options.by:
        wrong_use("say who decides: --by NAME, the id of a person in guideline_src/guideline.yml")
    return options.by


def table_of(project: Project, name: str) -> DecisionFile[ScreeningDecision]:
    """The file of a reviewer, or of the consensus."""
    from guidewright.decisions import DecisionFile

    return DecisionFile(project.root, f"{FOLDER}/{name}.csv", ScreeningDecision)


# --- the terminal -------------------------------------------------------------------------------------------------


def _terminal(work: Work, options: Options) -> None:
    from guidewright.cli.screen_terminal import Desk, session
    from guidewright.cli.terminal import ask_line, key_reader
    from guidewright.evidence.selecting.state import with_decision, without_decision

    person = _person(options)
    reviewer = CONSENSUS if options.reconcile else person
    table = table_of(work.project, reviewer)

    def keep(publication: str, decision: Decision, reason: str | None, note: str | None) -> None:
        line = ScreeningDecision(
            record=publication,
            stage=work.stage,
            decision=decision,
            reason=reason,
            date=date.today().isoformat(),
            note=note,
            by=person if options.reconcile else None,
        )
        table.change(lambda rows: with_decision(_without_copies(rows, work, publication), line))

    def take_back(publication: str) -> None:
        table.change(lambda rows: without_decision(rows, publication, work.stage))

    queue = _queue(work, reviewer, options)
    colour = sys.stdout.isatty()
    desk = Desk(key_reader(), ask_line, print, keep, take_back, colour)
    matter = _matter(work, options)
    kept = session(queue, matter, desk, reason_needed=work.stage == "full-text")
    print(f"{counted(kept, 'decision')} kept in {FOLDER}/{reviewer}.csv")


def _without_copies(rows: list[ScreeningDecision], work: Work, publication: str) -> list[ScreeningDecision]:
    """Rows without what was said of other copies of a publication: one publication, one decision."""
    copies = {*work.by_id[publication].ids} - {publication}
    return [row for row in rows if not (row.record in copies and row.stage == work.stage)]


def _queue(work: Work, reviewer: str, options: Options) -> Callable[[], list[str]]:
    """What is open for a reviewer, read anew from the file each time."""
    from guidewright.evidence.selecting.conflicts import conflicts

    table = table_of(work.project, reviewer)
    if options.reconcile:
        open_at_start = [one.publication for one in conflicts(work.selection, work.stage)]
    else:
        open_at_start = work.selection.asked(work.stage)
    ordered: list[str] = []
    since = LEARN_EVERY

    def queue() -> list[str]:
        nonlocal ordered, since
        rows = table.read()
        decided = {row.record for row in rows if row.stage == work.stage}
        waiting = [one for one in open_at_start if not decided & {*work.by_id[one].ids}]
        if options.order == "found":
            return waiting
        since += 1
        if since >= LEARN_EVERY:
            since = 0
            ordered = _learnt(work, rows, waiting)
        left = set(waiting)
        return [one for one in ordered if one in left] + [one for one in waiting if one not in set(ordered)]

    return queue


def _learnt(work: Work, rows: Sequence[ScreeningDecision], waiting: Sequence[str]) -> list[str]:
    from guidewright.evidence.selecting.priority import NotEnoughError, order

    judged = {row.record: row.decision != "exclude" for row in rows if row.stage == work.stage}
    texts = {one: text_of(work.by_id[one]) for one in work.selection.asked(work.stage)}
    known = {one: judged[copy] for one in texts for copy in work.by_id[one].ids if copy in judged}
    try:
        ranked = order(texts, known)
    except NotEnoughError as error:
        print(f"The order cannot be learnt yet: it {error}.", file=sys.stderr)
        return list(waiting)
    except ImportError:
        wrong_use("--order priority needs scikit-learn: pip install 'guidewright[priority]'")
    return list(ranked.ids)


def text_of(publication: Publication) -> str:
    """What a model reads of a publication."""
    found = publication.found
    return f"{found.title} {found.abstract} {' '.join(found.keywords)}".lower()


def _matter(work: Work, options: Options) -> Matter:
    from guidewright.cli.screen_terminal import Matter
    from guidewright.evidence.selecting.terms import terms_of

    project = work.project
    language = next((tag for tag in project.languages if tag in {"zh", "en"}), "en")
    questions = [q for q in project.questions.values() if options.question in {None, q.id}]
    shown = questions if options.question or len(questions) == 1 else []
    log = project.searches
    criteria = [f"in: {text.get(language, '')}" for text in log.inclusion]
    criteria += [f"out: {text.get(language, '')}" for text in log.exclusion]
    beside = {}
    if options.reconcile:
        for name in work.selection.asked(work.stage):
            said = work.selection.at(name, work.stage).by
            beside[name] = "; ".join(f"{who}: {_words(line)}" for who, line in said.items())
    total = len(_queue(work, CONSENSUS, options)()) if options.reconcile else len(work.selection.asked(work.stage))
    return Matter(work.by_id, shown, terms_of(questions), criteria, language, beside, total)


def _words(line: ScreeningDecision) -> str:
    parts = [line.decision, line.reason and f"({line.reason})", line.note and f"“{line.note}”"]
    return " ".join(part for part in parts if part)


# --- tables -------------------------------------------------------------------------------------------------------


def _give(work: Work, options: Options) -> None:
    from guidewright.evidence.selecting.conflicts import conflicts
    from guidewright.screening_sheets import conflict_sheet, sheet_of
    from guidewright.writing import write

    path = options.to
    if path is None or path.suffix.lower() not in {".xlsx", ".csv"}:
        wrong_use("--to names a file that ends in .xlsx or .csv")
    as_csv = path.suffix.lower() == ".csv"
    person = _person(options)
    if options.reconcile:
        found = list(conflicts(work.selection, work.stage))
        write(path, conflict_sheet(found, work.by_id, as_csv=as_csv))
        print(f"{counted(len(found), 'conflict')} written to {path}")
        return
    asked = [work.by_id[one] for one in work.selection.asked(work.stage)]
    mine = {
        one.found.id: said.by[person]
        for one in asked
        if person in (said := work.selection.at(one.found.id, work.stage)).by
    }
    write(path, sheet_of(asked, mine, as_csv=as_csv, title=work.stage))
    print(f"{len(asked)} records written to {path}, {len(mine)} of them decided")


def _take(work: Work, options: Options) -> None:
    from guidewright.cli.screen_sources import decisions_in
    from guidewright.evidence.selecting.state import with_decision

    person = _person(options)
    today = date.today().isoformat()
    found, problems, remarks = decisions_in(work, options, person, today)
    if problems:
        show_problems(problems, as_json=options.as_json)
        raise typer.Exit(PROBLEMS)
    reviewer = CONSENSUS if options.reconcile else person
    if options.reconcile:
        found = [line.model_copy(update={"by": person}) for line in found]

    def change(rows: list[ScreeningDecision]) -> list[ScreeningDecision]:
        for line in found:
            rows = with_decision(_without_copies(rows, work, line.record), line)
        return rows

    table_of(work.project, reviewer).change(change)
    for remark in remarks:
        print(remark)
    print(f"{counted(len(found), 'decision')} kept in {FOLDER}/{reviewer}.csv")
