"""Pages of the flow of the review: the figure with its table, and the lists of publications behind its boxes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from guidewright.evidence.prisma.checking import Clash, clashes
from guidewright.evidence.prisma.flow import FATES_OF, Fate, Flow, Followed, Part
from guidewright.evidence.prisma.library import box_kinds
from guidewright.figures.flow import Flow as FlowFigure
from guidewright.publish.flow_figures import Setting, label_of, line_words, number_words, review_figure
from guidewright.publish.numbers import grouped
from guidewright.publish.routes import relative
from guidewright.publish.snapshot import Snapshot
from guidewright.values import Source, in_language
from guidewright.words import word

PAGE = "evidence/prisma.html"
#: Publications on one page of a list: what a phone shows without delay.
LENGTH = 500
#: Lists of reports stand on the page of the flow itself, unless they are longer.
SHORT = 200
#: Lists by name, in reading order; the first ones concern reports.
_LISTS = ("included", "excluded-reports", "not-retrieved", "undecided-reports", "excluded", "undecided", "copies")
_REPORT_LISTS = frozenset(_LISTS[:4])


def pages(snapshot: Snapshot, page: Callable[..., Any], language: str) -> Iterator[Any]:
    """The page of the flow, then its lists; made by ``page(address, template, title, **about)``."""
    yield page(PAGE, "prisma", word("nav.prisma", language))
    for name in _LISTS:
        found = publications_of(snapshot.flow, name)
        if not found or _stands_on_page(name, found):
            continue
        of = -(-len(found) // LENGTH)
        heading = word(f"prisma.list.{name}", language)
        for n in range(of):
            title = word("prisma.list.page", language, title=heading, n=n + 1, of=of) if of > 1 else heading
            part = found[LENGTH * n : LENGTH * (n + 1)]
            about = {"name": name, "part": part, "number": len(found), "addresses": _addresses(name, of), "n": n + 1}
            yield page(_address(name, n + 1), "records", title, **about)


def names(snapshot: Snapshot, language: str) -> dict[str, Any]:
    """What templates call, by name."""
    flow = snapshot.flow
    short = {view.key: view.short.get(language, view.key) for view in snapshot.references}

    def source(one: Source) -> str:
        said = [short.get(one.cite, one.cite) if one.cite else one.url or ""]
        return word("comma", language).join(filter(None, [*said, one.where or ""]))

    return {
        "flow": flow,
        "flow_figure": lambda address: _figure(flow, language, source, address),
        "flow_rows": lambda: rows_of(flow, language),
        "flow_lists": lambda: _on_page(flow),
        "flow_list_title": lambda name: word(f"prisma.list.{name}", language),
        "flow_clashes": lambda: [clash_words(one, flow, language) for one in clashes(flow, snapshot.searches)],
        "reason_words": lambda one: reason_words(one, flow, language),
    }


def publications_of(flow: Flow, name: str) -> tuple[Followed, ...]:
    """The publications of a list."""
    if name == "copies":
        return tuple(one for one in flow.followed if len(one.records) > 1)
    return tuple(one for one in flow.followed if one.fate is Fate(name))


def _stands_on_page(name: str, found: tuple[Followed, ...]) -> bool:
    return name in _REPORT_LISTS and len(found) <= SHORT


def _on_page(flow: Flow) -> list[tuple[str, tuple[Followed, ...]]]:
    """The lists that stand on the page of the flow."""
    every = [(name, publications_of(flow, name)) for name in _LISTS]
    return [(name, found) for name, found in every if found and _stands_on_page(name, found)]


def _address(name: str, n: int) -> str:
    return f"records/{name}.html" if n == 1 else f"records/{name}-{n}.html"


def _addresses(name: str, of: int) -> list[tuple[int, str]]:
    return [(n, _address(name, n)) for n in range(1, of + 1)] if of > 1 else []


def _lists_of(flow: Flow, box: str) -> list[tuple[str, int, str]]:
    """The lists behind a box: name, length, address."""
    plain = box.removeprefix("other-")
    if plain.startswith(("new-", "total-")):
        wanted = ["included"]
    elif plain in {"duplicates", "removed"}:
        wanted = ["copies"] + (["excluded"] if plain == "removed" else [])
    else:
        wanted = [name for name in _LISTS if name != "copies" and Fate(name) in FATES_OF.get(plain, frozenset())]
    found = []
    for name in wanted:
        every = publications_of(flow, name)
        both = name == "copies" or plain.startswith(("new-", "total-"))
        here = sum(both or one.route == ("other" if box.startswith("other-") else "databases") for one in every)
        if here:
            address = f"{PAGE}#{name}" if _stands_on_page(name, every) else _address(name, 1)
            found.append((name, here, address))
    return found


def _figure(flow: Flow, language: str, source: Callable[[Source], str], address: str) -> FlowFigure:
    def link(box: str) -> str:
        lists = _lists_of(flow, box)
        if not flow.boxes[box].known or not lists:
            return ""
        return relative(address, lists[0][2] if len(lists) == 1 else f"{PAGE}#box-{box}")

    return review_figure(flow, Setting(language, source, link))


def rows_of(flow: Flow, language: str) -> list[dict[str, Any]]:
    """Rows of the table: every box that is known or drawn."""
    found = []
    for name in box_kinds():
        box = flow.boxes[name]
        optional = name.startswith(("other-", "previous", "total")) or "undecided" in name
        if optional and not box.known:
            continue
        if (name in {"automation", "removed-other"} or "undecided" in name) and not box.number:
            continue
        found.append(
            {
                "id": name,
                "label": label_of(name, flow, language),
                "column": word(f"prisma.column.{column}", language)
                if (column := box_kinds()[name].column) in {"previous", "databases", "other"}
                else "",
                "number": number_words(box, flow, language),
                "standing": word(f"prisma.standing.{_standing(box.standing, flow)}", language),
                "source": box.source,
                "parts": [_part(part, flow, language) for part in box.parts],
                "lists": _lists_of(flow, name),
            }
        )
    return found


def _standing(standing: str, flow: Flow) -> str:
    return "open" if standing == "unknown" and flow.followed else standing


def _part(part: Part, flow: Flow, language: str) -> Mapping[str, Any]:
    label = in_language(part.label, language)
    return {"words": line_words(label, part, flow, language), "source": part.source}


def reason_words(one: Followed, flow: Flow, language: str) -> str:
    """Why a publication was excluded in full text, in words; empty for others."""
    if one.fate is not Fate.EXCLUDED_REPORTS:
        return ""
    box = flow.boxes["other-excluded-reports" if one.route == "other" else "excluded-reports"]
    label = next((part.label for part in box.parts if part.id == one.reason), {})
    return label.get(language) or one.reason


def clash_words(clash: Clash, flow: Flow, language: str) -> str:
    """Numbers that do not fit, as a sentence."""
    parts = {part.id: part.label.get(language, part.id) for part in flow.boxes[clash.box].parts}
    named = [(parts.get(name) or _label(name, flow, language), n) for name, n in clash.terms]
    terms = " + ".join(f"{label} {grouped(n)}" for label, n in named)
    return word(
        f"prisma.clash.{clash.kind}",
        language,
        box=label_of(clash.box, flow, language),
        whole=grouped(clash.whole),
        added=grouped(clash.added),
        terms=terms,
    )


def _label(name: str, flow: Flow, language: str) -> str:
    return label_of(name, flow, language) if name in flow.boxes else name
