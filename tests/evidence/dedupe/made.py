"""Records for tests, as short as they can be written."""

from __future__ import annotations

from typing import Any

from guidewright.evidence.bibliography import Name
from guidewright.evidence.found import Found


def found(identifier: str, **fields: Any) -> Found:
    """A record; authors as one text joined by ``;``, registrations as one joined by blanks."""
    authors = tuple(_name(part.strip()) for part in fields.pop("authors", "").split(";") if part.strip())
    registrations = tuple(fields.pop("registrations", "").split())
    return Found(id=identifier, authors=authors, registrations=registrations, **fields)


def _name(text: str) -> Name:
    family, comma, given = text.partition(", ")
    return Name(family=family, given=given) if comma else Name(literal=text)


def paper(identifier: str, **fields: Any) -> Found:
    """A complete record with some fields of its own."""
    whole = {
        "title": "Vertebroplasty versus sham procedure for painful osteoporotic vertebral fractures",
        "authors": "Firanescu, Cristina; de Vries, Jolanda; Lodder, Paul",
        "year": 2018,
        "journal": "Journal of Bone and Mineral Research",
        "volume": "33",
        "issue": "4",
        "pages": "1123-1127",
    }
    return found(identifier, **(whole | fields))
