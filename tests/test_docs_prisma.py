"""The new user's path of the manual, run as it stands: five export files to a PRISMA diagram."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from guidewright.evidence.searches import FlowBox
from tests.cli.running import ROOT

pytestmark = pytest.mark.xdist_group("prisma walk")

PAGE = (ROOT / "docs/prisma.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The project that the page makes, and all that its commands said."""
    shell = shutil.which("bash")
    if shell is None:
        pytest.fail("the page needs a shell")
    folder = tmp_path_factory.mktemp("walk")
    program = folder / "bin/guidewright"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m guidewright "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    path = os.pathsep.join([str(program.parent), str(Path(sys.executable).parent), os.environ["PATH"]])
    script = "set -e\n" + "\n".join(BLOCKS)
    done = subprocess.run(
        [shell, "-c", script],
        cwd=folder,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder / "my-review", done.stdout


def test_the_page_has_the_whole_way() -> None:
    script = "\n".join(BLOCKS)
    for command in ("new", "import", "dedupe", "screen", "link", "prisma", "check", "build"):
        assert f"guidewright {command}" in script
    assert len(re.findall(r"^cat > \S+\.(?:nbib|ris|txt|net|csv) <<'END'\n(?:title|PMID|TY|FN|\{)", script, re.M)) == 5


def test_every_record_is_followed_to_its_end(walked: tuple[Path, str]) -> None:
    data = json.loads((walked[0] / "flow.json").read_text(encoding="utf-8"))
    counted = {name: box["number"] for name, box in data["boxes"].items()}
    wanted = {"identified": 13, "duplicates": 3, "screened": 10, "excluded": 2, "sought": 8, "not-retrieved": 1}
    wanted |= {"assessed": 7, "excluded-reports": 1, "other-identified": 2, "other-removed": 1, "other-sought": 1}
    wanted |= {"other-assessed": 1, "other-excluded-reports": 1, "new-reports": 6, "new-studies": 5}
    assert {name: counted[name] for name in wanted} == wanted
    assert data["problems"] == []
    assert len(data["publications"]) == 11
    assert sum(len(one["records"]) for one in data["publications"]) == 15


def test_the_diagram_is_drawn_in_both_languages(walked: tuple[Path, str]) -> None:
    for name, words in (("flow.svg", "Records found"), ("flow-zh.svg", "检出的记录")):
        root = ET.parse(walked[0] / name).getroot()  # noqa: S314 - our own drawing
        texts = ["".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")]
        assert words in texts
        assert "n = 13" in texts


def test_the_site_has_the_page_and_the_lists(walked: tuple[Path, str]) -> None:
    html = walked[0] / "site/html/en"
    page = (html / "evidence/prisma.html").read_text(encoding="utf-8")
    assert "Efficacy and safety of balloon kyphoplasty" in page
    assert "wrong intervention" in page
    assert 'href="../records/excluded.html"' in page
    assert "Network Meta-Analysis" in (html / "records/excluded.html").read_text(encoding="utf-8")
    index = (html / "search/search_index.json").read_text(encoding="utf-8")
    assert "Network Meta-Analysis" not in index
    assert "Flow of records" in index


def test_the_page_names_every_box() -> None:
    missing = [name for name in FlowBox.__args__ if f"`{name}`" not in PAGE]  # type: ignore[attr-defined]
    assert not missing
