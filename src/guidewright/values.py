"""The small values that every room shares: bilingual text, identifiers, and facts with their source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

#: Lower-case words joined by hyphens; safe as a file name, a URL and an anchor.
Slug = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80),
    Field(examples=["q06-pain"]),
]


@dataclass(frozen=True)
class Refers:
    """Marks a value that names something of another file; the loader checks that it exists."""

    kind: str


#: The key of an entry in ``evidence/records.bib``.
CitationKey = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_:.-]*$", max_length=80),
    Field(examples=["klazen2010"]),
    Refers("record"),
]

#: A record of an export: name of the file without folder and suffix, a slash, and its number in the file.
FoundId = Annotated[
    str,
    StringConstraints(pattern=r"^[^/\s][^/\r\n]*/[1-9][0-9]*$", max_length=250),
    Field(examples=["pubmed-2025-01-31/17"]),
    Refers("found record"),
]

#: A record that is screened: a found record, or an entry of ``evidence/records.bib`` by its citation key.
ScreenedId = Annotated[
    str,
    StringConstraints(pattern=r"^([A-Za-z0-9][A-Za-z0-9_:.-]*|[^/\s][^/\r\n]*/[1-9][0-9]*)$", max_length=250),
    Field(examples=["pubmed-2025-01-31/17"]),
    Refers("record or found record"),
]

# One type for each kind of thing that files name by its identifier.
QuestionId = Annotated[Slug, Field(examples=["q06"]), Refers("question")]
OutcomeId = Annotated[Slug, Field(examples=["pain"]), Refers("outcome")]
StudyId = Annotated[Slug, Field(examples=["vertos-ii"]), Refers("study")]
TermId = Annotated[Slug, Field(examples=["vertebroplasty"]), Refers("term")]
AnalysisId = Annotated[Slug, Field(examples=["q06-pain"]), Refers("analysis")]
RecommendationId = Annotated[Slug, Field(examples=["r06"]), Refers("recommendation")]
ClauseId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+[a-z]$"), Field(examples=["r06a"]), Refers("clause")]
AspectId = Annotated[Slug, Field(examples=["diagnosis"]), Refers("aspect")]
ToolId = Annotated[Slug, Field(examples=["otlics"]), Refers("tool")]
GroupId = Annotated[Slug, Field(examples=["steering-committee"]), Refers("group")]
PersonId = Annotated[Slug, Field(examples=["li-na"]), Refers("person")]
#: A person or a group, where either may act.
ActorId = Annotated[Slug, Field(examples=["steering-committee"]), Refers("person or group")]
DeclaredCountId = Annotated[Slug, Field(examples=["records-english"]), Refers("declared count")]
RoundId = Annotated[Slug, Field(examples=["round-1"]), Refers("round")]
SchemeId = Annotated[Slug, Field(examples=["aaos-2025cn"]), Refers("scheme")]
InstrumentId = Annotated[Slug, Field(examples=["rob2"]), Refers("instrument")]

#: A language tag such as ``zh`` or ``en``.
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]


def _in_the_calendar(text: str) -> str:
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        raise ValueError("must be a date that exists: year, month 01 to 12, day of that month") from None
    return text


#: A calendar date, or its year, or year and month.
ISODate = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$"),
    AfterValidator(_in_the_calendar),
    Field(examples=["2025-01-31"]),
]


def _web_address(url: str) -> str:
    if not url.startswith(("https://", "http://")) or any(c.isspace() or c in "<>\"'`" for c in url):
        raise ValueError("must be a web address that starts with https:// or http://")
    return url


#: A web address. Other schemes are refused, since the address becomes a link on the site.
WebAddress = Annotated[str, AfterValidator(_web_address), Field(examples=["https://doi.org/10.1136/bmj.k1551"])]

#: The same words in each language of the guideline, keyed by language tag.
Text = Annotated[
    dict[Language, Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]],
    Field(min_length=1, examples=[{"zh": "疼痛", "en": "Pain"}]),
]


def in_language(text: Mapping[str, str], language: str) -> str:
    """A text in a language, or in the first of those that it has; empty where it has none."""
    return text.get(language) or next(iter(text.values()), "")


class Value(BaseModel):
    """Base of everything read from a project file: frozen, and unknown keys are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True)


class Source(Value):
    """Where a fact was seen. At least one of ``cite`` and ``url`` is needed."""

    cite: CitationKey | None = None
    """Citation key of the publication that states the fact."""
    url: WebAddress | None = None
    """Web page that states the fact."""
    where: str | None = Field(default=None, examples=["section 2.3.3"])
    """Page, section or table within that publication or page."""
    verified: bool = True
    """False where the place was not read, only reported by somebody else; shown as such."""
    note: Text | None = None
    """What a reader must know before relying on it."""

    @model_validator(mode="after")
    def _somewhere(self) -> Source:
        if self.cite is None and self.url is None:
            raise ValueError("a source needs `cite` (a citation key) or `url` (a web address)")
        return self


T = TypeVar("T")


class Fact(Value, Generic[T]):
    """A value with the place where it was seen."""

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Name the schema of a kind of fact after the type of its value."""
        kind = get_args(params[0])[0] if get_origin(params[0]) is Annotated else params[0]
        return f"Fact_{getattr(kind, '__name__', 'value')}"

    value: T
    """The fact itself."""
    source: Source
    """Where it was seen."""
    note: Text | None = None
    """A remark shown beside the value."""
