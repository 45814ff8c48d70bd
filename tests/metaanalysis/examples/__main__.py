"""Write docs/published-examples.md: ``python -m tests.metaanalysis.examples``."""

from __future__ import annotations

from tests.metaanalysis.examples.every import PAGE, page

PAGE.write_text(page(), encoding="utf-8")
