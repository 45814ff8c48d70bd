"""A pathway as its pages show it: numbered steps, the diagram, and a card for every step that has recommendations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guidewright.figures.algorithm import Algorithm, Box, Way
from guidewright.guideline.pathways import Next, Pathway, Step
from guidewright.publish.snapshot import Snapshot
from guidewright.publish.views import RecommendationView
from guidewright.values import Text, in_language
from guidewright.words import word


@dataclass(frozen=True)
class Card:
    """What to do at one step: the step with its number, and the recommendations that belong to it."""

    number: int
    step: Step
    recommendations: tuple[RecommendationView, ...]
    tools: tuple[str, ...]
    """Scores and thresholds that these recommendations use."""


def pathway_functions(snapshot: Snapshot, language: str) -> dict[str, Callable[..., Any]]:
    """Functions of the templates by name."""
    return {
        "algorithm": lambda pathway: algorithm(pathway, snapshot, language),
        "cards_of": lambda pathway: tuple(cards(pathway, snapshot)),
        "step_number": lambda pathway, step: next(n for n, one in enumerate(pathway.steps, 1) if one.id == step),
        "step_text": lambda pathway, step: next(one.text for one in pathway.steps if one.id == step),
        "ways_to": lambda pathway, step: tuple(_ways_to(pathway, step)),
    }


def cards(pathway: Pathway, snapshot: Snapshot) -> Iterator[Card]:
    """A card for every step that names recommendations, in the order of the steps."""
    views: Mapping[str, RecommendationView] = {view.recommendation.id: view for view in snapshot.recommendations}
    for number, step in enumerate(pathway.steps, start=1):
        if step.recommendations:
            found = tuple(views[name] for name in step.recommendations)
            tools = dict.fromkeys(tool for view in found for tool in view.recommendation.tools)
            yield Card(number, step, found, tuple(tools))


def _ways_to(pathway: Pathway, step: str) -> Iterator[tuple[Step, Next]]:
    for one in pathway.steps:
        for way in one.next:
            if way.to == step:
                yield one, way


def algorithm(pathway: Pathway, snapshot: Snapshot, language: str) -> Algorithm:
    """The diagram of a pathway; the numbers are those of the list of steps."""

    def say(key: str, **values: object) -> str:
        return word(key, language, **values)

    def t(text: Text | None) -> str:
        return in_language(text or {}, language)

    numbers = {view.recommendation.id: view.recommendation.number for view in snapshot.recommendations}
    boxes = [
        Box(
            id=step.id,
            number=str(n),
            kind=step.kind,
            words=t(step.text),
            more=say("pathway.see", numbers=say("listing").join(str(numbers[one]) for one in step.recommendations))
            if step.recommendations
            else "",
            ways=tuple(Way(one.to, t(one.when)) for one in step.next),
        )
        for n, step in enumerate(pathway.steps, start=1)
    ]
    return Algorithm(
        identifier=f"pathway-{pathway.id}",
        title=t(pathway.title),
        description=say("pathway.diagram", n=len(boxes), questions=sum(one.kind == "question" for one in boxes)),
        nothing=say("pathway.nothing"),
        boxes=boxes,
        step_title=say("pathway.step"),
        text_title=say("pathway.text"),
        next_title=say("pathway.next"),
        # the number is filled in by the drawing
        leads_back=say("pathway.back-to", number="{number}"),
    )
