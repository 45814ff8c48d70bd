"""Copies as databases make them, and different publications that look like copies, made from real records.

    python benchmarks/dedupe_stress.py FOLDER [RECORDS [SEED]]

FOLDER holds sets of records (see ``duplicate_sets.py``), of which one record of each publication is taken. Each is
given one copy, changed in one to three of the ways below, and one or two different publications. Printed: for every
way, how many copies were merged, asked about and missed; for every kind of other publication, how many were merged
(each a study lost), asked about, or kept apart.
"""

from __future__ import annotations

import random
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from duplicate_sets import result_of, sets_in

from guidewright.evidence.bibliography import Name
from guidewright.evidence.dedupe.decide import find_duplicates
from guidewright.evidence.found import Found

Change = Callable[[Found, random.Random], Found]


def _misspelt(text: str, rnd: random.Random) -> str:
    at = rnd.randrange(1, max(len(text) - 1, 2))
    return rnd.choice(
        [text[:at] + text[at + 1 :], text[:at] + text[at : at + 1] + text[at:], text[:at] + "e" + text[at + 1 :]]
    )


def _initials(name: Name) -> Name:
    given = " ".join(part[0] for part in (name.given or "").replace("-", " ").split() if part)
    return Name(family=name.family, given=given) if name.family else name


def _abbreviated(journal: str) -> str:
    words = [w for w in journal.split() if w.lower() not in {"of", "the", "and", "for", "in", "&"}]
    return " ".join(w if len(w) < 6 else w[:4] for w in words)


def _short_pages(pages: str) -> str:
    first, dash, last = pages.partition("-")
    if not dash or not (first.isdigit() and last.isdigit()) or len(first) != len(last):
        return pages
    same = next((n for n, (a, b) in enumerate(zip(first, last, strict=True)) if a != b), len(first) - 1)
    return f"{first}-{last[same:]}"


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _without_accents(record: Found) -> Found:
    authors = tuple(Name(family=_plain(a.family or a.literal or "x"), given=a.given) for a in record.authors)
    return replace(record, title=_plain(record.title), authors=authors)


def _with_the_other_and(journal: str) -> str:
    return journal.replace("&", "and") if "&" in journal else journal.replace(" and ", " & ")


def _turned(name: Name) -> Name:
    return Name(family=name.given, given=name.family) if name.family and name.given and len(name.given) > 3 else name


def _page(record: Found, rnd: random.Random) -> str:
    start = rnd.randrange(1, 2900)
    return f"{start}-{start + rnd.randrange(1, 9)}"


COPIES: dict[str, Change] = {
    "capitals": lambda r, rnd: replace(r, title=r.title.upper()),
    "full stop and [Review]": lambda r, rnd: replace(
        r, title=f"{r.title.rstrip('.')}. [Review] [{rnd.randrange(9, 99)} refs]"
    ),
    "title in brackets, language": lambda r, rnd: replace(r, title=f"[{r.title.strip('[].')}]. [Chinese]"),
    "erratum appears in": lambda r, rnd: replace(r, title=f"{r.title}.[Erratum appears in J Foo. 2009 Jan;3(1):9]"),
    "full-width letters": lambda r, rnd: replace(r, title=_full_width(r.title)),
    "one letter misspelt": lambda r, rnd: replace(r, title=_misspelt(r.title, rnd)),
    "two letters misspelt": lambda r, rnd: replace(r, title=_misspelt(_misspelt(r.title, rnd), rnd)),
    "subtitle lost": lambda r, rnd: replace(r, title=r.title.partition(":")[0]),
    "hyphens for spaces": lambda r, rnd: replace(r, title=r.title.replace(" ", "-", 3)),
    "accents lost": lambda r, rnd: _without_accents(r),
    "initials": lambda r, rnd: replace(r, authors=tuple(_initials(a) for a in r.authors)),
    "first three authors": lambda r, rnd: replace(r, authors=r.authors[:3]),
    "names the other way round": lambda r, rnd: replace(r, authors=tuple(_turned(a) for a in r.authors)),
    "journal abbreviated": lambda r, rnd: replace(r, journal=_abbreviated(r.journal)),
    "and for &": lambda r, rnd: replace(r, journal=_with_the_other_and(r.journal)),
    "pages cut": lambda r, rnd: replace(r, pages=_short_pages(r.pages)),
    "first page only": lambda r, rnd: replace(r, pages=r.pages.partition("-")[0]),
    "year of the electronic version": lambda r, rnd: replace(r, year=r.year - 1 if r.year else None),
    "in press": lambda r, rnd: replace(r, volume="", issue="", pages=""),
    "no journal": lambda r, rnd: replace(r, journal=""),
    "no authors": lambda r, rnd: replace(r, authors=()),
    "issue missing": lambda r, rnd: replace(r, issue=""),
}

