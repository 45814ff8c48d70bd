"""Terms, abbreviations and labels: one word for one thing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from guidewright.audit.findings import Finding, Side, found
from guidewright.audit.passages import Sentence, plain
from guidewright.audit.sides import of_file, printed, same
from guidewright.audit.texts import texts_of
from guidewright.guideline.glossary import Term
from guidewright.project import Project
from guidewright.words import say

_ABBREVIATION = re.compile(r"(?<![A-Za-z0-9/-])[A-Z][A-Z0-9]{1,7}s?(?![A-Za-z0-9])")
#: Roman numerals and words in capitals that are no abbreviations of the field.
_NOT_ONE = re.compile(r"^(?:[IVX]+[AB]?|[A-Z]\d+|NOT|AND|OR|EXAMPLE|ADVICE)s?$")


def term_findings(project: Project, said: Sequence[Sentence]) -> Iterator[Finding]:
    """Everything about words. ``said`` are the sentences of the project."""
    yield from _printed_labels(project)
    yield from _expansions(project)
    yield from _wordings(project)
    yield from _avoided(project, said)
    yield from _abbreviations(project, said)


def _term(project: Project, n: int, term: Term) -> Side:
    says = same(term.abbreviation) if term.abbreviation else dict(term.name)
    return of_file(project, "glossary", "glossary", ("terms", n), says, term.source)


def _printed_labels(project: Project) -> Iterator[Finding]:
    """Labels that differ between recommendations of one edition, and forms that the glossary avoids."""
    avoided = {form: (n, term) for n, term in enumerate(project.glossary.terms) for form in term.avoid}
    for edition in project.as_published:
        for field in ("strength_label", "condition"):
            uses = Counter[str]()
            for label in edition.labels:
                uses[getattr(label, field)] += len(label.recommendations)
            usual = uses.most_common(1)[0][0] if uses else None
            home = next((n for n, label in enumerate(edition.labels) if getattr(label, field) == usual), 0)
            for n, label in enumerate(edition.labels):
                words = getattr(label, field)
                places = ", ".join(label.recommendations)
                here = printed(project, edition, ("labels", n, field), same(words))
                if words in avoided:
                    at, term = avoided[words]
                    preferred = same(term.abbreviation) if field == "condition" and term.abbreviation else term.name
                    yield found(
                        "term-to-avoid",
                        f"{places}/{field.replace('_', '-')}",
                        [here, _term(project, at, term)],
                        place=places,
                        words=words,
                        preferred=preferred,
                    )
                elif usual is not None and words != usual:
                    other = printed(project, edition, ("labels", home, field), same(usual))
                    yield found(
                        "label-differs",
                        f"{places}/{field.replace('_', '-')}",
                        [here, other],
                        places=places,
                        words=words,
                        usual=usual,
                        others=uses[usual],
                    )


def _expansions(project: Project) -> Iterator[Finding]:
    """An abbreviation that is spelt out in two ways, by the edition or against the glossary."""
    for edition in project.as_published:
        by_term: dict[str, list[int]] = {}
        for n, one in enumerate(edition.expansions):
            by_term.setdefault(one.term, []).append(n)
        for term, where in by_term.items():
            forms = {edition.expansions[n].expansion.casefold(): n for n in where}
            sides = [
                printed(
                    project,
                    edition,
                    ("expansions", n),
                    same(f"{edition.expansions[n].where}: {edition.expansions[n].expansion}"),
                )
                for n in forms.values()
            ]
            known = next(((n, t) for n, t in enumerate(project.glossary.terms) if t.abbreviation == term), None)
            names = {name.casefold() for name in known[1].name.values()} if known else set()
            if len(forms) > 1 or (names and not set(forms) & names):
                if known is not None:
                    sides.append(_term(project, *known))
                listed = "; ".join(edition.expansions[n].expansion for n in forms.values())
                yield found("expansion-differs", term, sides, term=term, forms=listed)


def _wordings(project: Project) -> Iterator[Finding]:
    for edition in project.as_published:
        by_thing: dict[str, list[int]] = {}
        for n, one in enumerate(edition.wordings):
            by_thing.setdefault(next(iter(one.what.values())), []).append(n)
        for where in by_thing.values():
            ones = [edition.wordings[n] for n in where]
            if len({tuple(sorted(one.words.items())) for one in ones}) > 1:
                sides = [printed(project, edition, ("wordings", n, "words"), edition.wordings[n].words) for n in where]
                forms = {
                    tag: "; ".join(f"{one.words.get(tag, '')} ({one.where})" for one in ones) for tag in ("zh", "en")
                }
                slug = re.sub(r"[^a-z0-9]+", "-", ones[0].what.get("en", str(where[0])).casefold()).strip("-")
                yield found("wording-differs", slug, sides, what=ones[0].what, forms=forms)


def _avoided(project: Project, said: Sequence[Sentence]) -> Iterator[Finding]:
    """Forms to avoid in our own words. Quoted words are left alone: they may be quoted because they are wrong."""
    avoided = [(form, n, term) for n, term in enumerate(project.glossary.terms) for form in term.avoid]
    if not avoided:
        return
    pattern = re.compile("|".join(re.escape(form) for form, _, _ in sorted(avoided, key=lambda one: -len(one[0]))))
    known = {form: (n, term) for form, n, term in avoided}
    spots = [(s.kind, s.name, s.language, s.unquoted, s.file, s.line) for s in said]
    spots += [
        (one.kind, one.name, one.language, plain(one.text), one.file, one.line)
        for one in texts_of(project)
        if one.kind != "glossary"
    ]
    seen = set()
    for _kind, name, language, text, file, line in spots:
        for hit in pattern.finditer(text):
            n, term = known[hit[0]]
            if (name, hit[0]) in seen:
                continue
            seen.add((name, hit[0]))
            here = Side(
                say("side.prose", language=project.guideline.languages.get(language, language)),
                same(hit[0]),
                file,
                line,
            )
            preferred = same(term.abbreviation) if hit[0].isascii() and term.abbreviation else term.name
            yield found(
                "term-to-avoid",
                f"{name}/{hit[0]}",
                [here, _term(project, n, term)],
                place=name,
                words=hit[0],
                preferred=preferred,
            )


def _abbreviations(project: Project, said: Sequence[Sentence]) -> Iterator[Finding]:
    """Abbreviations that nobody explains, and one that stands for two terms."""
    by_short: dict[str, list[int]] = {}
    for n, term in enumerate(project.glossary.terms):
        if term.abbreviation:
            by_short.setdefault(term.abbreviation, []).append(n)
    for short, where in by_short.items():
        if len(where) > 1:
            terms = [project.glossary.terms[n] for n in where]
            names = {tag: mark.join(t.name.get(tag, t.id) for t in terms) for tag, mark in say("listing").items()}
            sides = [_term(project, n, project.glossary.terms[n]) for n in where]
            yield found("abbreviation-twice", short, sides, words=short, terms=names)
    explained = _explained(project)
    seen: set[str] = set()
    for sentence in said:
        for hit in _ABBREVIATION.finditer(sentence.text):
            short = hit[0]
            bare = short.rstrip("s")
            if _NOT_ONE.match(short) or bare in explained or bare in seen:
                continue
            seen.add(bare)
            here = Side(
                say("side.prose", language=project.guideline.languages[sentence.language]),
                same(sentence.text[:120]),
                sentence.file,
                sentence.line,
            )
            glossary = of_file(project, "glossary", "glossary", (), say("side.not-here"))
            yield found(
                "abbreviation-unknown", f"{sentence.name}/{bare}", [here, glossary], place=sentence.name, words=short
            )


def _explained(project: Project) -> set[str]:
    """Every word in capitals that the glossary, the name of a study or of a tool, a group or a journal explains."""
    words: list[str] = []
    for term in project.glossary.terms:
        words += [*term.name.values(), term.abbreviation or "", *(n for names in term.synonyms.values() for n in names)]
        words += list((term.definition or {}).values())
    for study in project.studies.values():
        words += [study.name, study.registration.value if study.registration else ""]
    for tool in project.tools.values():
        words += [tool.abbreviation or "", *tool.name.values()]
    for record in project.records.values():
        words += [record.title or "", record.journal or "", record.namedas or "", record.publisher or ""]
    for database in project.searches.databases:
        words.append(database.name)
    words += [project.guideline.registration.value if project.guideline.registration else ""]
    return {hit[0].rstrip("s") for word in words for hit in _ABBREVIATION.finditer(word)}
