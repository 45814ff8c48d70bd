"""Bibliographic records (``evidence/records.bib``), one citation key each, used everywhere."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from guidewright.values import (
    ISODate,
    Value,
    WebAddress,
)


class Identification(StrEnum):
    """Whether we know which publication a reference is.

    * ``identified``: author, year, journal and content agree with the record.
    * ``named``: the source names it (an author and year, or a title), but no record was found.
    * ``not-identified``: only its number in the source's reference list is known.
    """

    IDENTIFIED = "identified"
    NAMED = "named"
    NOT_IDENTIFIED = "not-identified"


class Name(Value):
    """An author: a person in two parts, or a group (and a Chinese name) in one."""

    family: str | None = None
    """Family name, with particles such as ``de``."""
    given: str | None = None
    """Given names or initials."""
    literal: str | None = None
    """A name that is not split: a group, or a Chinese name."""

    def __str__(self) -> str:
        return self.literal or " ".join(part for part in (self.family, self.given) if part)


class Record(Value):
    """One record of the bibliography. Field names are those of BibTeX; the last ones are ours."""

    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_:.-]*$", max_length=80, examples=["klazen2010"])]
    """Citation key."""
    entry_type: str = Field(examples=["article"])
    """BibTeX type."""
    title: str | None = None
    """Title."""
    author: tuple[Name, ...] = ()
    """Authors in order. In BibTeX, ``and others`` at the end says that the list goes on."""
    shortauthor: str | None = Field(default=None, examples=["Chinese Medical Doctor Association"])
    """The author in short references on pages in another language than the record's, for example in Latin letters."""
    authors_incomplete: bool = False
    """True where the list of authors ends with ``and others``."""
    year: Annotated[int, Field(ge=1500, le=2100)] | None = None
    """Year of publication."""
    journal: str | None = None
    """Journal or container."""
    volume: str | None = None
    """Volume."""
    number: str | None = None
    """Issue."""
    pages: str | None = None
    """Pages or article number."""
    publisher: str | None = None
    """Publisher or issuing body."""
    doi: Annotated[str, Field(pattern=r"^10\.\d{4,9}/\S+$", examples=["10.1136/bmj.k1551"])] | None = None
    """Digital object identifier, without ``https://doi.org/``."""
    pmid: Annotated[str, Field(pattern=r"^\d{1,9}$", examples=["20701962"])] | None = None
    """PubMed identifier."""
    url: WebAddress | None = None
    """Web address."""
    urldate: ISODate | None = None
    """Day the address was read."""
    language: str | None = Field(default=None, examples=["en", "zh"])
    """Language of the publication."""
    note: str | None = None
    """Remark shown with the record."""
    sourcenumber: Annotated[int, Field(ge=1)] | None = None
    """Number of the reference in the re-encoded publication."""
    identification: Identification = Identification.IDENTIFIED
    """Whether we know which publication it is."""
    identifiedby: str | None = None
    """What the identification rests on."""
    namedas: str | None = None
    """How the source names it, when that is all that is known."""
    candidate: str | None = None
    """A possible match that is not confirmed; shown as unconfirmed, never as the reference."""
    sourceurl: WebAddress | None = None
    """Where the record was seen."""
    foundby: str | None = Field(default=None, examples=["search", "reference tracing", "previous edition"])
    """How the record came into the library."""

    @model_validator(mode="after")
    def _identified_has_title(self) -> Record:
        if self.identification is Identification.IDENTIFIED and not self.title:
            raise ValueError(
                "an identified record needs a `title`; otherwise set identification = {named} or {not-identified}"
            )
        if self.identification is Identification.NAMED and not self.namedas:
            raise ValueError("a record with identification = {named} needs `namedas`: the words the source uses")
        return self

    @property
    def identified(self) -> bool:
        """Whether the publication is known."""
        return self.identification is Identification.IDENTIFIED
