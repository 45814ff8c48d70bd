"""``guidewright link``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer
import yaml

from guidewright.cli.console import PROBLEMS, load_or_exit, show_json, show_problems, wrong_use
from guidewright.cli.terminal import harmless

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from guidewright.evidence.dedupe.merging import Publication
    from guidewright.evidence.linking import Proposal, Sign
    from guidewright.project import Project

RECORDS, STUDIES = "evidence/records.bib", "evidence/studies"


def run(root: Path, *, stage: str, dry_run: bool, as_json: bool) -> None:
    """Propose studies and, unless it is a dry run, write the new ones with their records."""
    from guidewright.evidence.linking import proposals

    project, included = _included(root, stage, as_json=as_json)
    keys, entries = _keys(project, included)
    before = _reports_before(project, set(keys.values()))
    found, possible = proposals([*included, *before])
    by_id = {one.found.id: one for one in [*included, *before]}
    keys |= {one.found.id: one.found.id for one in before}
    shown = [one for one in found if any(name not in project.records for name in one.publications)]
    possible = [one for one in possible if not {one.one, one.other} <= {b.found.id for b in before}]
    written: dict[str, str] = {}
    added: dict[str, list[dict[str, str]]] = {}
    known: dict[str, str] = {}
    unclear: list[str] = []
    for proposal in shown:
        of = {name: study.id for name in proposal.publications if (study := project.study_of(keys[name])) is not None}
        studies = sorted(set(of.values()))
        if len(studies) > 1:
            unclear.append(
                f"{', '.join(proposal.publications)}: reports of {' and of '.join(studies)}; nothing was joined"
            )
        elif studies:
            known |= dict.fromkeys((name for name in proposal.publications if name in by_id), studies[0])
            new = [name for name in proposal.publications if name not in of]
            if new:
                added.setdefault(studies[0], []).extend(_reports(new, by_id, keys, first=False))
        else:
            new_id = _study_id(proposal, {*project.studies, *written})
            written[new_id] = _study(new_id, proposal, by_id, keys)
    texts, faults = _with_reports(project, added)
    if not dry_run:
        _write(project.root, entries, written, texts)
    if as_json:
        show_json(
            {
                "studies": [asdict(one) for one in shown],
                "possible": [asdict(one) for one in possible],
                "keys": {name: key for name, key in keys.items() if name != key},
                "new": sorted(written),
                "added": added,
                "known": {name: study for name, study in known.items() if name not in project.records},
                "unclear": unclear,
                "written": not dry_run and not faults,
            }
        )
    else:
        _report(shown, possible, by_id, known)
        for target, reports in added.items():
            print(f"{target} gets {len(reports)} more: {', '.join(one['cite'] for one in reports)}")
        for line in [*unclear, *faults]:
            print(harmless(line))
        count = f"{len(written)} new studies, {sum(map(len, added.values()))} new reports of known studies"
        count += f" and {len(entries)} new records"
        print(f"{count}; nothing was written" if dry_run else f"{count} written to {STUDIES}/ and {RECORDS}")
    if faults:
        raise typer.Exit(PROBLEMS)


def _included(root: Path, stage: str, *, as_json: bool) -> tuple[Project, list[Publication]]:
    from guidewright.evidence.dedupe.merging import publications
    from guidewright.evidence.screening import STAGES
    from guidewright.evidence.selecting.state import Verdict, selection
    from guidewright.found_records import records_of_project

    chosen = next((one for one in STAGES if one == stage), None)
    if chosen is None:
        wrong_use(f"--stage is one of: {', '.join(STAGES)}")
    project = load_or_exit(root, as_json=as_json)
    records, problems = records_of_project(project.root, project.searches)
    if problems:
        show_problems(problems, as_json=as_json)
        raise typer.Exit(PROBLEMS)
    units = publications(records, project.duplicates)
    state = selection(units, project.screening)
    included = [state.publications[one] for one in state.with_verdict(chosen, Verdict.INCLUDED)]
    if not included:
        wrong_use(
            f"no publication is included at the stage {stage} yet: screen first, settle the conflicts, "
            "or link by another --stage"
        )
    return project, included


def _keys(project: Project, included: Sequence[Publication]) -> tuple[dict[str, str], list[str]]:
    """Citation key of every publication, and the BibTeX entries of those that had none."""
    from guidewright.evidence.citing import bibtex_of, key_for
    from guidewright.evidence.prisma.links import cited

    keys: dict[str, str] = {}
    entries: list[str] = []
    taken = set(project.records)
    known = cited(included, project.records.values())
    for one in included:
        key = known.get(one.found.id)
        if key is None:
            key = key_for(one.found, taken)
            entries.append(bibtex_of(one.found, key))
            taken.add(key)
        keys[one.found.id] = key
    return keys, entries


def _reports_before(project: Project, cited: set[str]) -> list[Publication]:
    """Reports of the studies that are there, as publications named by citation key, with the study's registration.

    Reports that are among the included publications are left out: those are there already.
    """
    from dataclasses import replace

    from guidewright.evidence.dedupe.merging import merged
    from guidewright.evidence.found import found_reference

    found = []
    for study in project.studies.values():
        numbers = (study.registration.value,) if study.registration else ()
        known = [project.records[one.cite] for one in study.reports if one.cite in project.records]
        for record in map(found_reference, known):
            if record.id not in cited:
                found.append(merged([replace(record, registrations=numbers)]))
    return found


def _study_id(proposal: Proposal, taken: set[str]) -> str:
    from guidewright.evidence.linking import slug_of

    stem = slug_of(proposal.name) or slug_of(proposal.publications[0].replace("/", "-")) or "study"
    return next(name for name in (stem, *(f"{stem}-{n}" for n in range(2, 10_000))) if name not in taken)


def _reports(
    names: Sequence[str], by_id: Mapping[str, Publication], keys: Mapping[str, str], *, first: bool
) -> list[dict[str, str]]:
    """Publications as reports of a study; ``first`` if the first of them is the first of the study."""
    from guidewright.evidence.dedupe.columns import columns_of
    from guidewright.evidence.linking import kind_of_report

    meetings = columns_of([by_id[one].found for one in names]).conference
    reports = []
    for n, one in enumerate(names):
        kind = kind_of_report(by_id[one].found.title, conference=bool(meetings[n]), first=first and n == 0)
        reports.append({"cite": keys[one], "kind": kind.value})
    return reports


def _study(name: str, proposal: Proposal, by_id: Mapping[str, Publication], keys: Mapping[str, str]) -> str:
    reports = _reports(proposal.publications, by_id, keys, first=True)
    data: dict[str, object] = {"id": name, "name": proposal.name, "reports": reports}
    if len(proposal.registrations) == 1:
        number = proposal.registrations[0]
        source = next(
            one for one in proposal.publications if number in {r.upper() for r in by_id[one].found.registrations}
        )
        data["registration"] = {"value": number, "source": {"cite": keys[source]}}
    why = "; ".join(f"{sign.why} ({sign.strength})" for sign in proposal.signs) or "one report"
    modeline = "# yaml-language-server: $schema=../../.guidewright/schemas/study.json"
    note = f"# Proposed by guidewright link: {harmless(why)}. Check it, and add the facts."
    return f"{modeline}\n{note}\n{yaml.safe_dump(data, allow_unicode=True, sort_keys=False)}"


def _with_reports(project: Project, added: Mapping[str, list[dict[str, str]]]) -> tuple[dict[str, str], list[str]]:
    """The files of known studies with their new reports, and those that cannot be continued."""
    from guidewright.evidence.study_file import StudyFileError, with_reports

    texts: dict[str, str] = {}
    faults = []
    for study, reports in added.items():
        file = project.file_of("study", study)
        text = (project.root / file).read_bytes().decode("utf-8-sig")
        crlf = "\r\n" in text
        try:
            changed = with_reports(text.replace("\r\n", "\n"), reports)
        except StudyFileError as error:
            faults.append(f"{file}: {error}; add by hand: {', '.join(one['cite'] for one in reports)}")
            continue
        texts[file] = changed.replace("\n", "\r\n") if crlf else changed
    return texts, faults


def _write(root: Path, entries: Sequence[str], studies: Mapping[str, str], texts: Mapping[str, str]) -> None:
    from guidewright.writing import write

    if entries:
        path = root / RECORDS
        before = path.read_text(encoding="utf-8") if path.is_file() else ""
        write(path, before.rstrip("\n") + "\n\n" + "\n".join(entries) if before.strip() else "\n".join(entries))
    for name, text in studies.items():
        write(root / STUDIES / f"{name}.yml", text)
    for file, text in texts.items():
        write(root / file, text.encode("utf-8"))


def _report(
    found: Sequence[Proposal],
    possible: Sequence[Sign],
    by_id: Mapping[str, Publication],
    known: Mapping[str, str],
) -> None:
    for proposal in found:
        if len(proposal.publications) == 1:
            continue
        there = known.get(proposal.publications[0])
        print(
            f"{harmless(proposal.name)}: {len(proposal.publications)} reports" + (f" (study {there})" if there else "")
        )
        for name in proposal.publications:
            print(f"  {name}: {harmless(by_id[name].found.title)[:100]} ({by_id[name].found.year or '?'})")
        for sign in proposal.signs:
            print(f"    {sign.one} and {sign.other}: {harmless(sign.why)} ({sign.strength})")
    for sign in possible:
        print(f"possibly one study, not joined: {sign.one} and {sign.other} ({sign.why})")
    print(f"{len(found)} studies among {sum(len(one.publications) for one in found)} publications")
