"""Probes about questions, search, selection, appraisal and synthesis."""

from __future__ import annotations

from guidewright.audit.probes import Grounds, Judgement, Shown, State, probe
from guidewright.audit.sides import same
from guidewright.evidence.studies import REVIEWS
from guidewright.guideline.certainty import certainties
from guidewright.guideline.risk_of_bias import finished_appraisals
from guidewright.words import say


@probe("questions")
def _questions(g: Grounds) -> Judgement:
    first = next(iter(g.project.questions), None)
    return (
        ("met", (g.at("question", first, says=say("probe.questions", n=len(g.project.questions))),))
        if first
        else g.lacking("outcome-choice")
    )


@probe("questions-collected")
def _collected(g: Grounds) -> Judgement:
    return g.process("questions") or g.lacking()


@probe("outcomes")
def _outcomes(g: Grounds) -> Judgement:
    first = next(iter(g.project.questions), None)
    n = len({o.id for q in g.project.questions.values() for o in q.outcomes})
    return ("met", (g.at("question", first, "outcomes", says=say("probe.outcomes", n=n)),)) if first else g.lacking()


@probe("outcomes-ranked")
def _ranked(g: Grounds) -> Judgement:
    bare = [(q.id, n) for q in g.project.questions.values() for n, o in enumerate(q.outcomes) if o.importance is None]
    if bare:
        return "not-met", tuple(
            g.at("question", q, "outcomes", n, says=say("probe.unranked", n=len(bare))) for q, n in bare[:1]
        )
    first = next(iter(g.project.questions), None)
    return ("met", (g.at("question", first, "outcomes"),)) if first else g.lacking()


def _databases(g: Grounds, *fields: str) -> Judgement:
    databases = g.project.searches.databases
    bare = [n for n, one in enumerate(databases) if any(getattr(one, field) is None for field in fields)]
    if not databases:
        return g.lacking()
    at = bare[0] if bare else 0
    says = say("probe.databases", n=len(databases), lacking=len(bare))
    return ("not-met" if bare else "met"), (g.at("searches", "searches", "databases", at, says=says),)


@probe("search")
def _search(g: Grounds) -> Judgement:
    return _databases(g, "strategy", "searched_on", "hits")


@probe("search-dates")
def _dates(g: Grounds) -> Judgement:
    return _databases(g, "searched_on")


@probe("search-strategy")
def _strategy(g: Grounds) -> Judgement:
    return _databases(g, "strategy")


@probe("search-window")
def _window(g: Grounds) -> Judgement:
    window = g.project.searches.date_from
    return ("met", (g.at("searches", "searches", "date_from", says=same(window.value)),)) if window else g.lacking()


@probe("eligibility")
def _eligibility(g: Grounds) -> Judgement:
    searches = g.project.searches
    if searches.inclusion and searches.exclusion:
        return "met", (g.at("searches", "searches", "inclusion"), g.at("searches", "searches", "exclusion"))
    return g.lacking()


@probe("designs")
def _designs(g: Grounds) -> Judgement:
    first = next(iter(g.project.questions), None)
    return ("judge", (g.at("question", first, "study_designs"),)) if first else g.lacking()


@probe("screening")
def _screening(g: Grounds) -> Judgement:
    files = list(g.project.screening)
    if len(files) > 1:
        return "met", tuple(Shown(same(name), f"evidence/screening/{name}.csv", 1) for name in files[:2])
    return g.lacking("screeners")


@probe("exclusions")
def _exclusions(g: Grounds) -> Judgement:
    for name, ones in g.project.screening.items():
        if any(one.stage == "full-text" and one.decision == "exclude" and one.reason for one in ones):
            return "met", (Shown(same(name), f"evidence/screening/{name}.csv", 1),)
    return g.lacking("stage-counts")


@probe("flow")
def _flow(g: Grounds) -> Judgement:
    if g.project.screening:
        name = next(iter(g.project.screening))
        return "judge", (Shown(same(name), f"evidence/screening/{name}.csv", 1),)
    return g.lacking("stage-counts")


@probe("extraction")
def _extraction(g: Grounds) -> Judgement:
    rows = g.project.extraction
    return ("judge", (Shown(say("probe.rows", n=len(rows)), rows[0].file, rows[0].line),)) if rows else g.lacking()


@probe("studies")
def _studies(g: Grounds) -> Judgement:
    bare = [one.id for one in g.project.studies.values() if one.design is None]
    first = next(iter(g.project.studies), None)
    if first is None:
        return g.lacking()
    says = say("probe.studies", n=len(g.project.studies), lacking=len(bare))
    return ("judge" if bare else "met"), (g.at("study", bare[0] if bare else first, says=says),)


@probe("study-funding")
def _study_funding(g: Grounds) -> Judgement:
    return g.lacking()


@probe("effects")
def _effects(g: Grounds) -> Judgement:
    rows = g.project.extraction
    return ("met", (Shown(say("probe.rows", n=len(rows)), rows[0].file, rows[0].line),)) if rows else g.lacking()


@probe("appraisal-tool")
def _appraisal(g: Grounds) -> Judgement:
    """Met with a finished appraisal; those that are only begun are for people to judge."""
    finished = finished_appraisals(g.project)
    begun = {row.instrument for rows in g.project.appraisals.values() for row in rows}
    tools = sorted({one.instrument for one in finished} or begun)
    if not tools:
        return g.lacking("appraisal-tool")
    name = next(iter(g.project.appraisals))
    titles = [g.project.instruments[tool].title for tool in tools]
    named = {language: ", ".join(title.get(language, "") for title in titles) for language in titles[0]}
    return ("met" if finished else "judge"), (Shown(named, f"grading/appraisals/{name}.csv", 1),)


