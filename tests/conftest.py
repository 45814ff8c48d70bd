"""What the tests of several rooms share."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_CALM = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture)
# In CI the same examples every time, within a minute; at night `HYPOTHESIS_PROFILE=heavy pytest …` looks for new ones.
settings.register_profile("ci", deadline=None, derandomize=True, suppress_health_check=_CALM, max_examples=100)
settings.register_profile("heavy", deadline=None, suppress_health_check=_CALM, max_examples=3000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
