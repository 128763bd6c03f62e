"""How hard hypothesis looks: briefly by default; `HYPOTHESIS_PROFILE=thorough` looks for as long as it takes."""

import os

from hypothesis import HealthCheck, settings

_BASE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
settings.register_profile("brief", _BASE, max_examples=200)
settings.register_profile("thorough", _BASE, max_examples=10_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "brief"))
