"""Our own prose against the records that it cites. Only sentences that cite one study are judged: there it is clear of
whom they speak.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from guidewright.audit.bodies import report_of
from guidewright.audit.claims import family
from guidewright.audit.findings import Finding, Side, found
from guidewright.audit.outcomes import effects, join, result_words, significance
from guidewright.audit.passages import Sentence
from guidewright.audit.prose_numbers import number_findings
from guidewright.audit.sides import of_clause, of_record, of_row, of_study, same
from guidewright.audit.wording_lists import designs_meant, pattern, spoken, wording
from guidewright.evidence.studies import REVIEWS, Design, ReportKind, Study
from guidewright.guideline.recommendation import Recommendation
from guidewright.project import Project
from guidewright.values import Text
from guidewright.words import say

_AUTHOR = re.compile(r"\b([A-Z][a-zà-ÿ]+(?:-[A-Z][a-z]+)?)(?: and colleagues| et al\.?|等)")
_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20[0-4]\d)(?:年|\b)(?!\d)")
_STRENGTH = re.compile(
    r"(?<![ⅠⅡⅢⅣIV\d])([1-3])\s*级(?:推荐|强度)|推荐强度为?\s*([1-3])\s*级|\b[Ss]trengths?\s+([1-3])\b"
)
_LEVEL = re.compile(r"([ⅠⅡⅢⅣ]|\b(?:IV|I{1,3})(?![A-Za-z]))\s*级(?!推荐)|\blevels?\s+(IV|I{1,3})\b")
_ROMAN = {"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV"}


def prose_findings(project: Project, said: Sequence[Sentence]) -> Iterator[Finding]:
    """Everything about our own prose. ``said`` are the sentences of the project."""
    seen: set[tuple[str, str]] = set()
    for sentence in said:
        for finding in _sentence(project, sentence):
            key = (finding.rule, finding.place)
            if key not in seen:
                seen.add(key)
                yield finding
    yield from _statements(project)


def _sentence(project: Project, sentence: Sentence) -> Iterator[Finding]:
    source = project.guideline.source_publication
    cites = [cite for cite in sentence.cites if cite != source]
    yield from _strengths(project, sentence)
    yield from _units(project, sentence)
    yield from _superlative(project, sentence)
    if len(cites) != 1:
        return
    cite = cites[0]
    yield from _author_and_year(project, sentence, cite)
    study = project.study_of(cite)
    if study is not None:
        yield from _about(project, sentence, cite, study)
        yield from number_findings(project, sentence, cite, study)


def here(project: Project, sentence: Sentence) -> Side:
    """The sentence as a side of a finding."""
    language = project.guideline.languages.get(sentence.language, sentence.language)
    return Side(say("side.prose", language=language), same(sentence.text), sentence.file, sentence.line)


def _finding(
    project: Project, sentence: Sentence, rule: str, cite: str, words: str, known: object, side: Side, **more: object
) -> Finding:
    return found(
        rule,
        f"{sentence.name}/{sentence.language}-{cite}",
        [here(project, sentence), side],
        place=sentence.name,
        language=project.guideline.languages.get(sentence.language, sentence.language),
        words=words,
        cite=cite,
        known=known,
        **more,
    )


def _author_and_year(project: Project, sentence: Sentence, cite: str) -> Iterator[Finding]:
    record = project.records[cite]
    named = [hit[1] for hit in _AUTHOR.finditer(sentence.text)]
    if record.author and named:
        first = family(record.author[0])
        if first.isascii() == named[0].isascii() and all(name.casefold() not in first.casefold() for name in named):
            side = of_record(project, cite, "author", same(first))
            yield _finding(project, sentence, "prose-author", cite, named[0], first, side)
    years = {int(hit[1]) for hit in _YEAR.finditer(sentence.text)}
    if record.year is None or not years:
        return
    study = project.study_of(cite)
    known = {record.year}
    known |= {project.records[r.cite].year or record.year for r in study.reports} if study else set()
    names = [family(name) for name in record.author[:1]]
    # a year is said of the paper where its author is named, or where it stands right before the citation
    about = any(name and name in sentence.text for name in names)
    if about and not years & known:
        side = of_record(project, cite, "year", same(record.year))
        yield _finding(project, sentence, "prose-year", cite, str(min(years)), record.year, side)


def _about(project: Project, sentence: Sentence, cite: str, study: Study) -> Iterator[Finding]:
    text = sentence.unquoted
    at, report = report_of(study, cite)
    blinded, opened = spoken("blinded").search(text), spoken("open").search(text)
    if study.blinding is not None and bool(blinded) != bool(opened):
        words = blinded or opened
        wrong = "open" if blinded else "blinded"
        if words is not None and study.blinding.value == wrong:
            known = say(f"blinding.{study.blinding.value}")
            side = of_study(project, study, ("blinding",), study.blinding.note or known, study.blinding)
            yield _finding(project, sentence, "prose-blinding", cite, words[0], known, side, study=study.name)
    named = designs_meant(sentence.around(cite), prose=True)
    if named is not None and study.design is not None and named[1] and not _fits(study, named[1]):
        known = say(f"design.{study.design.value.value}")
        side = of_study(project, study, ("design",), study.design.note or known, study.design)
        yield _finding(project, sentence, "prose-design", cite, named[0], known, side, study=study.name)
    yield from _significance(project, sentence, cite, study, text)
    significant = spoken("significant").search(spoken("not_significant").sub("", text))
    if report.kind is ReportKind.PROTOCOL and significant:
        side = of_study(project, study, ("reports", at, "kind"), say("side.no-results"))
        yield _finding(project, sentence, "prose-protocol", cite, significant[0], "", side)


def _fits(study: Study, meant: frozenset[Design]) -> bool:
    """Whether words can mean the design of a study. A review may be told by the trials that it pools."""
    design = study.design.value if study.design else None
    return design in meant or (design in REVIEWS and bool(meant & {Design.RANDOMISED, Design.PROSPECTIVE_CONTROLLED}))


def _significance(project: Project, sentence: Sentence, cite: str, study: Study, text: str) -> Iterator[Finding]:
    rows = [placed for placed in effects(project, study) if placed.value.report == cite] or effects(project, study)
    told = [(placed, known) for placed in rows if (known := significance(project, placed.value)) is not None]
    if not told:
        return
    null = spoken("not_significant").search(text)
    positive = spoken("significant").search(spoken("not_significant").sub("", text))
    wrong = (positive and not null and not any(known for _, known in told)) or (
        null and not positive and all(known for _, known in told)
    )
    words = positive or null
    if wrong and words:
        results: Text = join([result_words(project, placed.value) for placed, _ in told[:4]])
        side = of_row(project, told[0][0], result_words(project, told[0][0].value))
        yield _finding(project, sentence, "prose-significance", cite, words[0], results, side, study=study.name)


# --- strengths, units, superlatives: no citation needed -----------------------------------------------------------


def _strengths(project: Project, sentence: Sentence) -> Iterator[Finding]:
    """Typed strengths and levels of a recommendation that are not on record for it."""
    rec = project.recommendations.get(sentence.name) if sentence.kind == "recommendation" else None
    if rec is None:
        return
    text = sentence.unquoted
    strengths = {
        s
        for c in rec.clauses
        for s in ((c.stated.strength if c.stated else None), (c.override.strength if c.override else None))
        if s
    }
    levels = {item.stated_level for c in rec.clauses for item in c.evidence if item.stated_level}
    for hit in _STRENGTH.finditer(text):
        value = hit[1] or hit[2] or hit[3]
        if strengths and value not in strengths:
            yield _typed(
                project,
                sentence,
                rec,
                hit[0],
                say("side.strength-word", strength="/".join(sorted(strengths))),
                "stated",
            )
    for hit in _LEVEL.finditer(text):
        value = _ROMAN.get(hit[1] or "", hit[1] or hit[2])
        if levels and value not in levels:
            yield _typed(
                project, sentence, rec, hit[0], say("side.level-word", level="/".join(sorted(levels))), "evidence"
            )


def _typed(project: Project, sentence: Sentence, rec: Recommendation, words: str, known: Text, field: str) -> Finding:
    what = {"stated": {"zh": "推荐强度", "en": "strength"}, "evidence": {"zh": "证据等级", "en": "level"}}[field]
    side = of_clause(project, rec.id, ("clauses", 0, field), known)
    place = f"{rec.id}/{sentence.language}-{words.strip()}"
    language = project.guideline.languages.get(sentence.language, sentence.language)
    return found(
        "prose-strength",
        place,
        [here(project, sentence), side],
        place=rec.id,
        language=language,
        words=words,
        what=what,
        known=known,
    )


def _units(project: Project, sentence: Sentence) -> Iterator[Finding]:
    for known in wording("units"):
        unit_of = r"[A-Za-z%]+(?:/[a-z]+[0-9²³]?)?|个?标准差"
        between = f"[^。；;,，]{{0,{known['near']}}}?"
        after = rf"(?:{known['names']}){between}(?<![A-Za-z])\d+(?:\.\d+)?\s?({unit_of})"
        for hit in pattern(after).finditer(sentence.unquoted):
            unit = hit[1].replace("³", "3")
            good = {one.replace("³", "3").casefold() for one in known["units"]}
            looks = (
                unit == "%" or "/" in unit or unit.casefold() in {"g", "mg", "kg", "cm", "mm", "l", "ml", "sd", "mmol"}
            )
            if looks and unit.casefold() not in good:
                units = " / ".join(known["units"])
                side = Side(known["quantity"], same(units), "", 1, "audit/wording/units.yml")
                yield found(
                    "prose-unit",
                    f"{sentence.name}/{sentence.language}-{sentence.line}",
                    [here(project, sentence), side],
                    place=sentence.name,
                    language=project.guideline.languages.get(sentence.language, sentence.language),
                    words=hit[0],
                    units=units,
                )


def _superlative(project: Project, sentence: Sentence) -> Iterator[Finding]:
    hit = spoken("superlative", "prose").search(sentence.unquoted)
    rec = project.recommendations.get(sentence.name)
    if hit is None or rec is None:
        return
    strengths = sorted({c.stated.strength for c in rec.clauses if c.stated})
    top = project.scheme.strengths[0].strength
    if strengths and top not in strengths:
        known = say("side.strength-word", strength="/".join(strengths))
        side = of_clause(project, rec.id, ("clauses", 0, "stated"), known)
        yield _graded_words(project, sentence, hit[0], known, side)


def _graded_words(project: Project, sentence: Sentence, words: str, known: Text, side: Side) -> Finding:
    return found(
        "prose-superlative",
        f"{sentence.name}/{sentence.language}",
        [here(project, sentence), side],
        place=sentence.name,
        language=project.guideline.languages.get(sentence.language, sentence.language),
        words=words,
        strength=known,
    )


def _statements(project: Project) -> Iterator[Finding]:
    """Superlatives in the statement of a clause whose strength is not the highest."""
    top = project.scheme.strengths[0].strength
    for rec in project.recommendations.values():
        for n, clause in enumerate(rec.clauses):
            strength = clause.stated.strength if clause.stated else None
            for tag, words in clause.statement.items():
                hit = spoken("superlative", "statement").search(words)
                if hit and strength not in {None, top}:
                    known = say("side.strength-word", strength=strength)
                    at = of_clause(project, rec.id, ("clauses", n, "statement", tag), same(words))
                    yield found(
                        "prose-superlative",
                        f"{rec.id}{clause.id}/{tag}",
                        [at, of_clause(project, rec.id, ("clauses", n, "stated"), known)],
                        place=f"{rec.id}{clause.id}",
                        language=project.guideline.languages.get(tag, tag),
                        words=hit[0],
                        strength=known,
                    )
