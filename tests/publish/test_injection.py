"""Script in the content does not run: not from BibTeX, CSV, YAML, Markdown or a template of the project."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from guidewright.guideline.analyses import pool_project
from guidewright.project import load
from guidewright.publish.site import BuilderError, write_pages
from guidewright.publish.taking import take
from tests.publish.conftest import build

BAD = "<script>window.pwned=1</script><img src=x onerror=window.pwned=1>"


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_script_in_content_does_not_run(starter: Path, browser: Browser) -> None:
    bib = starter / "evidence/records.bib"
    replace(bib, "title = {", "title = {" + BAD + " [x](javascript:window.pwned=1) {: onclick=window.pwned=1} ")
    guideline = starter / "guideline_src/guideline.yml"
    replace(guideline, "  en: ", "  en: '" + BAD + "'  # ")
    csv = next((starter / "guideline_src/tables").glob("*.csv"))
    head, first, *rest = csv.read_text(encoding="utf-8").splitlines()
    cells = first.split(",")
    cells[0] = '"' + BAD + '"'
    csv.write_text("\n".join([head, ",".join(cells), *rest]) + "\n", encoding="utf-8")
    site = build(starter)
    assert BAD[:15] in bib.read_text(encoding="utf-8")
    context = browser.new_context()
    page = context.new_page()
    for path in sorted(site.html.glob("*/**/*.html")):  # not the start page, which leads on at once
        page.goto(path.as_uri())
        assert page.evaluate("window.pwned") is None, path
        handlers = (
            "[...document.querySelectorAll('*')].filter(e=>[...e.attributes].some(a=>a.name.startsWith('on'))).length"
        )
        assert page.evaluate(handlers) == 0, path
        bad = "[...document.links].filter(a=>/^(javascript|data|vbscript):/i.test(a.href)).length"
        assert page.evaluate(bad) == 0, path
    context.close()


def test_raw_html_in_prose_is_a_problem(starter: Path) -> None:
    page = next((starter / "guideline_src/chapters").glob("*.md"))
    page.write_text(page.read_text(encoding="utf-8") + f"\n{BAD}\n\n[x](javascript:alert(1))\n", encoding="utf-8")
    project, problems = load(starter)
    assert project is None
    assert {"raw HTML is not allowed in prose"} <= {p.rule for p in problems}


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ snapshot.guideline.__class__.__init__.__globals__ }}",
        "{{ say.__globals__ }}",
        "{% for x in [1] %}{{ x.append(2) }}{% endfor %}",
    ],
)
def test_a_template_of_the_project_cannot_leave_the_sandbox(starter: Path, template: str) -> None:
    folder = starter / "guideline_src/templates"
    folder.mkdir(exist_ok=True)
    (folder / "about.md.j2").write_text(template, encoding="utf-8")
    project, _problems = load(starter)
    assert project is not None
    with pytest.raises(BuilderError, match=r"is unsafe|has no attribute 'append'"):
        write_pages(take(project, pool_project(project)), starter)


def test_a_template_of_the_project_is_used(starter: Path) -> None:
    folder = starter / "guideline_src/templates"
    folder.mkdir(exist_ok=True)
    (folder / "about.md.j2").write_text("# Ours {{ t(snapshot.guideline.title) }}\n", encoding="utf-8")
    project, _problems = load(starter)
    assert project is not None
    write_pages(take(project, pool_project(project)), starter)
    text = (starter / "site/pages/en/about.md").read_text(encoding="utf-8")
    assert "\n# Ours " in text