OTHERS: dict[str, Change] = {
    "erratum": lambda r, rnd: replace(r, title=f"Erratum: {r.title}", pages=_page(r, rnd), issue="99"),
    "erratum without pages": lambda r, rnd: replace(
        r, title=f"Correction to: {r.title}", pages="", issue="", volume=""
    ),
    "reply": lambda r, rnd: replace(r, title=f"{r.title.rstrip('.')} - Reply"),
    "comment": lambda r, rnd: replace(r, title=f"Comment on: {r.title}", authors=tuple(reversed(r.authors))),
    "letter of the same title": lambda r, rnd: replace(
        r, authors=(Name(family=f"Qx{rnd.randrange(10**6)}", given="Z"),), pages=_page(r, rnd)
    ),
    "conference abstract elsewhere": lambda r, rnd: replace(
        r, journal="Value in Health", volume=str(rnd.randrange(1, 90)), issue="S1", pages=f"A{rnd.randrange(1, 900)}"
    ),
    "conference abstract in the journal": lambda r, rnd: replace(
        r, issue="Suppl 1", pages=f"S{rnd.randrange(3000, 3900)}"
    ),
    "same title a year later": lambda r, rnd: replace(
        r, year=r.year + 1 if r.year else None, volume=str(rnd.randrange(300, 400)), pages=_page(r, rnd)
    ),
    "part 1 of 2, part 2 of 2": lambda r, rnd: replace(r, title=f"{r.title.rstrip('.')}. Part 2", pages=_page(r, rnd)),
    "abstract on the same page, with a number": lambda r, rnd: replace(
        r, title=f"{r.title.rstrip('.')}: {rnd.randrange(3, 99)} month follow-up"
    ),
    "a word exchanged, same page": lambda r, rnd: replace(r, title=_exchanged(r.title)),
    "two journals": lambda r, rnd: replace(
        r, journal="Zeitschrift fur Beispiele", volume=str(rnd.randrange(1, 90)), issue="", pages=_page(r, rnd)
    ),
    "preprint": lambda r, rnd: replace(
        r, journal="medRxiv", doi=f"10.1101/2020.01.01.{rnd.randrange(10**8):08d}", volume="", issue="", pages=""
    ),
    "other DOI": lambda r, rnd: replace(r, doi=f"10.9999/{rnd.randrange(10**8)}"),
}


def _exchanged(title: str) -> str:
    words = title.split()
    longest = max(range(len(words)), key=lambda n: len(words[n])) if words else 0
    return " ".join("zebrafish" if n == longest else w for n, w in enumerate(words))


def main() -> None:  # noqa: PLR0912 - one table after the other
    """Make the records, find their duplicates, and print what became of each kind."""
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 3000
    rnd = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)  # noqa: S311 - no secret
    bases: list[Found] = []
    for some in sets_in(Path(sys.argv[1])):
        copies = {n for group in some.groups for n in group[1:]}
        bases += [r for n, r in enumerate(some.records) if n not in copies and len(r.title) > 30 and r.authors]
    rnd.shuffle(bases)
    records: list[Found] = []
    made: dict[tuple[int, int], tuple[str, ...]] = {}
    apart: dict[tuple[int, int], str] = {}

    def add(record: Found) -> int:
        records.append(replace(record, id=f"made/{len(records) + 1}"))
        return len(records) - 1

    for base in bases[:wanted]:
        if not base.doi and rnd.random() < 0.3:
            base = replace(base, doi=f"10.5555/{rnd.randrange(10**9)}")  # noqa: PLW2901
        first = add(base)
        ways = rnd.sample(sorted(COPIES), rnd.choice([1, 1, 2, 3]))
        copy = base if rnd.random() < 0.5 else replace(base, doi="")
        for way in ways:
            copy = COPIES[way](copy, rnd)
        made[first, add(copy)] = tuple(ways)
        for kind in rnd.sample(sorted(OTHERS), rnd.choice([1, 2])):
            other = replace(base, doi="", pmid="")
            if kind == "other DOI":
                other = replace(base, doi=base.doi or "10.5555/x")
                records[first] = replace(records[first], doi=other.doi)
            if kind.startswith("part 1"):
                records[first] = replace(records[first], title=f"{base.title.rstrip('.')}. Part 1")
            if kind.startswith("abstract on"):
                records[first] = replace(records[first], pages=f"S{rnd.randrange(1, 900)}")
                other = replace(other, pages=records[first].pages)
            apart[first, add(OTHERS[kind](other, rnd))] = kind
    found = find_duplicates(records)
    result = result_of(records, found)
    outcome: dict[str, Counter[str]] = defaultdict(Counter)
    for pair, ways in made.items():
        became = "merged" if pair in result.merged else "asked" if pair in result.covered else "missed"
        for way in ways if len(ways) == 1 else ("several at once",):
            outcome[way][became] += 1
    print(f"{len(records)} records, {len(found.ask)} questions, {len(found.related)} related")
    print(f"{'copies':<36}{'merged':>8}{'asked':>8}{'missed':>8}")
    for way in [*COPIES, "several at once"]:
        print(f"{way:<36}" + "".join(f"{outcome[way][key]:>8}" for key in ("merged", "asked", "missed")))
    others: dict[str, Counter[str]] = defaultdict(Counter)
    for pair, kind in apart.items():
        others[kind]["merged" if pair in result.merged else "asked" if pair in result.covered else "apart"] += 1
    print(f"\n{'other publications':<42}{'merged':>8}{'asked':>8}{'apart':>8}")
    for kind in OTHERS:
        print(f"{kind:<42}" + "".join(f"{others[kind][key]:>8}" for key in ("merged", "asked", "apart")))
    shown: Counter[str] = Counter()
    for pair, kind in apart.items():
        shown[kind] += pair in result.merged
        if pair in result.merged and shown[kind] <= 3:
            print(
                "LOST",
                kind,
                *(f"{records[n].title} | {records[n].journal} {records[n].volume} {records[n].pages}" for n in pair),
                sep="\n   ",
            )


if __name__ == "__main__":
    main()
