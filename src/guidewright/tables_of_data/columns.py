"""Which column of a table is what: as the options say, else by a heading of the same name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guidewright.metaanalysis.effects import Measure
from guidewright.metaanalysis.effects.columns import COLUMNS, Column
from guidewright.problems import did_you_mean
from guidewright.tables_of_data.methods import WrongUseError
from guidewright.tables_of_data.numbers import allowed, are_numbers, number_of
from guidewright.tables_of_data.sheet import Sheet

#: Columns of estimates as they are printed.
PRINTED: Mapping[str, Column] = {
    column.name: column
    for column in (
        Column("estimate", "the effect, natural scale (a ratio as it is printed)"),
        Column("y", "the effect, scale of analysis (the logarithm of a ratio)"),
        Column("v", "sampling variance, scale of analysis", low=0, above=True),
        Column("se", "standard error, scale of analysis", low=0, above=True),
        Column("low", "lower confidence limit, on the scale of the effect"),
        Column("high", "upper confidence limit, on the scale of the effect"),
        Column("p", "two-sided p value", low=0, high=1, above=True),
        Column("df", "degrees of freedom of the interval or p value", low=0, above=True),
        COLUMNS["n"],
    )
}
#: What may be the same in all studies, so that a number can stand in place of a heading.
CONSTANT = frozenset({"r", "predictors", "items", "df"})
_EFFECT, _SPREAD = ("estimate", "y"), ("v", "se", "low", "high", "p")


@dataclass(frozen=True)
class Chosen:
    """Places of columns in the sheet, counted from 0."""

    places: Mapping[str, int]
    """Column of numbers -> place."""
    constants: Mapping[str, float]
    """Column of numbers -> the number that stands for all rows."""
    printed: bool
    """Whether effects are given, and not computed from counts or means."""
    study: int | None
    """The names of the studies; None where rows are numbered."""
    subgroup: int | None
    moderators: tuple[int, ...]


@dataclass(frozen=True)
class Asked:
    """What the options say: headings by the name of the column."""

    columns: Mapping[str, str]
    study: str | None = None
    subgroup: str | None = None
    moderators: Sequence[str] = ()


def choose(sheet: Sheet, measure: Measure, asked: Asked) -> Chosen:
    """Find every column.

    Raises :class:`WrongUseError` for headings that the table lacks or has twice, columns that the measure does not
    use, and columns that are needed and neither named nor found.
    """
    computed = dict.fromkeys(measure.columns)
    if unused := [name for name in asked.columns if name not in computed and name not in PRINTED]:
        raise WrongUseError(f"--{unused[0]} is not for this measure. {_needs(measure)}")
    constants, named = {}, {}
    for name, heading in asked.columns.items():
        number = number_of(heading) if name in CONSTANT and heading not in sheet.headings else None
        if number is None:
            named[name] = find(sheet, heading, name)
        elif allowed(declared(name), number):
            constants[name] = number
        else:
            raise WrongUseError(f"--{name} {declared(name).rule}; found {heading}")
    found = named | {
        name: at for name in (*computed, *PRINTED) if name not in asked.columns for at in _same(sheet, name)
    }
    printed = _is_printed(measure, asked, set(found) | set(constants))
    if printed and measure.scale.needs_size:
        columns = ", ".join(f"--{name}" for name in measure.columns)
        raise WrongUseError(f"{measure} ({measure.label}) starts from counts: {columns}\n{headings_of(sheet)}")
    used = _printed(sheet, asked, found, measure) if printed else measure.columns
    places = {name: found[name] for name in used if name in found}
    lacking = [name for name in used if name not in places and name not in constants]
    if lacking:
        hints = [f"{name}: {hint}" for name in lacking if (hint := did_you_mean(name, filter(None, sheet.headings)))]
        raise WrongUseError(
            f"no column is known for {', '.join(lacking)}: name it, for example --{lacking[0]} HEADING. "
            + "\n".join([_needs(measure), *hints, headings_of(sheet)])
        )
    subgroup = find(sheet, asked.subgroup, "subgroup") if asked.subgroup is not None else None
    moderators = tuple(find(sheet, heading, "moderator") for heading in asked.moderators)
    if len(set(moderators)) < len(moderators):
        raise WrongUseError("a moderator is named twice; name it once")
    taken = {*places.values(), *moderators, subgroup}
    return Chosen(
        places,
        {name: value for name, value in constants.items() if name in used},
        printed,
        find(sheet, asked.study, "study") if asked.study is not None else _names(sheet, taken),
        subgroup,
        moderators,
    )


def declared(name: str) -> Column:
    """The declaration of a column of numbers."""
    return PRINTED[name] if name in PRINTED else COLUMNS[name]


def find(sheet: Sheet, heading: str, option: str) -> int:
    """The place of a heading; capitals count only where they tell two headings apart.

    Raises :class:`WrongUseError` with the nearest headings and the list of all.
    """
    wanted = " ".join(heading.split())
    exact = [at for at, one in enumerate(sheet.headings) if one == wanted]
    same = exact or [at for at, one in enumerate(sheet.headings) if one.casefold() == wanted.casefold()]
    if len(same) > 1:
        places = ", ".join(str(at + 1) for at in same)
        raise WrongUseError(f"the heading `{heading}` (--{option}) stands in columns {places}: rename all but one")
    if not same or not wanted:
        hint = did_you_mean(heading, [one for one in sheet.headings if one])
        raise WrongUseError(
            f"there is no column `{heading}` (--{option}){'; ' + hint if hint else ''}\n{headings_of(sheet)}"
        )
    return same[0]


def headings_of(sheet: Sheet) -> str:
    """The headings of a table, for messages."""
    return f"Headings of {sheet.file}: {', '.join(one for one in sheet.headings if one)}"


def _same(sheet: Sheet, name: str) -> list[int]:
    """The place of a heading of that name, if there is one."""
    if name in (one.casefold() for one in sheet.headings):
        return [find(sheet, name, name)]
    return []


def _is_printed(measure: Measure, asked: Asked, found: set[str]) -> bool:
    """Whether to start from printed estimates: as asked, else if nothing else is there."""
    needed = set(measure.columns)
    effects = [name for name in _EFFECT if name in asked.columns]
    counts = [name for name in asked.columns if name in needed and name not in PRINTED]
    if len(effects) > 1 or (effects and counts):
        both = " and ".join(f"--{name}" for name in (effects + counts)[:2])
        raise WrongUseError(f"{both} are two ways to say the same: give one of them")
    if effects or not needed:
        return True
    return not counts and not needed <= found and bool(found & set(_EFFECT))


def _printed(sheet: Sheet, asked: Asked, found: Mapping[str, int], measure: Measure) -> list[str]:
    """The columns of printed estimates: one effect, what gives its precision, and the rest where it is there."""
    effects = [name for name in _EFFECT if name in asked.columns] or [name for name in _EFFECT if name in found]
    if len(effects) > 1:
        raise WrongUseError("the table has both `estimate` and `y`: say which to pool, with --estimate or --y")
    named = [name for name in _SPREAD if name in asked.columns]
    spread = named or [name for name in _SPREAD if name in found]
    if ("low" in spread) != ("high" in spread):
        if named:
            raise WrongUseError("an interval needs both --low and --high")
        spread = [name for name in spread if name not in {"low", "high"}]
    if "p" in spread and "p" not in named and measure.null is None:
        spread.remove("p")
    if not spread:
        raise WrongUseError(
            "an estimate needs its precision: --se, --v, --low with --high, or --p. "
            f"{_needs(measure)}\n{headings_of(sheet)}"
        )
    if {"v", "se"} <= set(spread):
        spread.remove("v")
    return [
        *(effects or ["estimate"]),
        *spread,
        *(name for name in ("df", "n") if name in found or name in asked.columns),
    ]


def _needs(measure: Measure) -> str:
    printed = "printed estimates (--estimate or --y, with --se, --v, --low and --high, or --p)"
    columns = ", ".join(f"--{name}" for name in measure.columns)
    return f"{measure} ({measure.label}) needs {columns + ', or ' if columns else ''}{printed}."


def _names(sheet: Sheet, taken: set[int | None]) -> int | None:
    """The column of the studies' names: `study`, else the first that holds text."""
    if same := _same(sheet, "study"):
        return same[0]
    for at in range(len(sheet.headings)):
        if at not in taken and False in are_numbers(sheet, sheet.column(at)):
            return at
    return None
