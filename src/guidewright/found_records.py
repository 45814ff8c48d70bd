"""Where found records come from: export files named on the command line, and the exports of a project.

This is the one seam between import and what works on found records (duplicates, screening, links).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from guidewright.evidence.bibliography import Name, Record
from guidewright.evidence.found import Found
from guidewright.evidence.searches import Searches
from guidewright.problems import Problem, in_order
from guidewright.reading.bibtex_file import read_bibtex
from guidewright.reading.text import read_text


def records_of_files(paths: Sequence[Path]) -> tuple[list[Found], list[Problem]]:
    """The records of export files, in order, and what is wrong with the files."""
    found: list[Found] = []
    problems: list[Problem] = []
    for path in paths:
        records, more = _of_bibtex(path, str(path), "")
        found += records
        problems += more
    return found, in_order(problems)


def records_of_project(root: Path, searches: Searches) -> tuple[list[Found], list[Problem]]:
    """The records of all exports that the search log names, and what is wrong with the files."""
    found: list[Found] = []
    problems: list[Problem] = []
    for database in searches.databases:
        if database.file:
            records, more = _of_bibtex(root / "evidence" / database.file, f"evidence/{database.file}", database.name)
            found += records
            problems += more
    return found, in_order(problems)


def records_of_references(records: Iterable[Record]) -> list[Found]:
    """References of ``evidence/records.bib`` as found records, for projects without exports; named by citation key."""
    return [
        Found(
            id=record.key,
            title=record.title or record.namedas or "",
            authors=record.author,
            year=record.year,
            journal=record.journal or "",
            volume=record.volume or "",
            issue=record.number or "",
            pages=record.pages or "",
            publisher=record.publisher or "",
            doi=(record.doi or "").lower(),
            pmid=record.pmid or "",
            language=record.language or "",
            url=record.url or "",
        )
        for record in records
    ]


def _of_bibtex(path: Path, file: str, database: str) -> tuple[list[Found], list[Problem]]:
    text, problems = read_text(path, file)
    if text is None:
        return [], problems
    entries, problems = read_bibtex(text, file)
    kinds = {"article": "article-journal", "inproceedings": "paper-conference", "phdthesis": "thesis"}
    found = []
    for number, entry in enumerate(entries, start=1):
        field = entry.fields.get
        year = field("year", "")
        found.append(
            Found(
                id=f"{path.stem}/{number}",
                kind=kinds.get(entry.entry_type, ""),
                title=field("title", ""),
                authors=tuple(Name(**one) for one in entry.authors if one != {"literal": "others"}),
                year=int(year) if year.isdigit() else None,
                journal=field("journal", ""),
                volume=field("volume", ""),
                issue=field("number", ""),
                pages=field("pages", ""),
                publisher=field("publisher", ""),
                doi=field("doi", "").lower(),
                pmid=field("pmid", ""),
                issn=field("issn", ""),
                language=field("language", ""),
                abstract=field("abstract", ""),
                keywords=tuple(word.strip() for word in field("keywords", "").split(";") if word.strip()),
                registrations=tuple(field("registration", "").split()),
                url=field("url", ""),
                database=database,
                line=entry.line,
            )
        )
    return found, problems
