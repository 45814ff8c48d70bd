"""The choices of a meta-analysis, under the names that the field and metafor use for them."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from guidewright.metaanalysis.notices import CannotPoolError

Given = ParamSpec("Given")
Found = TypeVar("Found")


class Tau2Method(StrEnum):
    """Estimator of the between-study variance tau2; names as in metafor's ``rma`` (Veroniki et al. 2016)."""

    DL = "DL"
    """DerSimonian & Laird 1986: from Q, closed form."""
    DLIT = "DLIT"
    """DerSimonian-Laird, iterated."""
    HE = "HE"
    """Hedges & Olkin 1985 (Cochran's analysis of variance), closed form."""
    HS = "HS"
    """Hunter & Schmidt 2015, closed form."""
    HSK = "HSk"
    """Hunter-Schmidt with correction for the number of studies (Viechtbauer et al. 2015)."""
    SJ = "SJ"
    """Sidik & Jonkman 2005: two steps from a rough start; always above zero."""
    SJIT = "SJIT"
    """Sidik-Jonkman, iterated."""
    ML = "ML"
    """Maximum likelihood."""
    REML = "REML"
    """Restricted maximum likelihood; the global maximum where there are several."""
    EB = "EB"
    """Empirical Bayes (Morris 1983); the same root as PM."""
    PM = "PM"
    """Paule & Mandel 1982: tau2 at which Q equals its expectation."""
    PMM = "PMM"
    """Paule-Mandel, median-unbiased."""
    GENQ = "GENQ"
    """Generalised Q (DerSimonian & Kacker 2007) with given weights."""
    GENQM = "GENQM"
    """Generalised Q, median-unbiased."""


class Interval(StrEnum):
    """How a coefficient is tested and its interval made; ``test`` in metafor."""

    WALD = "wald"
    """Standard normal distribution (metafor ``z``)."""
    T = "t"
    """t distribution with k - p degrees of freedom."""
    KNAPP_HARTUNG = "knapp-hartung"
    """t distribution and a variance estimated from the residuals (Knapp & Hartung 2003; metafor ``knha``)."""
    KNAPP_HARTUNG_TRUNCATED = "knapp-hartung-truncated"
    """The same, never narrower than by ``t`` (metafor ``adhoc``)."""


class Model(StrEnum):
    """What the studies are taken to estimate."""

    COMMON = "common"
    """One effect, the same in all studies."""
    RANDOM = "random"
    """Effects that vary between studies with variance tau2."""


class Prediction(StrEnum):
    """Distribution of the prediction interval for the effect in a new study."""

    AS_INTERVAL = "as-interval"
    """The distribution of the confidence interval: normal with ``wald``, t with k - 1 degrees of freedom otherwise."""
    NORMAL = "normal"
    T = "t"
    """t with k - 1 degrees of freedom."""
    PARTLETT_RILEY = "partlett-riley"
    """t with k - 2 degrees of freedom (Higgins et al. 2009; Partlett & Riley 2017); one at least."""


class Tau2Interval(StrEnum):
    """How the confidence interval of tau2 is made."""

    Q_PROFILE = "q-profile"
    """Viechtbauer 2007: exact for normal effects with known variances."""
    GENERALISED_Q = "generalised-q"
    """Jackson 2013: from the exact distribution of Q with the fixed weights of the estimator."""
    PROFILE_LIKELIHOOD = "profile-likelihood"
    """Hardy & Thompson 1996: tau2 whose profile (restricted) likelihood ratio is not rejected."""


def check_share(name: str, value: float) -> None:
    """Raise :class:`CannotPoolError` unless an option such as ``level`` or ``alpha`` lies between 0 and 1."""
    if not 0 < value < 1:
        raise CannotPoolError(f"`{name}` is a share between 0 and 1, such as 0.05 or 0.95; found {value:g}")


#: Options that go by these names everywhere.
_NAMED: dict[str, type[StrEnum]] = {
    "model": Model,
    "tau2_method": Tau2Method,
    "interval": Interval,
    "prediction": Prediction,
}


def by_name(**more: type[StrEnum] | None) -> Callable[[Callable[Given, Found]], Callable[Given, Found]]:
    """Let a function take its options as plain words too, ``interval="t"`` for ``Interval.T``.

    ``more`` names options beside model, tau2_method, interval and prediction, None one that the function reads itself.
    A word that is none of the choices raises :class:`CannotPoolError`, which lists them: compared by identity it would
    pass for another choice.
    """
    kinds = {name: kind for name, kind in {**_NAMED, **more}.items() if kind is not None}

    def decorate(function: Callable[Given, Found]) -> Callable[Given, Found]:
        @wraps(function)
        def call(*arguments: Given.args, **options: Given.kwargs) -> Found:
            for name in kinds.keys() & options.keys():
                options[name] = _chosen(name, kinds[name], options[name])
            return function(*arguments, **options)

        return call

    return decorate


def _chosen(name: str, kind: type[StrEnum], value: Any) -> Any:
    if value is None or isinstance(value, kind):
        return value
    try:
        return kind(value)
    except ValueError:
        raise CannotPoolError(f"`{name}` is {value!r}, and must be one of {', '.join(kind)}") from None
