"""Decisions from other programs: Rayyan, ASReview, Covidence.

* Rayyan bundles decisions in the notes of each record: ``RAYYAN-INCLUSION: {"Li"=>"Included"} |
  RAYYAN-EXCLUSION-REASONS: wrong population`` (help.rayyan.ai, "Understanding your Rayyan export files").
* ASReview exports a table with a column ``asreview_label`` or ``included`` of 1 and 0, empty where nobody judged; older
  versions and other programs call it ``label_included`` and the like. Its project files: ``asreview.py``.
* Covidence exports one list for each outcome, without saying who decided; the list is read as decisions of the person
  who reads it in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from guidewright.evidence.dedupe.merging import Publication
from guidewright.evidence.dedupe.places import read_pages
from guidewright.evidence.dedupe.titles import read_title
from guidewright.evidence.found import Found
from guidewright.evidence.screening import Decision

_RAYYAN = re.compile(r"RAYYAN-INCLUSION:\s*\{([^}]*)\}")
_RAYYAN_ONE = re.compile(r'"([^"]*)"\s*=>\s*"(Included|Excluded|Maybe)"')
_RAYYAN_REASONS = re.compile(r"RAYYAN-EXCLUSION-REASONS:\s*([^|\n\r\"]*)")
_RAYYAN_WORDS: Mapping[str, Decision] = {"Included": "include", "Excluded": "exclude", "Maybe": "unsure"}
#: Headings under which programs keep a label of relevance: those that ASReview reads (``asreview/data/base_reader.py``
#: of its repository, read 2026-11). What was decided there comes first; the data put in may have had a label too.
LABELS = (
    *("asreview_label", "included", "label", "final_included", "label_included", "included_label"),
    *("included_final", "included_flag", "include"),
)


@dataclass(frozen=True)
class Foreign:
    """A decision as another program gives it."""

    publication: str
    person: str
    """Name of the person there; empty where the program names none."""
    decision: Decision
    reason: str = ""


def in_rayyan_notes(text: str) -> Iterator[tuple[str, Decision, str]]:
    """Person, decision and reasons in the notes of one Rayyan record. Reasons belong to those who exclude."""
    inclusion = _RAYYAN.search(text)
    if not inclusion:
        return
    named = _RAYYAN_REASONS.search(text)
    reasons = ", ".join(part.strip() for part in (named[1] if named else "").split(",") if part.strip())
    for person, word in _RAYYAN_ONE.findall(inclusion[1]):
        decision = _RAYYAN_WORDS[word]
        yield person, decision, reasons if decision == "exclude" else ""


def from_rayyan(records: Iterable[Found], publications: Sequence[Publication]) -> tuple[list[Foreign], int]:
    """Decisions in the raw text of records that Rayyan exported; and how many of these records are none of ours."""
    known = Known(publications)
    found: list[Foreign] = []
    strange = 0
    for record in records:
        decisions = list(in_rayyan_notes(record.raw))
        publication = known.publication_of(record)
        if publication is None:
            strange += bool(decisions)
            continue
        found += (Foreign(publication, *decision) for decision in decisions)
    return found, strange


def from_labels(lines: Iterable[Mapping[str, str]], publications: Sequence[Publication]) -> tuple[list[Foreign], int]:
    """Decisions in a table with a label of relevance; and how many labelled rows are none of ours."""
    known = Known(publications)
    found: list[Foreign] = []
    strange = 0
    for line in lines:
        label = next((line[name].strip().casefold() for name in LABELS if line.get(name, "").strip()), "")
        decision = _label(label)
        if decision is None:
            continue
        publication = known.publication_of(_found(line))
        if publication is None:
            strange += 1
        else:
            found.append(Foreign(publication, "", decision))
    return found, strange


def from_list(
    records: Iterable[Found], decision: Decision, publications: Sequence[Publication]
) -> tuple[list[Foreign], int]:
    """One decision for every record of a list, such as a Covidence export of one outcome."""
    known = Known(publications)
    names = [known.publication_of(record) for record in records]
    return [Foreign(name, "", decision) for name in names if name is not None], names.count(None)


def _label(label: str) -> Decision | None:
    if label in {"1", "1.0", "yes", "true", "relevant", "included"}:
        return "include"
    return "exclude" if label in {"0", "0.0", "no", "false", "irrelevant", "excluded"} else None


def _found(line: Mapping[str, str]) -> Found:
    year = next((line[name] for name in ("year", "publication_year") if line.get(name, "").isdigit()), "")
    return Found(
        id=line.get("record") or line.get("key") or line.get("guidewright_id") or "?/1",
        title=next((line[name] for name in ("title", "primary_title") if line.get(name)), ""),
        year=int(year) if year else None,
        doi=line.get("doi", "").lower().removeprefix("https://doi.org/"),
        pmid=line.get("pmid", ""),
    )


class Known:
    """Publications by everything that other programs keep of a record: our identifier, DOI, PubMed number, title."""

    def __init__(self, publications: Iterable[Publication]) -> None:
        self._by: dict[tuple[str, str], set[str]] = {}
        for one in publications:
            for record in one.records:
                for key in self._keys(record):
                    self._by.setdefault(key, set()).add(one.found.id)

    def publication_of(self, record: Found) -> str | None:
        """The publication that a record is, if exactly one fits; the surest sign counts."""
        for key in self._keys(record):
            names = self._by.get(key, set())
            if len(names) == 1:
                return next(iter(names))
        return None

    @staticmethod
    def _keys(record: Found) -> list[tuple[str, str]]:
        title = read_title(record.title)
        keys = [("id", record.id), ("doi", record.doi), ("pmid", record.pmid)]
        if not title.vague:
            pages = read_pages(record.pages).first
            keys += [("title and page", f"{title.key} {pages}" if pages else "")]
            keys += [("title and year", f"{title.key} {record.year}"), ("title", title.key)]
        return [key for key in keys if key[1]]
