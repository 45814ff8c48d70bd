"""Import a folder of export files and compare what is read with what Zotero's translators read from the same files.

    python benchmarks/exports.py FOLDER

Every file of the folder is read; where ``NAME.expected_zotero.json`` stands beside it, title, authors, year, DOI,
pages and
journal are compared record by record, as far as the expected file states them. Prints one line for each file, then
every
field that differs. Exit code 1 if a file cannot be read or a difference of counts is not explained.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from guidewright.evidence.bibliography import Name
from guidewright.evidence.found import Found
from guidewright.evidence.importers.export import Export, UnreadableError
from guidewright.evidence.importers.reading import read_export

FIELDS = ("title", "authors", "year", "DOI", "pages", "journal")
CONTAINERS = (
    "publicationTitle",
    "bookTitle",
    "proceedingsTitle",
    "encyclopediaTitle",
    "dictionaryTitle",
    "websiteTitle",
    "blogTitle",
)
#: Zotero calls those who wrote a thing by the kind of the thing.
WRITERS = {
    "author",
    "inventor",
    "artist",
    "director",
    "programmer",
    "cartographer",
    "composer",
    "performer",
    "presenter",
    "podcaster",
}


def main(folder: Path) -> int:
    """Compare a folder."""
    worst, differing = 0, []
    tally: Counter[str] = Counter()
    print(
        f"{'file':<44} {'format':<24} {'encoding':<26} {'ann.':>5} {'read':>5} {'odd':>4}  "
        + " ".join(f"{f:>8}" for f in FIELDS)
    )
    for path in sorted(folder.iterdir()):
        if path.name.endswith(".expected_zotero.json") or not path.is_file():
            continue
        try:
            export = read_export(path.read_bytes(), path.name)
        except UnreadableError as error:
            print(f"{path.name:<44} cannot be read: {error}")
            worst = 1
            continue
        reading = export.reading
        expected = path.with_name(path.name.split(".")[0] + ".expected_zotero.json")
        cells, more = _compared(export, json.loads(expected.read_text("utf-8"))) if expected.is_file() else ({}, [])
        differing += more
        for field, (same, all_of) in cells.items():
            tally[field] += same
            tally[f"{field} stated"] += all_of
        shown = " ".join(f"{cells[f][0]}/{cells[f][1]}".rjust(8) if cells and cells[f][1] else " " * 8 for f in FIELDS)
        print(
            f"{path.name:<44} {export.format:<24} {export.encoding:<26} {reading.announced:>5}"
            f" {len(reading.records):>5} {len(reading.odd):>4}  {shown}".rstrip()
        )
        for one in reading.differences:
            print(f"    line {one.line}: {one.records:+d}, {one.why}")
        worst |= not reading.accounted
    print("\nagreement: " + ", ".join(f"{f} {tally[f]}/{tally[f + ' stated']}" for f in FIELDS))
    print("\n" + "\n".join(differing))
    return int(worst)


def _compared(export: Export, expected: list[dict[str, Any]]) -> tuple[dict[str, tuple[int, int]], list[str]]:

    cells = dict.fromkeys(FIELDS, (0, 0))
    differing = []
    if len(expected) != len(export.records):
        differing.append(f"{export.name}: {len(expected)} items expected, {len(export.records)} read")
    for record, item in zip(export.records, expected, strict=False):
        stated = _stated(item)
        ours = _ours(record)
        for field in FIELDS:
            if not stated[field]:
                continue
            same = _alike(field, stated[field], ours[field])
            cells[field] = (cells[field][0] + same, cells[field][1] + 1)
            if not same:
                differing.append(
                    f"{record.id} line {record.line} {field}: expected {stated[field]!r}, read {ours[field]!r}"
                )
    return cells, differing


def _stated(item: dict[str, Any]) -> dict[str, str]:
    writers = [c for c in item.get("creators", []) if c["creatorType"] in WRITERS]
    year = re.search(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)", item.get("date") or item.get("issueDate") or "")
    extra = re.search(r"DOI: (\S+)", item.get("extra", ""))
    return {
        "title": item.get("title") or item.get("caseName") or "",
        "authors": "; ".join(_plain(" ".join(filter(None, (c.get("lastName"), c.get("firstName"))))) for c in writers),
        "year": year[0] if year else "",
        "DOI": (item.get("DOI") or (extra[1] if extra else "")).lower(),
        "pages": item.get("pages", ""),
        "journal": next((item[name] for name in CONTAINERS if item.get(name)), ""),
    }


def _ours(record: Found) -> dict[str, str]:
    return {
        "title": record.title,
        "authors": "; ".join(_plain(_name(name)) for name in record.authors),
        "year": str(record.year or ""),
        "DOI": record.doi,
        "pages": record.pages,
        "journal": record.journal,
    }


def _name(name: Name) -> str:
    return name.literal or f"{name.family} {name.given}"


def _plain(text: str) -> str:
    """Text without markup, signs and case; sub- and superscripts as plain digits."""
    text = unicodedata.normalize("NFKC", re.sub(r"<[^>]+>", "", text)).casefold()
    return " ".join(re.sub(r"[^\w\s]", "", text).split())


def _alike(field: str, expected: str, read: str) -> bool:
    if field == "pages":
        return set(_ends(expected)) == set(_ends(read))
    if field == "DOI":
        return expected.strip() == read
    if field == "authors":
        return [_plain(one) for one in expected.split("; ")] == [_plain(one) for one in read.split("; ")]
    return _plain(expected) == _plain(read)


def _ends(pages: str) -> Iterator[str]:
    """Pages written out: 132-42 is 132 to 142, 82-82 is 82."""
    parts = [part.lstrip("0") for part in re.split(r"\s*[-–—―]+\s*", pages.strip())]
    first = parts[0]
    yield first
    for part in parts[1:]:
        yield first[: len(first) - len(part)] + part if part.isdigit() and len(part) < len(first) else part


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
