"""The methodology checklists as data (``checklists/*.yml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from guidewright.own_data import own_yaml
from guidewright.values import Text

Standing = Literal["verified", "partial", "knowledge"]
#: Order in which the standards are shown.
ORDER = ("agree2", "right", "checkup", "prisma2020", "iom2011", "gin_coi", "amstar2", "china2022", "star")


@dataclass(frozen=True)
class Item:
    """One item of a standard, in our own words."""

    standard: str
    n: str
    ask: Text
    check: Literal["auto", "assist", "manual"]
    """Whether a program can decide it, can only gather what a person needs, or can do nothing."""
    standing: Standing
    """``verified``: seen in a stored copy of the standard; otherwise shown as not verified."""
    probe: str | None = None
    """Name of the function of ``probes`` that looks for it."""
    group: Text | None = None
    critical: bool = False
    weight: float | None = None

    @property
    def id(self) -> str:
        """Name by which files mean the item: ``right-10b``."""
        return f"{self.standard}-{self.n}".lower()


@dataclass(frozen=True)
class Standard:
    """One checklist."""

    id: str
    title: Text
    short: str
    standing: Standing
    sources: tuple[str, ...]
    items: tuple[Item, ...]
    note: Text | None = None


@cache
def standards() -> Mapping[str, Standard]:
    """Every standard by its name, in the order in which they are shown."""
    folder = files("guidewright.audit").joinpath("checklists")
    return {name: _standard(name, own_yaml(folder.joinpath(f"{name}.yml").read_text("utf-8"))) for name in ORDER}


def _standard(name: str, data: dict[str, Any]) -> Standard:
    items = tuple(
        Item(
            standard=name,
            ask={"zh": entry["zh"], "en": entry["en"]},
            standing=entry.get("standing", data["standing"]),
            **{key: value for key, value in entry.items() if key not in {"zh", "en", "standing"}},
        )
        for entry in data["items"]
    )
    return Standard(
        name, data["title"], data["short"], data["standing"], tuple(data["sources"]), items, data.get("note")
    )


def items() -> Mapping[str, Item]:
    """Every item by its name."""
    return {item.id: item for standard in standards().values() for item in standard.items}
