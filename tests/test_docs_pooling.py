"""The manual of pooling: its commands run, its Python prints what it says, and it names every method and function."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path
from typing import Any, get_args

import pytest

import guidewright.metaanalysis as library
from guidewright.metaanalysis.analysis import Analysis
from guidewright.metaanalysis.further.methods import Method
from tests.cli.pooled_tables import BCG
from tests.cli.running import run

PAGE = (Path(__file__).parents[1] / "docs/pooling.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture
def trials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "trials.csv").write_text(BCG.replace("author", "trial", 1), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", "".join(blocks("sh")).splitlines())
def test_every_command_runs(command: str, trials: Path) -> None:
    program, *arguments = shlex.split(command)
    assert program == "guidewright"
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    assert result.output.strip() or "--svg" in arguments


def test_the_functions_print_what_the_comments_say(trials: Path) -> None:
    names: dict[str, Any] = {}
    code = "\n".join(blocks("python"))
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        exec(compile(code, "pooling.md", "exec"), names)  # noqa: S102
    expected = re.findall(r"^print\(.*\)  # (.*)$", code, flags=re.MULTILINE)
    assert len(expected) >= 9
    assert shown.getvalue().splitlines() == expected


def test_the_example_of_an_analysis_is_one() -> None:
    declared, further = (_yaml(block) for block in blocks("yaml"))
    analysis = Analysis.model_validate({**declared, **further})
    assert analysis.model == "random"
    assert len(analysis.further) == 5


def _yaml(text: str) -> dict[str, Any]:
    import yaml

    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def test_every_further_method_is_named() -> None:
    kinds = get_args(get_args(Method)[0])
    methods = {name for kind in kinds for name in get_args(kind.model_fields["method"].annotation)}
    assert len(methods) > 30
    assert not {name for name in methods if f"`{name}`" not in PAGE}


def test_every_function_is_named() -> None:
    functions = {name for name in library._WHERE if name.islower()}
    assert not {name for name in functions if f"`{name}`" not in PAGE}


def test_defaults_are_those_of_the_model() -> None:
    for name in ("model", "tau2", "interval", "prediction", "tau2_interval", "variance"):
        default = Analysis.model_fields[name].default
        assert f"`{name}: {default}`" in PAGE
