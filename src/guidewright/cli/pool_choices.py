"""From the options of the command to the choices of the analysis; what does not fit is named, never ignored."""

from __future__ import annotations

from collections.abc import Mapping

from guidewright.cli.pool_options import TableOptions
from guidewright.metaanalysis.counts.tables import CountMeasure
from guidewright.metaanalysis.effects import Family, Measure, To, VarianceType
from guidewright.metaanalysis.effects.sizes import DOUBLE_ZERO
from guidewright.metaanalysis.options import Interval, Model, Tau2Method
from guidewright.problems import did_you_mean
from guidewright.tables_of_data.analysis import Options
from guidewright.tables_of_data.methods import Method, WrongUseError

#: Families with counts, to which a constant can be added.
COUNTED = frozenset(
    {Family.TWO_BY_TWO, Family.MATCHED_PAIRS, Family.TWO_RATES, Family.PROPORTION, Family.RATE, Family.GENOTYPES}
)


def options_of(table: TableOptions) -> Options:
    """The choices with their defaults.

    Raises :class:`WrongUseError`.
    """
    measure = _measure(table.measure)
    common = table.model is Model.COMMON or table.method is not Method.INVERSE_VARIANCE
    _check_method(table, measure)
    if common:
        _refuse({"--tau2": table.tau2, "--prediction": table.prediction}, "goes with --model random")
    if table.tau2 in {Tau2Method.GENQ, Tau2Method.GENQM}:
        raise WrongUseError(f"--tau2 {table.tau2} needs weights, which a table does not give: choose another, as REML")
    for name, level in (("--level", table.level), ("--printed-level", table.printed_level)):
        if not 0 < level < 1:
            raise WrongUseError(f"{name} is a share between 0 and 1, such as 0.95; found {level:g}")
    add, to = _zero_cells(table.zero_cells)
    if table.zero_cells is not None and measure.family not in COUNTED:
        raise WrongUseError(f"--zero-cells is for counts; {measure} ({measure.label}) has none")
    if table.drop_double_zero and measure.family not in DOUBLE_ZERO:
        raise WrongUseError(f"--drop-double-zero is for events of two groups; {measure} ({measure.label}) has none")
    formula = (table.variance_formula or VarianceType.LS).upper()
    if formula not in measure.variances:
        known = ", ".join(measure.variances)
        raise WrongUseError(f"--variance-formula of {measure} is one of {known}; found {table.variance_formula}")
    if table.variance_formula is not None and table.method is not Method.INVERSE_VARIANCE:
        raise WrongUseError(f"--variance-formula goes with --method {Method.INVERSE_VARIANCE}")
    return Options(
        measure=measure,
        method=table.method,
        model=Model.COMMON if common else Model.RANDOM,
        tau2_method=None if common else table.tau2 or Tau2Method.REML,
        interval=table.interval or Interval.WALD,
        prediction=table.prediction,
        level=table.level,
        printed_level=table.printed_level,
        add=add,
        to=to,
        drop_double_zero=table.drop_double_zero,
        variance=VarianceType(formula),
        leave_one_out=table.leave_one_out,
        egger=table.egger,
    )


def _measure(name: str | None) -> Measure:
    """A measure by its name; capitals do not count, unless two differ by nothing else."""
    if name is None:
        raise WrongUseError("say what is pooled with --measure, for example --measure RR")
    for measure in Measure:
        if measure.casefold() == name.strip().casefold():
            return measure
    hint = did_you_mean(name.upper(), Measure)
    raise WrongUseError(f"there is no measure `{name}`{'; ' + hint if hint else ''}\nMeasures: {', '.join(Measure)}")


def _check_method(table: TableOptions, measure: Measure) -> None:
    if table.method is Method.INVERSE_VARIANCE:
        return
    fitting = (
        {Measure.OR, Measure.PETO}
        if table.method is Method.PETO
        else {one for one in Measure if one.value in tuple(CountMeasure)}
    )
    if measure not in fitting:
        raise WrongUseError(f"--method {table.method} is for {', '.join(sorted(fitting))}; found {measure}")
    if table.model is Model.RANDOM:
        raise WrongUseError(f"--method {table.method} is a common-effect method; leave out --model random")
    options = {"--interval": table.interval, "--subgroup": table.subgroup, "--moderator": table.moderator}
    _refuse(options, f"goes with --method {Method.INVERSE_VARIANCE}")


def _refuse(options: Mapping[str, object], why: str) -> None:
    for name, value in options.items():
        if value is not None:
            raise WrongUseError(f"{name} {why}")


def _zero_cells(text: str | None) -> tuple[float | None, To]:
    """``0.5/only0``, or one of the two."""
    add, to = None, To.ONLY_ZERO
    for part in (text or "").split("/") if text is not None else ():
        if part in tuple(To):
            to = To(part)
            continue
        try:
            add = float(part)
        except ValueError:
            add = -1.0
        if not 0 <= add < float("inf"):
            choices = ", ".join(To)
            raise WrongUseError(
                f"--zero-cells is a number and one of {choices}, such as 0.5/only0; found {text}"
            ) from None
    return add, to
