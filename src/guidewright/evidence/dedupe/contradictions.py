"""What speaks against a pair being one publication, whatever its score; each has a name and its words in ``rules.yml``.

A *contradiction* says that two records differ in something in which copies of one publication do not differ: such a
pair is never merged, not even through a third record. A *doubt* says that too little is known to merge two records
without asking; a third record that agrees with both may settle it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from guidewright.evidence.dedupe.columns import Columns, Flags, Words
from guidewright.evidence.dedupe.comparison import (
    Compared,
    Identifier,
    Names,
    Pages,
    Pairs,
    Source,
    Title,
    Volume,
    Year,
)
from guidewright.evidence.dedupe.library import word_lists

#: Letters (Chinese: a third as many signs) from which an identical title with identical authors is no coincidence.
TELLING = 40
#: Similarity of the words that two titles do not share, 0-100, below which words were exchanged and not misspelt.
_MISSPELT = 60.0


@cache
def _words_of_titles() -> tuple[frozenset[str], frozenset[str]]:
    lists = word_lists()
    return frozenset(lists["exchangeable"]), frozenset(lists["turning"])


def contradictions(columns: Columns, pairs: Pairs, compared: Compared) -> Mapping[str, Flags]:
    """Contradictions by name, each an array over the pairs."""
    left, right = pairs
    c = compared
    place = _same_place(c)
    identified = _identified(columns, pairs, c)
    clash, _ = numbers_differ(columns.numbers, left, right, c)
    notices = columns.notice[left] != columns.notice[right]
    registered = _disjoint(columns.registrations, left, right)
    alike = (c.title <= Title.SUBTITLE) & (c.authors <= Names.MOST)
    return {
        "preprint": (columns.preprint[left] != columns.preprint[right]) & alike,
        "versions": _versions(columns.doi, left, right, c),
        "notice": notices,
        "numbers": clash,
        "title-differs": (c.title == Title.LOOSE) | (c.title == Title.DIFFERENT),
        "words": _exchanged(columns, left, right, c),
        "doi": c.doi == Identifier.DIFFERENT,
        "pmid": c.pmid == Identifier.DIFFERENT,
        "registration": registered,
        "authors": c.authors == Names.DIFFERENT,
        "pages": (c.pages == Pages.DIFFERENT) & ~identified,
        "volume": (c.volume == Volume.DIFFERENT) & ~identified & ~((c.pages <= Pages.FIRST) & (c.year == Year.SAME)),
        "year": (c.year == Year.DIFFERENT) & ~identified,
        "journal": (c.journal == Source.DIFFERENT) & ~identified & ~place,
        "kind": (columns.thesis[left] != columns.thesis[right]) & ~identified & ~place,
    }


def doubts(columns: Columns, pairs: Pairs, compared: Compared) -> Mapping[str, Flags]:
    """Doubts by name, each an array over the pairs."""
    left, right = pairs
    c = compared
    place = _same_place(c)
    identified = _identified(columns, pairs, c)
    settled = place | identified
    # of a range of pages there is one publication; abstracts share a page
    alone = place & (c.pages == Pages.SAME) & (_extent(columns, left) | _extent(columns, right))
    _, one_sided = numbers_differ(columns.numbers, left, right, c)
    lengths = np.array([len(key) if key.isascii() else 3 * len(key) for key in columns.title[left]], np.int64)
    telling = (
        (c.title == Title.IDENTICAL)
        & (lengths >= TELLING)
        & (c.authors == Names.ALL)
        & (c.journal == Source.SAME)
        & (c.year == Year.SAME)
        & ~(columns.conference[left] | columns.conference[right])
        & ~(_abstract(columns, left, c) | _abstract(columns, right, c))
    )
    return {
        "title": (c.title == Title.SIMILAR),
        "no-title": (c.title == Title.UNKNOWN),
        "vague-title": (columns.vague[left] | columns.vague[right]) & ~(c.pages == Pages.SAME),
        "subtitle": (c.title == Title.SUBTITLE) & ~(alone | identified),
        "numbers-missing": one_sided & ~(alone | identified),
        "authors-unknown": (c.authors == Names.UNKNOWN) & ~settled,
        "one-author": (c.authors == Names.FIRST) & ~(settled & (c.title <= Title.NEAR)),
        "place-unknown": ~settled & ~telling,
        "issue": (c.issue == Volume.DIFFERENT) & ~identified & (c.pages != Pages.SAME),
        "year-next": (c.year == Year.NEXT) & ~settled,
        "volume-differs": (c.volume == Volume.DIFFERENT) & ~identified,
        "conference": (columns.conference[left] != columns.conference[right]) & ~settled,
    }


def certainly_different(columns: Columns, pairs: Pairs, compared: Compared) -> Flags:
    """Pairs that nobody need look at: their titles are not the same, and something else differs as well."""
    left, right = pairs
    c = compared
    no_identifier = (c.doi != Identifier.SAME) & (c.pmid != Identifier.SAME)
    elsewhere = c.pages == Pages.DIFFERENT
    clash, _ = numbers_differ(columns.numbers, left, right, c)
    other_title = (c.title >= Title.SIMILAR) & (c.title != Title.UNKNOWN)
    loose = other_title & (c.title >= Title.LOOSE)
    no_place = ~_same_place(c)
    later = (c.year == Year.NEXT) | (c.year == Year.DIFFERENT)
    other_source = (c.journal == Source.DIFFERENT) | (c.volume == Volume.DIFFERENT)
    return np.asarray(
        no_identifier
        & (
            (c.title == Title.DIFFERENT) & (c.authors == Names.DIFFERENT)
            | other_title & elsewhere
            | clash & elsewhere
            | ((columns.vague[left] | columns.vague[right]) & (c.title != Title.UNKNOWN) & (c.pages > Pages.FIRST))
            | (c.title == Title.DIFFERENT) & no_place
            | other_title & (c.authors == Names.DIFFERENT) & no_place
            | loose & (later | other_source) & no_place
        )
    )


def _extent(columns: Columns, which: npt.NDArray[np.int64]) -> Flags:
    """Whether a record gives a range of three pages or more, or an article number."""
    return np.asarray((columns.last_page[which] >= columns.page[which] + 2) | columns.article[which])


def _abstract(columns: Columns, which: npt.NDArray[np.int64], c: Compared) -> Flags:
    """Whether a record may be a conference abstract: one page, with a letter (S12) or of a volume that is not known."""
    short = (columns.last_page[which] < 0) | (columns.last_page[which] == columns.page[which])
    lettered = np.array([not first.isdigit() for first in columns.first_page[which]], bool)
    single = (columns.page[which] >= 0) & short & ~columns.article[which]
    return np.asarray(single & (lettered | (c.volume != Volume.SAME)))


def _same_place(c: Compared) -> Flags:
    """Same volume and first page: where a publication stands, whatever the journal is called there."""
    return np.asarray((c.pages <= Pages.FIRST) & (c.volume == Volume.SAME) & (c.year <= Year.NEXT))


def _identified(columns: Columns, pairs: Pairs, c: Compared) -> Flags:
    """Same DOI or PubMed number and much the same title and authors.

    The number alone is not enough: the abstracts of a congress often share the DOI of the supplement they stand in.
    """
    left, right = pairs
    number = (c.doi == Identifier.SAME) & (c.pmid != Identifier.DIFFERENT)
    number |= (c.pmid == Identifier.SAME) & (c.doi != Identifier.DIFFERENT)
    vague = columns.vague[left] | columns.vague[right]
    return np.asarray(number & (c.title <= Title.SUBTITLE) & (c.authors != Names.DIFFERENT) & ~vague)


def numbers_differ(
    numbers: Words, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], c: Compared
) -> tuple[Flags, Flags]:
    """Whether titles hold different numbers (part 1 and part 2), and whether one holds numbers that the other lacks."""
    clash = np.zeros(len(left), bool)
    one_sided = np.zeros(len(left), bool)
    for n in np.flatnonzero((numbers[left] != numbers[right]) & (c.title != Title.IDENTICAL)):
        one, other = Counter(numbers[left[n]].split()), Counter(numbers[right[n]].split())
        if (one - other) and (other - one):
            clash[n] = True
        else:
            one_sided[n] = True
    return clash, one_sided


def _exchanged(columns: Columns, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], c: Compared) -> Flags:
    """Whether similar titles differ by a word, and not by its spelling: mice in one, rats in the other."""
    found = np.zeros(len(left), bool)
    small, turning = _words_of_titles()
    for n in np.flatnonzero((c.title == Title.NEAR) | (c.title == Title.SIMILAR)):
        one, other = Counter(columns.spaced[left[n]].split()), Counter(columns.spaced[right[n]].split())
        here = [word for word in (one - other) if word not in small]
        there = [word for word in (other - one) if word not in small]
        if here and there:
            likeness = max(
                fuzz.token_sort_ratio(" ".join(here), " ".join(there)), fuzz.ratio("".join(here), "".join(there))
            )
            found[n] = likeness < _MISSPELT or bool(turning & ({*here} ^ {*there}))
        else:
            found[n] = bool(turning.intersection(here + there))
    return found


def _versions(dois: Words, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], c: Compared) -> Flags:
    """Whether two DOIs are those of two versions: ``.pub2`` and ``.pub3`` of a Cochrane review, ``/v1`` and ``/v2``."""
    found = np.zeros(len(left), bool)
    for n in np.flatnonzero((c.doi == Identifier.DIFFERENT) & (c.title <= Title.SUBTITLE)):
        one, other = dois[left[n]], dois[right[n]]
        found[n] = _unversioned(one) == _unversioned(other)
    return found


def _unversioned(doi: str) -> str:
    for mark in (".pub", "/v", ".v"):
        before, found, after = doi.rpartition(mark)
        if found and after.isdigit():
            return before
    if doi.startswith("10.12688/"):  # F1000Research and its sisters end the DOI with the version
        return doi.rpartition(".")[0]
    return doi


def _disjoint(column: Words, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> Flags:
    found = np.zeros(len(left), bool)
    for n in np.flatnonzero((column[left] != "") & (column[right] != "") & (column[left] != column[right])):
        found[n] = not set(column[left[n]].split()) & set(column[right[n]].split())
    return found