@probe("scheme")
def _scheme(g: Grounds) -> Judgement:
    return "met", (g.at("scheme", "scheme", "scheme", says=g.project.scheme.title),)


@probe("certainty")
def _certainty(g: Grounds) -> Judgement:
    """Met once every reason is decided for every body of evidence; anything less is for people to judge."""
    begun = [one.id for one in g.project.certainty.values() if any(body.decisions for body in one.bodies)]
    if begun:
        bodies = [body for one in certainties(g.project, g.project.results) for body in one.bodies]
        state: State = "met" if all(body.decided for body in bodies) else "judge"
        return state, tuple(g.at("certainty", name, "bodies") for name in begun[:3])
    if g.project.analyses:
        first = next(iter(g.project.analyses))
        return "judge", (g.at("analysis", first, says=say("probe.certainty-suggested")),)
    return g.lacking()


@probe("reviews")
def _reviews(g: Grounds) -> Judgement:
    used = [s for s in g.project.studies.values() if s.design and s.design.value in REVIEWS]
    if used:
        return "judge", tuple(g.at("study", s.id, "design", says=same(s.name)) for s in used[:3])
    return "judge", (g.at("searches", "searches", says=say("probe.read-them")),)


@probe("reviews-appraised")
def _reviews_appraised(g: Grounds) -> Judgement:
    judged = {one.study for one in finished_appraisals(g.project)}
    graded = {e.cite for r in g.project.recommendations.values() for c in r.clauses for e in c.evidence}
    used = [
        s
        for s in g.project.studies.values()
        if s.design and s.design.value in REVIEWS and any(report.cite in graded for report in s.reports)
    ]
    bare = [s for s in used if s.id not in judged]
    if bare:
        return "not-met", tuple(g.at("study", s.id, "review", says=same(s.name)) for s in bare[:3])
    return (
        ("met", tuple(g.at("study", s.id) for s in used[:3]))
        if used
        else ("judge", (g.guideline(says=say("probe.nothing-found")),))
    )


# --- synthesis ----------------------------------------------------------------------------------------------------


def _of_analyses(g: Grounds, *path: str) -> Judgement:
    first = next(iter(g.project.analyses), None)
    says = say("probe.analyses", n=len(g.project.analyses))
    return ("met", (g.at("analysis", first, *path, says=says),)) if first else g.lacking()


@probe("measures")
def _measures(g: Grounds) -> Judgement:
    return _of_analyses(g, "measure")


@probe("selections")
def _selections(g: Grounds) -> Judgement:
    return _of_analyses(g, "select")


@probe("synthesis")
def _synthesis(g: Grounds) -> Judgement:
    return _of_analyses(g, "model")


@probe("figures")
def _figures(g: Grounds) -> Judgement:
    return _of_analyses(g, "favours")


@probe("derived")
def _derived(g: Grounds) -> Judgement:
    partly = [placed for placed in g.project.extraction if placed.value.verified == "partly"]
    silent = [placed for placed in partly if not placed.value.note]
    if silent:
        return "not-met", (Shown(say("probe.derived", n=len(silent)), silent[0].file, silent[0].line),)
    return (
        ("met", (Shown(say("probe.derived", n=len(partly)), partly[0].file, partly[0].line),))
        if partly
        else _effects(g)
    )


@probe("assumptions")
def _assumptions(g: Grounds) -> Judgement:
    having = [one.id for one in g.project.analyses.values() if one.assumptions]
    return ("judge", tuple(g.at("analysis", name, "assumptions") for name in having[:3])) if having else g.lacking()


@probe("exploration")
def _exploration(g: Grounds) -> Judgement:
    having = [one.id for one in g.project.analyses.values() if one.strata != "none" or one.further]
    return ("met", tuple(g.at("analysis", name, "strata") for name in having[:3])) if having else g.lacking()


@probe("sensitivity")
def _sensitivity(g: Grounds) -> Judgement:
    having = [one.id for one in g.project.analyses.values() if one.sensitivity]
    return ("met", tuple(g.at("analysis", name, "sensitivity") for name in having[:3])) if having else g.lacking()


@probe("sensitivity-results")
def _sensitivity_results(g: Grounds) -> Judgement:
    having = [name for name, one in g.project.results.items() if one.sensitivity]
    return (
        ("met", tuple(Shown(same(name), f"metaanalysis/results/{name}.json", 1) for name in having[:3]))
        if having
        else g.lacking()
    )


@probe("results")
def _results(g: Grounds) -> Judgement:
    having = list(g.project.results)
    return (
        ("met", tuple(Shown(same(name), f"metaanalysis/results/{name}.json", 1) for name in having[:3]))
        if having
        else g.lacking()
    )


@probe("bias")
def _bias(g: Grounds) -> Judgement:
    having = [one.id for one in g.project.analyses.values() if one.further]
    return ("judge", tuple(g.at("analysis", name, "further") for name in having[:3])) if having else g.lacking()


@probe("open-data")
def _open(g: Grounds) -> Judgement:
    return "met", (
        g.at("searches", "searches", says=say("probe.open")),
        g.guideline("licence", says=g.project.guideline.licence),
    )
