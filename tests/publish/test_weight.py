"""What a page need not load: rules that it cannot use, indentation, the script of the theme before a search."""

from __future__ import annotations

from pathlib import Path

import pytest
import tinycss2

from guidewright.publish.frames import framed
from guidewright.publish.page_weight import light
from guidewright.publish.style_sheets import lighten
from tests.publish.conftest import Site

PAGE = """<html lang="en"><body data-md-color-scheme="slate">
<p class="here there" id="one" style="color: var(--inline)">
<div class="md-search"></div></p></body></html>"""
#: The goal is 300 kB; a page near it may grow by a sentence or two before this test asks to look at it.
ROOM = 305_000
SCRIPT = 'box.className = "added"; x("li", {class: "md-search__item md-version__item"}); y = "gw-is-" + state;'


def lightened(tmp_path: Path, css: str) -> str:
    (tmp_path / "assets").mkdir()
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "assets/all.js").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "assets/all.css").write_text(css, encoding="utf-8")
    lighten(tmp_path)
    return (tmp_path / "assets/all.css").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "selector",
    [
        *(".here", "p.there > div", "#one", "li", ":not(.gone)", ".here:hover::before", ":is(.gone, .here) p"),
        *("[data-md-color-scheme=slate]", "[data-anything=x] p", ".added", ".md-search__item", "p:has(.gone)"),
    ],
)
def test_a_rule_that_a_page_or_a_script_may_use_stays(tmp_path: Path, selector: str) -> None:
    assert "color:red" in lightened(tmp_path, f"{selector} {{ color: red }}")


@pytest.mark.parametrize(
    "selector",
    [
        *(".gone", "p.gone > a", "#two", "video", ".gone:hover", ":is(.gone, .lost) p", "[dir=rtl] p"),
        *("[data-md-color-scheme=default]", ".md-version__item"),
    ],
)
def test_a_rule_that_no_page_can_use_goes(tmp_path: Path, selector: str) -> None:
    assert lightened(tmp_path, f"{selector} {{ color: red }}") == ""


def test_conditions_fonts_and_variables_stay_where_they_are_used(tmp_path: Path) -> None:
    css = """/* a word */ @font-face { font-family: X; src: url("x.woff2") }
    @media print { .here { color: var(--a); --c: 1 } .gone { color: red } } @media screen { .gone { color: red } }
    :root { --a: var(--b); --b: 2; --unused: 3; --inline: 4 }
    @keyframes turn { to { color: red } } @keyframes still { to { color: red } } .here { animation: turn 1s }"""
    text = lightened(tmp_path, css)
    assert [
        word for word in ("font-face", "--a:", "--b:", "--inline:", "turn", "@media print") if word not in text
    ] == []
    assert [word for word in ("a word", "--c", "--unused", "still", "gone", "@media screen") if word in text] == []


def test_a_sheet_that_cannot_be_read_stays_as_it_is(tmp_path: Path) -> None:
    assert lightened(tmp_path, ".gone { color: red } } .x") == ".gone { color: red } } .x"


def test_a_page_keeps_its_words_and_what_must_stay_exact() -> None:
    page = "<p>\n    one\n\n  two</p>\n<pre>a\n   b</pre>\n  <script>f(\n  1)</script>"
    assert light(page) == "<p>\none\ntwo</p>\n<pre>a\n   b</pre>\n<script>f(\n  1)</script>"


def test_the_script_of_the_theme_waits_for_a_search() -> None:
    page = '<script src="../assets/javascripts/bundle.1a.min.js"></script>'
    assert light(page) == (
        '<script src="../assets/page.js" data-search="../assets/javascripts/bundle.1a.min.js" defer></script>'
    )
    other = '<script src="../assets/javascripts/other.js"></script>'
    assert light(other) == other


def test_fonts_are_asked_for_before_the_style_sheets() -> None:
    sheet = '<link rel="stylesheet" href="../assets/stylesheets/main.1a.css">'
    assert light(sheet + sheet) == f'<script src="../assets/fonts.js"></script>\n{sheet}{sheet}'


def test_signs_of_markdown_are_written_as_themselves_but_not_those_of_html() -> None:
    page = '<p title="&#35;&#34;">&#95;&#60;b&#62;&#38;&#35;</p><pre>&#35;</pre><script>"&#35;"</script>'
    assert light(page) == '<p title="#&#34;">_&#60;b&#62;&#38;#</p><pre>&#35;</pre><script>"&#35;"</script>'


def test_every_page_but_the_longest_lists_stays_below_the_goal(flagship: Site) -> None:
    """300 kB with everything that a page loads before a search, its fonts too (benchmarks/weight.py asks a browser)."""
    longest = {"findings.html", "analyses/q14-antiresorptive.html"}
    for language in ("zh", "en"):
        folder = flagship.html / language
        for sheet in folder.rglob("*.css"):
            assert all(rule.type != "error" for rule in tinycss2.parse_stylesheet(sheet.read_text(encoding="utf-8")))
        fonts = ["source-sans-3.woff2", *(["guidewright-serif.woff2"] if language == "en" else [])]
        common = sum(path.stat().st_size for path in folder.rglob("*.css"))
        others = ("fonts.js", "page.js", "reading.js", "table.js", "iframe-worker.js", "images/favicon.png")
        common += sum((folder / "assets" / name).stat().st_size for name in (*fonts, *others))
        heavy = {
            path.relative_to(folder).as_posix()
            for path in folder.rglob("*.html") if common + path.stat().st_size > ROOM
        }  # fmt: skip
        assert heavy <= longest


def test_cells_that_cover_others_keep_the_headings_of_their_columns() -> None:
    head = "<thead><tr><th>A</th><th>B</th><th>C</th></tr></thead>"
    rows = '<tr><th rowspan="2">x</th><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr>'
    rows += '<tr><td colspan="3">5</td></tr>'
    html = framed(f"<table data-stack>{head}<tbody>{rows}</tbody></table>", "T")
    assert html.count('data-label="B"') == html.count('data-label="C"') == 2
    assert '<td data-label="B">3' in html
    assert '<td colspan="3">5' in html
