"""Blocks of HTML that are taken as they stand give the page that Python-Markdown makes of them."""

from __future__ import annotations

import markdown
import pytest

from guidewright.publish.whole_blocks import WholeBlocks
from tests.publish.conftest import Site

EXTENSIONS = ("toc", "tables", "fenced_code", "attr_list")


def both(text: str) -> tuple[str, str]:
    """The HTML without and with the extension."""
    plain = markdown.markdown(text, extensions=list(EXTENSIONS))
    return plain, markdown.markdown(text, extensions=[*EXTENSIONS, WholeBlocks()])


@pytest.mark.parametrize(
    "text",
    [
        "<div>\n<p>one *two*</p>\n\n<p>three</p>\n</div>\n\ntext *here*\n",
        "<div><div>inner</div>\n\n</div>\n<p>next</p>\n## Heading\n",
        "text\n<div>block</div>\ntext *after*\n",
        "<div>block</div> text *after* on the line\n\n<p>next</p>\n",
        "<div>never closed *here*\n\n## no heading\n",
        "<p>one\n\n## a heading\n\n<p>two</p></p>\n\nend\n",
        '<div><script type="application/json">{"a": "</div>"}</script>\n\n</div>\n\n*end*\n',
        "<div><!-- </div> -->\n\ninside\n\n</div>\n\n*end*\n",
        "<span>inline *marked*</span> and <div>block</div>\n\n<a href='x.md'>*link*</a>\n",
        "```\n<div>\n\n*code*\n```\n\n<div>\n</div>\n",
        "    <div>code</div>\n\n  <div>indented\n\n  </div>\n\n*end*\n",
        "- item\n\n    <div>in a list</div>\n\n<ul>\n<li>raw</li>\n</ul>\n# Heading {#here}\n",
        "<details open>\n<summary>s</summary>\n\n<table>\n<tr></tr>\n\n</table>\n</details>\n<details>\n</details>",
        "<divider>not a block</divider>\n\n<DIV>upper *case*</DIV>\n\n<hr>\n\n<br>\n\n<p/>\n\n*end*\n",
        "<div\nclass='two lines'>\n\n</div>\n\n*end*\n",
    ],
)
def test_the_html_is_the_same(text: str) -> None:
    plain, whole = both(text)
    assert whole == plain


@pytest.mark.xdist_group("flagship")
def test_pages_of_the_site_are_the_same(flagship: Site) -> None:
    sources = sorted((flagship.project.root / "site/pages").rglob("*.md"))
    assert len(sources) > 300
    for path in sources:
        text = path.read_text(encoding="utf-8").removeprefix("---\nsearch:\n  exclude: true\n---\n")
        plain, whole = both(text)
        assert whole == plain, path


def test_a_block_is_put_aside_before_anything_parses_it() -> None:
    seen = []

    class Watch(markdown.preprocessors.Preprocessor):
        def run(self, lines: list[str]) -> list[str]:
            seen.extend(lines)
            return lines

    md = markdown.Markdown(extensions=[WholeBlocks()])
    md.preprocessors.register(Watch(md), "watch", 21)
    assert "<table>" in md.convert("# Heading\n\n<table>\n<tr><td>1</td></tr>\n</table>\n")
    assert "# Heading" in seen
    assert not any("<" in line for line in seen)
