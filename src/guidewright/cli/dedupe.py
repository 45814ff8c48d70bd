"""``guidewright dedupe``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from guidewright.cli.console import PROBLEMS, load_or_exit, progress, show_json, show_problems, wrong_use
from guidewright.cli.terminal import harmless

if TYPE_CHECKING:
    from guidewright.decisions import DecisionFile
    from guidewright.evidence.dedupe.decide import Duplicates, PairFound
    from guidewright.evidence.duplicates import DuplicateDecision
    from guidewright.evidence.found import Found
    from guidewright.problems import Problem

FILE = "evidence/duplicates.csv"
#: Questions are listed up to this many; the JSON and the review have all of them.
SHOWN = 20


@dataclass(frozen=True)
class Options:
    """The options as they were given."""

    review: bool = False
    by: str | None = None
    to: Path | None = None
    answers: Path | None = None
    dry_run: bool = False
    engine: str = "local"
    rules: bool = False
    as_json: bool = False


def run(root: Path, files: Sequence[Path], options: Options) -> None:
    """Find duplicates among the files, or among the found records of the project."""
    if options.rules:
        _show_rules(as_json=options.as_json)
        return
    _check(files, options)
    if files:
        from guidewright.found_records import records_of_files

        records, problems = records_of_files(files)
        _end_on(problems, as_json=options.as_json)
        found = _find(records, (), options.engine)
        _keep_table(options.to, found, records)
        _report(found, records, options, written=None)
        return
    _in_project(root, options)


def _check(files: Sequence[Path], options: Options) -> None:
    if options.engine not in {"local", "spark"}:
        wrong_use("--engine is local or spark")
    if files and (options.review or options.answers):
        wrong_use("--review and --from keep their answers in a project; run them there, without FILE")
    if (options.review or options.answers) and not options.by:
        wrong_use("say who decides: --by NAME, the id of a person in guideline_src/guideline.yml")
    if options.review and options.as_json:
        wrong_use("--review is for people; take either --review or --json")


def _in_project(root: Path, options: Options) -> None:
    from guidewright.decisions import DecisionFile
    from guidewright.evidence.dedupe.recorded import with_automatic
    from guidewright.evidence.duplicates import DuplicateDecision
    from guidewright.found_records import records_of_project

    project = load_or_exit(root, as_json=options.as_json)
    people = [person.id for person in project.guideline.people]
    if options.by and options.by not in people:
        wrong_use(f"there is no person `{options.by}` in guideline_src/guideline.yml; known are: {', '.join(people)}")
    records, problems = records_of_project(project.root, project.searches)
    _end_on(problems, as_json=options.as_json)
    if not records:
        wrong_use("the project has no found records yet; import some: guidewright import FILE...")
    table = DecisionFile(project.root, FILE, DuplicateDecision)
    decided = list(project.duplicates)
    if options.answers and options.by:
        decided = _take_answers(table, decided, options, records)
    found = _find(records, decided, options.engine)
    written = not options.dry_run
    if written:
        today = date.today().isoformat()
        table.change(lambda rows: with_automatic(rows, found, today))
    if options.review and options.by:
        _review(table, found, records, options.by, project.languages[0], dry_run=options.dry_run)
        found = _find(records, table.read() if written else decided, options.engine)
        if written:
            table.change(lambda rows: with_automatic(rows, found, date.today().isoformat()))
    _keep_table(options.to, found, records)
    _report(found, records, options, written=FILE if written else None)


def _find(records: Sequence[Found], decided: Sequence[DuplicateDecision], engine: str) -> Duplicates:
    from guidewright.evidence.dedupe.decide import find_duplicates

    with progress("finding duplicates") as step:
        step(f"{len(records)} records")
        try:
            if engine == "local":
                return find_duplicates(records, decided)
            return _on_spark(records, decided)
        except ValueError as error:
            wrong_use(f"{error}; two files of one name cannot be told apart: rename one")


def _on_spark(records: Sequence[Found], decided: Sequence[DuplicateDecision]) -> Duplicates:
    try:
        from pyspark.sql import SparkSession

        from guidewright.evidence.dedupe.on_spark import find_duplicates_on_spark
    except ImportError as error:
        wrong_use(f"--engine spark needs further programs ({error}): pip install 'guidewright[scale]', and Java 17")
    spark = SparkSession.builder.appName("guidewright").getOrCreate()
    return find_duplicates_on_spark(spark, records, decided)


def _take_answers(
    table: DecisionFile[Any], decided: list[DuplicateDecision], options: Options, records: Sequence[Found]
) -> list[DuplicateDecision]:
    from guidewright.duplicate_sheets import answers_of
    from guidewright.evidence.dedupe.recorded import with_decision

    path, by = options.answers, options.by
    if path is None or by is None or not path.is_file():
        wrong_use(f"there is no file {path}")
    by_id = {record.id: record for record in records}
    answers, problems = answers_of(path.read_bytes(), str(path), by_id, by, date.today().isoformat())
    _end_on(problems, as_json=options.as_json)

    def change(rows: list[DuplicateDecision]) -> list[DuplicateDecision]:
        for answer in answers:
            rows = with_decision(rows, answer)
        return rows

    if not options.as_json:
        print(f"{len(answers)} answers read from {path}")
    return change(decided) if options.dry_run else table.change(change)


def _review(
    table: DecisionFile[Any], found: Duplicates, records: Sequence[Found], by: str, language: str, *, dry_run: bool
) -> None:
    from guidewright.cli.dedupe_review import Desk, review
    from guidewright.cli.terminal import key_reader
    from guidewright.evidence.dedupe.recorded import with_decision, without_decision
    from guidewright.evidence.duplicates import DuplicateDecision

    def keep(question: PairFound, decision: str) -> None:
        line = DuplicateDecision.model_validate(
            {
                "record": question.record,
                "same_as": question.same_as,
                "decision": decision,
                "by": by,
                "date": date.today().isoformat(),
                "reason": question.written,
            }
        )
        if not dry_run:
            table.change(lambda rows: with_decision(rows, line))

    def take_back(question: PairFound) -> None:
        first, second = sorted((question.record, question.same_as))
        if not dry_run:
            table.change(lambda rows: without_decision(rows, (first, second)))

    desk = Desk(key_reader(), print, keep, take_back, language if language in {"zh", "en"} else "en")
    answered = review(found.ask, {record.id: record for record in records}, desk)
    print(f"\n{answered} of {len(found.ask)} answered" + ("; nothing was written" if dry_run else f", kept in {FILE}"))


def _keep_table(path: Path | None, found: Duplicates, records: Sequence[Found]) -> None:
    if path is None:
        return
    from guidewright.duplicate_sheets import sheet_of
    from guidewright.writing import write

    if path.suffix.lower() not in {".xlsx", ".csv"}:
        wrong_use("--to names a file that ends in .xlsx or .csv")
    by_id = {record.id: record for record in records}
    write(path, sheet_of(found.ask, by_id, as_csv=path.suffix.lower() == ".csv", language="en"))


def _end_on(problems: Sequence[Problem], *, as_json: bool) -> None:
    if problems:
        show_problems(problems, as_json=as_json)
        raise typer.Exit(PROBLEMS)


def _report(found: Duplicates, records: Sequence[Found], options: Options, *, written: str | None) -> None:
    if options.as_json:
        show_json(_data(found, written))
        return
    by_id = {record.id: record for record in records}
    print(f"{found.records} records, {found.surplus} of them copies in {len(found.groups)} groups")
    print(f"{len(found.related)} pairs are related publications and stay apart")
    print(f"{len(found.ask)} pairs need a person" + (":" if found.ask else ""))
    for pair in found.ask[:SHOWN]:
        print(f"  {pair.record}  {pair.same_as}  {' '.join(r for r in pair.reasons if r[0] in '!?')}")
        print(f"    {_short(by_id[pair.record])}\n    {_short(by_id[pair.same_as])}")
    if len(found.ask) > SHOWN:
        print(f"  and {len(found.ask) - SHOWN} more: --json names all of them")
    if found.ask:
        print("Answer them: guidewright dedupe --review --by NAME, or --to TABLE.xlsx and back with --from")
    print(f"Decisions are kept in {written}" if written else "Nothing was written")


def _short(record: Found) -> str:
    title = harmless(record.title)
    place = harmless(f"{record.journal[:30]} {record.volume} {record.pages}")
    return f"{title[:90]}{'…' if len(title) > 90 else ''} | {record.year or '?'} | {place}"


def _data(found: Duplicates, written: str | None) -> dict[str, Any]:
    return {
        "records": found.records,
        "copies": found.surplus,
        "groups": [list(group) for group in found.groups],
        "same": [asdict(pair) for pair in found.same],
        "related": [asdict(pair) for pair in found.related],
        "ask": [asdict(pair) for pair in found.ask],
        "written": written,
    }


def _show_rules(*, as_json: bool) -> None:
    from guidewright.evidence.dedupe.explained import rule_lines

    if as_json:
        show_json({tag: dict(rule_lines(tag)) for tag in ("zh", "en")})
        return
    for name, words in rule_lines("en"):
        print(f"{name:<20} {words}")
