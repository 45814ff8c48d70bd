"""Addresses that others may quote: every clause, figure and table of a recommendation has one, shown beside it."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.publish.conftest import Site
from tests.publish.test_site import Links

pytestmark = pytest.mark.xdist_group("flagship")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_clause_figure_and_table_has_an_address(flagship: Site, language: str) -> None:
    for view in flagship.snapshot.recommendations:
        page = flagship.html / language / f"recommendations/{view.recommendation.id}.html"
        html = unescape(page.read_text(encoding="utf-8"))
        anchors = Links(html).anchors
        assert {clause.id for clause in view.clauses} <= set(anchors)
        assert {f"figure-{name}" for name in view.analyses} <= set(anchors)
        assert {f"table-{clause.id}-evidence" for clause in view.clauses} <= set(anchors)
        tables = re.findall(r'<table class="gw-table[^"]*"([^>]*)>', html)
        assert tables
        assert all(" id=" in attributes for attributes in tables)
        links = set(re.findall(r'class="gw-permalink" href="#([^"]+)"', html))
        assert links <= set(anchors)
        assert {clause.id for clause in view.clauses} <= links
