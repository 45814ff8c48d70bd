"""What the tests of several rooms share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Playwright, sync_playwright

_CALM = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture)
# In CI the same examples every time, within a minute; at night `HYPOTHESIS_PROFILE=heavy pytest …` looks for new ones.
settings.register_profile("ci", deadline=None, derandomize=True, suppress_health_check=_CALM, max_examples=100)
settings.register_profile("heavy", deadline=None, suppress_health_check=_CALM, max_examples=3000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def start_browser(playwright: Playwright) -> Browser:
    """The Chromium of this system, without its wish to talk to anybody."""
    program = next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)
    assert program, "the browser tests need Chromium: tests/install-system-packages.sh installs it"
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    return playwright.chromium.launch(executable_path=program, args=quiet)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = start_browser(playwright)
        yield running
        running.close()
